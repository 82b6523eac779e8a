"""Which requests are counted, under which rule, and what becomes of somebody who guesses secret links.

Staff who are signed in are never counted. Everything else that writes is, also an address that this page has never heard
of; of what only reads, the API is. Signing in counts by itself (`exodrive.staff.lockout`).

Guessing: a link or a Bearer token that opens nothing is counted for its address, whatever is wrong with it. When an address
has no room left, no token from there is looked at any more: the answer is 429 before the database is asked, the same for
right, wrong, rotated and expired ones, and so tells a guesser nothing. A browser that has opened a link before keeps a
proof of that (`exodrive.limits.known_links`), and goes on; so a guesser at the next table locks out nobody who has
used their link.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from exodrive.http.client_ip import client_network
from exodrive.http.refusals import refuse, wants_json
from exodrive.http.request import ours
from exodrive.limits import known_links
from exodrive.limits.rates import READ, TooMany, hit, retry_after
from exodrive.models import ApiToken
from exodrive.routes import Tag, route_of

SAFE = ("GET", "HEAD", "OPTIONS")
OTHER = "change"
NOT_HERE = ""


def rule_of(request: HttpRequest) -> str:
    """The rule that counts this request for its address, "" for none."""
    if ours(request).staff:
        return NOT_HERE
    route, writes = route_of(request.resolver_match), request.method not in SAFE
    if not writes:
        return READ if wants_json(request) else NOT_HERE
    if request.resolver_match is None or Tag.UNCOUNTED in route.tags:
        return NOT_HERE
    if route.name == "details" and "price" in request.POST:
        return "preview"
    return route.rule or OTHER


class ThrottleMiddleware:
    """Refuses what comes too often with 429 and `Retry-After`, and counts tokens that open nothing.

    Stands outside of `IdentityMiddleware`, which looks Bearer tokens up.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        rule = _bearer_rule(request)
        if rule and (seconds := retry_after(rule, client_network(request))):
            return refuse(request, TooMany(seconds))
        response = self.get_response(request)
        if rule and response.status_code in (401, 404) and not ours(request).staff:
            _count(rule, request)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """None goes on to the view."""
        token = str(kwargs.get("token", ""))
        try:
            if token:
                refuse_guesser(request, token)
            if rule := rule_of(request):
                hit(rule, client_network(request))
            if (key := token or _links_token(request)) and request.method not in SAFE:
                hit("change_link", key)
        except TooMany as refusal:
            return refuse(request, refusal)
        return None


def refuse_guesser(request: HttpRequest, token: str) -> None:
    """Raise TooMany where too many links opened nothing, unless this browser has opened this very one before."""
    address = client_network(request)
    if (seconds := retry_after("guess", address)) and not known_links.proves(request, token):
        raise TooMany(seconds)


def token_failed(request: HttpRequest) -> None:
    """Count a link that opened nothing."""
    _count("guess", request)


def _bearer_rule(request: HttpRequest) -> str:
    """Under which rule a Bearer token that opens nothing is counted."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    if not (wants_json(request) and scheme.lower() == "bearer"):
        return NOT_HERE
    return "staff_token" if bearer.strip().startswith(ApiToken.PREFIX) else "guess"


def _links_token(request: HttpRequest) -> str:
    """The link's token that a call of the API carries: its changes count with those of the page."""
    scheme, _, bearer = request.headers.get("Authorization", "").partition(" ")
    ours_too = (
        wants_json(request) and scheme.lower() == "bearer" and not bearer.strip().startswith(ApiToken.PREFIX)
    )
    return bearer.strip() if ours_too else ""


def _count(rule: str, request: HttpRequest) -> None:
    try:
        hit(rule, client_network(request))
    except TooMany:
        pass  # others were counted at the same moment; the next one is refused
