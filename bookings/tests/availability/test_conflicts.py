"""A change of rules in the admin shows the future bookings it contradicts, and is saved only when they are kept."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bookings.availability.conflicts import facts_about
from bookings.lifecycle.keys.handover import HandOver, hand_over
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    make_extra,
    make_manager,
)
from cars.models import Car, Extra, Fleet, Location
from exodrive.rls import LOGIN, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db


def found(car, **rules):
    """The references of bookings that something more contradicts once the car has these rules."""
    with as_owner():
        before = facts_about(Car, car.pk)
        was = Car.objects.filter(pk=car.pk).values(*rules).get() if rules else {}
        Car.objects.filter(pk=car.pk).update(**rules)
        now = facts_about(Car, car.pk)
        Car.objects.filter(pk=car.pk).update(**was)
    return [booking.partition(" ")[0] for booking, facts in now.items() if facts - before[booking]]


def test_only_future_bookings_that_the_rules_forbid_are_named():
    car = CarFactory()
    short = make_booking(car=car, start=in_days(3), length=2)
    long = make_booking(car=car, start=in_days(10), length=6, status="upcoming")
    make_booking(car=car, start=in_days(30), length=2, status="cancelled")
    make_booking(car=car, start=in_days(-9), length=2, status="active")
    assert found(car, min_days=3) == [short.reference]
    assert found(car, max_days=5) == [long.reference]
    assert found(car, status="maintenance") == [short.reference, long.reference]
    assert found(car, pickup_weekdays=1 << in_days(3).weekday()) == []  # the other one begins a week later
    assert found(car, pickup_weekdays=1 << in_days(4).weekday()) == [short.reference, long.reference]
    assert found(car, buffer_days=5) == []
    assert found(car, buffer_days=6) == [long.reference]


@pytest.mark.parametrize(
    ("zone", "hour", "future"),
    [
        ("America/Los_Angeles", 3, True),  # the evening before, there: its last day is the one before UTC's
        ("Pacific/Auckland", 20, False),  # the next morning, there
    ],
)
def test_which_bookings_are_to_come_is_said_by_the_clock_of_their_place(zone, hour, future):
    """An instant at which UTC's date and the place's are not the same, and a booking that ends on the earlier one."""
    place = LocationFactory(time_zone=zone)
    utc = datetime.combine(in_days(30), time(hour), tzinfo=UTC)
    earlier = min(utc.date(), place.today(utc))
    booking = make_booking(car=CarFactory(location=place), start=earlier - timedelta(days=1), length=2)
    with as_owner():
        named = [name.partition(" ")[0] for name in facts_about(Location, place.pk, utc)]
    assert named == ([booking.reference] if future else [])


def test_extras_are_too_many_on_the_days_by_which_a_car_left_early():
    seat = make_extra(stock=2)
    booking = make_booking(start=in_days(3), length=2, status="upcoming", extras=((seat, 1),))
    with acting_as(STAFF):
        hand_over(booking=booking, at=timezone.now(), record=HandOver(early=True))
    make_booking(start=in_days(1), length=1, extras=((seat, 1),))
    with as_owner():
        Extra.objects.filter(pk=seat.pk).update(stock=1)
        facts = facts_about(Extra, seat.pk)
    found = {name.partition(" ")[0] for name, said in facts.items() if f"too many of {seat.pk}" in said}
    assert booking.reference in found
    assert len(found) == 2


@pytest.fixture
def manager():
    client = Client()
    with acting_as(LOGIN):
        client.force_login(make_manager())
    return client


def fleet_form(**changes):
    return {
        "name": "Exodrive",
        "min_days": 1,
        "max_days": 28,
        "buffer_days": 0,
        "horizon_days": 365,
        "lead_time_hours": 0,
        "cut_off_hour": 12,
        "pickup_weekdays": list(range(7)),
        "dropoff_weekdays": list(range(7)),
        "terms-TOTAL_FORMS": 0,
        "terms-INITIAL_FORMS": 0,
        **changes,
    }


def test_the_fleets_rules_are_changed_with_a_look_at_the_bookings(manager):
    booking = make_booking(start=in_days(5), length=2)
    with as_owner():
        fleet = Fleet.objects.get()
    url = f"/admin/cars/fleet/{fleet.pk}/change/"
    page = manager.post(url, fleet_form(min_days=3))
    assert page.status_code == 200
    assert booking.reference in page.content.decode()
    with as_owner():
        assert Fleet.objects.get().min_days == 1
    assert manager.post(url, fleet_form(min_days=3, keep_bookings="on")).status_code == 302
    with as_owner():
        assert Fleet.objects.get().min_days == 3


def test_weekdays_are_ticked(manager):
    CarFactory()
    with as_owner():
        fleet = Fleet.objects.get()
    url = f"/admin/cars/fleet/{fleet.pk}/change/"
    page = manager.get(url).content.decode()
    assert page.count("checked") == 14
    assert manager.post(url, fleet_form(pickup_weekdays=[0, 4])).status_code == 302
    with as_owner():
        assert Fleet.objects.get().pickup_weekdays == 0b0010001
    refused = manager.post(url, fleet_form(pickup_weekdays=[]))
    assert "Choose at least one weekday." in refused.content.decode()


@pytest.mark.parametrize("model", ["fleet", "closedday", "season", "discount", "fee", "extra"])
def test_managers_add_what_prices_and_rules_are_made_of_and_the_desk_looks(manager, model):
    assert manager.get(f"/admin/cars/{model}/add/").status_code == 200
    assert manager.get(f"/admin/cars/{model}/").status_code == 200
    desk = Client()
    with acting_as(LOGIN):
        desk.force_login(make_desk())
    assert desk.get(f"/admin/cars/{model}/").status_code == 200
    assert desk.get(f"/admin/cars/{model}/add/").status_code == 403
