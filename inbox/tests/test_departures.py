"""Departures as staff work with them: made and changed in the admin, called off there, and shown where too few come."""

import pytest
from django.urls import reverse

from bookings.availability.audit import check_ledger
from bookings.lifecycle.departures.due import advance_departures
from bookings.models import Booking, TourDeparture
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.site import text_of
from bookings.tests.support.tours import Tours, book_seats, sold
from cars.models import Tour
from exodrive.rls import SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db
ADD = "admin:bookings_tourdeparture_add"
LIST = "admin:bookings_tourdeparture_changelist"


@pytest.fixture
def tours():
    return Tours(seats=8)


@pytest.fixture(autouse=True)
def proof():
    yield
    with acting_as(SERVICE):
        assert check_ledger() == []


def typed(tours, **more):
    usual = {"tour": tours.tour.pk, "car": tours.car.pk, "day": f"{in_days(9):%d/%m/%Y}", "time": "10:00"}
    return usual | {"weeks": 1, "language": "en", "capacity": "", "cutoff_minutes": 60} | more


def departures():
    with as_owner():
        return list(TourDeparture.objects.order_by("starts_at"))


def test_a_manager_makes_one_and_the_same_on_the_next_weeks(manager, tours):
    make_booking(car=tours.car, start=in_days(16), length=1)
    assert "How many weeks" not in text_of(manager.get(reverse(ADD)))
    pressed = manager.post(reverse(ADD), typed(tours, weeks=3), follow=True)
    assert pressed.redirect_chain == [(reverse(LIST), 302)]
    assert "2 departures made." in text_of(pressed)
    assert "the car is taken" in text_of(pressed)
    made = departures()
    assert [one.capacity for one in made] == [8, 8]
    local = [one.starts_at.astimezone(tours.place.zone) for one in made]
    assert [f"{at:%H:%M}" for at in local] == ["10:00", "10:00"]
    assert [at.date() for at in local] == [in_days(9), in_days(23)]


def test_pressed_twice_it_is_made_once(manager, tours):
    manager.post(reverse(ADD), typed(tours))
    again = manager.post(reverse(ADD), typed(tours))
    assert again.status_code == 422
    assert "the car is taken" in text_of(again)
    assert len(departures()) == 1


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"capacity": 9}, "capacity"),
        ({"language": "pt"}, "language"),
        ({"day": "01/01/2020"}, "time"),
        ({"day": "31/31/2031"}, "day"),
        ({"weeks": 99}, "weeks"),
        ({"car": ""}, "car"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(manager, tours, data, field):
    pressed = manager.post(reverse(ADD), typed(tours, **data))
    assert pressed.status_code == 422
    assert field in pressed.context["form"].errors
    assert departures() == []


def test_the_desk_looks_and_changes_nothing(desk, tours):
    departure = tours.depart()
    assert desk.get(reverse(LIST)).status_code == 200
    assert desk.post(reverse(ADD), typed(tours, time="15:00")).status_code == 403
    seats = reverse("admin:bookings_tourdeparture_seats", args=[departure.pk])
    assert desk.post(seats, {"capacity": 2}).status_code == 403
    cancel = {"action": "cancel", "_selected_action": [departure.pk], "reason": "Rain"}
    assert desk.post(reverse(LIST), cancel).status_code == 403
    assert [(one.status, one.capacity) for one in departures()] == [("open", 8)]


def test_the_number_of_seats_is_changed_as_far_as_they_are_free(manager, tours):
    departure = tours.depart()
    book_seats(departure, 3)
    seats = reverse("admin:bookings_tourdeparture_seats", args=[departure.pk])
    assert manager.get(seats).context["form"].initial == {"capacity": 8}
    refused = manager.post(seats, {"capacity": 2})
    assert refused.status_code == 422
    assert "3 seats are taken." in text_of(refused)
    assert "The departure has 4 seats now." in text_of(manager.post(seats, {"capacity": 4}, follow=True))
    assert departures()[0].capacity == 4


def test_calling_off_asks_why_and_then_cancels_with_its_bookings(manager, tours):
    departure = tours.depart()
    booking = book_seats(departure, 3)
    asked = manager.post(reverse(LIST), {"action": "cancel", "_selected_action": [departure.pk]})
    assert "3 seats sold" in text_of(asked)
    assert departures()[0].status == "open"
    sent = {"action": "cancel", "_selected_action": [departure.pk], "reason": " "}
    assert manager.post(reverse(LIST), sent).status_code == 422
    done = manager.post(reverse(LIST), sent | {"reason": "The road is closed."}, follow=True)
    assert "1 departure cancelled." in text_of(done)
    assert departures()[0].status == "cancelled"
    assert sold(departure) == 0
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).status == "cancelled"
        assert booking.emails.filter(template="booking_cancelled").exists()


def test_the_inbox_says_where_too_few_come(desk, tours):
    with as_owner():
        Tour.objects.filter(pk=tours.tour.pk).update(min_passengers=4)
    departure = tours.depart()
    booking = book_seats(departure, 1)
    with acting_as(SERVICE, actor="job"):
        advance_departures(departure.sold_until)
    assert "Too few passengers" in text_of(desk.get(reverse("inbox")))
    shown = text_of(desk.get(reverse("staff_booking", args=[booking.pk])))
    assert "does not reach the smallest number of passengers" in shown


def test_the_calendar_shows_the_day_of_a_departure(desk, tours):
    book_seats(tours.depart(day=3), 2)
    shown = desk.get(reverse("staff_calendar"))
    assert shown.status_code == 200
    assert "1×" in text_of(shown)
