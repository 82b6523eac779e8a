"""Pages that only show are answered from the replica, when there is one that may be asked (`exodrive.db.replica`).

Never for who wrote something a moment ago, is signed in, or has a hold or typed details: they see what they did. What the
replica cannot answer, or would refuse, the primary is asked again: a reader notices neither its end nor its lag.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from exodrive.db.deadlines import at_most
from exodrive.db.replica import PATIENCE, replica, showing
from exodrive.http.cookies import cookie_attributes
from exodrive.routes import Tag, route_of, tags_of

log = logging.getLogger(__name__)

WROTE = f"{settings.COOKIE_PREFIX}wrote"
WROTE_LIFE = timedelta(seconds=60)
ANYBODYS = {
    settings.LANGUAGE_COOKIE_NAME,
    settings.CSRF_COOKIE_NAME,
}  # cookies that say nothing of what was done
SAFE = {"GET", "HEAD"}


class DisplayMiddleware:
    """The innermost: around the view alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            settings.DATABASE_REPLICA_URL
            and request.method not in SAFE
            and Tag.API not in tags_of(request.path)
        ):
            response.set_cookie(WROTE, "1", **cookie_attributes(WROTE_LIFE))
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponse | None:
        """The view's answer with the replica's rows; None for the usual way."""
        if not self._may_be_shown(request) or not replica.usable():
            return None
        try:
            with showing(), at_most(PATIENCE):
                response = view(request, *args, **kwargs)
        except Exception as error:  # whatever it is, the primary says it better
            if isinstance(error, DatabaseError):
                log.warning("replica failed: %s", type(error.__cause__ or error).__name__)
                replica.doubt("failed")
            return None
        return response if response.status_code < 400 else None

    def _may_be_shown(self, request: HttpRequest) -> bool:
        return (
            request.method in SAFE
            and Tag.SHOWN in route_of(request.resolver_match).tags
            and request.COOKIES.keys() <= ANYBODYS
            and "Authorization" not in request.headers
        )
