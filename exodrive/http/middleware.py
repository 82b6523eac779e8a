"""What happens around every request: an id for its log lines, and words for a refusal."""

import logging
import secrets
import time
from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse

from exodrive.errors import Refusal, unavailable
from exodrive.http.refusals import refuse
from exodrive.ops.counters import count
from exodrive.ops.logging import log_request, request_id

log = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponse]


class RequestIdMiddleware:
    """Gives every request an id, in its log lines and in the `X-Request-Id` header, and logs how it ended."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reset = request_id.set(secrets.token_hex(8))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-Id"] = request_id.get()
            if response.status_code == 429 or response.status_code >= 500:
                count("http", str(response.status_code))
            if not request.path.startswith(settings.STATIC_URL):
                log_request(
                    request.method or "", request.path, response.status_code, time.perf_counter() - started
                )
            return response
        finally:
            request_id.reset(reset)


class RefusalMiddleware:
    """Turns a refusal that no view caught into its answer, and a database that is away into 503."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """None leaves the exception to Django."""
        if isinstance(exception, Refusal):
            return refuse(request, exception)
        if isinstance(exception, OperationalError):
            log.error("database unavailable: %s", type(exception.__cause__ or exception).__name__)
            return refuse(request, unavailable(exception))
        return None
