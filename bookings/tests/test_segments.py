"""A booking's cars follow each other when its transaction commits, whoever wrote them; controls show that it needs that."""

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from bookings.models import Booking, BookingSegment, CarAvailability
from bookings.tests.support.factories import CarFactory, make_booking, make_desk
from bookings.tests.support.swapping import make_rental, swap
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db(transaction=True)

INSERT = (
    "INSERT INTO booking_segments (created_at, updated_at, id, booking_id, car_id, car_name, start_date, end_date,"
    " return_odometer_km, return_fuel_eighths)"
    " SELECT now(), now(), gen_random_uuid(), id, coalesce((SELECT max(car_id) FROM booking_segments), car_id),"
    " 'Calder GT', {first}, {last}, 1, 1 FROM bookings"
)
LAST = "(SELECT max(end_date) FROM booking_segments)"
BY_SQL = {
    "the present car becomes the former": "UPDATE bookings SET car_id = (SELECT car_id FROM booking_segments)",
    "a day of the former car less": "DELETE FROM car_availability WHERE date = (SELECT min(date) FROM car_availability)",
    "a day of the former car moved to the present": "UPDATE car_availability SET car_id = (SELECT car_id FROM bookings)"
    " WHERE date = (SELECT min(date) FROM car_availability)",
    "a day of the former car as a gap": "UPDATE car_availability SET status = 'buffer'"
    " WHERE date = (SELECT min(date) FROM car_availability)",
    "a pick-up day before the former car": "UPDATE bookings SET start_date = start_date - 1",
    "a return before the present car": f"UPDATE bookings SET end_date = {LAST}",
    "a segment more": INSERT.format(first=f"{LAST} + 1", last=f"{LAST} + 1"),
    "a segment after a gap": INSERT.format(first=f"{LAST} + 2", last=f"{LAST} + 2"),
    "two cars at a time": INSERT.format(first=LAST, last=LAST),
}


@pytest.fixture
def swapped():
    """Three days on one car, five on another."""
    return swap(make_rental(), CarFactory()).booking


def write(sql, role=STAFF):
    user = make_desk() if role == STAFF else None
    with acting_as(role, user=user), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount == 1


def rows():
    with as_owner():
        ledger = CarAvailability.objects.order_by("pk").values_list("car", "date", "status", "booking")
        return list(Booking.objects.values()), list(BookingSegment.objects.values()), list(ledger)


@pytest.mark.parametrize("what", BY_SQL)
def test_sql_that_contradicts_the_cars_of_a_booking_does_not_commit(swapped, what):
    before = rows()
    with pytest.raises(IntegrityError) as refusal:
        write(BY_SQL[what])
    assert refusal.value.__cause__.diag.constraint_name in {"booking_has_its_days", "booking_has_its_cars"}
    assert rows() == before


@pytest.mark.parametrize("what", BY_SQL)
def test_the_control_without_the_check_all_of_it_is_written(swapped, what):
    with unchecked(), transaction.atomic(), connection.cursor() as cursor:
        before = rows()
        cursor.execute(BY_SQL[what])
        assert rows() != before
        transaction.set_rollback(True)


def test_a_booking_that_has_not_begun_had_no_car_before():
    make_booking(status="upcoming")
    with pytest.raises(IntegrityError) as refusal:
        write(INSERT.format(first="start_date", last="start_date"))
    assert refusal.value.__cause__.diag.constraint_name == "booking_has_its_cars"


@pytest.mark.parametrize(
    "sql", ["UPDATE booking_segments SET return_odometer_km = 1", "DELETE FROM booking_segments"]
)
def test_nobody_changes_which_car_it_was(swapped, sql):
    before = rows()
    for role in (STAFF, SERVICE):
        with pytest.raises(ProgrammingError, match="permission denied"):
            write(sql, role)
    with as_owner(), pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute(sql)
    assert rows() == before
