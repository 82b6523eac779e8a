"""Rides on the day sheet: in a section of their own by the clock, and done together with one press."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.lifecycle.rides.request import RideDetails
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days, make_booking, move_to
from bookings.tests.support.site import text_of
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.desk.schedule import today

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return Chauffeurs(cars=2, name="Driver by the hour")


def sheet(desk, **asked):
    return desk.get(reverse("staff_today"), asked)


def begins_today(booking):
    """The days that lists go by; when it is ridden stays as it was."""
    with as_owner():
        here = booking.pick_up.today(timezone.now())
        Booking.objects.filter(pk=booking.pk).update(start_date=here, end_date=here)


def test_rides_of_a_day_stand_by_the_clock_with_what_drivers_need(desk, world):
    world.book("15:00", minutes=60, who=Person("Bob Lee", "bob@example.com"))
    world.book("09:00", details=RideDetails(from_text="Blue door 7"))
    words = text_of(sheet(desk, day=str(in_days(DAY))))
    assert "Rides 2" in words
    assert words.index("Marta") < words.index("Bob Lee")
    assert "Driver by the hour" in words
    assert "From: Blue door 7" in words
    assert "Pick-ups 0" in words


def test_without_rides_nothing_is_said_of_them(desk):
    make_booking(start=in_days(DAY))
    assert "Rides" not in text_of(sheet(desk, day=str(in_days(DAY))))


def test_one_that_is_over_waits_to_be_done_and_is_no_overdue_car(desk, world):
    ride = world.book()
    begins_today(ride)
    move_to(ride, "active")
    with acting_as(STAFF):
        due = today.due(timezone.now())
    assert (due.rides, due.pickups, due.returns, due.overdue) == (1, 0, 0, 0)
    words = text_of(sheet(desk))
    assert "Rides 1" in words
    assert "Done" in words
    assert "late" not in words.lower().split("rides 1")[1].split("action")[0]


def test_many_rides_take_as_many_queries_as_one(desk, world):
    world.book("08:00", minutes=60)
    with CaptureQueriesContext(connection) as one:
        sheet(desk, day=str(in_days(DAY)))
    for n in range(4):
        world.book(f"{10 + 2 * n}:00", minutes=60, who=Person(f"Guest {n}", f"guest-{n}@example.com"))
    with CaptureQueriesContext(connection) as many:
        sheet(desk, day=str(in_days(DAY)))
    assert len(many) <= len(one)


def test_several_are_done_at_once_and_a_rental_says_why_not(desk, world):
    rides = [world.book(), world.book(who=Person("Bob Lee", "bob@example.com"))]
    rental = make_booking(start=in_days(-1), length=3, status="active", who=Person("Cy Ha", "cy@example.com"))
    for ride in rides:
        move_to(ride, "active")
    picked = [f"{one.pk}:active" for one in (*rides, rental)]
    words = text_of(desk.post(reverse("staff_several"), {"act": "done", "picked": picked}))
    assert "The car of a rental has to be taken back first." in words
    with as_owner():
        found = dict(Booking.objects.values_list("pk", "status"))
    assert [found[one.pk] for one in (*rides, rental)] == ["completed", "completed", "active"]
    again = text_of(desk.post(reverse("staff_several"), {"act": "done", "picked": picked[:1]}))
    assert "moved this booking to Completed" in again
