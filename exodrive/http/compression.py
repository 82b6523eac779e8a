"""Which answers are compressed: pages that hold no secret which a guess could extract.

Whoever sees only the lengths of answers, and can put words into them, finds out what else is in them (BREACH). So pages
behind secret links, of staff and of signing in, answers to posts and those with a message for one reader go out as they
are. What remains is the public's: the only secret in it is the form's token, which Django masks anew for every answer,
and every answer is lengthened by chance.
"""

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware

from exodrive.routes import Tag, tags_of

PRIVATE = {Tag.SECRET, Tag.STAFF, Tag.SIGNING_IN, Tag.API}
TEXTS = ("text/html", "text/plain", "text/xml", "application/xml")


class CompressionMiddleware(GZipMiddleware):
    """Django's, for the pages that anybody may read."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:  # type: ignore[override]
        """Compressed where the browser takes it and nobody could learn from its length."""
        if is_public(request, response):
            return super().process_response(request, response)  # type: ignore[return-value]
        return response


def is_public(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether an answer reads the same for everybody, up to what it was asked for."""
    return (
        request.method in ("GET", "HEAD")
        and not response.streaming
        and response.get("Content-Type", "").startswith(TEXTS)
        and not PRIVATE & set(tags_of(request.path))
        and CookieStorage.cookie_name not in request.COOKIES
        and "private" not in response.get("Cache-Control", "")
    )
