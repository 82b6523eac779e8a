"""A transport for the SDK that answers from a list and keeps idempotency keys as Stripe says that it does."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

from bookings.tests.payments.stripe.objects import Json, error

Answer = tuple[int, Json | str]


@dataclass(frozen=True)
class Sent:
    """One request as it left the SDK."""

    method: str
    path: str
    params: dict[str, str]
    key: str  # idempotency


class Answers(stripe.HTTPClient):
    """Each request takes the next answer: a body (200), a status with a body, or an error of the SDK to raise.

    https://docs.stripe.com/api/idempotent_requests: the first answer to a key is repeated, an error too, and other
    parameters under the same key are refused. The SDK's own retries would find an empty list.
    """

    name = "answers"

    def __init__(self, *answers: Json | Answer | Exception) -> None:
        super().__init__()
        self.answers = list(answers)
        self.sent: list[Sent] = []
        self._kept: dict[str, tuple[tuple[str, str, dict[str, str]], Answer]] = {}

    def request(
        self, method: str, url: str, headers: Mapping[str, str] | None, post_data: Any = None, **_: Any
    ) -> tuple[Any, int, Mapping[str, str]]:
        parts = urlsplit(url)
        params = dict(parse_qsl(post_data or parts.query))
        sent = Sent(method.upper(), parts.path, params, (headers or {}).get("Idempotency-Key", ""))
        self.sent.append(sent)
        status, body = self._answer(sent)
        return body if isinstance(body, str) else json.dumps(body), status, {"request-id": "req_1"}

    def _answer(self, sent: Sent) -> Answer:
        asked = (sent.method, sent.path, sent.params)
        if sent.method == "POST" and sent.key in self._kept:
            before, answer = self._kept[sent.key]
            return answer if before == asked else (400, error("idempotency_error"))
        found = self.answers.pop(0)
        if isinstance(found, Exception):
            raise found
        answer = found if isinstance(found, tuple) else (200, found)
        self._kept[sent.key] = asked, answer
        return answer

    def close(self) -> None:
        """Nothing is open."""
