"""Hours in the ledger: what they take, what they meet, what the database refuses, and what the proof finds."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from bookings.availability.as_of import AsOf
from bookings.availability.audit import check_ledger
from bookings.availability.holds import drop_expired
from bookings.availability.hours.spans import keep_spans, move_spans, release_spans, take_spans_over
from bookings.availability.ledger import lock_cars, taken_dates
from bookings.errors import DatesTaken, HoldExpired
from bookings.models import Booking, Hold, Ride, VehicleAssignment
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
)
from bookings.tests.support.rides import (
    bare,
    block_hours,
    days_in_ledger,
    hold_hours,
    hours_on,
    let_lapse,
    make_ride,
    times,
)
from exodrive.db.retry import broken_constraint
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.days import clock_change, monday
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db
DAY = 12  # days ahead: no rule of time is in the way


@pytest.fixture
def car():
    return CarFactory()


@pytest.fixture
def day():
    return in_days(DAY)


def proof():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
    with acting_as(SERVICE):
        return check_ledger()


# --- Hours and days --------------------------------------------------------------------------------------------------


def test_hours_make_a_service_day_that_nobody_rents(car, day):
    make_ride(car, hours_on(day))
    assert days_in_ledger(car) == {day: "service"}
    with acting_as(PUBLIC):
        assert taken_dates(car, day, day, as_of=AsOf(timezone.now())) == {day}
    for taker in (make_booking, make_hold, make_block):
        with pytest.raises(DatesTaken):
            taker(car=car, start=day, length=1)
    assert proof() == []


@pytest.mark.parametrize("taker", [make_booking, make_hold, make_block])
def test_a_day_of_a_rental_has_no_hours(car, day, taker):
    taker(car=car, start=day, length=1)
    with pytest.raises(DatesTaken) as refused:
        hold_hours(car, hours_on(day))
    assert [reason.code for reason in refused.value.details["reasons"]] == ["taken"]
    assert proof() == []


def test_hours_that_do_not_overlap_share_a_day(car, day):
    for begins in ("08:00", "09:00", "10:30"):
        make_ride(car, hours_on(day, begins))
    block_hours(car, hours_on(day, "14:00", 120))
    assert days_in_ledger(car) == {day: "service"}
    assert proof() == []


@pytest.mark.parametrize(
    ("begins", "minutes", "code"),
    [
        ("10:30", 60, "taken"),
        ("09:30", 31, "taken"),
        ("10:15", 15, "taken"),
        ("11:00", 30, "gap"),
        ("09:00", 50, "gap"),
    ],
)
def test_hours_that_touch_others_are_refused_and_say_why(car, day, begins, minutes, code):
    make_ride(car, hours_on(day, "10:00", 60, gaps=(15, 15)))
    with pytest.raises(DatesTaken) as refused:
        hold_hours(car, hours_on(day, begins, minutes))
    assert [reason.code for reason in refused.value.details["reasons"]] == [code]
    assert proof() == []


def test_the_gaps_of_both_are_kept(car, day):
    make_ride(car, hours_on(day, "10:00", 60, gaps=(0, 15)))
    with pytest.raises(DatesTaken):
        hold_hours(car, hours_on(day, "11:30", 30, gaps=(16, 0)))
    hold_hours(car, hours_on(day, "11:30", 30, gaps=(15, 0)))
    assert proof() == []


def test_a_night_takes_two_days_and_its_gaps_none(car, day):
    night = hours_on(day, "22:00", 240, gaps=(30, 30))
    make_ride(car, night)
    after = day + timedelta(days=1)
    assert days_in_ledger(car) == {day: "service", after: "service"}
    for start in (day, after):
        with pytest.raises(DatesTaken):
            make_booking(car=car, start=start, length=1)
    rows = len(days_in_ledger(car))
    with pytest.raises(DatesTaken):
        hold_hours(car, hours_on(after, "02:10", 30))
    assert len(days_in_ledger(car)) == rows
    late = make_ride(CarFactory(), hours_on(day, "22:00", 110, gaps=(0, 60)))
    assert days_in_ledger(late.car) == {day: "service"}
    with pytest.raises(DatesTaken):
        hold_hours(late.car, hours_on(after, "00:10", 30))
    assert days_in_ledger(late.car) == {day: "service"}
    assert proof() == []


def test_a_part_that_is_refused_takes_the_others_back(car, day):
    make_booking(car=car, start=day + timedelta(days=1), length=1)
    with pytest.raises(DatesTaken):
        hold_hours(car, hours_on(day, "22:00", 240))
    assert set(days_in_ledger(car).values()) == {"pending"}


@pytest.mark.parametrize("forward", [True, False])
def test_hours_over_a_clock_change_stand_on_their_local_days(forward):
    car, changes = CarFactory(), clock_change(forward=forward)
    make_ride(car, hours_on(changes - timedelta(days=1), "23:00", 6 * 60))
    assert list(days_in_ledger(car)) == [changes - timedelta(days=1), changes]
    assert proof() == []


# --- Giving back, lapsing, moving ------------------------------------------------------------------------------------


def test_the_last_hours_of_a_day_free_it_and_the_first_of_two_do_not(car, day):
    first, last = make_ride(car, hours_on(day, "08:00")), make_ride(car, hours_on(day, "12:00"))
    cancel(first)
    assert days_in_ledger(car) == {day: "service"}
    cancel(last)
    assert days_in_ledger(car) == {}
    make_booking(car=car, start=day, length=1)
    assert proof() == []


def cancel(ride):
    with as_owner(), transaction.atomic():
        lock_cars(ride.car_id)
        release_spans(ride)
        Booking.objects.filter(pk=ride.pk).update(status="cancelled")


@pytest.mark.parametrize("taker", [make_booking, make_hold, make_block])
def test_what_lapsed_blocks_nobody_though_no_job_ran(car, day, taker):
    let_lapse(hold_hours(car, hours_on(day)))
    taker(car=car, start=day, length=1)
    with as_owner():
        assert not VehicleAssignment.objects.exists()
    assert proof() == []


@pytest.mark.parametrize("taker", [hold_hours, make_ride, block_hours])
def test_lapsed_hours_are_taken_over_by_others(car, day, taker):
    let_lapse(hold_hours(car, hours_on(day)))
    taker(car, hours_on(day, "10:30"))
    assert days_in_ledger(car) == {day: "service"}
    assert proof() == []


def test_a_held_and_a_firm_ride_keep_the_day_when_the_hold_lapses(car, day):
    make_ride(car, hours_on(day, "08:00"))
    let_lapse(hold_hours(car, hours_on(day, "12:00")))
    with pytest.raises(DatesTaken):
        make_booking(car=car, start=day, length=1)
    make_ride(car, hours_on(day, "12:30"))
    assert proof() == []


def test_two_holds_keep_a_day_until_the_later_lapses(car, day):
    soon, later = hold_hours(car, hours_on(day, "08:00")), hold_hours(car, hours_on(day, "12:00"))
    let_lapse(soon)
    with pytest.raises(DatesTaken):
        make_booking(car=car, start=day, length=1)
    let_lapse(later)
    make_booking(car=car, start=day, length=1)
    assert proof() == []


def test_the_clean_up_takes_spans_with_their_holds(car, day):
    let_lapse(hold_hours(car, hours_on(day)))
    with acting_as(SERVICE):
        assert drop_expired(timezone.now() + timedelta(days=2)) == 1
    assert days_in_ledger(car) == {}


def test_a_hold_becomes_a_ride_without_a_gap(car, day):
    hours = hours_on(day, "22:00", 240)
    hold, booking = hold_hours(car, hours), make_booking(car=CarFactory())
    with as_owner(), transaction.atomic():
        booking.ledger.all().delete()
        Booking.objects.filter(pk=booking.pk).update(car=car, buffer_days=0, kind="hourly")
        Ride.objects.create(booking=booking, **bare(car), **times(hours))
        take_spans_over(hold, booking)
        Hold.objects.filter(pk=hold.pk).update(booking=booking)
        assert {s.booking_id for s in VehicleAssignment.objects.all()} == {booking.pk}
    assert proof() == []
    with pytest.raises(HoldExpired), as_owner(), transaction.atomic():
        take_spans_over(hold, booking)


def test_a_hold_keeps_its_hours_longer_while_it_lives(car, day):
    hold = hold_hours(car, hours_on(day))
    until = timezone.now() + timedelta(hours=1)
    with acting_as(PUBLIC, token=hold.token), transaction.atomic():
        Hold.objects.filter(pk=hold.pk).update(expires_at=until)
        keep_spans(hold, until)
    assert proof() == []
    let_lapse(hold)
    with pytest.raises(HoldExpired), acting_as(PUBLIC, token=hold.token), transaction.atomic():
        keep_spans(hold, until)


def move(ride, hours=None, car=None):
    """As staff would; the caller's transaction fails with it."""
    with as_owner(), transaction.atomic():
        lock_cars(ride.car_id, (car or ride.car).pk)
        ride.car = car or ride.car
        ride.save(update_fields=["car"])
        ride.ride.hours = hours or ride.ride.hours
        ride.ride.save()
        move_spans(ride)


