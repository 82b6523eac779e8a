"""A ride by phone: staff say what the customer says, see the price at once, and it is booked through the same verb."""

import re

import pytest
from django.urls import reverse

from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days, make_extra
from bookings.tests.support.site import text_of
from cars.models import RideRate
from cars.tests.support.rides import make_service
from exodrive.rls import as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
PAGE = "/staff/rides/new/"


@pytest.fixture
def world():
    return Chauffeurs(name="Driver by the hour")


def wish(world, **more):
    said = {"service": world.service.slug, "day": str(in_days(DAY)), "time": "10:00", "duration": "120"}
    return said | {"passengers": "2", "bags": "1"} | more


def filled_in(world, **more):
    who = {"full_name": "Marta Silva", "phone": "+351 912 345 678", "email": "marta@example.com"}
    return wish(world) | who | {"language": "pt", "key": "k-1"} | more


def booked():
    with as_owner():
        return list(Booking.objects.select_related("ride").order_by("created_at"))


def test_the_calendar_leads_to_it(desk, world):
    assert PAGE in desk.get(reverse("staff_calendar")).content.decode()


def test_without_a_service_it_says_so(desk):
    answer = desk.get(PAGE)
    assert answer.status_code == 404
    assert "No service is offered" in text_of(answer)
    assert PAGE not in desk.get(reverse("staff_calendar")).content.decode()


def test_looking_shows_the_price_and_books_nothing(desk, world):
    words = text_of(desk.post(PAGE, wish(world, show="1", full_name="Marta Silva")))
    assert "€180" in words
    assert "ends 12:00" in words
    assert not booked()
    live = desk.post(PAGE, wish(world), headers={"HX-Request": "true", "HX-Target": "offer"})
    assert "€180" in text_of(live)
    assert "<html" not in live.content.decode()


def test_it_is_booked_for_the_customer_and_told(desk, world):
    answer = desk.post(PAGE, filled_in(world, from_text="Blue door 7", special_requests="Child seat"))
    assert answer.status_code == 303
    [booking] = booked()
    assert (booking.kind, booking.status, booking.source, booking.language) == (
        "hourly",
        "pending",
        "staff",
        "pt",
    )
    assert (booking.ride.from_text, booking.ride.passengers, booking.ride.bags) == ("Blue door 7", 2, 1)
    assert booking.total == 180
    with as_owner():
        assert InboxEmail.objects.filter(booking=booking, template="booking_received").exists()


def test_confirmed_at_once_it_is_upcoming(desk, world):
    desk.post(PAGE, filled_in(world, confirm="1"))
    assert [one.status for one in booked()] == ["upcoming"]


def test_two_presses_book_once(desk, world):
    first = desk.post(PAGE, filled_in(world))
    again = desk.post(PAGE, filled_in(world))
    assert first.url == again.url
    assert len(booked()) == 1


def test_a_taken_time_is_said_with_what_is_free_and_one_press_takes_it(desk, world):
    world.book(who=Person("Bob Lee", "bob@example.com"))
    answer = desk.post(PAGE, filled_in(world))
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "No car of this class is free at that time." in text_of(answer)
    assert 'value="Marta Silva"' in page
    value = re.search(r'name="instead"\s+value="([^"]+)"', page)[1]
    looked = desk.post(PAGE, filled_in(world, instead=value))
    assert f'value="{value.split("/")[2]}"' in looked.content.decode()
    assert (
        desk.post(PAGE, filled_in(world, time=value.split("/")[2], day=value.split("/")[1])).status_code
        == 303
    )


def test_rules_are_said_and_only_a_manager_passes_them(desk, manager, world):
    early = filled_in(world, time="05:00", key="k-2")
    answer = desk.post(PAGE, early)
    assert answer.status_code == 422
    assert "override" not in answer.content.decode()
    assert not booked()
    passed = manager.post(PAGE, early | {"override": "A regular"})
    assert passed.status_code == 303
    assert len(booked()) == 1


def test_a_price_that_has_changed_is_said_before_it_is_owed(desk, world):
    page = desk.post(PAGE, wish(world, show="1")).content.decode()
    agreed = re.search(r'name="agreed" value="([^"]+)"', page)[1]
    with as_owner():
        world.service.rates.update(amount=100)
    answer = desk.post(PAGE, filled_in(world, agreed=agreed))
    assert answer.status_code in (409, 422)
    assert not booked()
    assert "€200" in text_of(answer)


@pytest.mark.parametrize(
    "wrong",
    [
        {"full_name": ""},
        {"email": "", "phone": ""},
        {"day": "tomorrow"},
        {"time": "25:00"},
        {"duration": "7"},
        {"passengers": "many"},
        {"passengers": "40"},
        {"class": "0"},
        {"bags": "-1"},
    ],
)
def test_what_is_wrong_is_named_and_nothing_typed_is_lost(desk, world, wrong):
    answer = desk.post(PAGE, filled_in(world, special_requests="Two child seats", **wrong))
    assert answer.status_code == 422
    assert 'class="errsum"' in answer.content.decode()
    assert "Two child seats" in answer.content.decode()
    assert not booked()


def test_a_transfer_asks_from_where_to_where_and_for_the_flight(desk, world):
    transfer = make_service(kind="transfer", location=world.place)
    with as_owner():
        rate = RideRate.objects.select_related("from_place", "to_place").get(service=transfer)
    page = desk.get(f"{PAGE}?service={transfer.slug}").content.decode()
    assert all(f'name="{name}"' in page for name in ("from", "to", "flight_number", "sign_name"))
    assert 'name="duration"' not in page
    said = {"service": transfer.slug, "from": rate.from_place.slug, "to": rate.to_place.slug}
    answer = desk.post(PAGE, filled_in(world, **said, flight_number="af 1234"))
    assert answer.status_code == 303, text_of(answer)
    [booking] = booked()
    assert (booking.kind, booking.ride.flight_number) == ("transfer", "AF1234")


def test_extras_are_counted_and_priced(desk, world):
    seat = make_extra(price=10, per="rental", stock=2, max_per_booking=2)
    desk.post(PAGE, filled_in(world, **{f"extra_{seat.pk}": "2"}))
    assert [one.total for one in booked()] == [200]


def test_a_visitor_and_the_public_see_nothing_of_it(client, world):
    assert client.get(PAGE).status_code == 302
    assert client.post(PAGE, filled_in(world)).status_code == 403
    assert not booked()
