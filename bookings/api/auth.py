"""Who may call what. `IdentityMiddleware` has found out who asks; here an operation says whom it answers.

In the OpenAPI document the names of these classes are the security schemes.
"""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.security.base import AuthBase
from ninja.utils import check_csrf

from bookings.api.inputs.types import TOKEN
from bookings.errors import Forbidden, Invalid, NotAuthenticated, NotFound
from bookings.links.pins import HEADER, PinRequired, enter_pin, look_at_link
from exodrive.http.client_ip import client_network
from exodrive.http.request import ours
from exodrive.limits.rates import hit
from exodrive.models import ApiToken
from exodrive.rls import show_pin

SAFE = ("GET", "HEAD", "OPTIONS")
Scope = ApiToken.Scope


class StaffToken(AuthBase):
    """`Authorization: Bearer exo_staff_…` with the scope that the operation needs."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = (
        "A staff token, made in the admin or with `manage.py create_api_token EMAIL`. It opens the operations whose "
        "`x-scope` is one of its scopes."
    )

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Any:
        """The member of staff, or None. Raises Forbidden for a token without the scope."""
        caller = ours(request)
        if caller.api_token:
            refuse_without(self.scope, caller.api_token)
        return caller.staff if caller.bearer else None


class StaffSession(AuthBase):
    """The session of somebody signed in to the staff pages."""

    openapi_type = "apiKey"
    openapi_in = "cookie"
    openapi_name = settings.SESSION_COOKIE_NAME
    openapi_description = "A staff session; POST, PATCH and DELETE also need the header X-CSRFToken."

    def __call__(self, request: HttpRequest) -> Any:
        """The member of staff, or None. Raises Forbidden for a missing CSRF token."""
        caller = ours(request)
        if caller.bearer or caller.staff is None:
            return None
        refuse_forgery(request)
        return caller.staff


class BookingToken(AuthBase):
    """`Authorization: Bearer <token of the booking>`. Row-level security decides what the token opens."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = (
        "The secret of the customer's booking link. If the link has a PIN, send that too, as `X-Booking-Pin`."
    )

    def __call__(self, request: HttpRequest) -> Any:
        """The token, or None. A link with a PIN opens with the header X-Booking-Pin.

        Raises PinRequired, PinWrong, TooMany.
        """
        token = customer_token(request)
        if token:
            _show_pin(request, request.headers.get(HEADER, ""))
        return token or None


class HoldToken(AuthBase):
    """`Authorization: Bearer <token of the hold>`. Raises NotFound for everybody else."""

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "The secret that came with the hold."

    def __call__(self, request: HttpRequest) -> Any:
        """The token."""
        token = customer_token(request)
        if not token:
            raise NotFound
        return token


class Anyone(AuthBase):
    """Everybody; but a staff token that does not work is not quietly taken for an anonymous visitor."""

    openapi_type = ""

    def __init__(self) -> None:
        super().__init__()
        del self.openapi_security_schema  # open to all: the document names no scheme for it

    def __call__(self, request: HttpRequest) -> Any:
        """True. Raises NotAuthenticated for a dead staff token, Forbidden for a forged staff request."""
        caller = ours(request)
        if caller.staff is None and caller.bearer.startswith(ApiToken.PREFIX):
            raise NotAuthenticated
        if caller.staff and not caller.bearer:
            refuse_forgery(request)
        return True


class NobodyElse(AuthBase):
    """The end of a staff-only operation: 401 without a credential that works, 403 with one of the wrong kind."""

    openapi_type = ""

    def __init__(self) -> None:
        super().__init__()
        del self.openapi_security_schema

    def __call__(self, request: HttpRequest) -> Any:
        """Never returns. Raises Forbidden or NotAuthenticated."""
        caller = ours(request)
        if customer_token(request) or (not caller.bearer and request.user.is_authenticated):
            raise Forbidden
        raise NotAuthenticated


def _show_pin(request: HttpRequest, pin: str) -> None:
    lock = look_at_link()
    if lock and not lock.is_open:
        if not pin:
            raise PinRequired
        hit("pin", client_network(request))
        show_pin(enter_pin(pin, lock))


def refuse_forgery(request: HttpRequest) -> None:
    """Raise Forbidden unless a request with a staff cookie comes from our own pages.

    A form cannot be an API request, and reading its fields for the CSRF token would use up the body.
    """
    if request.method in SAFE:
        return
    if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        raise Invalid(_("Send JSON, with Content-Type: application/json."))
    if check_csrf(request) is not None:
        raise Forbidden(_("The X-CSRFToken header is missing or wrong."))


def refuse_without(scope: str, token: ApiToken) -> None:
    """Raise Forbidden for a staff token without this scope."""
    if not token.allows(scope):
        words = _("This token does not have the scope “%(scope)s”, which this operation needs.")
        raise Forbidden(words % {"scope": scope})


def refuse_override(override: object, request: HttpRequest) -> None:
    """Raise Forbidden when somebody else than a manager sends an override, or a token that may not act as staff."""
    if override:
        _managers_only(request, _("Only a manager may set the rules aside."))


def refuse_adjusting(adjusts: bool, request: HttpRequest) -> None:
    """Raise Forbidden when somebody else than a manager adjusts a price, or a token that may not act as staff."""
    if adjusts:
        _managers_only(request, _("Only a manager may do this."))


def _managers_only(request: HttpRequest, words: str) -> None:
    caller = ours(request)
    if not (caller.staff and caller.staff.is_manager):
        raise Forbidden(words)
    if caller.api_token:
        refuse_without(Scope.STAFF, caller.api_token)


def customer_token(request: HttpRequest) -> str:
    """The Bearer token if it can be one of a hold or booking, else "". Whether it opens anything only the database
    knows: a wrong, a rotated and an expired token look the same.
    """
    bearer = ours(request).bearer
    return bearer if re.fullmatch(TOKEN, bearer) else ""


HOLDER = [HoldToken()]
ANYONE = [Anyone()]


def staff_only(scope: str) -> dict[str, Any]:
    """Of an operation for staff alone, the arguments of its route; a token needs `scope`."""
    return _scoped(scope, StaffToken(scope), StaffSession(), NobodyElse())


def staff_or_customer(scope: str) -> dict[str, Any]:
    """The same for staff and whoever has the booking's link."""
    return _scoped(scope, StaffToken(scope), StaffSession(), BookingToken(), NobodyElse())


def anyone_or_staff(scope: str) -> dict[str, Any]:
    """The same for everybody: no credential is fine too, but a staff token needs `scope`."""
    open_to_all = _scoped(scope, StaffToken(scope), StaffSession(), Anyone())
    open_to_all["openapi_extra"] |= {"security": [{}]}
    return open_to_all


def _scoped(scope: str, *auth: AuthBase) -> dict[str, Any]:
    return {"auth": list(auth), "openapi_extra": {"x-scope": str(scope)}}