def test_a_ride_moves_ends_early_and_goes_on(car, day):
    ride = make_ride(car, hours_on(day, "20:00", 120))
    next_one = make_ride(car, hours_on(day + timedelta(days=1), "02:00"))
    move(ride, hours_on(day, "20:30", 60))
    assert proof() == []
    move(ride, hours_on(day, "20:30", 300))
    assert len(days_in_ledger(car)) == 2
    assert proof() == []
    with pytest.raises(DatesTaken):
        move(ride, hours_on(day, "20:30", 331))
    cancel(next_one)
    move(ride, hours_on(day, "20:30", 30))
    assert days_in_ledger(car) == {day: "service"}
    assert proof() == []


def test_two_rides_exchange_cars(car, day):
    other = CarFactory()
    one, two = make_ride(car, hours_on(day)), make_ride(other, hours_on(day, "10:30"))
    exchange(one, two)
    assert proof() == []


def test_an_exchange_that_fails_keeps_both(car, day):
    other = CarFactory()
    one, two = make_ride(car, hours_on(day)), make_ride(other, hours_on(day, "12:00"))
    make_ride(other, hours_on(day, "10:30"))
    with pytest.raises(DatesTaken):
        exchange(one, two)
    assert proof() == []


def exchange(one, two):
    with as_owner(), transaction.atomic():
        lock_cars(one.car_id, two.car_id)
        one.car, two.car = two.car, one.car
        for ride in (one, two):
            ride.save(update_fields=["car"])
        move_spans(one, two)


