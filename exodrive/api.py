"""The JSON API: one NinjaAPI of all routers, one shape for every error, and the page that documents it.

`/api/openapi.json` is the contract; `/api/docs` shows it with Swagger UI. Its files come from the ninja package and
need no inline script or style, so the page lives under the same Content-Security-Policy as every other one.
"""

import json
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    JsonResponse,
    RawPostDataException,
)
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Swagger
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from pydantic_core import to_json

from bookings.api import blocks, booking, bookings, catalogue, holds, payments, swap
from bookings.api import webhooks as payment_webhooks
from bookings.api.messages import fields_of
from bookings.api.render import details_out
from bookings.api.rides import services
from bookings.errors import Invalid, NotAuthenticated, NotFound
from bookings.payments.registry import PROVIDERS
from exodrive.errors import Refusal
from exodrive.http.languages import asked_language
from exodrive.http.refusals import retry_later
from exodrive.http.request import ours
from exodrive.routes import Tag, path
from inbox import api as triage
from inbox.mail import webhooks

DESCRIPTION = """
Availability, holds, bookings and payments of Exodrive's cars and rides.

* Days are calendar days (`YYYY-MM-DD`) in the time zone of the car's location; ranges include both ends. Instants are UTC.
* Money is `{"amount": "960.00", "currency": "EUR"}`. Prices are always the server's.
* Every error is `{"error": {"code", "message", "details"}}`, the message in the language of `Accept-Language`.
  `429`, `503` and the code `in_progress` come with `Retry-After` (seconds).
* Staff send a token (`Authorization: Bearer exo_staff_…`) with the scope that an operation names (`x-scope`), or a
  session with `X-CSRFToken`. Customers send the token of
  their hold or booking as Bearer.
"""


class StrictParser(Parser):
    """JSON as the standard has it, and each query parameter once."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The body. Raises Invalid for another content type, ValueError for what is not JSON."""
        if request.content_type != "application/json":
            raise Invalid(_("Send JSON, with Content-Type: application/json."))
        return json.loads(request.body, parse_constant=_not_json)

    def parse_querydict(
        self, data: MultiValueDict, list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """The parameters. Raises Invalid for one that comes twice."""
        for name, values in data.lists():
            if len(values) > 1 and name not in list_fields:
                raise Invalid.field(name, _("Send this once."))
        return super().parse_querydict(data, list_fields, request)


class Rendered(JSONRenderer):
    """What the answer's type made of it, as bytes by the library that made it: about a fifth of what `json` takes."""

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        """JSON in UTF-8, without spaces."""
        return to_json(data)


def _not_json(constant: str) -> None:
    raise ValueError(constant)


class Docs(Swagger):
    """Swagger UI that sends the CSRF token of whoever is signed in as staff."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        """The page at /api/docs."""
        context = {
            "api": api,
            "add_csrf": ours(request).staff is not None,
            "swagger_settings": json.dumps({**self.settings, "url": self.get_openapi_url(api, kwargs)}),
        }
        return render(request, self.template, context)


class DocumentedOnce(NinjaAPI):
    """Making the document takes a large part of a second; it never changes while the process runs."""

    _document: Any = None

    def get_openapi_schema(self, **kwargs: Any) -> Any:
        """The OpenAPI document, made at the first request for it."""
        if self._document is None:
            self._document = super().get_openapi_schema(**kwargs)
        return self._document


api = DocumentedOnce(
    title="Exodrive API",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs=Docs({"persistAuthorization": False, "validatorUrl": None, "showExtensions": True}),
    parser=StrictParser(),
    renderer=Rendered(),
)


# --- Errors --------------------------------------------------------------------------------------------------------


def _refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    error = {
        "code": refusal.code,
        "message": str(refusal.message),
        "details": details_out(refusal.details),
    }
    response = JsonResponse({"error": error}, status=refusal.status)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Bearer"
    return retry_later(response, refusal)


@api.exception_handler(Refusal)
def refused(request: HttpRequest, exc: Refusal) -> HttpResponse:
    """A verb said no."""
    return _refuse(request, exc)


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    """The input does not fit the schema: `details.fields` says where."""
    return _refuse(request, Invalid(fields=fields_of(exc.errors)))


@api.exception_handler(AuthenticationError)
def not_authenticated(request: HttpRequest, exc: AuthenticationError) -> HttpResponse:
    """No credential that works."""
    return _refuse(request, NotAuthenticated())


@api.exception_handler(HttpError)
def not_parsed(request: HttpRequest, exc: HttpError) -> HttpResponse:
    """Ninja wraps whatever went wrong while it read the body."""
    cause = exc.__cause__
    return _refuse(request, cause if isinstance(cause, Refusal) else Invalid(_("This is not JSON.")))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, exc: Http404) -> HttpResponse:
    """A view found nothing."""
    return _refuse(request, NotFound())


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(MultiPartParserError)
@api.exception_handler(RawPostDataException)
def not_readable(request: HttpRequest, exc: Exception) -> HttpResponse:
    """A body too large or broken to be read."""
    return _refuse(request, Invalid())


@api.exception_handler(Exception)
def not_expected(request: HttpRequest, exc: Exception) -> HttpResponse:
    """Leave it to Django: middleware knows a database that is away, everything else is logged and answered 500."""
    raise exc


# --- Addresses -----------------------------------------------------------------------------------------------------

RULES = {"holds": "hold", "bookings": "booking"}  # what counts a POST there
DOCUMENTS = {"openapi-json", "openapi-view"}  # ninja would answer them to every method


class MethodNotAllowed(Refusal):
    """The path exists, the method does not."""

    code, status, message = "method_not_allowed", 405, gettext_lazy("This cannot be done here.")


def _spoken(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """Answer in the language of Accept-Language, say 405 in our shape, and let nobody keep the answer."""

    @wraps(view)
    def spoken(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        language = asked_language(request)
        with translation.override(language):
            response = view(request, *args, **kwargs)
            if isinstance(response, HttpResponseNotAllowed):
                allowed, response = response["Allow"].split(", "), _refuse(request, MethodNotAllowed())
                response["Allow"] = ", ".join(sorted(allowed))
        response["Content-Language"] = language
        response["Cache-Control"] = "no-store"
        patch_vary_headers(response, ["Accept-Language", "Authorization", "Cookie"])
        return response

    return spoken


@csrf_exempt
def unknown(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Every path under /api/ that is none."""
    return _refuse(request, NotFound())


def addresses() -> tuple[list[Any], str, str]:
    """All addresses under /api/, for `path()`."""
    patterns, app_name, namespace = api.urls
    # Called by providers, not by integrators: not part of the documented API.
    tags = {Tag.WEBHOOK, Tag.UNCOUNTED}
    hooks = [path("webhooks/resend", webhooks.resend, name="resend", tags=tags)]
    for name in PROVIDERS:
        of = {"provider": name}
        hooks.append(
            path(f"webhooks/{name}", payment_webhooks.receive, of, name=f"webhook_{name}", tags=tags)
        )
    patterns = [*patterns, *hooks, path("<path:rest>", unknown)]
    for pattern in patterns:
        view: Any = pattern.callback
        name = getattr(pattern, "name", None) or ""
        setattr(pattern, "rule", RULES.get(name, ""))  # noqa: B010 - not an attribute that Django knows
        pattern.callback = _spoken(require_safe(view) if name in DOCUMENTS else view)
    return patterns, app_name, namespace


for _topic in (catalogue, services, holds, bookings, booking, swap, payments, blocks, triage):
    api.add_router("", _topic.router)
