"""Forms on pages without a referrer: the browser hides their origin too, and says "same-origin" in another header."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class HiddenOriginMiddleware:
    """Gives a post from our own private pages its origin back, before Django's CSRF check looks at it.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null`, which Django refuses. `Sec-Fetch-Site` is set by
    the browser alone, no page can forge it, and only a page of this very origin makes it say "same-origin". The CSRF
    token is checked afterwards as for every other post.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Origin") == "null" and request.headers.get("Sec-Fetch-Site") == "same-origin":
            request.META["HTTP_ORIGIN"] = f"{request.scheme}://{request.get_host()}"
        return self.get_response(request)
