"""Events of the simulator, signed as PayPal signs and sent as PayPal sends: until a 2xx, in no order, sometimes twice."""

import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from exodrive.dev.paypal_sim.certificates import Signer, message
from exodrive.dev.paypal_sim.problems import Problem
from exodrive.dev.paypal_sim.state import new_id

PATH = "/v1/notifications/certs/CERT-simulator"
AT_ONCE, TWICE, LATE = "at once", "twice", "late"
PAUSES = (0.0, 1.0, 4.0, 16.0, 64.0)  # seconds before each attempt; PayPal's are spread over three days
EVENT = re.compile(r'"webhook_event"\s*:\s*')
Request = tuple[bytes, dict[str, str]]


class Webhooks:
    """`url` is where events go, "" is nowhere; `mood` says how. What is LATE waits for `release`."""

    def __init__(self, signer: Signer, now: Callable[[], datetime], *, url: str, webhook_id: str) -> None:
        self.signer, self.now, self.url, self.webhook_id = signer, now, url, webhook_id
        self.origin = ""
        self.mood = AT_ONCE
        self.pauses = PAUSES
        self.events: list[dict[str, Any]] = []
        self.answers: list[int] = []  # 0 is no answer
        self._held: list[dict[str, Any]] = []
        self._sending: list[threading.Thread] = []
        self._stopped = threading.Event()

    def emit(self, kind: str, resource_type: str, resource: dict[str, Any]) -> None:
        """Something happened."""
        event_id = f"WH{new_id()}{new_id()}"  # real ones have hyphens, against PayPal's own schema
        event = {
            "id": event_id,
            "event_version": "1.0",
            "resource_version": "2.0",
            "create_time": self.now().isoformat().replace("+00:00", "Z"),
            "resource_type": resource_type,
            "event_type": kind,
            "summary": kind.replace(".", " ").capitalize(),
            "resource": resource,
            "links": [
                {
                    "href": f"{self.origin}/v1/notifications/webhooks-events/{event_id}",
                    "rel": "self",
                    "method": "GET",
                }
            ],
        }
        self.events.append(event)
        if self.mood == LATE:
            self._held.append(event)
        else:
            for _ in range(2 if self.mood == TWICE else 1):
                self.send(event)

    def release(self, *, backwards: bool = False) -> None:
        """Send what was held, the youngest first if so wished, one after the other."""
        held, self._held = self._held, []
        for event in reversed(held) if backwards else held:
            self.send(event)
            self.settle()

    def find(self, event_id: str) -> dict[str, Any]:
        """Raises Problem."""
        for event in self.events:
            if event["id"] == event_id:
                return event
        raise Problem(404)

    def signed(self, event: Mapping[str, Any]) -> Request:
        """Body and headers of a delivery; every one has an id of its own."""
        body = json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()
        transmission, time = secrets.token_hex(16), self.now().isoformat().replace("+00:00", "Z")
        transmission = f"t{transmission}"  # PayPal's schema wants no id of digits alone
        return body, {
            "Content-Type": "application/json",
            "PayPal-Auth-Algo": "SHA256withRSA",
            "PayPal-Cert-Url": f"{self.origin}{PATH}",
            "PayPal-Transmission-Id": transmission,
            "PayPal-Transmission-Time": time,
            "PayPal-Transmission-Sig": self.signer.sign(message(transmission, time, self.webhook_id, body)),
        }

    def is_genuine(self, text: str) -> bool:
        """Of a question to verify-webhook-signature: whether we signed those bytes. Raises Problem for no question."""
        try:
            asked = json.loads(text)
            begin = EVENT.search(text)
            if begin is None or not isinstance(asked["webhook_event"], dict):
                raise Problem(400)
            _, end = json.JSONDecoder().raw_decode(text, begin.end())
            fields = [str(asked[f"transmission_{name}"]) for name in ("id", "time", "sig")]
            webhook_id = str(asked["webhook_id"])
        except (ValueError, KeyError, TypeError):
            raise Problem(400) from None
        body = text[begin.end() : end].encode()
        # The signature has no random part: signing again gives the same.
        return fields[2] == self.signer.sign(message(fields[0], fields[1], webhook_id, body))

    def send(self, event: Mapping[str, Any]) -> None:
        """In a thread: who is told may ask back before answering."""
        if self.url:
            thread = threading.Thread(target=self._deliver, args=self.signed(event), daemon=True)
            self._sending.append(thread)
            thread.start()

    def settle(self, seconds: float = 30) -> None:
        """Wait until everything is delivered."""
        while self._sending:
            self._sending.pop(0).join(seconds)

    def stop(self) -> None:
        """No attempt more."""
        self._stopped.set()

    def _deliver(self, body: bytes, headers: dict[str, str]) -> None:
        for pause in self.pauses:
            if self._stopped.wait(pause):
                return
            try:
                with httpx.Client(trust_env=False, timeout=30) as http:
                    status = http.post(self.url, content=body, headers=headers).status_code
            except httpx.HTTPError:
                status = 0
            self.answers.append(status)
            if 200 <= status < 300:
                return
