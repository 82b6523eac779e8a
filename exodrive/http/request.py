"""The request as our views get it: Django's own, and what middleware and decorators of this site write on it."""

from typing import TYPE_CHECKING, Protocol, cast

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from exodrive.models import ApiToken, User


class PinLock(Protocol):
    """Whether a booking's link asks for a PIN, and whether this browser has shown it."""

    @property
    def has_pin(self) -> bool: ...

    @property
    def is_open(self) -> bool: ...


class Request(HttpRequest):
    """For the type checker: nobody makes one, every request is of Django's own class."""

    htmx: HtmxDetails  # whether, and for which element, htmx asks
    staff: "User | None"  # who is signed in, or whose token it is, and works here
    api_token: "ApiToken | None"  # the staff token, where one says who asks
    bearer: str  # the Bearer token of an API request, "" without one
    session_ended: bool  # somebody's session has just run out
    opened_nothing: bool  # set by a view that answers politely although the link opens nothing
    lock: PinLock | None  # of the link of a booking's page


def ours(request: HttpRequest) -> Request:
    """The same request, where a signature that is not ours calls it Django's."""
    return cast(Request, request)


def prepare(request: HttpRequest) -> Request:
    """The same request, with nothing known yet of what later code asks for."""
    mine = ours(request)
    mine.staff, mine.api_token, mine.bearer = None, None, ""
    mine.session_ended = mine.opened_nothing = False
    return mine
