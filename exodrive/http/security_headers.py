"""Headers that neither Django nor a library sets: who may embed our files, and who may keep an answer."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import has_vary_header, patch_cache_control


class HeadersMiddleware:
    """On every answer, static files included. Stands outside of whatever answers by itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.cookies:
            # Somebody's cookies, and the page that goes with them: a cache that keeps both gives them to the next one.
            patch_cache_control(response, private=True, no_store=True)
        elif has_vary_header(response, "Cookie") and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response
