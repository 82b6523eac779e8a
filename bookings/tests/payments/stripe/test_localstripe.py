"""The official SDK against localstripe, a stateful simulator that nobody here wrote.

What it cannot judge: Checkout Sessions (it has none), idempotency (it ignores keys), refunds of too much (it allows
them), `amount_received` (it has none: what it captured is what it took less what it tells as refunds).
"""

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from queue import Queue
from typing import Any

import httpx
import pytest
import stripe

from bookings.payments.provider import BadSignature, Declined, InvalidState, Kind, OutcomeUnknown, State
from bookings.payments.stripe import Stripe
from bookings.payments.stripe.client import DeadlineClient, stripe_client
from bookings.tests.payments.stripe.objects import PAYMENT, new_payment
from exodrive.dev.embedded.process import HOST
from exodrive.money import Money

GOOD, DECLINED, SECURE = "4242424242424242", "4000000000000341", "4000002500003155"
PATIENCE = 30  # seconds for one answer, on whatever machine


class WithoutReturnUrl(DeadlineClient):
    """What we send, less the one parameter that localstripe does not know."""

    def request(self, method: str, url: str, headers: Any, post_data: Any = None, **_: Any) -> Any:
        known = re.sub(r"&return_url=[^&]*", "", post_data) if post_data else post_data
        return super().request(method, url, headers, known)


@pytest.fixture
def http() -> Iterator[stripe.HTTPClient]:
    client = WithoutReturnUrl(PATIENCE)
    yield client
    client.close()


@pytest.fixture
def provider(localstripe, settings, http):
    settings.STRIPE_API_URL = localstripe
    return Stripe(http)


@pytest.fixture
def with_card(provider, http):
    """`with_card(number)`: a payment of a customer who left that card."""
    v1 = stripe_client(http).v1

    def make(number, kind=Kind.HOLD, **options):
        customer = v1.customers.create({"email": "somebody@example.com"})
        card = {"number": number, "exp_month": 12, "exp_year": 2098, "cvc": "123"}
        method = v1.payment_methods.create({"type": "card", "card": card})
        v1.payment_methods.attach(method.id, {"customer": customer.id})
        return new_payment(kind, customer=customer.id, payment_method=method.id, **options)

    return make


def begin(provider, payment):
    return provider.start(
        payment, return_url="https://x.example/", cancel_url="https://x.example/", request_id="r-1"
    )


@pytest.fixture
def held(provider, with_card):
    """A hold of 500 euros, and how it was told."""
    payment = with_card(GOOD)
    started = begin(provider, payment)
    return new_payment(Kind.HOLD, **started.snapshot.refs), started.snapshot


def euros(amount):
    return Money(Decimal(amount), "EUR")


def test_a_stored_card_is_held(held):
    _, snapshot = held
    assert (snapshot.state, snapshot.raw_status) == (State.AUTHORIZED, "requires_capture")
    assert (snapshot.authorized, snapshot.captured, snapshot.payment_id) == (euros(500), euros(0), PAYMENT)
    assert snapshot.refs.keys() == {"payment_intent", "charge", "customer", "payment_method"}


def test_the_hold_is_there_when_it_is_fetched(provider, held):
    payment, snapshot = held
    assert provider.fetch(payment) == snapshot
    assert provider.complete(payment, {}, request_id="r-2") == snapshot


def test_yen_are_held_without_cents(provider, with_card):
    snapshot = begin(provider, with_card(GOOD, amount="64000", currency="JPY")).snapshot
    assert snapshot.authorized == Money(Decimal(64000), "JPY")


def test_a_part_of_a_hold_is_captured_and_what_is_left_is_right(provider, held):
    payment, _ = held
    snapshot = provider.capture(payment, euros(200), final=True, request_id="r-2")
    assert snapshot.raw_status == "succeeded"
    assert snapshot.captured - snapshot.refunded == euros(200)


