"""`/healthz` and `/readyz`, for load balancers and monitoring.

They stand before everything else: a probe comes over plain HTTP, under an address instead of the site's name, without
cookies, and must not cost a log line. Anybody is told one word; the details are for who has `HEALTH_TOKEN`, since
behind a proxy on the same machine everybody comes from the loopback address.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.crypto import constant_time_compare

from exodrive.ops import health

log = logging.getLogger(__name__)

SAFE = ("GET", "HEAD")


def healthz(request: HttpRequest) -> HttpResponse:
    """This process is alive, and of which release for who has HEALTH_TOKEN. Touches nothing."""
    body = {"status": health.OK}
    if settings.HEALTH_TOKEN and may_see(request):
        body["release"] = settings.RELEASE
    return JsonResponse(body)


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests may be sent here: 200 for ok and degraded, 503 for unavailable. Takes two seconds at most."""
    found = health.report()
    body: dict[str, Any] = {"status": found.status}
    if may_see(request):
        body |= {"release": settings.RELEASE, "environment": settings.ENVIRONMENT, "parts": found.parts}
    if found.status == health.UNAVAILABLE:
        log.error("not ready: %s", {name: part for name, part in found.parts.items() if len(part) > 1})
    return JsonResponse(body, status=503 if found.status == health.UNAVAILABLE else 200)


def may_see(request: HttpRequest) -> bool:
    """Everybody in development; in production who sends `Authorization: Bearer HEALTH_TOKEN`."""
    if not settings.HEALTH_TOKEN:
        return not settings.PRODUCTION
    given = request.headers.get("Authorization", "")
    return constant_time_compare(given, f"Bearer {settings.HEALTH_TOKEN}")


PROBES = {"/healthz": healthz, "/readyz": readyz}


class ProbeMiddleware:
    """Answers the probes, first of all middleware; every other request goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        probe = PROBES.get(request.path)
        if probe is None:
            return self.get_response(request)
        response = probe(request) if request.method in SAFE else HttpResponseNotAllowed(SAFE)
        response["Content-Length"] = str(len(response.content))
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response
