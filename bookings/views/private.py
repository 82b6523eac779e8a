"""Pages behind a secret link: they read as the holder of that link, and nobody may keep, index or pass them on."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from exodrive.rls import PUBLIC, acting_as

View = Callable[..., HttpResponse]


def private(view: View) -> View:
    """Run `view(request, token, ...)`, rendering included, as what `token` opens, and mark the answer as private."""

    @wraps(view)
    def wrapped(request: HttpRequest, token: str, *args: Any, **kwargs: Any) -> HttpResponse:
        with acting_as(PUBLIC, token=token):
            return secret(view(request, token, *args, **kwargs))

    return wrapped


def secret(response: HttpResponse) -> HttpResponse:
    """Out of caches, search engines and referrers."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def see_other(url: str) -> HttpResponseRedirect:
    """303: the answer to a post that worked is another page, fetched with GET."""
    return HttpResponseRedirect(url, status=303)
