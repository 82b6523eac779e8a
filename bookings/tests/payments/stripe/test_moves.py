"""Capture, void, refund and fetch: what is asked, and what is never asked."""

from decimal import Decimal

import pytest

from bookings.payments.provider import AlreadyDone, Capability, InvalidState, Kind, RefundState, State
from bookings.payments.stripe import Stripe
from bookings.tests.payments.stripe.objects import (
    charge,
    error,
    held_charge,
    intent,
    listed,
    new_payment,
    page,
    refund,
)
from exodrive.money import CurrencyMismatch, Money

INTENT, PAGE = "/v1/payment_intents/pi_1", "/v1/checkout/sessions/cs_1"
HOLD = new_payment(Kind.HOLD, payment_intent="pi_1")
HELD = intent("requires_capture", latest_charge=held_charge())
CANCELED = intent("canceled", latest_charge=charge())


def euros(amount):
    return Money(Decimal(amount), "EUR")


def asked(http):
    return [(sent.method, sent.path) for sent in http.sent]


def already(status):
    code = "payment_intent_unexpected_state"
    answer = error("invalid_request_error", code)
    answer["error"]["payment_intent"] = intent(status)
    return 400, answer


def test_a_capture_of_a_part_gives_the_rest_back(speaking):
    taken = charge(amount_refunded=30_000, refunds=listed(refund(30_000)))
    provider, http = speaking(intent("succeeded", amount_received=20_000, latest_charge=taken))
    snapshot = provider.capture(HOLD, euros(200), final=True, request_id="r-1")
    (sent,) = http.sent
    assert (sent.path, sent.key) == (f"{INTENT}/capture", "r-1")
    assert sent.params == {"amount_to_capture": "20000", "expand[0]": "latest_charge.refunds"}
    assert (snapshot.state, snapshot.captured, snapshot.voided) == (State.CAPTURED, euros(200), euros(300))


def test_a_part_cannot_be_captured_while_the_rest_stays_held(speaking):
    provider, http = speaking()
    with pytest.raises(InvalidState, match="multicapture"):
        provider.capture(HOLD, euros(200), final=False, request_id="r-1")
    assert http.sent == []


def test_the_whole_may_be_captured_without_saying_that_it_is_the_last_time(speaking):
    provider, _ = speaking(intent("succeeded", latest_charge=charge()))
    assert provider.capture(HOLD, euros(500), final=False, request_id="r-1").state == State.CAPTURED


def test_a_capture_with_the_same_id_is_done_once(speaking):
    provider, _ = speaking(intent("succeeded", latest_charge=charge()))
    both = [provider.capture(HOLD, euros(500), final=True, request_id="r-1") for _ in range(2)]
    assert both[0] == both[1]


def test_a_second_capture_is_already_done(speaking):
    provider, _ = speaking((400, error("invalid_request_error", "charge_already_captured")))
    with pytest.raises(AlreadyDone):
        provider.capture(HOLD, euros(500), final=True, request_id="r-2")


def test_a_hold_that_was_given_back_cannot_be_captured(speaking):
    provider, _ = speaking(already("canceled"))
    with pytest.raises(InvalidState, match="payment_intent_unexpected_state"):
        provider.capture(HOLD, euros(500), final=True, request_id="r-1")


def test_money_of_another_currency_is_neither_captured_nor_refunded(speaking):
    provider, http = speaking()
    with pytest.raises(CurrencyMismatch):
        provider.capture(HOLD, Money(Decimal(5), "USD"), final=True, request_id="r-1")
    with pytest.raises(CurrencyMismatch):
        provider.refund(HOLD, Money(Decimal(5), "USD"), reason="", request_id="r-1")
    assert http.sent == []


def test_a_capture_finds_the_intent_through_its_page(speaking):
    provider, http = speaking(page("complete", of=HELD), intent("succeeded", latest_charge=charge()))
    provider.capture(new_payment(Kind.HOLD, session="cs_1"), euros(500), final=True, request_id="r-1")
    assert asked(http) == [("GET", PAGE), ("POST", f"{INTENT}/capture")]


def test_what_nobody_has_paid_cannot_be_captured(speaking):
    provider, _ = speaking(page())
    with pytest.raises(InvalidState, match="no_payment_intent"):
        provider.capture(new_payment(Kind.HOLD, session="cs_1"), euros(5), final=True, request_id="r-1")


def test_a_hold_is_cancelled(speaking):
    provider, http = speaking(HELD, CANCELED)
    assert provider.void(HOLD, request_id="r-1").state == State.VOIDED
    assert asked(http) == [("GET", INTENT), ("POST", f"{INTENT}/cancel")]
    assert http.sent[1].key == "r-1"


def test_a_void_twice_asks_for_nothing(speaking):
    provider, http = speaking(CANCELED)
    assert provider.void(HOLD, request_id="r-2").state == State.VOIDED
    assert asked(http) == [("GET", INTENT)]


