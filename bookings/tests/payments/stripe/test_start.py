"""What we ask Stripe for when a payment begins, and what happens when it is asked again."""

from datetime import UTC, datetime

import pytest

from bookings.payments.provider import Declined, InvalidState, Kind, Misconfigured, OutcomeUnknown, State
from bookings.payments.stripe import Stripe, pages
from bookings.tests.payments.stripe.objects import (
    CLOSES,
    PAGE_URL,
    PAYMENT,
    error,
    held_charge,
    intent,
    new_payment,
    page,
)

SOON = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
PAGES, INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
HOLD = new_payment(Kind.HOLD, customer="cus_1", payment_method="pm_1")


@pytest.fixture
def clock(monkeypatch):
    """`clock(seconds)` moves the time at which pages are opened."""

    def move(seconds):
        monkeypatch.setattr("bookings.payments.stripe.provider.time.time", lambda: SOON + seconds)

    move(0)
    return move


def begin(provider, payment, request_id="r-1"):
    urls = {"return_url": "https://x.example/back", "cancel_url": "https://x.example/no"}
    return provider.start(payment, **urls, request_id=request_id)


def test_a_charge_opens_a_page(speaking, clock):
    provider, http = speaking(page())
    started = begin(provider, new_payment())
    (sent,) = http.sent
    assert (sent.method, sent.path, sent.key) == ("POST", PAGES, "r-1")
    assert sent.params == {
        "mode": "payment",
        "client_reference_id": str(PAYMENT),
        "metadata[payment_id]": str(PAYMENT),
        "metadata[booking]": "EXO-AMNQCN",
        "line_items[0][quantity]": "1",
        "line_items[0][price_data][currency]": "eur",
        "line_items[0][price_data][unit_amount]": "50000",
        "line_items[0][price_data][product_data][name]": "Renault Clio, 3 jours",
        "payment_intent_data[description]": "Renault Clio, 3 jours",
        "payment_intent_data[metadata][payment_id]": str(PAYMENT),
        "payment_intent_data[metadata][booking]": "EXO-AMNQCN",
        "payment_intent_data[setup_future_usage]": "off_session",
        "customer_creation": "always",
        "success_url": "https://x.example/back",
        "cancel_url": "https://x.example/no",
        "expires_at": str(int(SOON) + 35 * 60),
        "locale": "fr",
        "expand[0]": "payment_intent.latest_charge.refunds",
    }
    assert (started.next_url, started.snapshot.state) == (PAGE_URL, State.ACTION_REQUIRED)
    assert started.snapshot.refs == {"session": "cs_1"}
    assert started.snapshot.expires_at == datetime.fromtimestamp(CLOSES, UTC)


@pytest.mark.parametrize("second", range(0, 300, 7))
def test_a_page_is_open_for_a_little_more_than_the_half_hour_that_stripe_asks_for(second):
    assert 31 * 60 <= pages.closes_at(SOON + second) - (SOON + second) < 36 * 60


def test_amounts_on_a_page_are_in_the_units_of_stripe(speaking):
    provider, http = speaking(page())
    begin(provider, new_payment(amount="64000", currency="JPY"))
    assert http.sent[0].params["line_items[0][price_data][unit_amount]"] == "64000"


def test_the_same_page_comes_back_at_a_retry(speaking, clock):
    provider, http = speaking(page())
    first = begin(provider, new_payment())
    clock(120)
    assert begin(provider, new_payment()) == first
    assert [sent.key for sent in http.sent] == ["r-1", "r-1"]


def test_a_retry_long_after_gets_a_new_page(speaking, clock):
    provider, http = speaking(page(), page(id="cs_2"))
    begin(provider, new_payment())
    clock(20 * 60)
    assert begin(provider, new_payment()).snapshot.refs == {"session": "cs_2"}
    assert len({sent.key for sent in http.sent}) == 2


