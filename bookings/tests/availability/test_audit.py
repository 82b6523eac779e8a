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
from bookings.tests.support.swapping import make_rental, swap
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
    twice = make_rental(begins=-4, length=9)
    for days_later in (-2, 0):
        twice = swap(twice, CarFactory(buffer_days=1), at=timezone.now() + timedelta(days=days_later)).booking


def drift():
    with acting_as(SERVICE):
        return find_drift()


def test_a_healthy_ledger_has_nothing_to_say(world):
    assert drift() == []


OF_A_FORMER_CAR = (
    "id = (SELECT min(day.id) FROM car_availability day"
    " JOIN booking_segments s ON s.booking_id = day.booking_id AND s.car_id = day.car_id)"
)
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
    "a day of a former car lost": f"DELETE FROM car_availability WHERE {OF_A_FORMER_CAR}",
    "a day of a former car that is a buffer": f"UPDATE car_availability SET status = 'buffer' WHERE {OF_A_FORMER_CAR}",
    "a day of a former car given away": f"UPDATE car_availability SET booking_id = (SELECT min(id::text)::uuid"
    f" FROM bookings WHERE status = 'pending') WHERE {OF_A_FORMER_CAR}",
    "a segment lost": "DELETE FROM booking_segments",
    "the first segment lost": "DELETE FROM booking_segments"
    " WHERE start_date = (SELECT min(start_date) FROM booking_segments)",
    "a segment of another car": "UPDATE booking_segments"
    " SET car_id = (SELECT car_id FROM bookings WHERE status = 'completed')",
    "a segment that ends a day later": "UPDATE booking_segments SET end_date = end_date + 1",
    "a segment that begins a day later": "UPDATE booking_segments SET start_date = start_date + 1",
    "a segment that begins before the booking": "UPDATE booking_segments SET start_date = start_date - 1",
    "a segment that leaves nothing for the present car": "UPDATE booking_segments SET end_date = end_date + 50",
    "a day on no car": "WITH gone AS (DELETE FROM car_availability day USING booking_segments s"
    " WHERE day.booking_id = s.booking_id AND date = s.start_date)"
    " UPDATE booking_segments SET start_date = start_date + 1",
    "a segment of a booking that has not begun": "INSERT INTO booking_segments SELECT now(), now(), gen_random_uuid(),"
    " 'Calder GT', start_date, start_date, NULL, NULL, 1, 1, id, car_id FROM bookings WHERE status = 'upcoming'",
    "an extra counted twice": "UPDATE extra_days SET taken = 2",
}


@pytest.mark.parametrize("what", DAMAGE)
def test_damage_is_named(world, what):
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(DAMAGE[what])
        assert cursor.rowcount > 0, "something was damaged"
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
