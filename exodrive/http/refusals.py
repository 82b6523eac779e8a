"""How refusals are shown: JSON under /api/, a page elsewhere, and what a refused form carried is kept."""

from typing import Any, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import REASON_NO_CSRF_COOKIE
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from exodrive.context_processors import business
from exodrive.errors import Refusal
from exodrive.http.languages import asked_language
from exodrive.ops.logging import request_id
from exodrive.routes import Tag, tags_of

Response = TypeVar("Response", bound=HttpResponseBase)
# What people write themselves, and would miss.
SAID = {
    "full_name",
    "email",
    "phone",
    "special_requests",
    "delivery_address",
    "text",
    "reason",
    "note",
    "override",
}
# Pages that are others for who works here, by status: none of them asks who that is.
OF_STAFF = {
    404: ("inbox/missing.html", gettext_lazy("Page not found")),
    503: ("inbox/unavailable.html", gettext_lazy("The system does not answer")),
}
NOT_KEPT = {"csrfmiddlewaretoken", "password", "code", "pin"}


def wants_json(request: HttpRequest) -> bool:
    """API paths answer in JSON, everything else with a page."""
    return Tag.API in tags_of(request.path)


def refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer for a refusal that no view caught: JSON under /api/, else a page that says it in words."""
    response: HttpResponse
    if wants_json(request):
        response = _json(request, refusal)
    else:
        template = f"{refusal.status}.html" if refusal.status in (403, 404, 429, 503) else "refused.html"
        context = {"refusal": refusal, "typed": _typed(request)}
        if refusal.status in OF_STAFF and _is_staffs(request):
            template, title = OF_STAFF[refusal.status]
            context["title"] = title
        response = render(request, template, context, status=refusal.status)
        response["Cache-Control"], response["Referrer-Policy"] = "private, no-store", "no-referrer"
    return retry_later(response, refusal)


def retry_later(response: Response, refusal: Refusal | None) -> Response:
    """Say after how many seconds to try again, where a refusal knows; who asked too often gets 429 with whatever page."""
    if refusal and refusal.retry_after:
        response["Retry-After"] = str(refusal.retry_after)
    if refusal and refusal.code == "too_many_requests":
        response.status_code = refusal.status
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
    return [(name, str(value)) for name, value in fields if name not in NOT_KEPT and "password" not in name]


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
    """403 for a form whose token is missing or old: it is offered once more, with all that was typed.

    Not what another site has sent: it could put words into its visitor's mouth.
    """
    own = reason == REASON_NO_CSRF_COOKIE or reason.startswith("CSRF token")
    if wants_json(request) or not own or request.FILES:  # a page cannot keep a file
        return refuse(
            request, _Page("forbidden", 403, _("This form is too old. Reload the page and send it again."))
        )
    return send_again(request)


def send_again(request: HttpRequest, *, sign_in: str = "") -> HttpResponse:
    """403 with a fresh form that carries what was typed; after signing in at `sign_in` in another tab, if given.

    In place of the whole page when a part of it was asked for. Passwords and codes are typed anew.
    """
    typed = [(name, value) for name, value in _typed(request) if name != "csrfmiddlewaretoken"]
    context = {
        "typed": typed,
        "said": [value for name, value in typed if name in SAID and value.strip()],
        "cookies": settings.CSRF_COOKIE_NAME in request.COOKIES,
        "sign_in": sign_in,
    }
    in_place = request.headers.get("HX-Request") == "true"
    response = render(request, "again.html", context, status=422 if in_place else 403)
    if in_place:
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
    response["Cache-Control"], response["Referrer-Policy"] = "private, no-store", "no-referrer"
    return response


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return refuse(request, _Page("not_found", 404, _("There is nothing here.")))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without touching the database or the request's identity."""
    if wants_json(request):
        body = _Page("unavailable", 500, _("Sorry, there is a problem with the service.")).as_json()
        return JsonResponse(body, status=500)
    if not _is_staffs(request):
        return render(None, "500.html", status=500)
    context = business(None) | {
        "title": _("This page failed"),
        "posted": request.method not in ("GET", "HEAD"),
        "address": request.get_full_path(),
        "number": request_id.get(),
    }
    response = render(None, "inbox/broken.html", context, status=500)
    response["Cache-Control"], response["Referrer-Policy"] = "private, no-store", "no-referrer"
    return response


def _is_staffs(request: HttpRequest) -> bool:
    return Tag.STAFF in tags_of(request.path)