def test_an_id_that_was_used_for_something_else_is_refused(speaking):
    refused = (400, error("idempotency_error"))
    provider, _ = speaking(refused, refused)
    with pytest.raises(InvalidState) as refusal:
        begin(provider, new_payment())
    assert refusal.value.code == "idempotency_error"


def test_another_refusal_is_not_tried_again(speaking):
    provider, http = speaking((400, error("invalid_request_error", "amount_too_small")))
    with pytest.raises(InvalidState, match="amount_too_small"):
        begin(provider, new_payment())
    assert len(http.sent) == 1


def test_a_hold_without_a_card_opens_a_page_that_only_holds(speaking):
    provider, http = speaking(page())
    started = begin(provider, new_payment(Kind.HOLD))
    params = http.sent[0].params
    assert http.sent[0].path == PAGES
    assert params["payment_intent_data[capture_method]"] == "manual"
    assert params["allowed_payment_method_types[0]"] == "card"
    assert "payment_intent_data[setup_future_usage]" not in params
    assert "customer_creation" not in params
    assert started.next_url == PAGE_URL


def test_a_hold_on_a_stored_card_needs_nobody(speaking):
    provider, http = speaking(intent("requires_capture", latest_charge=held_charge()))
    started = begin(provider, HOLD)
    (sent,) = http.sent
    assert (sent.method, sent.path, sent.key) == ("POST", INTENTS, "r-1")
    assert sent.params == {
        "amount": "50000",
        "currency": "eur",
        "customer": "cus_1",
        "payment_method": "pm_1",
        "payment_method_options[card][request_extended_authorization]": "if_available",
        "capture_method": "manual",
        "off_session": "true",
        "confirm": "true",
        "return_url": "https://x.example/back",
        "metadata[payment_id]": str(PAYMENT),
        "metadata[booking]": "EXO-AMNQCN",
        "expand[0]": "latest_charge.refunds",
    }
    assert (started.next_url, started.snapshot.state) == ("", State.AUTHORIZED)


WANTS_TO_SEE_THE_CUSTOMER = [
    (402, error("card_error", "authentication_required")),
    (
        402,
        {"error": {"type": "card_error", "code": "card_declined", "decline_code": "authentication_required"}},
    ),
    intent("requires_action"),
]


@pytest.mark.parametrize("answer", WANTS_TO_SEE_THE_CUSTOMER)
def test_a_hold_for_which_the_bank_wants_the_customer_gets_a_page(speaking, answer):
    provider, http = speaking(answer, page())
    assert begin(provider, HOLD).next_url == PAGE_URL
    assert [(sent.path, sent.key) for sent in http.sent] == [(INTENTS, "r-1"), (PAGES, "r-1-page")]
    assert http.sent[1].params["customer"] == "cus_1"
    assert http.sent[1].params["payment_intent_data[capture_method]"] == "manual"


def test_the_retry_of_such_a_hold_finds_the_same_page(speaking, clock):
    provider, http = speaking(WANTS_TO_SEE_THE_CUSTOMER[0], page())
    assert begin(provider, HOLD) == begin(provider, HOLD)
    assert len(http.sent) == 4


def test_a_hold_that_the_bank_refuses_is_declined(speaking):
    provider, http = speaking((402, error("card_error", "expired_card")))
    with pytest.raises(Declined, match="expired_card"):
        begin(provider, HOLD)
    assert len(http.sent) == 1


def test_a_start_without_an_answer_is_done_once(speaking):
    held = intent("requires_capture", latest_charge=held_charge())
    provider, http = speaking((500, error("api_error")), held)
    for _ in range(2):  # Stripe repeats even its own failures
        with pytest.raises(OutcomeUnknown):
            begin(provider, HOLD)
    assert begin(provider, HOLD, request_id="r-2").snapshot.state == State.AUTHORIZED
    assert [sent.key for sent in http.sent] == ["r-1", "r-1", "r-2"]


def test_nothing_is_sent_without_a_key(settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(Misconfigured):
        begin(Stripe(), new_payment())
