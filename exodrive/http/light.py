"""The light way through the API: without a cookie there is no session, nobody who signed in, and no message.

What needs a cookie is not made for a call that sends none. Who asks is decided as ever (`exodrive.staff.identity`), and
every answer has the same headers.
"""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from exodrive.routes import Tag, tags_of


def is_light(request: HttpRequest) -> bool:
    """Whether it is a call of the API that brings no cookie."""
    return not request.META.get("HTTP_COOKIE") and Tag.API in tags_of(request.path)


class _Unless:
    """Passes what is light on to the next one; mixed into a middleware."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_light(request):
            return self.passed(request)
        return super().__call__(request)  # type: ignore[misc]

    def passed(self, request: HttpRequest) -> HttpResponse:
        """The answer of what comes next."""
        answer: HttpResponse = self.get_response(request)
        return answer


class Sessions(_Unless, SessionMiddleware):
    """Django's, where there can be a session."""


class Messages(_Unless, MessageMiddleware):
    """Django's, where somebody may read one."""


class Authentication(_Unless, AuthenticationMiddleware):
    """Django's, where somebody may have signed in."""

    def passed(self, request: HttpRequest) -> HttpResponse:
        """For nobody in particular."""
        request.user = AnonymousUser()
        return super().passed(request)
