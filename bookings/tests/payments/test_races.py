"""Money moves once, whoever does it at once: threads on a real PostgreSQL, with controls that must fail."""

import threading
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bookings.lifecycle.due import expire_unpaid
from bookings.models import Payment, PaymentOperation, ProviderEvent, Refund, SandboxOrder, StatusChange
from bookings.payments import refunds, webhooks
from bookings.payments.reconciler import reconcile
from bookings.payments.sandbox import bank, webhook
from bookings.tests.support.cashier import (
    as_provider,
    come_back,
    come_to_rest,
    handle_reports,
    mails,
    now,
    pay,
    proven,
    refund,
    start,
)
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.racing import all_at_once, tally
from exodrive.rls import SERVICE, acting_as

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
RACERS = 20
TIMES = 25  # a webhook comes so often


def refunds_of(payment):
    with as_provider():
        return list(Refund.objects.filter(payment=payment))


# --- Refunds --------------------------------------------------------------------------------------------------------


def race_of_refunds(payment, amount):
    return tally(all_at_once([lambda: refund(payment, amount)] * RACERS))


@pytest.mark.parametrize(("share", "winners"), [(1, 1), (4, 4), (7, 7)])
def test_twenty_refunds_at_once_never_promise_more_than_was_captured(share, winners):
    booking = make_booking(start=in_days(30))
    payment = pay(booking)
    part = (payment.captured / share).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
    outcome = race_of_refunds(payment, str(part))
    assert outcome == {"won": winners, "invalid": RACERS - winners}
    come_to_rest()
    after = now(payment)
    assert (after.refunded, after.refunding) == (part * winners, 0)
    assert bank.refunded(bank.find(payment.pk)) == after.refunded <= after.captured
    assert mails(booking)["refund_sent"] == winners
    assert proven() == []


@pytest.fixture
def no_row_lock(monkeypatch):
    """Refunds are promised from what everybody has read before anybody wrote."""
    everybody_has_read = threading.Barrier(RACERS)

    def read(payment_id):
        found = Payment.objects.select_related("booking").get(pk=payment_id)
        everybody_has_read.wait(30)
        return found

    monkeypatch.setattr(refunds, "lock_payment", read)


def test_control_without_the_row_lock_the_same_race_promises_too_much(no_row_lock):
    payment = pay(make_booking(start=in_days(30)))
    assert race_of_refunds(payment, str(payment.captured)) == {"won": RACERS}
    promised = sum(one.amount for one in refunds_of(payment))
    assert promised == payment.captured * RACERS
    assert any("being refunded" in line for line in proven())


def test_one_refund_that_many_workers_send_goes_out_once():
    booking = make_booking(start=in_days(30))
    payment = pay(booking)
    asked = refund(payment, "100.00")

    def send():
        with as_provider():
            return refunds.send_refund(asked.pk, at=timezone.now())

    assert tally(all_at_once([send] * RACERS)) == {"won": RACERS}
    assert [one["amount"] for one in bank.find(payment.pk).refunds] == ["100.00"]
    assert now(payment).refunded == 100
    assert mails(booking)["refund_sent"] == 1
    assert proven() == []


# --- Paying ---------------------------------------------------------------------------------------------------------


def come_to_the_page(payment):
    """The browser opens the page that the provider sends it back to."""
    answer = Client().get(f"/pay/back/{payment.pk}/")
    assert answer.status_code == 200
    return answer


def deliver(body):
    """The provider posts an event and the worker handles what there is."""
    at = timezone.now()
    with as_provider():
        fresh = webhooks.receive("sandbox", body, {webhook.HEADER: webhook.sign(body, at)}, at=at)
    handle_reports()
    return fresh


def run_reconciler():
    with acting_as(SERVICE, actor="job"):
        return reconcile(timezone.now() + timedelta(minutes=2))


