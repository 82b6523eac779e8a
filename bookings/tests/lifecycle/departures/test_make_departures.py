"""`manage.py make_departures`: the same weekdays of the next weeks, again and again without making one twice."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from bookings.availability.audit import check_ledger
from bookings.models import TourDeparture
from bookings.tests.support.tours import Tours
from exodrive.rls import SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def tours():
    return Tours(seats=8, slug="hills")


def make(tours, clock="09:30", **options):
    out = StringIO()
    call_command("make_departures", "hills", tours.car.slug, clock, stdout=out, **options)
    return out.getvalue()


def begins(tours):
    with as_owner():
        found = TourDeparture.objects.order_by("starts_at").values_list("starts_at", flat=True)
        return [at.astimezone(tours.place.zone) for at in found]


def test_it_makes_each_weekday_of_the_next_weeks_at_the_same_clock_time(tours):
    assert make(tours, weekdays=[1, 4], weeks=3, seats=5, language="fr") == "Departures made: 6\n"
    local = begins(tours)
    assert {(f"{at:%H:%M}", at.weekday()) for at in local} == {("09:30", 1), ("09:30", 4)}
    assert local[-1].date() - local[0].date() < timedelta(weeks=3)
    with as_owner():
        assert set(TourDeparture.objects.values_list("capacity", "language")) == {(5, "fr")}
    with acting_as(SERVICE):
        assert check_ledger() == []


def test_run_again_it_makes_only_what_is_missing(tours):
    make(tours, weekdays=[2], weeks=2)
    printed = make(tours, weekdays=[2], weeks=3)
    assert printed.startswith("Departures made: 1\n")
    assert printed.count("the car is taken") == 2
    assert len(begins(tours)) == 3


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"clock": "half past nine"}, "hours:minutes"),
        ({"seats": 9}, "8 passengers"),
        ({"language": "pt"}, "not told in this language"),
    ],
)
def test_what_cannot_be_is_said(tours, more, words):
    with pytest.raises(CommandError, match=words):
        make(tours, **more)
    assert begins(tours) == []


def test_an_unknown_tour_or_car_is_said(tours):
    with pytest.raises(CommandError, match="no such tour"):
        call_command("make_departures", "nowhere", tours.car.slug, "09:30")
    with pytest.raises(CommandError, match="no such car"):
        call_command("make_departures", "hills", "nowhere", "09:30")
