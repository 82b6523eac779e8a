"""PayPal's unmodified OpenAPI files as a judge between our client and whoever answers it."""

import json
import warnings
from functools import cache

import httpx
from openapi_core import Config, OpenAPI
from openapi_core.testing import MockRequest, MockResponse

from bookings.tests.payments.paypal.data import SPECIFICATIONS, path_of

PREFIXES = dict(zip(("/v2/checkout/", "/v2/payments/", "/v1/notifications/"), SPECIFICATIONS, strict=True))
VERIFY = "/v1/notifications/verify-webhook-signature"


@cache
def specification(name: str) -> OpenAPI:
    """As PayPal has it; its validator is off because PayPal's files do not pass it."""
    document = json.loads(path_of("paypal-openapi", f"{name}.json").read_text())
    return OpenAPI.from_dict(document, config=Config(spec_validator_cls=None))


class Judged(httpx.BaseTransport):
    """Raises openapi-core's error for a request or an answer that PayPal does not describe. `judged` are those it saw."""

    def __init__(self, inner: httpx.BaseTransport | None = None) -> None:
        self.inner = inner or httpx.HTTPTransport()
        self.judged: list[tuple[str, str, int]] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        found = next((name for prefix, name in PREFIXES.items() if request.url.path.startswith(prefix)), None)
        if found is None or "/certs/" in request.url.path:
            return self.inner.handle_request(request)
        asked = mocked(request)
        with warnings.catch_warnings():
            warnings.filterwarnings(
                "ignore", "Unsupported scheme type"
            )  # OAuth 2 is the simulator's to check
            specification(found).validate_request(asked)
        response = self.inner.handle_request(request)
        response.read()
        answer = MockResponse(
            response.content, status_code=response.status_code, content_type="application/json"
        )
        specification(found).validate_response(asked, answer)
        self.judged.append((request.method, request.url.path, response.status_code))
        return response

    def close(self) -> None:
        self.inner.close()


def mocked(request: httpx.Request) -> MockRequest:
    """A request as the judge wants it, sent to PayPal's own host."""
    content = request.read()
    if request.url.path == VERIFY:
        # PayPal's file calls all of an event read-only and its own example sends one: the rest of this body is judged.
        content = json.dumps({**json.loads(content), "webhook_event": {}}).encode()
    return MockRequest(
        "https://api-m.paypal.com",
        request.method.lower(),
        request.url.path,
        headers={"Content-Type": "application/json", **request.headers},
        data=content or None,
        content_type="application/json",
    )
