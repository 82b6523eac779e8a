"""The last wall before a development site on the open net, whichever server it was started with."""

from collections.abc import Callable

from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

from exodrive.checks import development_secrets, is_loopback

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST")


class LoopbackMiddleware:
    """With development's secrets only this machine is answered, and nobody for whom a proxy asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not development_secrets():
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_loopback(request.META.get("REMOTE_ADDR") or "/") and not any(
            name in request.META for name in FORWARDED
        ):
            return self.get_response(request)
        return HttpResponseForbidden(
            "This is a development site with published secrets; it answers this machine only.\n",
            content_type="text/plain",
        )
