"""Rides in the inbox: told apart from rentals, moved by their own acts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.lifecycle.rides.request import RideDetails
from bookings.lifecycle.transitions import transition
from bookings.models import Booking
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import move_to
from bookings.tests.support.site import text_of
from exodrive.rls import SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def ride():
    details = RideDetails(from_text="Blue door 7", flight_number="LY322", sign_name="Ms Silva")
    return Chauffeurs(name="Driver by the hour").book(details=details, passengers=2, bags=1)


def test_the_inbox_says_when_and_what_it_is(desk, ride):
    words = text_of(desk.get(reverse("inbox")))
    assert "10:00 – 12:00 By the hour" in words
    assert "1 day" not in words


def test_its_page_says_all_that_its_driver_needs(desk, ride):
    words = text_of(desk.get(reverse("staff_booking", args=[ride.pk])))
    for part in ("Begins", "Driver by the hour", "Blue door 7", "LY322", "Ms Silva", "Passengers 2 · 1 bag"):
        assert part in words
    for act in ("Hand over", "No-show", "Swap car"):
        assert act not in words


def test_it_is_confirmed_and_done_with_one_press_each(desk, ride):
    def press(to):
        return desk.post(reverse("staff_transition", args=[ride.pk]), {"to": to, "from": status()})

    def status():
        with as_owner():
            return Booking.objects.get(pk=ride.pk).status

    assert press("completed").status_code == 400  # not before it began
    press("upcoming")
    assert status() == "upcoming"
    with acting_as(SERVICE):
        transition(
            booking=Booking.objects.get(pk=ride.pk), to="active", at=timezone.now() + timedelta(days=10)
        )
    assert "Done" in text_of(desk.get(reverse("staff_booking", args=[ride.pk])))
    press("completed")
    assert status() == "completed"
    words = text_of(desk.get(reverse("staff_booking", args=[ride.pk])))
    assert "Undo the return" not in words
    assert "Correct the return" not in words


@pytest.mark.parametrize("name", ["staff_hand_over", "staff_swap", "staff_no_show", "staff_take_back"])
def test_what_is_done_with_keys_is_refused(manager, ride, name):
    move_to(ride, "upcoming")
    page = manager.post(reverse(name, args=[ride.pk]), {"from": "upcoming", "odometer": "10", "early": "on"})
    assert page.status_code in (400, 404, 422)
    with as_owner():
        assert Booking.objects.get(pk=ride.pk).handed_over_at is None
