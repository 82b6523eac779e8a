"""The browser's own proof that it has opened a secret link: a keyed hash of each of the last few, in a cookie.

Only we can make one, so it needs no look-up, and whoever guesses links cannot make it either. It opens nothing.
"""

import hmac
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from exodrive.http.cookies import cookie_attributes

COOKIE = f"{settings.COOKIE_PREFIX}opened"
MAX_LINKS, LIFE = 6, timedelta(days=90)


def proves(request: HttpRequest, token: str) -> bool:
    """Whether this browser has opened the link with `token` before."""
    mark = _mark(token)
    return any(hmac.compare_digest(mark, kept) for kept in _kept(request))


def remember(request: HttpRequest, response: HttpResponse, token: str) -> None:
    """The link worked: keep the proof, the newest first."""
    if not proves(request, token):
        marks = [_mark(token), *_kept(request)][:MAX_LINKS]
        response.set_cookie(COOKIE, ".".join(marks), **cookie_attributes(LIFE))


def _kept(request: HttpRequest) -> list[str]:
    marks = request.COOKIES.get(COOKIE, "").split(".")[:MAX_LINKS]
    return [mark for mark in marks if mark.isascii()]


def _mark(token: str) -> str:
    return hmac.new(settings.LINK_KEY.encode(), f"opened {token}".encode(), "sha256").hexdigest()[:32]
