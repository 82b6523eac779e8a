"""Pages behind a secret link: they read as the holder of that link, and nobody may keep, index or pass them on."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect

from bookings.errors import NotFound
from exodrive.http.request import Request
from exodrive.limits import known_links
from exodrive.limits.middleware import token_failed
from exodrive.rls import PUBLIC, acting_as

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Run `view(request, token, ...)`, rendering included, as what `token` opens, and mark the answer as private.

    A token that opened nothing is counted: the view raised NotFound, answers 404, or has set `request.opened_nothing`.
    """

    @wraps(view)
    def wrapped(request: Request, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with acting_as(PUBLIC, token=token):
                response = mark_private(view(request, token, *args, **kwargs))
        except NotFound:
            token_failed(request)
            raise
        if response.status_code == HTTPStatus.NOT_FOUND or request.opened_nothing:
            token_failed(request)
        elif response.status_code < HTTPStatus.BAD_REQUEST:
            known_links.remember(request, response, token)
        return response

    return wrapped


def mark_private(response: HttpResponse) -> HttpResponse:
    """Out of caches, search engines and referrers."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def see_other(url: str) -> HttpResponseRedirect:
    """303: the answer to a post that worked is another page, fetched with GET."""
    return HttpResponseRedirect(url, status=303)
