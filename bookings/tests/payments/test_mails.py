"""Which letter about money goes out when, and each of them once, however often and from wherever the news comes."""

import pytest
from django.core import mail
from django.utils import timezone

from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment
from bookings.payments import deposits
from bookings.payments.provider import Declined
from bookings.payments.sandbox import bank
from bookings.tests.support.cashier import (
    as_provider,
    come_back,
    come_to_rest,
    handle_reports,
    mails,
    now,
    pay,
    refund,
    report,
    start,
)
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import SERVICE, STAFF, acting_as
from inbox.mail.queue import send_queued
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


def booked(rate="250.00", deposit="500.00", length=4):
    car = CarFactory(daily_rate=rate, weekend_rate=rate, deposit=deposit)
    return make_booking(car=car, start=in_days(30), length=length)


def say_it_all_again(*payments):
    """Every payment is reported twice more, everybody comes back and the reconciler runs until it rests."""
    for payment in payments:
        for _time in range(2):
            report(payment)
            handle_reports()
        come_back(payment)
    come_to_rest()


def deposit_of(booking):
    with as_provider():
        return Payment.objects.get(booking=booking, purpose="deposit")


def hold(booking):
    with as_provider():
        Payment.objects.filter(booking=booking, purpose="deposit").update(due_at=timezone.now())
    come_to_rest()
    return deposit_of(booking)


def test_a_receipt_goes_out_once():
    booking = booked()
    payment = pay(booking)
    say_it_all_again(payment)
    assert mails(booking) == {"payment_receipt": 1}


def test_a_failure_is_told_once_however_often_it_is_tried():
    booking = booked(rate="240.01", length=1)
    payment = start(booking)
    for _time in range(3):
        bank.approve(payment.pk)
        with pytest.raises(Declined):
            come_back(payment)
        report(payment)
        handle_reports()
    come_to_rest()
    assert mails(booking) == {"payment_failed": 1}


def test_nothing_is_told_of_a_page_that_nobody_paid_on():
    booking = booked()
    payment = start(booking)
    come_back(payment)
    come_to_rest()
    assert mails(booking) == {}


def test_each_refund_is_told_once():
    booking = booked()
    payment = pay(booking)
    for amount in ("100", "200"):
        refund(payment, amount)
        come_to_rest()
    say_it_all_again(payment)
    assert mails(booking) == {"payment_receipt": 1, "refund_sent": 2}


def test_a_refund_that_is_only_promised_is_not_told():
    booking = booked()
    payment = pay(booking)
    refund(payment, "100")
    assert mails(booking)["refund_sent"] == 0


@pytest.mark.parametrize("end", ["released", "captured"])
def test_a_deposit_is_told_when_it_is_held_and_when_it_ends(end):
    booking = booked()
    payment = pay(booking)
    held = hold(booking)
    assert mails(booking) == {"payment_receipt": 1, "deposit_held": 1}
    with acting_as(STAFF):
        if end == "released":
            deposits.release(held.pk, at=timezone.now())
        else:
            amount = Money(held.amount / 4, "EUR")
            deposits.capture_deposit(held.pk, amount, reason="A scratch", at=timezone.now())
    say_it_all_again(payment, held)
    assert mails(booking) == {"payment_receipt": 1, "deposit_held": 1, f"deposit_{end}": 1}


def test_a_deposit_that_was_only_planned_ends_without_a_word():
    booking = booked()
    payment = pay(booking)
    with acting_as(STAFF):
        cancel(booking=Booking.objects.select_related("car__location").get(pk=booking.pk), at=timezone.now())
    come_to_rest()
    say_it_all_again(payment)
    assert mails(booking) == {"payment_receipt": 1, "refund_sent": 1}


def test_a_customer_who_must_come_for_the_deposit_gets_the_link_once():
    booking = booked(deposit="500.03")
    payment = pay(booking)
    hold(booking)
    say_it_all_again(payment)
    assert mails(booking) == {"payment_receipt": 1, "deposit_link": 1}


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_every_letter_about_money_can_be_written_and_names_its_sum(language):
    car = CarFactory(daily_rate="250.00", weekend_rate="250.00", deposit="500.00")
    booking = make_booking(car=car, start=in_days(30), language=language)
    payment = pay(booking)
    refund(payment, "123")
    held = hold(booking)
    with acting_as(STAFF):
        deposits.capture_deposit(
            held.pk, Money(held.amount / 2, "EUR"), reason="A scratch", at=timezone.now()
        )
    come_to_rest()
    with as_provider():
        InboxEmail.objects.filter(payment=None).delete()
        templates = sorted(InboxEmail.objects.values_list("template", flat=True))
    assert templates == ["deposit_captured", "deposit_held", "payment_receipt", "refund_sent"]
    with acting_as(SERVICE):
        send_queued(at=timezone.now())
    with as_provider():
        assert not InboxEmail.objects.exclude(error="").exists()
    texts = "\n".join(message.body for message in mail.outbox)
    for figures in ("123", "250", "500"):
        assert figures in texts
    assert now(booking).deposit_kept == 250
