"""A booking by hand: prefilled, priced, made through the verb, and refused in words."""

import re
from datetime import timedelta

import pytest

from bookings.models import Booking, CarAvailability
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from cars.models import Car, Fee
from cars.models.fleet import EVERY_DAY
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


def body(response):
    return response.content.decode()


def typed(car, start, end, **more):
    return {
        "car": car.pk,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "full_name": "Aisha Khan",
        "email": "aisha@example.com",
        "phone": "",
        "language": "fr",
        "pick_up": "",
        "drop_off": "",
        "special_requests": "",
        "key": "k1",
    } | more


def test_the_form_is_prefilled_from_the_calendar_and_shows_the_price(desk):
    car, start = CarFactory(), in_days(3)
    text = body(desk.get(f"/staff/bookings/new/?car={car.pk}&start={start.isoformat()}"))
    assert f'value="{car.pk}" checked>' in flat(text)
    assert text.count(f'value="{start.isoformat()}"') == 2
    assert "€240" in text


def test_a_booking_by_hand_is_pending_and_in_the_inbox(desk):
    car, start = CarFactory(), in_days(3)
    elsewhere = LocationFactory()
    answer = desk.post("/staff/bookings/new/", typed(car, start, start, drop_off=elsewhere.pk))
    with as_owner():
        booking = Booking.objects.get()
        assert (booking.source, booking.status, booking.language) == ("staff", "pending", "fr")
        assert (booking.pick_up, booking.drop_off) == (car.location, elsewhere)
        assert booking.inbox_items.get().status == "pending"
        assert booking.changes.get().actor == desk.user
        assert CarAvailability.objects.get().date == start
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")


def test_a_car_changes_hands_only_where_the_day_is_the_same_day(desk):
    car, over_the_sea = CarFactory(), LocationFactory(time_zone="Atlantic/Madeira")
    answer = desk.post("/staff/bookings/new/", typed(car, in_days(3), in_days(3), drop_off=over_the_sea.pk))
    assert answer.status_code == 422
    assert f"This car changes hands at: {car.location.name}" in body(answer)


def test_the_same_form_twice_makes_one_booking(desk):
    data = typed(CarFactory(), in_days(3), in_days(4))
    assert desk.post("/staff/bookings/new/", data).url == desk.post("/staff/bookings/new/", data).url
    with as_owner():
        assert Booking.objects.count() == 1


def test_taken_days_are_a_409_with_what_is_free_instead(desk):
    car, sister, start = CarFactory(), CarFactory(), in_days(3)
    make_booking(car=car, start=start, length=2)
    answer = desk.post("/staff/bookings/new/", typed(car, start, start))
    text = body(answer)
    assert answer.status_code == 409
    assert "is booked." in text
    assert 'value="Aisha Khan"' in text
    assert f'name="instead" value="{sister.pk}/{start.isoformat()}/{start.isoformat()}"' in flat(text)
    chosen = desk.post(
        "/staff/bookings/new/",
        typed(car, start, start, instead=f"{sister.pk}/{start.isoformat()}/{start.isoformat()}"),
    )
    assert (chosen.status_code, 'value="Aisha Khan"' in body(chosen)) == (200, True)
    assert f'value="{sister.pk}" checked>' in flat(chosen)


def test_broken_rules_are_a_422_in_words(desk):
    car = CarFactory(min_days=3)
    answer = desk.post("/staff/bookings/new/", typed(car, in_days(3), in_days(3)))
    assert answer.status_code == 422
    assert "Rent this car for at least 3 days." in body(answer)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"full_name": ""}, "Enter the customer&#x27;s full name"),
        ({"email": "aisha"}, "Enter an email address in the correct format"),
        ({"car": ""}, "Choose a car"),
        ({"start": ""}, "Choose a pick-up day"),
        ({"end": "2001-01-01"}, "Return day must be the same as or after the pick-up day"),
    ],
)
def test_a_form_with_holes_is_a_422_with_a_summary(desk, wrong, sentence):
    answer = desk.post("/staff/bookings/new/", typed(CarFactory(), in_days(3), in_days(3)) | wrong)
    assert answer.status_code == 422
    assert sentence in body(answer)
    with as_owner():
        assert not Booking.objects.exists()