def facts(payment):
    """How often everything happened that may happen once."""
    with as_provider():
        moves = StatusChange.objects.filter(booking_id=payment.booking_id, to_status="upcoming")
        taken = PaymentOperation.objects.filter(payment=payment, captured__gt=0)
        order = SandboxOrder.objects.get(pk=payment.pk)
        return {
            "captures": taken.count(),
            "captured at the provider's": order.captured,
            "requests": len(order.requests),
            "confirmed": moves.count(),
            "refunds": Refund.objects.filter(payment=payment).count(),
            "deposits": Payment.objects.filter(booking_id=payment.booking_id, purpose="deposit").count(),
        }


def once(booking):
    return {
        "captures": 1,
        "captured at the provider's": booking.total,
        "requests": 1,
        "confirmed": 1,
        "refunds": 0,
        "deposits": 1,
    }


def test_the_page_the_webhook_and_the_reconciler_at_once_take_the_money_once(rounds):
    for _round in range(rounds(2, 20)):
        booking = make_booking(start=in_days(30))
        payment = start(booking)
        bank.approve(payment.pk)
        body = webhook.body_of(bank.find(payment.pk), "payment.approved")
        racers = [
            *[lambda payment=payment: come_to_the_page(payment)] * 4,
            *[lambda body=body: deliver(body)] * TIMES,
            *[run_reconciler] * 3,
        ]
        found = all_at_once(racers)
        assert [one for one in found if isinstance(one, Exception)] == []
        assert sum(one is True for one in found) == 1  # the event was new once
        come_to_rest()
        assert facts(payment) == once(booking)
        assert mails(booking) == {"payment_receipt": 1}
        assert (now(booking).status, now(booking).paid) == ("upcoming", booking.total)
        assert proven() == []


def test_the_same_webhook_25_times_is_one_row_and_one_effect():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    bank.approve(payment.pk)
    body = webhook.body_of(bank.find(payment.pk), "payment.approved")
    assert tally(all_at_once([lambda: deliver(body)] * TIMES)) == {"won": TIMES}
    come_to_rest()
    with as_provider():
        assert [one.state for one in ProviderEvent.objects.all()] == ["done"]
    assert facts(payment) == once(booking)
    assert proven() == []


def test_two_tabs_that_begin_to_pay_begin_one_payment(rounds):
    for _round in range(rounds(3, 30)):
        begin_in_tabs(make_booking(start=in_days(30)))


def begin_in_tabs(booking):
    found = all_at_once([lambda: start(booking)] * 8)
    assert tally(found) == {"won": 8}
    assert len({one.pk for one in found}) == 1
    with as_provider():
        (payment,) = Payment.objects.filter(booking=booking)
        assert SandboxOrder.objects.filter(pk=payment.pk).count() == 1
    bank.approve(payment.pk)
    assert tally(all_at_once([lambda: come_back(payment)] * 8)) == {"won": 8}
    assert facts(payment) == once(booking)
    assert proven() == []


def test_the_end_of_the_payment_window_against_a_payment_that_completes(rounds):
    """Either it is paid and confirmed, or it is over and the money goes back; never both, never neither."""
    ends = set()
    for n in range(rounds(6, 60)):
        booking = make_booking(start=in_days(30))
        payment = start(booking)
        bank.approve(payment.pk)

        def expire():
            with acting_as(SERVICE, actor="job"):
                return expire_unpaid(timezone.now() + timedelta(hours=3))

        racers = [expire, lambda payment=payment: come_back(payment), run_reconciler]
        found = all_at_once(racers if n % 2 else racers[::-1])
        assert [one for one in found if isinstance(one, Exception)] == []
        come_to_rest()
        after, taken = now(booking), now(payment)
        ends.add(after.status)
        if after.status == "upcoming":
            assert (after.paid, taken.refunded, taken.problem) == (booking.total, 0, "")
        else:
            assert (after.status, after.paid, taken.refunded) == ("refunded", 0, booking.total)
            assert taken.problem == "days_gone"
        assert proven() == []
    assert ends <= {"upcoming", "refunded"}
