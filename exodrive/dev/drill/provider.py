"""A mail provider on this machine that answers as Resend does, idempotency keys included, and that can be made to fail.

Its rules are Resend's (https://resend.com/docs/dashboard/emails/idempotency-keys): the same key again within a day gets the
first answer and nothing is sent; while the first request is still being worked on it is 409.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from exodrive.dev.embedded.process import HOST

HANGS = 6.0  # seconds without an answer; the site gives up earlier


class Mail(NamedTuple):
    """What a customer or member of staff finds in their mailbox."""

    to: str
    subject: str
    text: str
    message_id: str

    @property
    def number(self) -> str:
        """Of the row that it was queued as."""
        return self.message_id.strip("<>").partition("@")[0]


def times_sent(mails: Iterable[Mail]) -> Counter[str]:
    """How often each queued mail went out, by its number.

    A try that nobody was told of is repeated under the same key. When the booking has changed meanwhile (it was paid),
    the mail says so: that is another key, and a second mail with the same Message-ID, which mail programs show as one.
    So only copies that say the same count.
    """
    copies = Counter((mail.number, mail.subject, mail.text) for mail in mails)
    most: Counter[str] = Counter()
    for (number, _subject, _text), times in copies.items():
        most[number] = max(most[number], times)
    return most


@dataclass
class Provider:
    """`with Provider() as provider:`; `mood` says how it answers.

    fine; refuses; hangs (never takes it); breaks (takes it, says nothing); waits (takes it, answers when told to `go_on`).
    """

    mood: str = "fine"
    sent: list[Mail] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    by_key: dict[str, str] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> "Provider":
        self.server = ThreadingHTTPServer((HOST, 0), _handler_of(self))
        self.server.daemon_threads = True
        self.released, self.go_on = threading.Event(), threading.Event()
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.released.set()
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """What makes a site send its mails here."""
        return {
            "RESEND_API_KEY": "drill",
            "EMAIL_BACKEND": "inbox.mail.backend.EmailBackend",
            "ANYMAIL_RESEND_API_URL": f"http://{HOST}:{self.server.server_port}/",
        }

    def take(self, key: str | None, mail: Mail) -> tuple[str, bool]:
        """Send a mail unless its key is known; its id, and whether it was new. Without a key every mail is."""
        with self.lock:
            number = self.by_key.get(key) if key else None
            self.answers["known already" if number else "sent"] += 1
            if number:
                return number, False
            number = f"drill-{len(self.sent)}"
            self.sent.append(mail)
            if key:
                self.by_key[key] = number
            return number, True

    def note(self, answer: str) -> None:
        """Count an answer that sent nothing."""
        with self.lock:
            self.answers[answer] += 1


def _handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            mood = provider.mood
            if mood == "refuses":
                provider.note("refused")
                busy = provider.answers["refused"] % 2  # its two kinds of refusal in turn
                return self._answer(429 if busy else 500, {"name": "drill", "message": "drill"})
            if mood == "hangs":
                provider.note("hung")
                provider.released.wait(HANGS)
                self.close_connection = True
                return None
            mail = Mail(", ".join(body["to"]), body["subject"], body["text"], body["headers"]["Message-ID"])
            number, _new = provider.take(self.headers["Idempotency-Key"], mail)
            if mood == "breaks":
                self.close_connection = True  # sent, but nobody is told
                return None
            if mood == "waits":
                provider.note("made to wait")
                provider.go_on.wait(60)
            return self._answer(200, {"id": number})

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            text = json.dumps(body).encode()
            with suppress(OSError):  # who asked may be dead by now
                self._send(status, text)

        def _send(self, status: int, text: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: Any) -> None:
            """Nothing on the terminal."""

    return Handler
