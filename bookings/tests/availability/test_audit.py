"""`check_ledger` is silent about a healthy ledger and names every kind of damage."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bookings.lifecycle.request import Details
from bookings.lifecycle.transitions import transition
from bookings.models import Booking, BookingLink, CarAvailability, Hold
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from cars.models import Extra
from exodrive.models import JobRun
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked
from inbox.audit import find_drift
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """A bit of everything that takes days, and things that took some."""
    car = CarFactory(buffer_days=1)
    for n, status in enumerate(["pending", "upcoming", "cancelled", "refunded"]):
        make_booking(car=car, start=in_days(2 + 5 * n), length=3, status=status)
    make_booking(start=in_days(-3), length=2, status="active")
    early = make_booking(car=CarFactory(buffer_days=2), start=in_days(-2), length=6, status="active")
    with acting_as(STAFF):
        transition(booking=early, to="completed", at=timezone.now())
    make_hold()
    make_hold(at=timezone.now() - timedelta(minutes=20))
    make_block(car=car, start=in_days(40), length=3)
    with as_owner():
        Extra.objects.create(name="Roof box", price=5)
        box = Extra.objects.get()
    make_booking(start=in_days(5), details=Details(extras=((box, 1),)))


def drift():
    with acting_as(SERVICE):
        return find_drift()


def test_a_healthy_ledger_has_nothing_to_say(world):
    assert drift() == []


DAMAGE = {
    "a day lost": "DELETE FROM car_availability WHERE id = (SELECT min(id) FROM car_availability WHERE status = 'booked')",
    "a buffer lost": "DELETE FROM car_availability"
    " WHERE id = (SELECT min(id) FROM car_availability WHERE status = 'buffer' AND booking_id IS NOT NULL)",
    "a day too many": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " SELECT car_id, date '2150-01-01', 'booked', id FROM bookings LIMIT 1",
    "days of a cancelled booking": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " SELECT car_id, date '2150-01-01', 'pending', id FROM bookings WHERE status = 'cancelled' LIMIT 1",
    "a wrong status": "UPDATE car_availability SET status = 'pending'"
    " WHERE id = (SELECT min(id) FROM car_availability WHERE status = 'booked')",
    "a live hold without its days": "DELETE FROM car_availability WHERE hold_id IS NOT NULL AND expires_at > now()",
    "a block without its days": "DELETE FROM car_availability WHERE block_id IS NOT NULL",
    "an extra counted twice": "UPDATE extra_days SET taken = 2",
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_named(world, what):
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(DAMAGE[what])
    assert drift() != []


def test_a_booking_nobody_was_told_about_is_named(world):
    booking = make_booking(start=in_days(60))
    with unchecked():
        InboxItem.objects.filter(booking=booking).delete()
        BookingLink.objects.filter(booking=booking).delete()
    assert drift() == [
        f"booking {booking.reference} has no link",
        f"booking {booking.reference} is in no inbox",
    ]


def test_the_command_says_no_with_its_exit_code(world):
    out = StringIO()
    call_command("check_ledger", stdout=out)
    assert out.getvalue().strip() == "Differences: 0"
    with as_owner():
        CarAvailability.objects.filter(status="blocked").delete()
    with pytest.raises(CommandError) as failure:
        call_command("check_ledger", stdout=StringIO())
    assert failure.value.returncode == 1
    with as_owner():
        assert list(JobRun.objects.order_by("pk").values_list("count", flat=True)) == [0, 3]


def test_a_lapsed_hold_whose_days_were_taken_is_no_drift():
    hold = make_hold(at=timezone.now() - timedelta(minutes=20))
    make_booking(car=hold.car, start=hold.start_date, length=2)
    with as_owner():
        assert Hold.objects.count() == Booking.objects.count() == 1
    assert drift() == []
