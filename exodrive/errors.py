"""Refusals: what the product says no to, with a code, an HTTP status and a sentence; and how pages show them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from exodrive.languages import asked_language

NOT_KEPT = {"csrfmiddlewaretoken", "password", "code", "pin"}


class Refusal(Exception):
    """A refusal with a code for machines, a sentence for people, and details. Subclasses set code and status."""

    code = "invalid"
    status = 422
    message: Any = gettext_lazy("There is a problem with what you sent.")
    retry_after: int | None = None  # seconds

    def __init__(self, message: Any = None, **details: Any) -> None:
        self.message = message or self.message
        self.details = details
        super().__init__(str(self.message))

    def as_json(self) -> dict[str, Any]:
        """The body of every API error, in the active language."""
        return {"error": {"code": self.code, "message": str(self.message), "details": plain(self.details)}}


class Unavailable(Refusal):
    """The database did not answer in time; nothing was changed."""

    code, status, retry_after = "unavailable", 503, 2
    message = gettext_lazy("We are busy right now. Nothing was changed. Try again.")


class MayBeSaved(Unavailable):
    """The database did not answer to COMMIT: it may or may not have done it. Asked again, it is done once."""

    message = gettext_lazy(
        "We are busy right now and cannot tell whether this was saved. Try again: no car is booked twice."
    )


def unavailable(error: BaseException) -> Unavailable:
    """The refusal for a database error that came from the connection."""
    return MayBeSaved() if getattr(error, "may_be_saved", False) else Unavailable()


def plain(value: Any) -> Any:
    """`value` with dates, models' JSON and translations turned into what JSON knows."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    if hasattr(value, "as_json"):
        return plain(value.as_json())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return value if isinstance(value, bool | int | float | None) else str(value)


def wants_json(request: HttpRequest) -> bool:
    """API paths answer in JSON, everything else with a page."""
    return request.path.startswith("/api/")


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer for a refusal that no view caught: JSON under /api/, else a page that says it in words."""
    response: HttpResponse
    if wants_json(request):
        response = _json(request, refusal)
    else:
        template = f"{refusal.status}.html" if refusal.status in (403, 404, 429, 503) else "refused.html"
        context = {"refusal": refusal, "typed": _typed(request)}
        response = render(request, template, context, status=refusal.status)
        response["Cache-Control"], response["Referrer-Policy"] = "private, no-store", "no-referrer"
    if refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def _json(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    with override(language := asked_language(request)):
        response = JsonResponse(refusal.as_json(), status=refusal.status)
    response["Content-Language"], response["Cache-Control"] = language, "no-store"
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What a refused form carried, so that it can be sent again as it was. Passwords and codes are typed anew."""
    if request.method != "POST":
        return []
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    return [(name, str(value)) for name, value in fields if name not in NOT_KEPT]


class _Page(Refusal):
    """What Django itself refuses, in our shape."""

    def __init__(self, code: str, status: int, message: Any) -> None:
        super().__init__(message)
        self.code, self.status = code, status


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return refuse(request, _Page("invalid", 400, _("There is a problem with what you sent.")))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return refuse(request, _Page("forbidden", 403, _("You may not do this.")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is missing or old."""
    return refuse(
        request, _Page("forbidden", 403, _("This form is too old. Reload the page and send it again."))
    )


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return refuse(request, _Page("not_found", 404, _("There is nothing here.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without touching the database or the request's identity."""
    if wants_json(request):
        body = _Page("unavailable", 500, _("Sorry, there is a problem with the service.")).as_json()
        return JsonResponse(body, status=500)
    return render(None, "500.html", status=500)
