"""PayPal's REST API over httpx: a cached token, one deadline for all calls of an operation, and careful retries.

What was asked may have been done although no answer came. So only calls with the same PayPal-Request-Id are repeated:
PayPal keeps those for 6 hours (orders) and 45 days (payments) and does the thing once.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import httpx
from django.conf import settings

from bookings.payments.circuit import Circuit
from bookings.payments.paypal.errors import error_of, issue_of
from bookings.payments.provider import Misconfigured, OutcomeUnknown, ProviderError, RateLimited
from exodrive.checks import is_loopback

log = logging.getLogger(__name__)

EARLY = 60.0  # seconds before its end that a token is renewed
FIRST_TRY = 0.6  # of the time that is left, so that there is some for the second
LARGEST = 1_000_000  # bytes of an answer
TIMED_OUT = "timeout"
Attempt = Callable[[float], dict[str, Any]]  # with a share of the time that is left


class Client:
    """One account at PayPal. Thread-safe; `clock` is a monotonic one, in seconds, as is `timeout`."""

    def __init__(
        self,
        base_url: str,
        credentials: tuple[str, str],
        *,
        timeout: float,
        transport: httpx.BaseTransport | None = None,
        circuit: Circuit | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        # A proxy that the environment names cannot reach this machine's own simulator.
        outside = not is_loopback(urlsplit(base_url).hostname or "")
        self.http = httpx.Client(base_url=base_url, transport=transport, trust_env=outside, timeout=timeout)
        self.credentials, self.timeout, self.clock = credentials, timeout, clock
        self.circuit = circuit or Circuit(clock=clock)
        self._lock = threading.Lock()
        self._token, self._token_ends = "", 0.0

    @contextmanager
    def operation(self) -> Iterator["Calls"]:
        """Around the calls that do one thing for somebody: they share the deadline and the breaker.

        Raises ProviderError: RateLimited while the circuit is open.
        """
        with self.circuit.call():
            yield Calls(self, self.clock() + self.timeout)

    def token(self, calls: "Calls") -> str:
        """A token that is good for a minute at least."""
        # Who waits for another thread's token waits no longer than the own deadline.
        if not self._lock.acquire(timeout=calls.left()):
            raise OutcomeUnknown(TIMED_OUT)
        try:
            if self.clock() >= self._token_ends - EARLY:
                answer = calls.ask_for_token(self.credentials)
                self._token_ends = self.clock() + float(answer.get("expires_in", 0))
                self._token = str(answer["access_token"])
            return self._token
        except (KeyError, TypeError, ValueError):
            raise OutcomeUnknown("bad_token") from None
        finally:
            self._lock.release()

    def drop_token(self, token: str) -> None:
        """It was refused; unless another thread has a new one already, the next call asks for one."""
        with self._lock:
            if self._token == token:
                self._token_ends = 0.0


class Calls:
    """The calls of one operation, until `ends` on the client's clock."""

    def __init__(self, client: Client, ends: float) -> None:
        self._client, self._ends = client, ends

    def left(self) -> float:
        """Seconds. Raises OutcomeUnknown when there are none."""
        if (left := self._ends - self._client.clock()) <= 0:
            raise OutcomeUnknown(TIMED_OUT)
        return left

    def get(self, path: str) -> dict[str, Any]:
        """A JSON object. Raises ProviderError."""
        return self._ask("GET", path, b"", {})

    def post(self, path: str, body: Any = None, *, request_id: str) -> dict[str, Any]:
        """The answer's JSON object; {} where PayPal says nothing. `body`: bytes go as they are. Raises ProviderError."""
        content = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        headers = {
            "Content-Type": "application/json",
            "Prefer": "return=representation",
            "PayPal-Request-Id": request_id,
        }
        return self._ask("POST", path, content, headers)

    def ask_for_token(self, credentials: tuple[str, str]) -> dict[str, Any]:
        """OAuth 2 client credentials. Raises Misconfigured without any, or when they are refused."""
        if not all(credentials):
            raise Misconfigured("no_credentials")
        form = {"grant_type": "client_credentials"}
        request = self._client.http.build_request("POST", "/v1/oauth2/token", data=form)
        username, password = credentials
        auth = httpx.BasicAuth(username, password)
        return self._twice(lambda share: self._send(request, share, auth))

    def _ask(self, method: str, path: str, content: bytes, headers: dict[str, str]) -> dict[str, Any]:
        def attempt(share: float) -> dict[str, Any]:
            token = self._client.token(self)
            request = self._client.http.build_request(
                method, path, content=content or None, headers={**headers, "Authorization": f"Bearer {token}"}
            )
            try:
                return self._send(request, share)
            except _Unauthorized:
                self._client.drop_token(token)
                raise

        try:
            return self._twice(attempt)
        except _Unauthorized:  # revoked before its time: once more with a new one
            return self._twice(attempt)

    def _twice(self, attempt: Attempt) -> dict[str, Any]:
        try:
            return attempt(FIRST_TRY)
        except (OutcomeUnknown, RateLimited):
            return attempt(1)  # none without time: its first step is to look what is left

    def _send(self, request: httpx.Request, share: float, auth: httpx.Auth | None = None) -> dict[str, Any]:
        """One exchange, within a share of the time that is left. Raises ProviderError."""
        request.extensions["timeout"] = httpx.Timeout(self.left() * share).as_dict()
        try:
            response = self._client.http.send(request, auth=auth, stream=True)
            try:
                content = self._read(response)
            finally:
                response.close()
        except httpx.TimeoutException:
            raise OutcomeUnknown(TIMED_OUT) from None
        except httpx.HTTPError as error:
            raise OutcomeUnknown("unreachable", type(error).__name__) from None
        return _body_of(response, content)

    def _read(self, response: httpx.Response) -> bytes:
        """The body, not longer and not slower than it should be; httpx limits each part of it only."""
        content = b""
        for part in response.iter_bytes():
            content += part
            self.left()
            if len(content) > LARGEST:
                raise OutcomeUnknown("too_large")
        return content


class _Unauthorized(Misconfigured):
    """The token is not good, or not any more."""


def _body_of(response: httpx.Response, content: bytes) -> dict[str, Any]:
    """Raises the ProviderError that it is; OutcomeUnknown for what is no JSON object."""
    try:
        body = json.loads(content) if content else {}
    except ValueError:
        body = None
    if response.is_success and isinstance(body, dict):
        return body
    error: ProviderError = (
        OutcomeUnknown("unreadable") if response.is_success else error_of(response.status_code, body)
    )
    log.warning(
        "PayPal answered %d %s (debug id %s)",
        response.status_code,
        error.code,
        response.headers.get("PayPal-Debug-Id", "none")[:40],
    )
    if response.status_code == 401 and issue_of(body) != "INVALID_ACCOUNT_STATUS":
        raise _Unauthorized(error.code)
    raise error


def client_from_settings() -> Client:
    """The one of this process: its token, connections and breaker are shared."""
    return _client(
        settings.PAYPAL_API_URL,
        settings.PAYPAL_CLIENT_ID,
        settings.PAYPAL_CLIENT_SECRET,
        settings.PAYMENT_TIMEOUT,
    )


@lru_cache(maxsize=4)
def _client(base_url: str, client_id: str, secret: str, timeout: float) -> Client:
    return Client(base_url, (client_id, secret), timeout=timeout)
