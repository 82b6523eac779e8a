"""Charges: agreed to at PayPal's, taken once, given back."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bookings.payments.paypal import PayPal
from bookings.payments.paypal.client import Client
from bookings.payments.provider import (
    Declined,
    InvalidState,
    Kind,
    OutcomeUnknown,
    RefundState,
    State,
)
from bookings.tests.payments.paypal.conftest import (
    AWAY,
    BACK,
    completed,
    euros,
    known,
    make_payment,
    started,
)
from exodrive.money import Money


def test_a_charge_is_agreed_to_and_taken(paypal, sim):
    payment = make_payment()
    start = paypal.start(payment, return_url=BACK, cancel_url=AWAY, request_id="start")
    assert (start.snapshot.state, start.snapshot.payment_id) == (State.ACTION_REQUIRED, payment.id)
    assert start.next_url == f"{sim.url}/checkoutnow?token={start.snapshot.refs['order']}"
    payment = known(payment, start.snapshot)

    back = urlsplit(sim.choose(payment.refs["order"]))
    assert parse_qs(back.query)["token"] == [payment.refs["order"]]
    assert parse_qs(back.query)["booking"] == ["EXO-AMNQCN"]

    taken = paypal.complete(payment, {}, request_id="complete")
    assert (taken.state, taken.captured, taken.refunded) == (State.CAPTURED, euros("500.00"), euros("0.00"))
    assert taken.refs["capture"] in sim.state.captures
    assert paypal.fetch(payment) == taken


def test_what_is_sent_says_whose_payment_it_is(paypal, sim):
    payment = started(paypal, make_payment())
    order = sim.state.orders[payment.refs["order"]]
    assert (order.intent, order.unit["custom_id"], order.unit["invoice_id"]) == (
        "CAPTURE",
        str(payment.id),
        str(payment.id),
    )
    assert order.unit["reference_id"] == "EXO-AMNQCN"
    assert order.context["locale"] == "fr-FR"
    assert (order.context["user_action"], order.context["shipping_preference"]) == ("PAY_NOW", "NO_SHIPPING")


def test_nothing_is_taken_before_they_agree(paypal, sim):
    payment = started(paypal, make_payment())
    found = paypal.complete(payment, {"token": payment.refs["order"], "PayerID": "X"}, request_id="complete")
    assert (found.state, found.captured) == (State.ACTION_REQUIRED, euros("0.00"))
    assert found.next_url
    assert not sim.state.captures


def test_completed_twice_is_taken_once(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    again = paypal.complete(payment, {}, request_id="another")
    assert again.state is State.CAPTURED
    assert len(sim.state.captures) == 1


def test_whoever_comes_second_finds_it_taken(paypal, sim, monkeypatch):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"])
    capture = sim.api.orders.capture

    def overtaken(order, path):
        """Between our look at the order and our capture the webhook's capture comes first."""
        capture(order, path)
        return capture(order, path)

    monkeypatch.setattr(sim.api.orders, "capture", overtaken)
    assert paypal.complete(payment, {}, request_id="page").state is State.CAPTURED
    assert len(sim.state.captures) == 1


def test_a_completed_order_whose_capture_waits_is_not_paid(paypal, sim):
    sim.faults.add("pending", on="/capture")
    payment = completed(paypal, sim, make_payment())
    waiting = paypal.fetch(payment)
    assert sim.state.orders[payment.refs["order"]].status == "COMPLETED"
    assert (waiting.state, waiting.captured) == (State.PROCESSING, euros("0.00"))

    sim.api.payments.settle(sim.state.captures[payment.refs["capture"]], "COMPLETED")
    assert (paypal.fetch(payment).state, paypal.fetch(payment).captured) == (State.CAPTURED, euros("500.00"))


def test_a_capture_that_the_review_refuses_has_failed(paypal, sim):
    sim.faults.add("pending", on="/capture")
    payment = completed(paypal, sim, make_payment())
    sim.api.payments.settle(sim.state.captures[payment.refs["capture"]], "DECLINED")
    found = paypal.fetch(payment)
    assert (found.state, found.captured, found.failure) == (State.FAILED, euros("0.00"), "DECLINED")


def test_a_declined_order_stays_open_and_can_be_agreed_to_again(paypal, sim):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"], "decline")
    with pytest.raises(Declined) as refusal:
        paypal.complete(payment, {}, request_id="first")
    assert refusal.value.code == "INSTRUMENT_DECLINED"
    assert refusal.value.url == f"{sim.url}/checkoutnow?token={payment.refs['order']}"
    open_still = paypal.fetch(payment)
    assert open_still.state is State.ACTION_REQUIRED
    assert open_still.next_url.endswith(payment.refs["order"])

    sim.choose(payment.refs["order"])
    assert paypal.complete(payment, {}, request_id="second").captured == euros("500.00")


def test_an_answer_that_is_lost_after_the_capture_costs_once(paypal, sim):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"])
    sim.faults.add("lose", on="/capture")
    found = paypal.complete(payment, {}, request_id="complete")
    assert (found.state, found.captured) == (State.CAPTURED, euros("500.00"))
    assert len(sim.state.captures) == 1
    assert [path for _, path in sim.calls if path.endswith("/capture")] == [
        f"/v2/checkout/orders/{payment.refs['order']}/capture"
    ] * 2


