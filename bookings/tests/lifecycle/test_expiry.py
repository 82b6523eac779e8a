"""What ends by itself: unpaid online bookings, kept answers; and how much one visitor can hold."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.holds import Visitor, place_hold
from bookings.days import Days
from bookings.errors import TooManyRequests
from bookings.lifecycle import idempotency
from bookings.lifecycle.due import expire_unpaid
from bookings.lifecycle.idempotency import Idempotency
from bookings.models import Booking, CarAvailability, IdempotencyKey, StatusChange
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stand_in(settings):
    """A method that is paid online, as the payments to come will be."""
    settings.ONLINE_PAYMENT_METHODS = frozenset({"stand_in"})


def expire(at):
    with acting_as(SERVICE):
        return expire_unpaid(at)


def test_an_unpaid_booking_is_cancelled_after_the_payment_window():
    booking = make_booking(payment_method="stand_in")
    window = booking.created_at + timedelta(minutes=30)
    assert expire(window - timedelta(seconds=1)) == 0
    assert expire(window) == 1
    assert expire(window) == 0
    with as_owner():
        assert Booking.objects.get().status == "cancelled"
        assert not CarAvailability.objects.exists()
        last = StatusChange.objects.last()
        assert (last.reason, last.actor_kind) == ("unpaid", "job")
        assert InboxEmail.objects.filter(template="booking_cancelled").count() == 1


@pytest.mark.parametrize("fields", [{}, {"payment_method": "pick_up"}])
def test_a_booking_paid_by_hand_waits_for_staff(fields):
    booking = make_booking(**fields)
    assert expire(booking.created_at + timedelta(days=1)) == 0


@pytest.mark.parametrize("payment", ["processing", "paid"])
def test_a_payment_in_progress_or_done_is_not_cut_off(payment):
    booking = make_booking(payment_method="stand_in")
    with as_owner():
        Booking.objects.update(payment_status=payment)
    assert expire(booking.created_at + timedelta(days=1)) == 0


def test_a_confirmed_booking_stays():
    booking = make_booking(payment_method="stand_in", status="upcoming")
    assert expire(booking.created_at + timedelta(days=1)) == 0


def test_expired_answers_are_forgotten():
    make_booking(idempotency=Idempotency.of("one", {}))
    with acting_as(SERVICE):
        assert idempotency.prune(timezone.now()) == 0
        assert idempotency.prune(timezone.now() + timedelta(hours=25)) == 1
    with as_owner():
        assert not IdempotencyKey.objects.exists()
        assert Booking.objects.count() == 1


def hold(visitor, *, at=None):
    with acting_as(PUBLIC):
        return place_hold(
            car=CarFactory(),
            days=Days.starting(in_days(3), 2),
            at=at or timezone.now(),
            by=Visitor(visitor=visitor),
        )


def test_a_visitor_holds_three_cars_at_once():
    for _ in range(3):
        hold("a")
    with pytest.raises(TooManyRequests) as refusal:
        hold("a")
    assert refusal.value.status == 429
    assert hold("b").pk
    assert hold("").pk


def test_lapsed_holds_do_not_count():
    for _ in range(3):
        hold("a", at=timezone.now() - timedelta(minutes=16))
    assert hold("a").pk
