"""What comes back when a booking is cancelled: by the terms it was booked with, and by who cancels it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.days import Days
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.due import advance_due, expire_unpaid
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Refund
from bookings.payments import manual, terms
from bookings.tests.support.cashier import (
    as_provider,
    come_to_rest,
    mails,
    now,
    pay,
    proven,
    refund,
    start,
)
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tiers(settings):
    """All of it until three days before the pick-up, half of it until a day before, then nothing."""
    settings.CANCELLATION_TIERS = ((72, 100), (24, 50))
    settings.FREE_CANCELLATION_HOURS = 72


def booked(ahead):
    """1 000 for four days, without a deposit."""
    car = CarFactory(daily_rate="250.00", weekend_rate="250.00", deposit="0")
    return make_booking(car=car, start=in_days(ahead))


def mine(booking):
    return Booking.objects.select_related("car__location").get(pk=booking.pk)


def cancelled_by_customer(booking):
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=mine(booking), at=timezone.now())
    come_to_rest()
    return now(booking)


def eur(amount):
    return Money(terms.Decimal(amount), "EUR")


def test_the_tiers_are_frozen_on_the_booking(settings):
    booking = booked(30)
    assert booking.terms["tiers"] == [[72, 100], [24, 50]]
    settings.CANCELLATION_TIERS, settings.FREE_CANCELLATION_HOURS = ((1, 100),), 1
    with as_provider():
        steps = terms.tiers(mine(booking))
        pick_up = booking.pickup_at
    assert [(step.until, step.percent) for step in steps] == [
        (pick_up - timedelta(hours=72), 100),
        (pick_up - timedelta(hours=24), 50),
    ]


SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("hours", "off", "owed"),
    [
        (300, SECOND * 0, "0"),
        (72, -SECOND, "0"),
        (72, SECOND * 0, "500"),
        (24, -SECOND, "500"),
        (24, SECOND * 0, "1000"),
        (0, SECOND, "1000"),
    ],
)
def test_a_tier_ends_to_the_second(hours, off, owed):
    booking = booked(30)
    with as_provider():
        found = mine(booking)
        at = found.pickup_at - timedelta(hours=hours) + off
        assert terms.fee(found, at) == eur(owed)
        assert terms.refund_if_cancelled(found, at) == eur(0)  # nothing is paid yet
    pay(booking)
    with as_provider():
        assert terms.refund_if_cancelled(mine(booking), at) == eur("1000") - eur(owed)


def test_a_fee_is_rounded_to_what_can_be_paid(settings):
    settings.CANCELLATION_TIERS = ((72, 100), (24, 33))
    booking = booked(30)
    with as_provider():
        found = mine(booking)
        found.total = terms.Decimal("100.01")
        assert terms.fee(found, found.pickup_at - timedelta(hours=48)) == eur("67.01")


@pytest.mark.parametrize(
    ("ahead", "back", "kept", "status"),
    [(30, 1000, 0, "refunded"), (2, 500, 500, "cancelled")],
)
def test_a_customer_gets_back_what_the_tier_of_the_moment_says(ahead, back, kept, status):
    booking = booked(ahead)
    payment = pay(booking)
    after = cancelled_by_customer(booking)
    assert (after.status, after.paid, after.refunded) == (status, kept, back)
    assert now(payment).refunded == back
    assert mails(booking)["refund_sent"] == 1
    assert proven() == []


def test_a_part_that_was_given_back_before_is_not_owed_a_second_time():
    booking = booked(2)
    payment = pay(booking)
    refund(payment, "300")
    after = cancelled_by_customer(booking)
    assert (after.paid, after.refunded) == (500, 500)
    assert proven() == []


def test_a_customer_who_paid_nothing_owes_nothing_and_gets_nothing():
    booking = booked(2)
    start(booking)
    after = cancelled_by_customer(booking)
    assert (after.status, after.paid, after.refunded) == ("cancelled", 0, 0)
    with as_provider():
        assert not Refund.objects.exists()


@pytest.mark.parametrize("ahead", [30, 2])
def test_when_staff_cancel_all_of_it_comes_back(ahead):
    booking = booked(ahead)
    pay(booking)
    with acting_as(STAFF):
        cancel(booking=mine(booking), at=timezone.now())
    come_to_rest()
    after = now(booking)
    assert (after.status, after.paid, after.refunded) == ("refunded", 0, 1000)
    assert proven() == []


def test_what_is_paid_in_part_is_no_jobs_to_cancel():
    """It was paid for, and costs more since."""
    booking = booked(5)
    payment = pay(booking)
    with acting_as(STAFF):
        longer = ChangeRequest(days=Days.starting(in_days(5), 5))
        change_booking(booking=mine(booking), to=longer, at=timezone.now())
    come_to_rest()
    assert (now(booking).payment_status, now(booking).amount_due) == ("unpaid", eur("250"))
    assert proven() == []
    with acting_as(SERVICE, actor="job"):
        assert expire_unpaid(timezone.now() + timedelta(days=60)) == 0
    assert (now(booking).status, now(payment).refunded) == ("upcoming", 0)


def test_when_a_job_cancels_nothing_is_owed():
    """Nobody confirmed it before its day had come, and a part was paid at the counter."""
    booking = booked(2)
    with acting_as(STAFF):
        manual.record_payment(booking=mine(booking), amount=eur("300"), means="cash", at=timezone.now())
    with acting_as(SERVICE, actor="job"):
        advance_due(timezone.now() + timedelta(days=30))
    come_to_rest()
    after = now(booking)
    assert (after.status, after.paid) == ("cancelled", 300)  # staff hand it over, and say so
    with as_provider():
        owed = Refund.objects.get()
    assert (owed.amount, owed.state) == (300, "created")
    with acting_as(STAFF):
        manual.refund_given(owed.pk, at=timezone.now())
    come_to_rest()
    assert (now(booking).status, now(booking).refunded) == ("refunded", 300)
    assert proven() == []


def page_of(booking):
    answer = Client().get(reverse("booking", args=[booking.secret]))
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_shows_each_step_with_its_sum_before_paying_and_after():
    booking = booked(30)
    text = page_of(booking)
    assert "You get €1,000 back if you cancel before" in text
    assert "You get €500 back if you cancel before" in text
    pay(booking)
    text = page_of(booking)
    assert "You get €500 back if you cancel before" in text


def test_between_the_steps_the_page_no_longer_promises_all_of_it():
    booking = booked(2)
    text = page_of(booking)
    assert "You get €1,000 back" not in text
    assert "You get €500 back if you cancel before" in text
