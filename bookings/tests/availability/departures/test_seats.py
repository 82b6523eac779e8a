"""Seats of departures: held, lapsed, booked, given back; what the database itself refuses; and the proof of all of it."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.departures.seats import free_seats
from bookings.availability.holds import drop_expired, extend_hold, release_hold
from bookings.errors import DatesTaken, HoldExpired, RulesRefused
from bookings.lifecycle.departures.cancel import cancel_departure
from bookings.lifecycle.transitions import cancel
from bookings.models import DepartureSeat, Hold, TourDeparture, VehicleAssignment
from bookings.tests.support.booked_rides import booked_from
from bookings.tests.support.factories import CarFactory, make_hold
from bookings.tests.support.tours import Tours, book_seats, hold_seats, seats_lapse, sold
from exodrive.db.retry import broken_constraint
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db


def proof():
    with acting_as(SERVICE):
        return check_ledger()


def left(departure):
    with acting_as(PUBLIC):
        return free_seats([departure])[departure.pk]


@pytest.fixture
def departure():
    return Tours(seats=4).depart()


def test_a_hold_keeps_seats_and_no_car(departure):
    hold = hold_seats(departure, 3)
    assert (hold.departure_id, hold.seats, hold.car_id) == (departure.pk, 3, departure.car_id)
    assert left(departure) == 1
    with as_owner():
        assert not VehicleAssignment.objects.filter(hold=hold).exists()
    with pytest.raises(DatesTaken) as refused:
        hold_seats(departure, 2)
    assert [reason.code for reason in refused.value.details["reasons"]] == ["sold_out"]
    assert proof() == []


def test_lapsed_seats_are_free_without_any_job(departure):
    seats_lapse(hold_seats(departure, 4))
    assert left(departure) == 4
    assert hold_seats(departure, 4).seats == 4
    assert (left(departure), proof()) == (0, [])


def test_a_hold_is_given_back_and_swept(departure):
    hold = hold_seats(departure, 2)
    with acting_as(PUBLIC, token=hold.token):
        release_hold(hold=hold)
    assert left(departure) == 4
    swept = hold_seats(departure, 2)
    seats_lapse(swept)
    long_ago = timezone.now() - timedelta(days=2)
    with as_owner():
        Hold.objects.all().update(expires_at=long_ago)
        DepartureSeat.objects.filter(hold=swept).update(expires_at=long_ago)
    with acting_as(SERVICE):
        assert drop_expired(timezone.now()) == 2
    with as_owner():
        assert DepartureSeat.objects.filter(departure=departure, hold=None).count() == 4


def test_a_hold_that_is_extended_keeps_its_seats_as_long(departure):
    hold = hold_seats(departure, 2)
    with acting_as(PUBLIC, token=hold.token):
        extend_hold(hold=hold, at=timezone.now())
    assert proof() == []
    with as_owner():
        assert set(DepartureSeat.objects.filter(hold=hold).values_list("expires_at", flat=True)) == {
            Hold.objects.get().expires_at
        }


def test_one_hold_replaces_another(departure):
    first = hold_seats(departure, 3)
    assert hold_seats(departure, 4, replaces=first, token=first.token).seats == 4
    assert left(departure) == 0


def test_a_held_seat_becomes_the_bookings(departure):
    booking = booked_from(hold_seats(departure, 2))
    assert (sold(departure), left(departure), proof()) == (2, 2, [])
    assert (booking.car_id, booking.kind, booking.ride.seats) == (departure.car_id, "tour", 2)
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=booking, at=timezone.now())
    assert (sold(departure), left(departure), proof()) == (0, 4, [])


def test_a_lapsed_hold_becomes_nothing(departure):
    hold = hold_seats(departure, 2)
    seats_lapse(hold)
    book_seats(departure, 4)
    with pytest.raises(HoldExpired):
        booked_from(hold)
    assert (sold(departure), proof()) == (4, [])


@pytest.mark.parametrize(
    "change", [{"status": "closed"}, {"status": "cancelled"}, {"cutoff_minutes": 3 * 24 * 60}]
)
def test_a_departure_that_is_closed_or_too_near_sells_nothing(change):
    departure = Tours(seats=4).depart(day=2)
    with as_owner():
        TourDeparture.objects.filter(pk=departure.pk).update(**change)
    with pytest.raises(RulesRefused) as refused:
        hold_seats(departure)
    assert [reason.code for reason in refused.value.details["reasons"]] == ["departed"]


# --- Past the verbs --------------------------------------------------------------------------------------------------


def write(sql, identity):
    with identity, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


REFUSED = {
    "a seat of a booking given to nobody": (
        "UPDATE departure_seats SET booking_id = NULL WHERE booking_id IS NOT NULL",
        "booking_has_its_hours",
    ),
    "one seat more than is paid": (
        "UPDATE departure_seats SET booking_id = (SELECT id FROM bookings) WHERE booking_id IS NULL AND hold_id IS NULL",
        "booking_has_its_hours",
    ),
    "a booking in another car": (
        "UPDATE bookings SET car_id = (SELECT max(id) FROM cars)",
        "booking_has_its_hours",
    ),
    "two claimants": (
        "UPDATE departure_seats SET hold_id = (SELECT id FROM holds LIMIT 1), expires_at = now()"
        " WHERE booking_id IS NOT NULL",
        "seat_has_one_claimant",
    ),
    "a firm seat that lapses": (
        "UPDATE departure_seats SET expires_at = now() WHERE hold_id IS NULL",
        "only_held_seats_lapse",
    ),
    "a seat twice": (
        "INSERT INTO departure_seats (departure_id, seat) SELECT departure_id, seat FROM departure_seats",
        "one_row_per_seat",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses_staff(departure, what):
    book_seats(departure, 2)
    hold_seats(departure)
    CarFactory()
    sql, constraint = REFUSED[what]
    with pytest.raises(DatabaseError) as refused:
        write(sql, as_owner() if "bookings SET" in sql else acting_as(STAFF))
    assert broken_constraint(refused.value) == constraint


FOREIGN = {
    "give back anothers": ("UPDATE departure_seats SET booking_id = NULL WHERE booking_id IS NOT NULL", 0),
    "take a held one": (
        "UPDATE departure_seats SET hold_id = app_hold_id() WHERE hold_id <> app_hold_id()",
        0,
    ),
    "for ten years": (
        "UPDATE departure_seats SET hold_id = app_hold_id(), expires_at = now() + interval '10 years'"
        " WHERE booking_id IS NULL AND hold_id IS NULL",
        None,
    ),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_visitor_does_nothing_with_anothers_seats(departure, what):
    book_seats(departure, 1)
    hold_seats(departure, 2)
    mine, (sql, rows) = make_hold(), FOREIGN[what]
    with acting_as(PUBLIC, token=mine.token), transaction.atomic(), connection.cursor() as cursor:
        if rows is None:
            with pytest.raises(DatabaseError, match="row-level security"):
                cursor.execute(sql)
            transaction.set_rollback(True)
        else:
            cursor.execute(sql)
            assert cursor.rowcount == rows


@pytest.mark.django_db(transaction=True)
def test_a_visitor_takes_no_seat_for_another():
    departure = Tours(seats=4).depart()
    theirs, mine = book_seats(departure, 1), hold_seats(departure, 1)
    for column, foreign in (("booking_id", theirs.pk), ("hold_id", hold_seats(departure).pk)):
        sql = (
            f"UPDATE departure_seats SET {column} = %s, expires_at = CASE WHEN %s THEN now() END"
            " WHERE booking_id IS NULL AND hold_id IS NULL"
        )
        with (
            acting_as(PUBLIC, token=mine.token),
            pytest.raises(DatabaseError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, [foreign, column == "hold_id"])


# --- The proof -------------------------------------------------------------------------------------------------------

DAMAGE = {
    "seats of a cancelled booking": "UPDATE bookings SET status = 'cancelled' WHERE id IN (SELECT booking_id FROM rides)",
    "a departure without its span": "DELETE FROM vehicle_assignments WHERE departure_id IS NOT NULL",
    "the span of a cancelled departure": "UPDATE tour_departures SET status = 'cancelled'"
    " WHERE id NOT IN (SELECT departure_id FROM rides)",
    "a booking on a cancelled departure": "UPDATE tour_departures SET status = 'cancelled'"
    " WHERE id IN (SELECT departure_id FROM rides)",
    "a booking without its seats": "UPDATE departure_seats SET booking_id = NULL",
    "a seat too many": "UPDATE rides SET seats = 1",
    "a live hold without its seats": "UPDATE departure_seats SET hold_id = NULL, expires_at = NULL",
    "held seats that lapse too late": "UPDATE departure_seats SET expires_at = now() + interval '1 day'"
    " WHERE hold_id IS NOT NULL",
    "another car": "UPDATE bookings SET car_id = (SELECT max(id) FROM cars) WHERE id IN (SELECT booking_id FROM rides)",
    "fewer seats than it says": "DELETE FROM departure_seats WHERE booking_id IS NULL AND hold_id IS NULL",
}


@pytest.fixture
def world(departure):
    book_seats(departure, 2)
    hold_seats(departure)
    tours = Tours()
    tours.depart()
    seats_lapse(hold_seats(tours.depart("15:00"), 2))
    with acting_as(STAFF):
        gone = tours.depart("15:00", day=12)
        cancel_departure(gone, at=timezone.now(), reason="Too few")
    tours.another_car()


def test_healthy_seats_have_nothing_to_say(world):
    assert proof() == []


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_seats_are_named(world, what):
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(DAMAGE[what])
        assert cursor.rowcount > 0, "something was damaged"
    assert proof() != []
