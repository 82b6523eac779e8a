"""The SDK's client, one per process, and how long a call of it may take."""

import logging
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import stripe
import urllib3
from django.conf import settings

from bookings.payments.provider import Misconfigured

PIECE = 65_536  # bytes

# The SDK logs addresses and messages of requests at INFO, bodies at DEBUG.
logging.getLogger("stripe").setLevel(logging.WARNING)


class DeadlineClient(stripe.RequestsClient):
    """The SDK's own transport, which takes nothing any more `seconds` after a call began, and not only when a server is
    silent for so long: one that sends a byte now and then would keep a worker for hours. The last wait for a byte may
    reach beyond it, by less than the same time again."""

    def __init__(self, seconds: float) -> None:
        total: Any = urllib3.Timeout(total=seconds)  # requests hands it on; the SDK's types know only numbers
        super().__init__(timeout=total)
        self._seconds = seconds

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        *,
        _usage: list[str] | None = None,
    ) -> tuple[Any, int, Mapping[str, str]]:
        """Body, status and headers of the answer. Raises stripe.APIConnectionError, too late included."""
        until = time.monotonic() + self._seconds
        # What is read in pieces comes as it is, not compressed.
        plain = {**(headers or {}), "Accept-Encoding": "identity"}
        answer, status, answer_headers = self.request_stream(method, url, plain, post_data)
        try:
            return _read(answer, until), status, answer_headers
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise stripe.APIConnectionError(f"no whole answer: {type(error).__name__}") from None
        finally:
            answer.close()


def stripe_client(http: stripe.HTTPClient | None = None) -> stripe.StripeClient:
    """The client of this process, or one that speaks through `http`. Raises Misconfigured without a key."""
    if not settings.STRIPE_SECRET_KEY:
        raise Misconfigured("no_api_key")
    key, url = settings.STRIPE_SECRET_KEY, settings.STRIPE_API_URL
    return _shared(key, url, settings.PAYMENT_TIMEOUT) if http is None else _made(key, url, http)


@lru_cache(maxsize=2)
def _shared(key: str, url: str, seconds: float) -> stripe.StripeClient:
    return _made(key, url, DeadlineClient(seconds))


def _made(key: str, url: str, http: stripe.HTTPClient) -> stripe.StripeClient:
    # Whoever asks again does so with the same request id, and later: a retry here would only keep a customer waiting.
    return stripe.StripeClient(
        key, base_addresses={"api": url} if url else None, max_network_retries=0, http_client=http
    )


def _read(answer: urllib3.HTTPResponse, until: float) -> bytes:
    body = bytearray()
    while piece := answer.read1(PIECE):
        body += piece
        if time.monotonic() > until:
            raise TimeoutError
    return bytes(body)