# --- Past the verbs --------------------------------------------------------------------------------------------------

SPAN = (
    "INSERT INTO vehicle_assignments (id, car_id, date, starts_at, ends_at, booking_id)"
    " SELECT gen_random_uuid(), car_id, {date}, {start}, {end}, booking_id FROM vehicle_assignments"
)
REFUSED = {
    "an overlapping span": (
        SPAN.format(date="date", start="starts_at", end="ends_at"),
        "no_car_twice_at_once",
    ),
    "another local day": (
        SPAN.format(
            date="date + 1", start="starts_at + interval '3 hours'", end="ends_at + interval '3 hours'"
        ),
        "span_within_its_day",
    ),
    "over midnight": (
        SPAN.format(date="date", start="starts_at + interval '3 hours'", end="ends_at + interval '20 hours'"),
        "span_within_its_day",
    ),
    "seconds": (
        SPAN.format(
            date="date", start="starts_at + interval '3 hours 1 second'", end="ends_at + interval '3 hours'"
        ),
        "span_in_whole_minutes",
    ),
    "a day of a rental": (
        SPAN.format(
            date="date + 5", start="starts_at + interval '5 days'", end="ends_at + interval '5 days'"
        ),
        "one_claim_per_car_day",
    ),
    "two claimants": (
        "UPDATE vehicle_assignments SET block_id = (SELECT id FROM blocked_dates)",
        "span_has_one_claimant",
    ),
    "no claimant": ("UPDATE vehicle_assignments SET booking_id = NULL", "span_has_one_claimant"),
    "a firm span that lapses": ("UPDATE vehicle_assignments SET expires_at = now()", "only_held_spans_lapse"),
    "a gap of a day": ("UPDATE vehicle_assignments SET after_minutes = 1440", "gaps_below_a_day"),
    "its service day gone": (
        "DELETE FROM car_availability WHERE status = 'service'",
        "span_on_a_service_day",
    ),
    "spans of a booking gone": ("DELETE FROM vehicle_assignments", "booking_has_its_hours"),
    "a later end": (
        "UPDATE vehicle_assignments SET ends_at = ends_at + interval '1 minute'",
        "booking_has_its_hours",
    ),
    "a ride gone": ("DELETE FROM rides", "booking_has_its_hours"),
}
BY_OWNER = {
    "its service day given to nobody": (
        "UPDATE car_availability SET status = 'pending' WHERE status = 'service'",
        "one_claimant_that_fits_the_status",
    ),
    "its service day given to a block": (
        "UPDATE car_availability SET status = 'blocked', block_id = (SELECT id FROM blocked_dates)"
        " WHERE status = 'service'",
        "span_on_a_service_day",
    ),
}


