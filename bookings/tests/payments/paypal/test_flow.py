"""Bookings paid with PayPal: our production code from the press on Pay to the last refund, with the simulator behind it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments import checkout, deposits, registry
from bookings.payments.provider import Declined, OutcomeUnknown
from bookings.payments.reconciler import reconcile
from bookings.tests.support.cashier import as_provider, come_to_rest, mails, now, proven
from bookings.tests.support.factories import in_days, make_booking
from exodrive.dev.paypal_sim.faults import LOSE
from exodrive.rls import PUBLIC, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def offered(settings, paypal, monkeypatch):
    """PayPal alone, as the simulator's settings have it, judged by PayPal's specifications."""
    settings.PAYMENT_METHODS = ["paypal", "pick_up"]
    monkeypatch.setattr(registry, "_made", lambda identifier: paypal)


def start(booking, purpose="rental"):
    with as_provider():
        back = checkout.usual_back()
        return checkout.start(booking, method="paypal", purpose=purpose, back=back, at=timezone.now())


def come_back(payment):
    with as_provider():
        return checkout.complete(payment.pk, at=timezone.now())


def pay(sim, booking, purpose="rental"):
    payment = start(booking, purpose)
    sim.choose(payment.refs["order"])
    return come_back(payment)


def cancel_it(booking):
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=Booking.objects.select_related("car__location").get(), at=timezone.now())


def test_a_rental_is_paid_and_its_deposit_planned(sim):
    booking = make_booking(start=in_days(30))
    payment = pay(sim, booking)
    assert (payment.state, payment.ref) == ("captured", payment.refs["order"])
    after = now(booking)
    assert (after.status, after.payment_status, after.deposit_status) == ("upcoming", "paid", "planned")
    assert mails(booking)["payment_receipt"] == 1
    assert proven() == []


def test_a_cancelled_booking_gets_its_money_back_and_its_planned_deposit_ends(sim):
    booking = make_booking(start=in_days(30))
    pay(sim, booking)
    cancel_it(booking)
    come_to_rest()
    after = now(booking)
    assert (after.status, after.payment_status, after.paid) == ("refunded", "refunded", 0)
    with as_provider():
        deposit = Payment.objects.get(purpose="deposit")
        assert (deposit.state, deposit.problem) == ("cancelled", "")
        assert not PaymentOperation.objects.filter(outcome__in=PaymentOperation.OPEN).exists()
    assert proven() == []


def test_the_reconciler_asks_nothing_of_what_is_over(sim):
    booking = make_booking(start=in_days(30))
    pay(sim, booking)
    cancel_it(booking)
    at = come_to_rest()
    calls = len(sim.calls)
    with as_provider():
        before = PaymentOperation.objects.count()
        for minutes in (1, 2, 3):
            reconcile(at + timedelta(minutes=minutes))
        assert PaymentOperation.objects.count() == before
    assert len(sim.calls) == calls


def test_a_closed_tab_is_found_by_the_reconciler(sim):
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    sim.choose(payment.refs["order"])
    with as_provider():
        reconcile(timezone.now() + timedelta(minutes=2))
    assert now(booking).status == "upcoming"


def test_a_declined_customer_tries_again(sim):
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    sim.choose(payment.refs["order"], "decline")
    with pytest.raises(Declined):
        come_back(payment)
    assert now(booking).payment_status == "failed"
    sim.choose(payment.refs["order"])
    come_back(payment)
    assert (now(booking).status, now(payment).captured) == ("upcoming", booking.total)


def test_a_capture_whose_answer_is_lost_is_made_once(sim):
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    sim.choose(payment.refs["order"])
    sim.faults.add(LOSE, on="/capture", times=2)
    with pytest.raises(OutcomeUnknown):
        come_back(payment)
    come_to_rest()
    assert (now(booking).status, now(payment).captured) == ("upcoming", booking.total)
    assert proven() == []


def test_a_deposit_is_held_by_link_and_part_of_it_captured(sim):
    booking = make_booking(start=in_days(2))
    pay(sim, booking)
    with as_provider():
        reconcile(timezone.now())  # due at once: PayPal wants its customer
    assert mails(booking)["deposit_link"] == 1
    deposit = pay(sim, now(booking), "deposit")
    assert (deposit.state, now(booking).deposit_status) == ("authorized", "held")
    with as_provider():
        kept = deposits.capture_deposit(
            deposit.pk, deposit.of(deposit.amount / 10), reason="A scratch", at=timezone.now()
        )
    assert (kept.captured, kept.voided) == (deposit.amount / 10, deposit.amount * 9 / 10)
    assert now(booking).deposit_status == "captured"
    assert proven() == []


def test_a_page_for_the_deposit_that_closed_is_offered_again(sim):
    booking = make_booking(start=in_days(2))
    pay(sim, booking)
    page = start(now(booking), "deposit")
    with as_provider():
        reconcile(page.next_until + timedelta(minutes=6))
    assert now(page).state in ("cancelled", "expired")
    with as_provider():
        after = Booking.objects.select_related("car__location").get(pk=booking.pk)
        assert (after.deposit_status, checkout.due(after, timezone.now())) == ("failed", "deposit")
    assert pay(sim, after, "deposit").state == "authorized"
