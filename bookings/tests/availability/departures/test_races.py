"""The last seats: threads on a real PostgreSQL, with a control that must fail."""

import time

import pytest

from bookings.availability.audit import check_ledger
from bookings.availability.departures import seats
from bookings.availability.rides import holds
from bookings.errors import DatesTaken
from bookings.models import DepartureSeat
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.tours import Tours, book_seats, hold_seats
from exodrive.rls import SERVICE, acting_as, as_owner

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
