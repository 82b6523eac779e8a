"""The client of the process: where it speaks to, and how long it waits. Against sockets of our own."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bookings.payments.provider import OutcomeUnknown, State
from bookings.payments.stripe import Stripe
from bookings.payments.stripe.client import DeadlineClient, stripe_client
from bookings.tests.payments.stripe.objects import charge, intent, new_payment
from exodrive.dev.embedded.process import HOST, free_port

PAYMENT = new_payment(payment_intent="pi_1")
BODY = json.dumps(intent("succeeded", latest_charge=charge())).encode()
SECONDS = (
    0.3  # enough for the first byte of a server in this process; where it is not, the outcome is the same
)


@pytest.fixture
def serving(settings) -> Iterator[Callable[..., list[str]]]:
    """`seen = serving(write)`: a server that answers by `write(stream, gone)`; `gone` is set when the test is over."""
    servers, gone = [], threading.Event()

    def start(write):
        seen: list[str] = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                seen.append(self.headers["Authorization"])
                try:
                    write(self.wfile, gone)
                except OSError:
                    pass  # the client went away, which is what it should do
                self.close_connection = True

            def log_message(self, *args):
                """Silent."""

        server = ThreadingHTTPServer((HOST, 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}).start()
        settings.STRIPE_API_URL = f"http://{HOST}:{server.server_port}"
        return seen

    yield start
    gone.set()
    for server in servers:
        server.shutdown()
        server.server_close()


def whole(stream, gone):
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY))


def in_chunks(stream, gone):
    stream.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for part in (BODY[:100], BODY[100:]):
        stream.write(b"%x\r\n%s\r\n" % (len(part), part))
    stream.write(b"0\r\n\r\n")


def silent(stream, gone):
    gone.wait(10)


def half(stream, gone):
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY[:100]))


def drop_by_drop(stream, gone):
    """In time for every single byte, and never done within the deadline; in the end a good answer."""
    stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY))
    for byte in BODY:
        stream.write(bytes([byte]))
        stream.flush()
        gone.wait(SECONDS / 10)


def ask(seconds):
    with closing(DeadlineClient(seconds)) as http:
        return Stripe(http).fetch(PAYMENT)


@pytest.mark.parametrize("write", [whole, in_chunks])
def test_the_api_of_the_settings_is_asked_with_the_key_of_the_settings(serving, write):
    seen = serving(write)
    assert ask(30).state == State.CAPTURED
    assert seen == ["Bearer sk_test_none"]


@pytest.mark.real_time
@pytest.mark.parametrize("write", [silent, half, drop_by_drop])
def test_an_answer_that_does_not_come_whole_and_in_time_leaves_the_outcome_unknown(serving, write):
    seen = serving(write)
    with pytest.raises(OutcomeUnknown):
        ask(SECONDS)
    assert len(seen) == 1


def test_where_nobody_listens_the_outcome_is_unknown(settings):
    settings.STRIPE_API_URL = f"http://{HOST}:{free_port(0)}"
    with pytest.raises(OutcomeUnknown):
        ask(5)


def test_a_process_has_one_client_for_one_configuration(settings):
    first = stripe_client()
    assert stripe_client() is first
    settings.STRIPE_SECRET_KEY = "sk_test_other"
    assert stripe_client() is not first
