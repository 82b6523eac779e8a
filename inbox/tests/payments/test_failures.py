"""A payment that failed is told to whom it concerns: to try it again, to come for the deposit, or not at all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.models import Payment
from bookings.payments import manual
from bookings.payments.journal import new_operation
from bookings.payments.operations import refuse
from bookings.payments.provider import State
from bookings.signals import deposit_due
from bookings.tests.support.cashier import as_provider, mails, now, start
from bookings.tests.support.factories import move_to
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.tests.support.letters import booked, taken_in, told

pytestmark = pytest.mark.django_db


def failed(payment):
    return taken_in(payment, told(State.FAILED))


def test_a_payment_that_failed_is_told():
    payment = start(booked())
    failed(payment)
    assert mails(payment.booking) == {"payment_failed": 1}


def test_a_failure_is_not_told_to_who_has_paid_meanwhile():
    booking = booked()
    payment = start(booking)
    with acting_as(STAFF):
        manual.record_payment(
            booking=now(booking), amount=Money(Decimal(1000), "EUR"), means="cash", at=timezone.now()
        )
    failed(payment)
    assert now(payment).state == "failed"
    assert mails(booking) == {"payment_receipt": 1}


def test_a_failure_is_not_told_when_the_booking_is_over():
    booking = booked()
    payment = start(booking)
    move_to(booking, "cancelled")
    failed(payment)
    assert now(payment).state == "failed"
    assert mails(booking) == {}


@pytest.mark.parametrize(("code", "letters"), [("abandoned", {}), ("refused", {"payment_failed": 1})])
def test_a_start_that_was_given_up_is_not_told(code, letters):
    booking = booked()
    with as_owner():
        payment = Payment.objects.create(
            booking=booking, purpose="rental", kind="charge", provider="sandbox", amount=1000, currency="EUR"
        )
    with as_provider():
        operation = new_operation(payment, "start", "start-1")
        operation.save(force_insert=True)
        refuse(operation, code, at=timezone.now())
    assert (now(payment).state, now(payment).failure) == ("failed", code)
    assert mails(booking) == letters


def planned(booking, **more):
    with as_owner():
        return Payment.objects.create(
            booking=booking,
            purpose="deposit",
            kind="hold",
            provider="sandbox",
            state="scheduled",
            amount=500,
            currency="EUR",
            **more,
        )


def test_a_hold_that_failed_without_its_customer_asks_them_to_come_once():
    payment = planned(booked(), due_at=timezone.now())
    failed(payment)
    with as_provider():
        deposit_due.send(Payment, payment=payment)
    assert mails(payment.booking) == {"deposit_link": 1}


def test_a_hold_that_failed_under_its_customers_hands_is_told_as_a_failure():
    payment = planned(booked(), next_until=timezone.now() + timedelta(minutes=30))
    failed(payment)
    assert mails(payment.booking) == {"payment_failed": 1}


def test_a_hold_that_failed_when_the_booking_is_over_is_not_told():
    booking = booked()
    payment = planned(booking, due_at=timezone.now())
    move_to(booking, "cancelled")
    failed(payment)
    assert mails(booking) == {}