@pytest.fixture
def refused_day(car):
    """A ride, a rental five days later, and a block of another car."""
    day = monday(ahead=DAY)
    ride = make_ride(car, hours_on(day))
    make_booking(car=car, start=day + timedelta(days=5), length=1)
    make_block(car=CarFactory(), start=day)
    return ride


def broken(sql, identity):
    with pytest.raises(IntegrityError) as refused:
        write(sql, identity)
    return broken_constraint(refused.value)


def write(sql, identity):
    with identity, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_staff(refused_day, what):
    sql, constraint = REFUSED[what]
    identity = as_owner() if "rides" in sql.split("WHERE")[0] else acting_as(STAFF)
    assert broken(sql, identity) == constraint


@pytest.mark.parametrize("what", BY_OWNER)
def test_the_database_refuses_its_owner(refused_day, what):
    sql, constraint = BY_OWNER[what]
    assert broken(sql, as_owner()) == constraint


@pytest.mark.parametrize("role", [PUBLIC, STAFF, SERVICE])
def test_nobody_writes_a_service_day_by_hand(car, role):
    day = f"{in_days(DAY)}"
    by_hand = f"INSERT INTO car_availability (car_id, date, status) VALUES ({car.pk}, '{day}', 'service')"
    with pytest.raises(DatabaseError, match="row-level security"):
        write(by_hand, acting_as(role))
    make_ride(car, hours_on(in_days(DAY)))
    with acting_as(role), connection.cursor() as cursor:
        cursor.execute("UPDATE car_availability SET expires_at = now() WHERE status = 'service'")
        assert cursor.rowcount == 0


def test_the_promise_stands_in_the_schema_without_an_extension():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint"
            " WHERE conrelid IN ('car_availability'::regclass, 'vehicle_assignments'::regclass)"
        )
        names = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT extname FROM pg_extension")
        assert cursor.fetchall() == [("plpgsql",)]
    assert names >= {
        "one_claim_per_car_day",
        "a_day_and_its_use",
        "no_car_twice_at_once",
        "span_on_a_service_day",
    }


# --- The public, under its policies ----------------------------------------------------------------------------------


def test_a_visitor_moves_and_cancels_their_own_ride():
    hired = Chauffeurs(before_minutes=0, after_minutes=0)
    car, day, ride = hired.cars[0], in_days(DAY), hired.book()
    with acting_as(PUBLIC, token=ride.secret), transaction.atomic():
        mine = Booking.objects.select_related("car__location", "ride").get()
        mine.ride.hours = hours_on(day, "22:00", 120)
        mine.ride.save(update_fields=["starts_at", "ends_at"])
        move_spans(mine)
    assert proof() == []
    with acting_as(PUBLIC, token=ride.secret), transaction.atomic():
        release_spans(mine)
        assert Booking.objects.filter(pk=ride.pk).update(status="cancelled") == 1
    assert days_in_ledger(car) == {}
    assert proof() == []


