"""The last seats: threads on a real PostgreSQL, with a control that must fail."""

import time

import pytest
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.departures import seats
from bookings.availability.rides import holds
from bookings.errors import DatesTaken
from bookings.lifecycle.departures.cancel import cancel_departure
from bookings.lifecycle.departures.create import change_capacity
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, DepartureSeat, TourDeparture
from bookings.tests.support.booked_rides import booked_from
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.tours import Tours, book_seats, hold_seats
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.alone]
WANTED = [1, 2, 3] * 6 + [1, 1]  # eight of one: the last seat is had by somebody


def taken(departure):
    with as_owner():
        return DepartureSeat.objects.filter(departure=departure).exclude(booking=None, hold=None).count()


def buyer(departure, n, wanted):
    """Half of them at once, half by a hold."""
    how = book_seats if n % 2 else hold_seats
    return lambda: how(departure, wanted)


@pytest.mark.parametrize("locks", ["with the lock", "without"])
def test_twenty_buyers_of_one_to_three_get_exactly_eight_seats(locks, monkeypatch, rounds):
    if locks == "without":
        monkeypatch.setattr(seats, "lock_departure", lambda pk: None)
    tours = Tours(seats=8)
    for n in range(rounds(2, 20)):
        departure = tours.depart(day=10 + n)
        results = all_at_once([buyer(departure, n, wanted) for n, wanted in enumerate(WANTED)])
        assert set(tally(results)) == {"won", "dates_taken"}
        got = [
            seats for seats, found in zip(WANTED, results, strict=True) if not isinstance(found, Exception)
        ]
        assert sum(got) == taken(departure) == 8
        with acting_as(SERVICE):
            assert check_ledger() == []


def test_where_seats_are_read_and_then_written_more_are_sold_than_exist(monkeypatch):
    """The control: what is above is not luck."""

    def read_then_write(owner, departure, wanted):
        with as_owner():
            free = list(departure.seats.filter(booking=None, hold=None).order_by("seat")[:wanted])
            time.sleep(0.3)
            if len(free) < wanted:
                raise DatesTaken
            for seat in free:
                DepartureSeat.objects.filter(pk=seat.pk).update(hold=owner, expires_at=owner.expires_at)

    monkeypatch.setattr(holds, "take_seats", read_then_write)
    departure = Tours(seats=8).depart()
    results = all_at_once([lambda: hold_seats(departure, 2)] * len(WANTED))
    assert tally(results)["won"] * 2 > 8


def as_staff(verb, *what, **how):
    def run():
        with acting_as(STAFF):
            return verb(*what, **how)

    return run


def called_off_by_its_customer(booking):
    def run():
        with acting_as(PUBLIC, token=booking.secret):
            return cancel(booking=booking, at=timezone.now())

    return run


def test_nobody_is_left_on_a_departure_that_is_called_off_while_seats_are_sold(rounds):
    tours = Tours(seats=8)
    for n in range(rounds(3, 20)):
        departure = tours.depart(day=10 + n)
        booked, held = [book_seats(departure, 1) for _ in range(2)], hold_seats(departure, 1)
        runners = [
            *(buyer(departure, n, 1) for n in range(8)),
            *(called_off_by_its_customer(booking) for booking in booked),
            lambda held=held: booked_from(held),
            as_staff(change_capacity, departure, 6),
            as_staff(cancel_departure, departure, at=timezone.now(), reason="Rain"),
        ]
        results = all_at_once(runners)
        assert not isinstance(results[-1], Exception), results[-1]
        assert set(tally(results)) <= {
            "won",
            "dates_taken",
            "rules_refused",
            "hold_expired",
            "invalid",
            "invalid_transition",
        }
        with as_owner():
            live = Booking.objects.filter(ride__departure=departure).exclude(status="cancelled")
            assert not live.exists()
            assert not departure.seats.exclude(booking=None, hold=None).exists()
        with acting_as(SERVICE):
            assert check_ledger() == []


def test_capacity_never_falls_below_what_is_being_sold(rounds):
    tours = Tours(seats=8)
    for n in range(rounds(3, 20)):
        departure = tours.depart(day=10 + n)
        results = all_at_once(
            [
                *(buyer(departure, n, 2) for n in range(4)),
                *(as_staff(change_capacity, departure, seats) for seats in (3, 6)),
            ]
        )
        assert set(tally(results)) <= {"won", "dates_taken", "invalid"}
        with as_owner():
            assert taken(departure) <= TourDeparture.objects.get(pk=departure.pk).capacity
        with acting_as(SERVICE):
            assert check_ledger() == []
