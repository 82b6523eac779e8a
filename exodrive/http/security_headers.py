"""Headers that neither Django nor a library sets: who may embed our files, and who may keep an answer."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
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


class PolicyMiddleware(CSPMiddleware):
    """The library's, with the policy of nearly every answer written once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
        self.usual = build_policy()

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """The header; what a view altered, and pages of errors, are the library's business."""
        usual = response.status_code not in (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)
        if usual and HEADER not in response and self.get_policy_parts(request, response) == PolicyParts():
            response[HEADER] = self.usual
            return response
        return super().process_response(request, response)
