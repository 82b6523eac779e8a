"""A booking is whole when its transaction commits, whoever wrote it and by which door; controls show that it needs that."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.errors import DatesTaken
from bookings.lifecycle.transitions import transition
from bookings.models import Booking, CarAvailability
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_hold
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db(transaction=True)

# A booking of one's own by SQL, as injected SQL could write it: a copy of another row with a new id and reference.
# Generated columns make themselves.
COPY = """
INSERT INTO bookings ({columns}) SELECT {columns} FROM (SELECT (jsonb_populate_record(b, jsonb_build_object(
  'id', gen_random_uuid(), 'reference', 'EXO-COPIED', 'status', 'pending', 'car_id', {car}
))).* FROM bookings b) AS copied
"""
BY_SQL = {
    "other days": "UPDATE bookings SET end_date = end_date + 1",
    "other days before": "UPDATE bookings SET start_date = start_date - 1",
    "another car": "UPDATE bookings SET car_id = {car}",
    "a cancellation that keeps the days": "UPDATE bookings SET status = 'cancelled'",
    "a day less": "DELETE FROM car_availability WHERE date = (SELECT min(date) FROM car_availability)",
    "a day in the middle less": "DELETE FROM car_availability WHERE date = (SELECT min(date) + 1 FROM car_availability)",
    "a day more": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " SELECT car_id, end_date + 30, 'pending', id FROM bookings",
    "a day of another car": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " SELECT {car}, start_date, 'pending', id FROM bookings",
    "a day elsewhere": "UPDATE car_availability SET date = date + 60"
    " WHERE date = (SELECT min(date) FROM car_availability)",
    "a gap for a day": "UPDATE car_availability SET status = 'buffer'"
    " WHERE date = (SELECT max(date) FROM car_availability)",
}
STAFF_ALONE = {
    "a status without its days": "UPDATE bookings SET status = 'upcoming'",
    "a day given to a hold": "UPDATE car_availability SET status = 'held', booking_id = NULL, hold_id = '{hold}',"
    " expires_at = now() + interval '1 hour'"
    " WHERE date = (SELECT min(date) FROM car_availability WHERE booking_id IS NOT NULL)",
    "another customer": "UPDATE bookings SET mailbox = 'somebody@else.example', email = 'somebody@else.example'",
}


@pytest.fixture
def booking():
    return make_booking(start=in_days(10))


def write(sql, booking, role, **values):
    """As `role` in one transaction of its own; the public with the token of the booking."""
    token = booking.secret if role == PUBLIC else ""
    identity = {"token": token} if token else {"user": make_desk()}
    with acting_as(role, **identity), transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(sql.format(**values) if values else sql)
        assert cursor.rowcount == 1 or "INSERT" in sql, "the statement reached the row"


def rows():
    with as_owner():
        return (
            list(Booking.objects.order_by("pk").values()),
            list(
                CarAvailability.objects.order_by("pk").values_list("car", "date", "status", "booking", "hold")
            ),
        )


@pytest.mark.parametrize("role", [PUBLIC, STAFF])
@pytest.mark.parametrize("what", BY_SQL)
def test_sql_that_contradicts_the_ledger_does_not_commit(booking, what, role):
    car, before = CarFactory(), rows()
    with pytest.raises(IntegrityError) as refusal:
        write(BY_SQL[what], booking, role, car=car.pk)
    # Of the public, other days are refused at once: they have another price.
    walls = {"booking_has_its_days", "booking_is_priced"} if role == PUBLIC else {"booking_has_its_days"}
    assert refusal.value.__cause__.diag.constraint_name in walls
    assert rows() == before


@pytest.mark.parametrize("what", STAFF_ALONE)
def test_nor_does_what_only_staff_could_write(booking, what):
    hold, before = make_hold(), rows()
    with pytest.raises(IntegrityError) as refusal:
        write(STAFF_ALONE[what], booking, STAFF, hold=hold.pk)
    assert refusal.value.__cause__.diag.constraint_name in {
        "booking_has_its_days",
        "booking_has_its_customer",
    }
    assert rows() == before


@pytest.mark.parametrize("what", BY_SQL)
def test_the_control_without_the_check_all_of_it_is_written(booking, what):
    car = CarFactory()
    with unchecked(), transaction.atomic(), connection.cursor() as cursor:
        before = rows()
        cursor.execute(BY_SQL[what].format(car=car.pk))
        assert rows() != before
        transaction.set_rollback(True)


@pytest.mark.parametrize("role", [PUBLIC, STAFF])
def test_a_booking_of_nothing_but_a_row_does_not_commit(booking, role):
    car, before = CarFactory(), rows()
    columns = ", ".join(field.column for field in Booking._meta.concrete_fields if not field.generated)
    with pytest.raises(IntegrityError) as refusal:
        write(COPY, booking, role, car=car.pk, columns=columns)
    # Of the public, other days are refused at once: they have another price.
    walls = {"booking_has_its_days", "booking_is_priced"} if role == PUBLIC else {"booking_has_its_days"}
    assert refusal.value.__cause__.diag.constraint_name in walls
    assert rows() == before


@pytest.mark.parametrize("missing", ["booking_secure_tokens", "inbox_items", "booking_locations"])
def test_a_booking_that_nobody_hears_of_does_not_commit(missing):
    """The verb itself, with one of its writes taken out."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            f"CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            f" CREATE TRIGGER swallow BEFORE INSERT ON {missing} FOR EACH ROW EXECUTE FUNCTION swallow()"
        )
    try:
        with pytest.raises(IntegrityError) as refusal:
            make_booking()
        assert refusal.value.__cause__.diag.constraint_name == "booking_reaches_staff"
    finally:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER swallow ON {missing}; DROP FUNCTION swallow()")
    assert rows() == ([], [])


def test_asking_for_the_check_at_once_opens_no_gap(booking):
    """Deferred checks may be asked for early; what is written after that is looked at again."""
    before = rows()
    for later in ("IMMEDIATE", "DEFERRED"):
        with pytest.raises(IntegrityError):
            write(
                f"SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL {later}; {BY_SQL['a day more']}",
                booking,
                PUBLIC,
            )
    assert rows() == before


def test_staff_cannot_confirm_a_booking_without_its_days(booking):
    with unchecked():
        CarAvailability.objects.filter(date=booking.start_date).delete()
    with acting_as(STAFF), pytest.raises(DatesTaken, match="does not have its days"):
        transition(booking=booking, to="upcoming", at=timezone.now())
    with as_owner():
        assert Booking.objects.get().status == "pending"


def test_days_after_an_early_return_are_nobodys_loss():
    booking = make_booking(car=CarFactory(buffer_days=2), start=in_days(-2), length=8, status="active")
    with acting_as(STAFF):
        transition(booking=booking, to="completed", at=timezone.now())
    with as_owner():
        assert CarAvailability.objects.filter(booking=booking).exclude(status="buffer").count() == 3
        assert CarAvailability.objects.filter(booking=booking, status="buffer").count() == 2