def test_the_whole_of_a_hold_is_captured(provider, held):
    payment, _ = held
    snapshot = provider.capture(payment, euros(500), final=True, request_id="r-2")
    assert (snapshot.state, snapshot.captured, snapshot.refunded) == (State.CAPTURED, euros(500), euros(0))


def test_a_second_capture_is_refused(provider, held):
    payment, _ = held
    provider.capture(payment, euros(200), final=True, request_id="r-2")
    with pytest.raises(InvalidState):
        provider.capture(payment, euros(100), final=True, request_id="r-3")


def test_more_than_is_held_is_not_captured(provider, held):
    payment, _ = held
    with pytest.raises(InvalidState):
        provider.capture(payment, euros(501), final=True, request_id="r-2")
    assert provider.fetch(payment).state == State.AUTHORIZED


def test_a_hold_is_given_back_and_a_second_time_is_fine(provider, held):
    payment, _ = held
    first = provider.void(payment, request_id="r-2")
    assert (first.state, first.raw_status, first.voided) == (State.VOIDED, "canceled", euros(500))
    assert provider.void(payment, request_id="r-3") == first


def test_money_that_was_taken_is_given_back_in_parts(provider, held):
    payment, _ = held
    provider.capture(payment, euros(500), final=True, request_id="r-2")
    found = provider.refund(payment, euros(120), reason="the car was dirty", request_id="r-3")
    assert (found.amount, found.request_id) == (euros(120), "r-3")
    snapshot = provider.fetch(payment)
    assert (snapshot.state, snapshot.refunded, snapshot.refunds) == (
        State.PARTIALLY_REFUNDED,
        euros(120),
        (found,),
    )
    provider.refund(payment, euros(380), reason="", request_id="r-4")
    snapshot = provider.fetch(payment)
    assert (snapshot.state, snapshot.refunded, len(snapshot.refunds)) == (State.REFUNDED, euros(500), 2)


def test_a_card_that_the_bank_refuses_is_declined(provider, with_card):
    with pytest.raises(Declined, match="card_declined"):
        begin(provider, with_card(DECLINED))


def test_a_card_that_wants_its_owner_asks_for_a_page(provider, with_card):
    # Which localstripe has none of: that it was asked is all that shows.
    with pytest.raises(OutcomeUnknown):
        begin(provider, with_card(SECURE))


def test_what_is_not_there_is_in_no_state_for_anything(provider):
    with pytest.raises(InvalidState):
        provider.fetch(new_payment(payment_intent="pi_missing"))


@pytest.fixture
def delivered(localstripe) -> Iterator["Queue[tuple[bytes, dict[str, str]]]"]:
    """Webhooks of localstripe as they came: body and headers."""
    queue: Queue[tuple[bytes, dict[str, str]]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            queue.put((body, {name.lower(): value for name, value in self.headers.items()}))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            """Silent."""

    with HTTPServer((HOST, 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        httpx.post(
            f"{localstripe}/_config/webhooks/ours",
            json={
                "url": f"http://{HOST}:{server.server_port}/",
                "secret": "whsec_none",
                "events": ["payment_intent.succeeded"],
            },
        ).raise_for_status()
        yield queue
        server.shutdown()
        thread.join()


@pytest.mark.real_time
def test_a_webhook_of_localstripe_is_genuine_and_about_our_payment(provider, held, delivered):
    payment, snapshot = held
    provider.capture(payment, euros(500), final=True, request_id="r-2")
    # Those of captures a moment before come late, and are as genuine.
    event = None
    while event is None or ("payment_intent", snapshot.refs["payment_intent"]) not in event.refs:
        body, headers = delivered.get(timeout=PATIENCE)
        event = provider.verify_webhook(body, headers, at=datetime.now(UTC))
        assert (event.type, event.payment_id) == ("payment_intent.succeeded", PAYMENT)
    assert ("charge", snapshot.refs["charge"]) in event.refs
    with pytest.raises(BadSignature):
        provider.verify_webhook(body + b"\n", headers, at=datetime.now(UTC))
