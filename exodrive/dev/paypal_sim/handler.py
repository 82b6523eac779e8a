"""HTTP around the simulator."""

import json
import secrets
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote, urlsplit

from exodrive.dev.paypal_sim.api import Call
from exodrive.dev.paypal_sim.faults import LineCut
from exodrive.dev.paypal_sim.problems import Problem
from exodrive.dev.paypal_sim.webhooks import PATH

if TYPE_CHECKING:
    from exodrive.dev.paypal_sim.server import Simulator

LARGEST = 1_000_000  # bytes of a request


def handler_of(sim: "Simulator") -> type[BaseHTTPRequestHandler]:
    """A handler class for that one."""

    class Handler(_Handler):
        simulator = sim

    return Handler


class _Handler(BaseHTTPRequestHandler):
    simulator: "Simulator"
    protocol_version = "HTTP/1.1"
    # Head and body in one packet; else each answer waits for the other side's delayed acknowledgement.
    wbufsize = -1

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        debug_id = secrets.token_hex(7)
        try:
            self._dispatch(self._body(), debug_id)
        except LineCut:
            self.close_connection = True
        except Problem as problem:
            self._answer(problem.status, problem.as_json(debug_id), debug_id)

    def _body(self) -> bytes:
        """Raises Problem for one that is too long or comes without a length."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or int(length) > LARGEST or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise Problem(400)
        return self.rfile.read(int(length))

    def _dispatch(self, body: bytes, debug_id: str) -> None:
        parts = urlsplit(self.path)
        path, sim = unquote(parts.path), self.simulator
        sim.calls.append((self.command, path))
        if path == "/checkoutnow":
            return self._payer(parts.query, body)
        if path == PATH:
            return self._send(200, sim.signer.chain, "application/x-pem-file")
        authorization = self.headers.get("Authorization", "")
        if path == "/v1/oauth2/token":
            return self._answer(200, sim.token_for(authorization), debug_id)
        whole = self.headers.get("Prefer", "") == "return=representation"
        call = Call(self.command, path, body, whole)
        answer = sim.answer(call, authorization, self.headers.get("PayPal-Request-Id", ""))
        return self._answer(answer.status, answer.body, debug_id)

    def _payer(self, query: str, body: bytes) -> None:
        if self.command == "GET":
            page = self.simulator.payer_page(parse_qs(query).get("token", [""])[0])
            return self._send(200, page.encode(), "text/html; charset=utf-8")
        form = {name: values[0] for name, values in parse_qs(body.decode(errors="replace")).items()}
        url = self.simulator.choose(form.get("token", ""), form.get("choice", ""))
        if not url:
            return self._send(200, b"Done.\n", "text/plain; charset=utf-8")
        return self._send(303, b"", "text/plain; charset=utf-8", {"Location": url})

    def _answer(self, status: int, body: Any, debug_id: str) -> None:
        headers = {"PayPal-Debug-Id": debug_id}
        self._send(status, b"" if body is None else json.dumps(body).encode(), "application/json", headers)

    def _send(
        self, status: int, content: bytes, content_type: str, headers: dict[str, str] | None = None
    ) -> None:
        with suppress(OSError):  # who asked may be gone
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

    def log_message(self, *args: Any) -> None:
        """Nothing on the terminal."""