FOREIGN = {
    "delete": ("DELETE FROM vehicle_assignments", 0),
    "move": ("UPDATE vehicle_assignments SET ends_at = ends_at + interval '1 minute'", 0),
    "its hours": ("UPDATE rides SET ends_at = ends_at + interval '1 minute'", 0),
    "for ten years": (
        "INSERT INTO vehicle_assignments (id, car_id, date, starts_at, ends_at, hold_id, expires_at)"
        " SELECT gen_random_uuid(), car_id, date, starts_at + interval '3 hours', ends_at + interval '3 hours',"
        " app_hold_id(), now() + interval '10 years' FROM vehicle_assignments WHERE booking_id IS NOT NULL",
        None,
    ),
    "as a block": (
        "INSERT INTO vehicle_assignments (id, car_id, date, starts_at, ends_at, block_id)"
        " SELECT gen_random_uuid(), car_id, date, starts_at + interval '3 hours', ends_at + interval '3 hours', 1"
        " FROM vehicle_assignments",
        None,
    ),
    "only the day": ("DELETE FROM car_availability WHERE status = 'service'", 0),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_visitor_does_nothing_with_anothers_hours(car, day, what):
    make_ride(car, hours_on(day))
    mine = hold_hours(CarFactory(), hours_on(day)) if what == "for ten years" else make_hold()
    sql, rows = FOREIGN[what]
    with acting_as(PUBLIC, token=mine.token), transaction.atomic(), connection.cursor() as cursor:
        if rows is None:
            with pytest.raises(DatabaseError, match="row-level security"):
                cursor.execute(sql)
            transaction.set_rollback(True)
        else:
            cursor.execute(sql)
            assert cursor.rowcount == rows


# --- The proof -------------------------------------------------------------------------------------------------------

DAMAGE = {
    "a ride without its spans": "DELETE FROM vehicle_assignments WHERE booking_id IS NOT NULL",
    "spans without a ride": "DELETE FROM rides",
    "a hole between parts": "UPDATE vehicle_assignments SET starts_at = starts_at + interval '5 minutes'"
    " WHERE date = (SELECT max(date) FROM vehicle_assignments WHERE booking_id IS NOT NULL) AND booking_id IS NOT NULL",
    "a gap lost": "UPDATE vehicle_assignments SET after_minutes = 0 WHERE after_minutes > 0",
    "another car": "UPDATE bookings SET car_id = (SELECT max(id) FROM cars) WHERE id IN (SELECT booking_id FROM rides)",
    "spans of a cancelled booking": "UPDATE bookings SET status = 'cancelled' WHERE id IN (SELECT booking_id FROM rides)",
    "a block without its spans": "DELETE FROM vehicle_assignments WHERE block_id IS NOT NULL",
    "a live hold without its spans": "DELETE FROM vehicle_assignments WHERE hold_id IS NOT NULL",
    "a block for whole days that has hours": "UPDATE blocked_dates SET starts_at = NULL, ends_at = NULL",
    "a service day for nobody": "INSERT INTO car_availability (car_id, date, status)"
    " SELECT max(id), date '2150-01-01', 'service' FROM cars",
    "a service day that lapses": "UPDATE car_availability SET expires_at = now() + interval '1 day'"
    " WHERE status = 'service' AND expires_at IS NULL",
    "a service day that lapses too early": "UPDATE car_availability SET expires_at = now()"
    " WHERE status = 'service' AND expires_at IS NOT NULL",
    "a car in another zone": "UPDATE locations SET time_zone = 'Pacific/Auckland'",
}


@pytest.fixture
def world(day):
    make_ride(CarFactory(), hours_on(day, "22:00", 240, gaps=(10, 20)))
    hold_hours(CarFactory(), hours_on(day))
    let_lapse(hold_hours(CarFactory(), hours_on(day)))
    block_hours(CarFactory(), hours_on(day, "09:00", 180))
    cancel(make_ride(CarFactory(), hours_on(day)))
    CarFactory(location=LocationFactory())


def test_healthy_hours_have_nothing_to_say(world):
    assert proof() == []


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_hours_are_named(world, what):
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(DAMAGE[what])
        assert cursor.rowcount > 0, "something was damaged"
    with acting_as(SERVICE):
        assert check_ledger() != []


@pytest.mark.parametrize(
    ("without", "sql", "said"),
    [
        (
            "vehicle_assignments DROP CONSTRAINT no_car_twice_at_once",
            "INSERT INTO vehicle_assignments (id, car_id, date, starts_at, ends_at, block_id)"
            " SELECT gen_random_uuid(), car_id, date, starts_at, ends_at, block_id FROM vehicle_assignments"
            " WHERE block_id IS NOT NULL",
            "two spans at one time",
        ),
        (
            "vehicle_assignments DROP CONSTRAINT span_on_a_service_day",
            "DELETE FROM car_availability WHERE status = 'service' AND expires_at IS NULL",
            "spans without their service day",
        ),
    ],
)
def test_without_the_constraint_the_proof_still_knows(world, without, sql, said):
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {without}")
        cursor.execute(sql)
    with acting_as(SERVICE):
        assert any(said in line for line in check_ledger())