def test_when_no_answer_comes_the_outcome_is_unknown_and_the_same_id_finds_it(paypal, sim):
    payment = started(paypal, make_payment())
    sim.choose(payment.refs["order"])
    sim.faults.add("lose", on="/capture", times=2)
    with pytest.raises(OutcomeUnknown):
        paypal.complete(payment, {}, request_id="complete")
    assert paypal.complete(payment, {}, request_id="complete").state is State.CAPTURED
    assert len(sim.state.captures) == 1


def test_another_order_of_a_paid_payment_is_not_taken(paypal, sim):
    payment = make_payment()
    first = started(paypal, payment)
    start = paypal.start(payment, return_url=BACK, cancel_url=AWAY, request_id="again")
    second = known(payment, start.snapshot)
    assert first.refs["order"] != second.refs["order"]
    for each in (first, second):
        sim.choose(each.refs["order"])
    paypal.complete(first, {}, request_id="one")
    with pytest.raises(Exception, match="DUPLICATE_INVOICE_ID"):
        paypal.complete(second, {}, request_id="two")
    assert len(sim.state.captures) == 1


def test_a_refund_comes_back_with_our_id(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    made = paypal.refund(payment, euros("120.50"), reason="Brought back\nearly", request_id="refund-1")
    assert (made.state, made.amount, made.request_id) == (RefundState.DONE, euros("120.50"), "refund-1")
    assert sim.state.refunds[made.ref].note == "Brought back early"
    found = paypal.fetch(payment)
    assert (found.state, found.captured, found.refunded) == (
        State.PARTIALLY_REFUNDED,
        euros("500.00"),
        euros("120.50"),
    )
    assert found.refunds == (made,)
    paypal.refund(payment, euros("379.50"), reason="", request_id="refund-2")
    assert paypal.fetch(payment).state is State.REFUNDED


def test_a_refund_that_is_asked_for_again_is_made_once(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    sim.faults.add("lose", on="/refund", times=2)
    with pytest.raises(OutcomeUnknown):
        paypal.refund(payment, euros("100.00"), reason="", request_id="refund")
    paypal.refund(payment, euros("100.00"), reason="", request_id="refund")
    assert paypal.fetch(payment).refunded == euros("100.00")
    assert len(sim.state.refunds) == 1


def test_no_more_is_given_back_than_was_taken(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    with pytest.raises(InvalidState) as refusal:
        paypal.refund(payment, euros("500.01"), reason="", request_id="refund")
    assert refusal.value.code == "REFUND_AMOUNT_EXCEEDED"
    with pytest.raises(InvalidState, match="no_capture"):
        paypal.refund(replace(payment, refs={}), euros("1.00"), reason="", request_id="refund")


def test_a_refund_made_in_the_dashboard_is_told_without_an_id_of_ours(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    sim.api.payments.refund(sim.state.captures[payment.refs["capture"]], None)
    found = paypal.fetch(payment)
    assert (found.state, found.refunded) == (State.REFUNDED, euros("500.00"))
    assert [each.request_id for each in found.refunds] == [""]


def test_a_payment_that_nobody_paid_is_cancelled_and_one_that_was_is_not(paypal, sim):
    payment = started(paypal, make_payment())
    assert paypal.void(payment, request_id="void").state is State.CANCELLED
    gone = replace(payment, refs={"order": "0GONE0"})
    assert paypal.void(gone, request_id="void").state is State.CANCELLED
    paid = completed(paypal, sim, make_payment())
    with pytest.raises(InvalidState, match="PREVIOUSLY_CAPTURED"):
        paypal.void(paid, request_id="void")


def test_what_was_never_started_is_refused_before_anything_is_asked(paypal, sim):
    for act in (paypal.fetch, lambda payment: paypal.complete(payment, {}, request_id="x")):
        with pytest.raises(InvalidState, match="no_order"):
            act(make_payment(Kind.CHARGE))
    assert not sim.calls


def test_money_in_another_currency_is_told_in_that_currency(paypal, sim):
    payment = completed(paypal, sim, make_payment())
    sim.state.orders[payment.refs["order"]].amount.currency = "USD"
    found = paypal.fetch(payment)
    assert (found.captured, found.currency) == (Money(Decimal("500.00"), "USD"), "USD")


def test_an_order_that_paypal_does_not_know_is_told_by_its_issue(paypal):
    with pytest.raises(InvalidState, match="INVALID_RESOURCE_ID"):
        paypal.fetch(make_payment(order="0GONE0"))


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"id": "1", "purchase_units": "x"},
        {"id": "1", "purchase_units": [{"payments": {"captures": [{"status": "COMPLETED"}]}}]},
        {
            "id": "1",
            "purchase_units": [
                {
                    "payments": {
                        "captures": [
                            {"status": "COMPLETED", "amount": {"value": "NaN", "currency_code": "EUR"}}
                        ]
                    }
                }
            ],
        },
        {
            "id": "1",
            "purchase_units": [
                {
                    "payments": {
                        "captures": [
                            {"status": "COMPLETED", "amount": {"value": "1.00", "currency_code": "USD"}}
                        ]
                    }
                }
            ],
        },
    ],
)
def test_an_answer_that_cannot_be_read_is_no_answer(order):
    def answer(request: httpx.Request) -> httpx.Response:
        token = {"access_token": "x", "expires_in": 600}
        return httpx.Response(200, json=token if request.url.path.endswith("/token") else order)

    client = Client("https://paypal.example", ("a", "b"), timeout=5, transport=httpx.MockTransport(answer))
    with pytest.raises(OutcomeUnknown, match="unreadable"):
        PayPal(client).fetch(make_payment(order="1"))
