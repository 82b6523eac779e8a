"""A car that should be back and is not is not offered online for today. Staff are not bound, and other days are free."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.alternatives import nearest_ranges, next_free_of
from bookings.availability.as_of import AsOf
from bookings.availability.calendar import day_states
from bookings.availability.free_cars import free_cars
from bookings.availability.holds import place_hold
from bookings.availability.ledger import reasons
from bookings.availability.still_out import is_back
from bookings.days import Days
from bookings.errors import RulesRefused
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.transitions import cancel
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_manager
from bookings.views.date_selection import window_of
from cars.models import Car
from exodrive.rls import PUBLIC, STAFF, acting_as

pytestmark = pytest.mark.django_db


def morning():
    """Today at nine, so that there is a time left to pick a car up."""
    return timezone.now().replace(hour=8, minute=0, second=0, microsecond=0)


def out_since(days, length=2, **fields):
    booking = make_booking(start=in_days(-days), length=length, status="active", **fields)
    with acting_as(STAFF):
        return hand_over(booking=booking, at=timezone.now() - timedelta(hours=1 if days else 0))


def codes(car, start, role=PUBLIC, length=2):
    at = morning()
    with acting_as(role):
        found = reasons(car, Days.starting(in_days(start, at), length), as_of=AsOf(at))
        free = free_cars(Days.starting(in_days(start, at), length), AsOf(at)).filter(pk=car.pk).exists()
    return [reason.code for reason in found], free


def test_a_late_car_is_not_offered_for_today_and_is_for_tomorrow():
    car = CarFactory(cut_off_hour=24)
    assert codes(car, 0) == ([], True)
    out_since(4, car=car)
    assert codes(car, 0) == (["still_out"], False)
    assert codes(car, 1) == ([], True)
    with acting_as(PUBLIC), pytest.raises(RulesRefused, match="cannot be rented") as refusal:
        place_hold(car=car, days=Days.starting(in_days(0, morning()), 2), at=morning())
    assert [reason.code for reason in refusal.value.details["reasons"]] == ["still_out"]
    with acting_as(PUBLIC):
        tomorrow = Days.starting(in_days(1, morning()), 2)
        assert in_days(0, morning()) not in [
            near.start for near in nearest_ranges(car, tomorrow, as_of=AsOf(morning()))
        ]


def test_staff_know_better_when_it_comes_back():
    car = CarFactory(cut_off_hour=24)
    out_since(4, car=car)
    assert codes(car, 0, STAFF)[0] == []


def test_a_car_that_is_out_in_its_time_or_was_never_given_is_not_late():
    cars = [
        out_since(2, length=3).car,
        make_booking(start=in_days(-4), length=2, status="active").car,
        out_since(4).car,
    ]
    with acting_as(PUBLIC):
        back = set(Car.objects.filter(is_back(timezone.now())))
    assert [car in back for car in cars] == [True, True, False]


def test_a_car_of_a_cancelled_booking_is_late_until_it_is_back():
    car = CarFactory(cut_off_hour=24)
    booking = out_since(0, length=5, car=car)
    with acting_as(STAFF, user=make_manager()):
        cancel(booking=booking, at=timezone.now(), still_out=True)
    assert codes(car, 0) == (["still_out"], False)


def test_calendars_show_a_late_car_as_the_refusal_decides():
    car = CarFactory(cut_off_hour=24)
    out_since(4, car=car)
    today = in_days(0, morning())
    for role, expected in ((PUBLIC, ("booked", "still_out")), (STAFF, ("free", None))):
        with acting_as(role):
            shown = day_states(car, today, today + timedelta(days=1), as_of=AsOf(morning()))
            window = window_of(car, as_of=AsOf(morning()))
        assert (shown[0].state, shown[0].reason and shown[0].reason.code) == expected
        assert (window.why_not(today) == "booked") == (role == PUBLIC)
        assert shown[1].is_free
        assert not window.why_not(today + timedelta(days=1))


def test_when_late_cars_are_free_again_is_asked_at_once(django_assert_num_queries):
    cars = [CarFactory(cut_off_hour=24) for _ in range(3)]
    late = [out_since(4, car=car).car for car in cars[:2]]
    days = Days.starting(in_days(0, morning()), 2)
    with acting_as(PUBLIC), django_assert_num_queries(3):
        again = next_free_of(cars, days, at=morning())
    assert {pk: near.start - days.start for pk, near in again.items()} == {
        **{car.pk: timedelta(days=1) for car in late},
        cars[2].pk: timedelta(0),
    }
    with acting_as(PUBLIC), django_assert_num_queries(2):
        next_free_of(cars, Days.starting(in_days(2, morning()), 2), at=morning())