def test_what_failed_is_left_alone(speaking):
    provider, http = speaking(page("complete", of=intent("requires_payment_method")))
    assert provider.void(new_payment(session="cs_1"), request_id="r-1").state == State.FAILED
    assert asked(http) == [("GET", PAGE)]


def test_two_voids_at_once_both_succeed(speaking):
    provider, _ = speaking(HELD, already("canceled"), CANCELED)
    assert provider.void(HOLD, request_id="r-1").state == State.VOIDED


def test_money_that_was_taken_is_not_voided(speaking):
    provider, _ = speaking(intent("succeeded", latest_charge=charge()), already("succeeded"))
    with pytest.raises(InvalidState):
        provider.void(HOLD, request_id="r-1")


@pytest.mark.parametrize("tried", [None, intent("requires_payment_method")])
def test_a_page_on_which_nobody_has_paid_is_closed(speaking, tried):
    provider, http = speaking(page(of=tried), page("expired", of=tried))
    assert provider.void(new_payment(session="cs_1"), request_id="r-1").state == State.EXPIRED
    assert asked(http) == [("GET", PAGE), ("POST", f"{PAGE}/expire")]
    assert http.sent[1].key == "r-1"


def test_a_hold_from_a_page_is_cancelled_by_its_intent(speaking):
    provider, http = speaking(page("complete", of=HELD), CANCELED)
    provider.void(new_payment(Kind.HOLD, session="cs_1"), request_id="r-1")
    assert asked(http) == [("GET", PAGE), ("POST", f"{INTENT}/cancel")]


def test_a_refund_says_whose_it_is(speaking):
    provider, http = speaking(refund(7_000, request_id="r-1", status="pending"))
    found = provider.refund(HOLD, euros(70), reason="requested_by_customer", request_id="r-1")
    (sent,) = http.sent
    assert (sent.path, sent.key) == ("/v1/refunds", "r-1")
    assert sent.params == {
        "payment_intent": "pi_1",
        "amount": "7000",
        "reason": "requested_by_customer",
        "metadata[payment_id]": str(HOLD.id),
        "metadata[request_id]": "r-1",
    }
    assert (found.ref, found.state, found.amount, found.request_id) == (
        "re_1",
        RefundState.PENDING,
        euros(70),
        "r-1",
    )


def test_what_staff_write_about_a_refund_stays_here(speaking):
    provider, http = speaking(refund(7_000))
    provider.refund(HOLD, euros(70), reason="Mrs Martin's flight was late", request_id="r-1")
    assert "Martin" not in str(http.sent)
    assert "reason" not in http.sent[0].params


def test_a_refund_of_more_than_there_is_is_refused(speaking):
    provider, _ = speaking((400, error("invalid_request_error")))
    with pytest.raises(InvalidState):
        provider.refund(HOLD, euros(501), reason="", request_id="r-1")


def test_a_refund_of_everything_twice_is_already_done(speaking):
    provider, _ = speaking((400, error("invalid_request_error", "charge_already_refunded")))
    with pytest.raises(AlreadyDone):
        provider.refund(HOLD, euros(500), reason="", request_id="r-1")


def test_completing_only_looks(speaking):
    provider, http = speaking(page("complete", paid="paid", of=intent("succeeded", latest_charge=charge())))
    snapshot = provider.complete(new_payment(session="cs_1"), {"state": "paid, I say"}, request_id="r-1")
    assert (snapshot.state, asked(http)) == (State.CAPTURED, [("GET", PAGE)])


def test_coming_back_from_a_page_without_paying_changes_nothing(speaking):
    provider, _ = speaking(page())
    snapshot = provider.complete(new_payment(session="cs_1"), {"state": "paid"}, request_id="r-1")
    assert (snapshot.state, snapshot.captured) == (State.ACTION_REQUIRED, euros(0))


def test_a_payment_that_stripe_never_answered_about_cannot_be_fetched(speaking):
    provider, http = speaking()
    with pytest.raises(InvalidState, match="no_reference"):
        provider.fetch(new_payment(customer="cus_1", payment_method="pm_1"))
    assert http.sent == []


def test_a_page_that_closed_gives_way_to_the_hold_placed_afterwards(speaking):
    provider, _ = speaking(page("expired"), HELD)
    snapshot = provider.fetch(new_payment(Kind.HOLD, session="cs_1", payment_intent="pi_1"))
    assert (snapshot.state, snapshot.raw_status) == (State.AUTHORIZED, "requires_capture")


def test_a_page_that_is_open_is_what_counts_after_a_hold_that_failed(speaking):
    provider, http = speaking(page())
    snapshot = provider.fetch(new_payment(Kind.HOLD, session="cs_1", payment_intent="pi_0"))
    assert (snapshot.state, asked(http)) == (State.ACTION_REQUIRED, [("GET", PAGE)])


def test_a_hold_is_never_made_longer(speaking):
    provider, http = speaking()
    with pytest.raises(InvalidState):
        provider.reauthorize(HOLD, euros(500), request_id="r-1")
    assert http.sent == []
    assert Capability.REAUTHORIZE not in Stripe.capabilities
