"""Departures by the clock: closed at the cut-off, shown to staff where too few come, and over in the end."""

from datetime import timedelta

import pytest

from bookings.lifecycle.departures.due import advance_departures
from bookings.models import TourDeparture
from bookings.tests.support.tours import Tours, book_seats
from cars.models import Tour
from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def departure():
    tours = Tours(seats=8)
    with as_owner():
        Tour.objects.filter(pk=tours.tour.pk).update(min_passengers=4)
    return tours.depart(cutoff_minutes=120)


def advance(at):
    with acting_as(SERVICE, actor="job"):
        return advance_departures(at)


def state(departure):
    with as_owner():
        return TourDeparture.objects.get(pk=departure.pk).status


def shown():
    with as_owner():
        return InboxItem.objects.filter(kind="too_few", status="pending").count()


def test_it_closes_at_its_cut_off_and_is_over_at_its_end(departure):
    assert advance(departure.sold_until - timedelta(seconds=1)) == 0
    assert state(departure) == "open"
    assert (advance(departure.sold_until), state(departure)) == (1, "closed")
    assert (advance(departure.ends_at - timedelta(seconds=1)), state(departure)) == (0, "closed")
    assert (advance(departure.ends_at), state(departure)) == (1, "done")
    assert advance(departure.ends_at) == 0


@pytest.mark.parametrize(("people", "items"), [((1, 2), 2), ((2, 2), 0), ((), 0)])
def test_staff_see_its_bookings_once_where_too_few_come(departure, people, items):
    for n in people:
        book_seats(departure, n)
    advance(departure.sold_until)
    assert shown() == items
    with as_owner():
        InboxItem.objects.filter(kind="too_few").update(status="done")
    advance(departure.sold_until + timedelta(minutes=15))
    assert shown() == 0
