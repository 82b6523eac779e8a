"""A booking by hand: prefilled, priced, made through the verb, and refused in words."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.lifecycle.request import Details, Person
from bookings.models import Booking, CarAvailability
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import (
    CarFactory,
    FleetFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
)
from cars.models import Car, Fee
from cars.models.fleet import EVERY_DAY
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat
from inbox.desk import offers

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


def looked(client, **fields):
    """The page after a press that only looks again."""
    return client.post("/staff/bookings/new/", {"show": "1"} | fields)


def days_of(start, end):
    return {"start": start.isoformat(), "end": end.isoformat()}


def listed(page):
    """The ids of the cars that are offered, in order."""
    return [int(pk) for pk in re.findall(r'name="car" value="(\d+)"', flat(page))]


def test_the_page_opens_with_the_cars_that_are_free_from_today(desk):
    free, taken = CarFactory(), CarFactory()
    make_booking(car=taken, start=in_days(1), length=1)
    page = desk.get("/staff/bookings/new/")
    assert listed(page) == [free.pk]
    assert f'value="{in_days(0)}"' in body(page)


def test_free_cars_come_with_plate_place_seats_and_the_price_of_these_days(desk):
    car = CarFactory(seats=7)
    text = flat(looked(desk, **days_of(in_days(3), in_days(5))))
    for said in map(str, (car.plate, car.location.name, "7 seats", "€720")):
        assert said in text
    with as_owner():
        assert not Booking.objects.exists()


def test_cars_are_found_by_place_seats_fleet_and_text(desk):
    small = CarFactory(seats=2, make="Opaline", plate="AB-123-CD")
    vans = FleetFactory(name="Vans")
    large = CarFactory(seats=9, fleet=vans)
    days = days_of(in_days(3), in_days(4))
    for wish, car in [
        ({"at_place": small.location_id}, small),
        ({"seats": 7}, large),
        ({"fleet": vans.pk}, large),
        ({"find": "opal"}, small),
        ({"find": "ab123"}, small),
        ({"find": large.location.name}, large),
    ]:
        assert listed(looked(desk, **days | wish)) == [car.pk]


def test_cars_come_by_the_page_and_the_chosen_one_stays_in_sight(desk):
    cars = [CarFactory(daily_rate=100 + n) for n in range(offers.PER_PAGE + 1)]
    days = days_of(in_days(3), in_days(4))
    assert listed(looked(desk, **days)) == [car.pk for car in cars[:-1]]
    page = looked(desk, **days, page=2, car=cars[0].pk)
    assert listed(page) == [cars[0].pk, cars[-1].pk]


def test_cars_of_the_pick_up_place_come_first_and_others_that_can_be_handed_over_there(desk):
    cheap, here = CarFactory(daily_rate=50), CarFactory()
    CarFactory(location=LocationFactory(time_zone="Atlantic/Madeira"))
    page = looked(desk, **days_of(in_days(3), in_days(4)), pick_up=here.location_id)
    assert listed(page) == [here.pk, cheap.pk]


def test_the_price_that_is_shown_is_the_one_that_is_booked(desk):
    car, seat, there = CarFactory(minimum_age=18), make_extra(max_per_booking=2), LocationFactory()
    with as_owner():
        Fee.objects.create(name="One-way", kind="one_way", amount="77.00")
        Fee.objects.create(name="Delivery", kind="delivery", amount="30.00")
        Fee.objects.create(name="Young", kind="young_driver", amount="12.00", below_age=25)
    wishes = {
        "drop_off": there.pk,
        f"extra_{seat.pk}": 2,
        "delivery": "on",
        "delivery_address": "Quai 1",
        "driver_age": "20",
    }
    form = typed(car, in_days(3), in_days(4)) | wishes
    page = looked(desk, **form)
    shown = agreed_on(page)
    assert flat(page).count("€619") >= 2
    assert desk.post("/staff/bookings/new/", form | {"agreed": shown}).status_code == 303
    assert total() == 619
    with as_owner():
        booking = Booking.objects.get()
        assert (booking.delivery_address, booking.driver_age) == ("Quai 1", 20)
    assert extras_of(booking) == [(seat.pk, 2)]


def test_a_press_that_only_looks_keeps_everything_that_was_typed(desk):
    car, seat = CarFactory(), make_extra()
    form = typed(car, in_days(3), in_days(4)) | {
        f"extra_{seat.pk}": "1",
        "delivery": "on",
        "delivery_address": "Quai 1",
        "pickup_time": "11:20",
        "special_requests": "Late",
        "silent": "on",
    }
    text = flat(looked(desk, **form))
    for kept in ('value="Aisha Khan"', 'value="Quai 1"', 'value="11:20"', ">Late</textarea>"):
        assert kept in text
    assert text.count(" checked") == 3
    assert '<option value="1" selected>1' in text


def test_a_customer_who_has_booked_before_is_found_and_filled_in(desk):
    make_booking(start=in_days(30), who=Person("Aisha Khan", "aisha@example.com"), phone="+44 7700 900123")
    booking = make_booking(start=in_days(40), who=Person("Aisha Khan", "aisha@example.com"), language="fr")
    make_booking(start=in_days(40))
    for said in ("khan", "7700900123", "aisha@example.com", booking.reference):
        found = flat(looked(desk, who=said)).partition('id="known"')[2].partition("</div>")[0]
        assert found.count('name="known"') == 1, said
    text = flat(desk.post("/staff/bookings/new/", {"known": str(booking.pk), "who": "khan"}))
    for filled in ('value="Aisha Khan"', 'value="aisha@example.com"', '<option value="fr" selected>'):
        assert filled in text
    assert 'name="known"' not in text


@pytest.mark.parametrize("known", ["x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_filled_in_by_a_made_up_id(desk, known):
    assert desk.post("/staff/bookings/new/", {"known": known}).status_code == 200


def test_a_phone_is_enough_and_nobody_is_mailed(desk):
    form = typed(CarFactory(), in_days(3), in_days(4), email="", phone="06 12 34 56 78")
    page = desk.post("/staff/bookings/new/", form, follow=True)
    assert "Aisha Khan gets no email: say it by phone." in body(page)
    assert "None: this customer is told by phone" in flat(page)
    with as_owner():
        assert not Booking.objects.get().emails.filter(audience="customer").exists()


@pytest.mark.parametrize("phone", ["", "12"])
def test_neither_address_nor_phone_is_said_beside_the_address(desk, phone):
    answer = desk.post(
        "/staff/bookings/new/", typed(CarFactory(), in_days(3), in_days(3), email="", phone=phone)
    )
    assert answer.status_code == 422
    assert "Enter an email address, or a phone number to call" in body(answer)


def test_one_press_confirms_and_no_mail_is_said(desk):
    form = typed(CarFactory(), in_days(3), in_days(4), confirm="1", silent="on")
    page = desk.post("/staff/bookings/new/", form, follow=True)
    assert "is booked and confirmed. Aisha Khan gets no email" in body(page)
    assert "Made without an email to the customer (Inès Laurent)" in body(page)
    with as_owner():
        assert Booking.objects.get().status == "upcoming"


def test_an_exception_is_there_from_the_start_for_managers_alone(desk, manager):
    assert 'name="override"' in body(manager.get("/staff/bookings/new/"))
    assert 'name="override"' not in body(desk.get("/staff/bookings/new/"))


def test_a_manager_may_look_at_cars_that_a_rule_forbids(desk, manager):
    free, short = CarFactory(), CarFactory(max_days=1, daily_rate=50)
    wish = days_of(in_days(3), in_days(4)) | {"forbidden": "on"}
    page = looked(manager, **wish)
    assert listed(page) == [free.pk, short.pk]
    assert "Rent this car for 1 day at most." in body(page)
    assert listed(looked(desk, **wish)) == [free.pk]


def test_an_extra_that_is_gone_is_named(desk):
    car, seat = CarFactory(), make_extra(stock=1)
    make_booking(start=in_days(3), details=Details(extras=((seat, 1),)))
    answer = desk.post("/staff/bookings/new/", typed(car, in_days(3), in_days(4)) | {f"extra_{seat.pk}": "1"})
    assert answer.status_code == 422
    assert "Child seat is not left on these days." in body(answer)


def test_the_page_asks_as_much_for_many_cars_as_for_a_few(desk, django_assert_max_num_queries):
    form = days_of(in_days(3), in_days(4))
    [CarFactory() for _ in range(2)]
    with CaptureQueriesContext(connection) as few:
        looked(desk, **form)
    [CarFactory() for _ in range(20)]
    with django_assert_max_num_queries(len(few)):
        looked(desk, **form)


def test_another_language_keeps_everything_and_books_nothing(desk):
    form = typed(CarFactory(), in_days(3), in_days(4)) | {"in_language": "fr"}
    page = desk.post("/staff/bookings/new/", form)
    assert (page.status_code, 'value="Aisha Khan"' in body(page)) == (200, True)
    with as_owner():
        assert not Booking.objects.exists()
