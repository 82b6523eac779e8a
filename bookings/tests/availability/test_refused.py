"""Days that no car can be rented on because of its rules: what is said, and what can be had instead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.refused import AROUND, refused
from bookings.availability.rules import reasons
from bookings.days import Days
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_block, make_booking
from cars.models import Car, ClosedDay
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public():
    with acting_as(PUBLIC):
        yield


def answer(start, length, cars=None):
    at = timezone.now()
    found = refused(cars or list(Car.objects.all()), Days.starting(start, length), at)
    assert found is not None
    for fix in found.fixes:
        assert any(not reasons(car, fix, at) for car in Car.objects.all())
    return found


def test_days_that_the_rules_of_any_car_allow_are_not_refused():
    CarFactory(min_days=5)
    CarFactory()
    cars = list(Car.objects.all())
    assert refused(cars, Days.starting(in_days(10), 2), timezone.now()) is None
    assert refused([], Days.starting(in_days(10), 2), timezone.now()) is None


def test_too_long_is_answered_with_the_longest():
    CarFactory(max_days=5)
    CarFactory(max_days=7)
    found = answer(in_days(10), 20)
    assert found.sentences == ["Rentals last 7 days at most."]
    assert found.fixes[0] == Days.starting(in_days(10), 7)


def test_a_closed_pick_up_day_is_answered_with_the_nearest_open_ones():
    place = LocationFactory(name="Annecy")
    CarFactory(location=place)
    with as_owner():
        ClosedDay.objects.create(location=place, date=in_days(10))
    found = answer(in_days(10), 3)
    assert found.sentences[0].startswith("Annecy is closed on ")
    assert found.fixes[0] == Days.starting(in_days(11), 3)


def test_beyond_the_horizon_is_answered_with_the_last_days_before_it():
    CarFactory(horizon_days=30)
    found = answer(in_days(400), 2)
    assert found.sentences[0].startswith("You can book until ")
    assert found.fixes[0] == Days.starting(in_days(29), 2)


def test_short_notice_is_answered_with_the_first_days_that_leave_enough():
    CarFactory(lead_time_hours=48)
    CarFactory(lead_time_hours=72)
    found = answer(in_days(1), 2)
    assert found.sentences == ["Book at least 48 hours before pick-up."]
    assert in_days(2) <= found.fixes[0].start <= in_days(3)


def test_a_week_from_saturday_to_saturday_is_found_for_a_weekend():
    CarFactory(pickup_weekdays=1 << 5, dropoff_weekdays=1 << 5, min_days=7)
    monday = in_days(14) + timedelta(days=-in_days(14).weekday() % 7)
    found = answer(monday, 2)
    assert found.fixes[0].start.weekday() == found.fixes[0].end.weekday() == 5
    assert len(found.fixes[0]) == 8


def test_days_that_are_booked_are_not_offered():
    car = CarFactory(min_days=2)
    make_booking(car=car, start=in_days(10), length=4)
    found = answer(in_days(12), 1)
    assert found.fixes
    assert all(fix.end < in_days(10) or fix.start > in_days(13) for fix in found.fixes)


def test_nothing_is_offered_where_nothing_is_near():
    car = CarFactory(min_days=2)
    make_block(car=car, start=in_days(1), length=2 * AROUND + 20)
    assert answer(in_days(AROUND + 5), 1).fixes == []