def test_only_managers_make_exceptions_to_rules_and_say_why(desk, manager):
    data = typed(CarFactory(min_days=3), in_days(3), in_days(3), override="An old customer")
    assert desk.post("/staff/bookings/new/", data).status_code == 422
    assert manager.post("/staff/bookings/new/", data | {"key": "k2"}).status_code == 303
    with as_owner():
        assert Booking.objects.get().changes.get().reason == "An old customer"


def test_the_price_alone_is_rendered_for_htmx(desk):
    car, start = CarFactory(), in_days(3)
    answer = desk.htmx(f"/staff/bookings/new/?car={car.pk}&start={start}&end={start + timedelta(days=1)}")
    assert "<html" not in body(answer)
    assert "€480" in body(answer)


def test_retired_cars_cannot_be_chosen(desk):
    CarFactory(status=Car.Status.RETIRED, make="Gone")
    assert "Gone" not in body(desk.get("/staff/bookings/new/"))


def test_every_broken_rule_is_named_with_another_car_one_press_away(desk):
    start, sister = in_days(20), CarFactory()
    car = CarFactory(max_days=2, pickup_weekdays=EVERY_DAY ^ 1 << start.weekday())
    days = (start, start + timedelta(days=3))
    answer = desk.post("/staff/bookings/new/", typed(car, *days))
    summary = body(answer).partition('id="errors"')[2].partition("</ul>")[0]
    assert (answer.status_code, summary.count("<li>")) == (422, 2)
    choice = f'name="instead" value="{sister.pk}/{days[0]}/{days[1]}"'
    assert choice in flat(answer)
    assert choice in flat(desk.get(f"/staff/bookings/new/?car={car.pk}&start={days[0]}&end={days[1]}"))


def test_the_same_booking_by_page_and_by_api_is_one(desk):
    """A retry is known as one wherever it comes in; another one with that key is refused."""
    car, start = CarFactory(), in_days(3)
    form = typed(car, start, start, pick_up=car.location_id, special_requests="Late\r\narrival")
    assert desk.post("/staff/bookings/new/", form).status_code == 303
    sent = {
        "carId": car.pk,
        "startDate": f"{start}",
        "endDate": f"{start}",
        "customer": {"fullName": "Aisha Khan", "email": "aisha@example.com"},
        "specialRequests": "Late\narrival",
        "language": "fr",
        "source": "staff",
    }
    again = Api(user=desk.user).post("/api/bookings", sent, Idempotency_Key="k1")
    other = Api(user=desk.user).post("/api/bookings", sent | {"source": "api"}, Idempotency_Key="k1")
    with as_owner():
        booking = Booking.objects.get()
    assert (again.status_code, again.json()["bookingId"]) == (201, str(booking.pk))
    assert error(other) == (422, "idempotency_key_reused")


def agreed_on(page):
    return re.search(r'name="agreed"[^>]* value="([^"]*)"', body(page))[1]


def total():
    with as_owner():
        return Booking.objects.get().total


def test_staff_agree_to_what_their_form_shows(desk):
    car = CarFactory(daily_rate="130.00")
    day = in_days(10)
    page = desk.get(f"/staff/bookings/new/?car={car.pk}&start={day}")
    for seen in ("", agreed_on(page)):
        with as_owner():
            Car.objects.update(daily_rate="180.00" if seen else "130.00")
        page = desk.post("/staff/bookings/new/", typed(car, day, day) | {"agreed": seen})
        assert page.status_code == 422
        assert "The price is now" in flat(body(page))
    form = typed(car, day, day) | {"agreed": agreed_on(page)}
    assert desk.post("/staff/bookings/new/", form).status_code == 303
    assert total() == 180
    with as_owner():
        Car.objects.update(daily_rate="1.00")
    assert desk.post("/staff/bookings/new/", form).status_code == 303


def test_the_offer_to_staff_counts_the_places(desk):
    car, there = CarFactory(), CarFactory().location
    with as_owner():
        Fee.objects.create(name="One-way", kind="one_way", amount="77.00")
    days = f"start={in_days(3)}&end={in_days(3)}"
    page = desk.get(f"/staff/bookings/new/?car={car.pk}&{days}&drop_off={there.pk}")
    assert "€77" in body(page)
