"""Another language for a page with a form: what was typed comes along, and nothing else is done."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from exodrive.http.request import Request

FIELD = "in_language"  # `language` is the customer's, in the form of a new booking


def only_language(request: HttpRequest) -> bool:
    """Whether the form was sent to be seen in another language."""
    return FIELD in request.POST


def in_any_language(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer in the language that a form was sent for, and stay with it. The view asks `only_language` before it acts."""

    @wraps(view)
    def translated(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        language = request.POST.get(FIELD, "")
        if language not in dict(settings.LANGUAGES):
            return view(request, *args, **kwargs)
        translation.activate(language)
        response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            path=settings.LANGUAGE_COOKIE_PATH,
            domain=settings.LANGUAGE_COOKIE_DOMAIN,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
        return response

    return translated
