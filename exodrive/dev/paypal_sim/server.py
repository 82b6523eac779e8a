"""The simulator as a server: tokens, request ids, faults, the payer's page."""

import base64
import json
import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from exodrive.dev.embedded.process import HOST
from exodrive.dev.paypal_sim import faults, payer
from exodrive.dev.paypal_sim.api import Answer, Api, Call
from exodrive.dev.paypal_sim.certificates import Signer
from exodrive.dev.paypal_sim.faults import Faults, LineCut
from exodrive.dev.paypal_sim.handler import handler_of
from exodrive.dev.paypal_sim.problems import Problem
from exodrive.dev.paypal_sim.state import State
from exodrive.dev.paypal_sim.views import Views
from exodrive.dev.paypal_sim.webhooks import Webhooks

CREDENTIALS = ("simulator", "simulator")
TOKEN_SECONDS = 32_400  # as PayPal's


class Simulator:
    """`with Simulator() as sim:` is a server on a free port of the loopback address; `sim.url` is where.

    `clock` tells the time, `advance` sets it ahead. `faults` and `webhooks.mood` make it misbehave; `calls` are the
    methods and paths that came.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        webhook_url: str = "",
        webhook_id: str = "SIMULATORWEBHOOK1",
        signer: Signer | None = None,
    ) -> None:
        self.port, self.credentials, self.faults = port, CREDENTIALS, Faults()
        self.state = State(self._emit, self.faults, clock)
        self.signer = signer or Signer.made(clock())
        self.webhooks = Webhooks(self.signer, self.state.now, url=webhook_url, webhook_id=webhook_id)
        self.tokens: set[str] = set()
        self.calls: list[tuple[str, str]] = []
        self._answers: dict[tuple[str, str], Answer] = {}
        self._in_progress: set[tuple[str, str]] = set()
        self.go_on = threading.Event()  # whoever is made to wait

    def __enter__(self) -> "Simulator":
        self.server = ThreadingHTTPServer((HOST, self.port), handler_of(self))
        self.server.daemon_threads = True
        self.url = self.webhooks.origin = f"http://{HOST}:{self.server.server_port}"
        self.api = Api(self.state, Views(self.state, self.url), self.webhooks)
        serve = {"poll_interval": 0.05}
        threading.Thread(target=self.server.serve_forever, kwargs=serve, daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.go_on.set()
        self.webhooks.stop()
        self.server.shutdown()
        self.server.server_close()

    def settings(self, bundle: Path) -> dict[str, str]:
        """What makes a site use it; its authority's certificate is written to `bundle`."""
        bundle.write_bytes(self.signer.authority)
        client_id, secret = self.credentials
        return {
            "PAYPAL_API_URL": self.url,
            "PAYPAL_CLIENT_ID": client_id,
            "PAYPAL_CLIENT_SECRET": secret,
            "PAYPAL_WEBHOOK_ID": self.webhooks.webhook_id,
            "PAYPAL_CA_BUNDLE": str(bundle),
        }

    def advance(self, by: timedelta) -> None:
        """Let time pass at PayPal's."""
        with self.state.lock:
            self.state.ahead += by
            self.api.payments.expire()

    def now(self) -> datetime:
        """PayPal's clock."""
        return self.state.now()

    @property
    def is_busy(self) -> bool:
        """Whether a call with a request id is being worked on."""
        return bool(self._in_progress)

    def choose(self, order_id: str, choice: str = "approve") -> str:
        """As the payer on their page: approve, decline or cancel. Where they go next. Raises Problem."""
        with self.state.lock:
            return payer.choose(self.api.orders, self.api.orders.find(order_id), choice)

    def payer_page(self, order_id: str) -> str:
        """HTML. Raises Problem."""
        with self.state.lock:
            return payer.page(self.api.orders.find(order_id))

    def token_for(self, authorization: str) -> dict[str, Any]:
        """A token for HTTP Basic credentials. Raises Problem."""
        expected = base64.b64encode(":".join(self.credentials).encode()).decode()
        if not secrets.compare_digest(authorization.encode(), f"Basic {expected}".encode()):
            raise Problem(401)
        token = secrets.token_hex(24)
        self.tokens.add(token)
        return {
            "scope": "https://uri.paypal.com/services/payments",
            "access_token": token,
            "token_type": "Bearer",
            "app_id": "APP-SIMULATOR",
            "expires_in": TOKEN_SECONDS,
        }

    def answer(self, call: Call, authorization: str, request_id: str) -> Answer:
        """What a call of the API gets. Raises Problem, and LineCut."""
        if authorization.removeprefix("Bearer ") not in self.tokens:
            raise Problem(401)
        if call.method != "POST" or not request_id or not call.path.startswith("/v2/"):
            self._misbehave_before(call.path)
            answer = self._do(call)
        else:
            answer = self._once((call.path, request_id), call)
        if self.faults.take(faults.LOSE, call.path):
            raise LineCut
        return answer

    def _misbehave_before(self, path: str) -> None:
        if slow := self.faults.take(faults.SLOW, path):
            self.go_on.wait(slow.seconds)
        if self.faults.take(faults.FAIL, path):
            raise Problem(500)
        if self.faults.take(faults.BUSY, path):
            raise Problem(429)

    def _once(self, key: tuple[str, str], call: Call) -> Answer:
        """A request id that is known gets the first answer; refusals are not kept. Raises Problem while it is worked on."""
        with self.state.lock:
            if key in self._in_progress:
                raise Problem(409, "PREVIOUS_REQUEST_IN_PROGRESS")
            self._in_progress.add(key)
        try:
            self._misbehave_before(call.path)
            with self.state.lock:
                if key not in self._answers:
                    self._answers[key] = self._do(call)
                return self._answers[key]
        finally:
            self._in_progress.discard(key)

    def _do(self, call: Call) -> Answer:
        with self.state.lock:
            answer = self.api.answer(call)
            # As it is now: what happens later must not change it.
            return Answer(answer.status, json.loads(json.dumps(answer.body)))

    def _emit(self, kind: str, resource_type: str, resource: dict[str, Any]) -> None:
        self.webhooks.emit(kind, resource_type, resource)
