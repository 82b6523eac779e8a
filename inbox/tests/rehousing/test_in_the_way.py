"""Bookings in the way of a block, a change or a car that leaves the road: listed with other cars, one press each, or all."""

import re
from datetime import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Block, Booking
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
)
from bookings.tests.support.swapping import make_rental
from cars.models import Car
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.admin import values_of
from exodrive.tests.support.html import flat
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db
NEW = "/staff/blocks/new/"


@pytest.fixture
def place():
    return LocationFactory()


def body(response):
    return response.content.decode()


def fields(text, name):
    """The values of the hidden inputs or buttons of this name."""
    tags = re.findall(rf'<(?:input|button)[^>]*\bname="{name}"[^>]*>', text)
    return [re.search(r'value="([^"]*)"', tag)[1] for tag in tags]


def typed(start, end, *cars, **more):
    days = {"start": start.isoformat(), "end": end.isoformat()}
    return days | {"car": [car.pk for car in cars], "kind": "maintenance", "note": "New tyres"} | more


def car_of(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk).car


def blocks():
    with as_owner():
        return [(block.car_id, block.note) for block in Block.objects.order_by("pk")]


def drift():
    with acting_as(SERVICE):
        return find_drift()


# --- Blocks ---------------------------------------------------------------------------------------------------


def test_a_block_lists_who_is_in_the_way_with_free_cars_prices_and_what_will_be_mailed(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place, daily_rate="250.00")
    booking = make_booking(car=car)
    answer = desk.post(NEW, typed(booking.start_date, booking.end_date, car))
    text = flat(body(answer))
    assert answer.status_code == 409
    assert "1 booking is in the way" in text
    assert f"Move to {other.name} · {other.plate}" in text
    assert "€250 per day" in text
    assert "keeps the price as booked, and gets an email" in text
    assert fields(text, "one") == fields(text, "move") == [f"{booking.pk}/{car.pk}/{other.pk}"]
    assert ">Move all and block</button>" in text
    assert 'value="New tyres"' in text


def test_one_press_moves_all_and_blocks(desk, place):
    cars = [CarFactory(location=place) for _ in range(2)]
    free = [CarFactory(location=place) for _ in range(2)]
    bookings = [make_booking(car=car) for car in cars]
    asked = typed(bookings[0].start_date, bookings[0].end_date, *cars)
    moves = fields(body(desk.post(NEW, asked)), "move")
    answer = desk.post(NEW, asked | {"move": moves, "all": "1"})
    assert answer.status_code == 303
    assert {car_of(booking) for booking in bookings} == set(free)
    assert blocks() == [(car.pk, "New tyres") for car in cars]
    assert drift() == []


def test_a_press_beside_a_booking_moves_that_one_and_keeps_what_was_typed(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    asked = typed(booking.start_date, booking.end_date, car)
    press = {"one": f"{booking.pk}/{car.pk}/{other.pk}"}
    answer = desk.post(NEW, asked | press)
    text = flat(body(answer))
    assert (answer.status_code, car_of(booking), blocks()) == (200, other, [])
    assert 'value="New tyres"' in text
    assert f"{booking.full_name} has the {other.name} · {other.plate} now." in text
    assert "in the way" not in text
    assert desk.post(NEW, asked | press).status_code == 200  # the second of two presses
    assert desk.post(NEW, asked).status_code == 303
    assert blocks() == [(car.pk, "New tyres")]


def test_a_form_with_holes_moves_nobody(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    press = {"kind": "", "one": f"{booking.pk}/{car.pk}/{other.pk}"}
    answer = desk.post(NEW, typed(booking.start_date, booking.end_date, car) | press)
    assert (answer.status_code, car_of(booking)) == (422, car)
    assert 'value="New tyres"' in body(answer)


def test_a_sister_car_that_was_just_taken_is_named_and_others_are_offered(desk, place):
    car, taken = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    spare = CarFactory(location=place, daily_rate="999.00")
    make_block(car=taken, start=booking.start_date)
    moves = {"move": [f"{booking.pk}/{car.pk}/{taken.pk}"], "all": "1"}
    answer = desk.post(NEW, typed(booking.start_date, booking.end_date, car) | moves)
    text = flat(body(answer))
    assert (answer.status_code, car_of(booking), blocks()) == (409, car, [(taken.pk, "")])
    assert f"{booking.reference} cannot have the {taken.name}" in text
    assert fields(text, "move") == [f"{booking.pk}/{car.pk}/{spare.pk}"]


def test_a_booking_that_got_another_car_meanwhile_is_said(desk, place):
    car, now, other = (CarFactory(location=place) for _ in range(3))
    booking = make_booking(car=now)
    moves = {"move": [f"{booking.pk}/{car.pk}/{other.pk}"], "all": "1"}
    answer = desk.post(NEW, typed(booking.start_date, booking.end_date, car) | moves)
    assert (answer.status_code, "has another car since you looked" in body(answer)) == (409, True)
    assert (car_of(booking), blocks()) == (now, [])


@pytest.mark.parametrize("value", ["", "x", "1/2/3", "{pk}/x/1", "{pk}/1", "{pk}/1/999999"])
def test_a_press_that_makes_no_sense_is_refused_in_words(desk, place, value):
    car = CarFactory(location=place)
    booking = make_booking(car=car)
    press = {"one": value.format(pk=booking.pk)}
    answer = desk.post(NEW, typed(booking.start_date, booking.end_date, car) | press)
    assert (answer.status_code, car_of(booking)) == (422, car)


def test_a_booking_without_another_car_is_listed_with_what_can_be_done(desk, place):
    car = CarFactory(location=place)
    booking = make_booking(car=car)
    text = flat(body(desk.post(NEW, typed(booking.start_date, booking.end_date, car))))
    assert "No car is free for it." in text
    assert "Call +351 912 000 418" in text
    assert f"/staff/bookings/{booking.pk}/change/" in text
    assert f"/staff/bookings/{booking.pk}/cancellation/" in text
    assert ">Move all and block</button>" not in text


def test_a_rental_that_is_out_leads_to_its_swap(desk, place):
    rental = make_rental(car=CarFactory(location=place))
    CarFactory(location=place)
    text = flat(body(desk.post(NEW, typed(in_days(0), in_days(1), rental.car))))
    assert f"/staff/bookings/{rental.pk}/swap/" in text
    assert fields(text, "one") == fields(text, "move") == []


def test_a_block_that_grows_moves_who_is_in_the_way_too(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    block = make_block(car=car, start=in_days(3))
    booking = make_booking(car=car, start=in_days(5), length=2)
    page = f"/staff/blocks/{block.pk}/"
    asked = {"start": f"{in_days(3)}", "end": f"{in_days(6)}", "kind": "other", "note": "Parts"}
    text = body(desk.post(page, asked))
    assert ">Move all and save</button>" in text
    assert 'value="Parts"' in text
    moves = fields(text, "move")
    assert desk.post(page, asked | {"move": moves, "all": "1"}).status_code == 303
    assert (car_of(booking), blocks()) == (other, [(car.pk, "Parts")])
    assert drift() == []


def test_the_list_takes_as_many_queries_for_many_bookings(desk, place):
    car, counts = CarFactory(location=place), []
    for n in range(3):
        CarFactory(location=place)
        make_booking(car=car, start=in_days(3 + 3 * n), length=2)
        with CaptureQueriesContext(connection) as queries:
            assert desk.post(NEW, typed(in_days(3), in_days(20), car)).status_code == 409
        counts.append(len(queries))
    assert counts[0] == counts[2]


# --- Changes --------------------------------------------------------------------------------------------------


def change_of(desk, booking, **more):
    """The form of a change as its page shows it, with something else in it."""
    text = body(desk.get(f"/staff/bookings/{booking.pk}/change/"))
    shown = {
        name: re.search(rf'<input[^>]*name="{name}"[^>]*?value="([^"]*)"', text)[1]
        for name in ("start", "end", "pickup_time", "return_time")
    }
    places = {"pick_up": booking.pick_up.pk, "drop_off": booking.drop_off.pk}
    return shown | places | {"car": booking.car_id, "phone": booking.phone, "special_requests": ""} | more


def test_an_extension_moves_the_next_booking_and_then_takes_its_days(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car, start=in_days(3), length=3)
    following = make_booking(car=car, start=in_days(7), length=2)
    page = f"/staff/bookings/{booking.pk}/change/"
    asked = change_of(desk, booking, end=f"{in_days(8)}", special_requests="Two suitcases")
    refused = desk.post(page, asked)
    text = body(refused)
    assert refused.status_code == 409
    assert f"Move to {other.name} · {other.plate}" in flat(text)
    assert "Two suitcases" in text
    looked = desk.post(page, asked | {"move": fields(text, "move"), "all": "1"})
    text = body(looked)
    assert looked.status_code == 200
    assert f"{following.full_name} gets the {other.name} · {other.plate}" in flat(text)
    assert (car_of(following), car_of(booking)) == (car, car)
    agreed = {name: fields(text, name)[0] for name in ("agreed", "shown")}
    done = desk.post(page, asked | agreed | {"move": fields(text, "move"), "do": "1"})
    assert (done.status_code, car_of(following)) == (303, other)
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).end_date == in_days(8)
    assert drift() == []


def test_other_days_than_those_that_were_looked_at_move_nobody(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car, start=in_days(3), length=3)
    following = make_booking(car=car, start=in_days(7), length=2)
    page = f"/staff/bookings/{booking.pk}/change/"
    carried = {"move": [f"{following.pk}/{car.pk}/{other.pk}"]}
    looked = desk.post(page, change_of(desk, booking, end=f"{in_days(6)}") | carried)
    assert (looked.status_code, fields(body(looked), "move")) == (200, [])


def test_a_single_press_on_the_page_of_a_change_moves_one_and_shows_the_price(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car, start=in_days(3), length=3)
    following = make_booking(car=car, start=in_days(7), length=2)
    press = {"one": f"{following.pk}/{car.pk}/{other.pk}"}
    asked = change_of(desk, booking, end=f"{in_days(8)}")
    answer = desk.post(f"/staff/bookings/{booking.pk}/change/", asked | press)
    assert (answer.status_code, car_of(following)) == (200, other)
    assert "Price after the change" in body(answer)


# --- Cars -----------------------------------------------------------------------------------------------------


def page_of(car):
    return f"/staff/cars/{car.pk}/bookings/"


def test_a_car_is_retired_when_its_bookings_have_moved(manager, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    text = body(manager.get(f"{page_of(car)}?status=retired"))
    assert '<option value="retired" selected>' in text
    assert ">Move all and set the status</button>" in text
    moves = {"move": fields(text, "move"), "all": "1"}
    assert manager.post(page_of(car), {"status": "retired"} | moves).status_code == 303
    assert car_of(booking) == other
    with as_owner():
        assert Car.objects.get(pk=car.pk).status == "retired"
    assert drift() == []


def test_a_car_with_bookings_is_not_retired_unless_they_are_to_stay(manager, place):
    car = CarFactory(location=place)
    make_booking(car=car)
    answer = manager.post(page_of(car), {"status": "maintenance"})
    assert (answer.status_code, "There are bookings that count on this car." in body(answer)) == (409, True)
    assert manager.post(page_of(car), {"status": "maintenance", "keep": "on"}).status_code == 303


def test_the_desk_moves_the_bookings_and_a_manager_sets_the_status(desk, place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    assert "Managers set the status of a car." in body(desk.get(page_of(car)))
    assert desk.post(page_of(car), {"one": f"{booking.pk}/{car.pk}/{other.pk}"}).status_code == 200
    assert car_of(booking) == other
    assert desk.post(page_of(car), {"status": "retired"}).status_code == 403


def test_after_a_breakdown_the_others_move_and_the_days_in_between_are_blocked(desk, place):
    rental = make_rental(car=CarFactory(location=place))
    spare, other = CarFactory(location=place), CarFactory(location=place, daily_rate="300.00")
    following = make_booking(car=rental.car, start=in_days(6), length=2)
    swap = {
        "car": spare.pk,
        "odometer": "45120",
        "fuel": "4",
        "reason": "Gearbox broke",
        "block_until": f"{in_days(9)}",
        "out": rental.car_id,
        "from": "active",
    }
    answer = desk.post(f"/staff/bookings/{rental.pk}/swap/", swap)
    assert (answer.status_code, answer.url.startswith(page_of(rental.car))) == (303, True)
    text = body(desk.get(answer.url))
    assert following.reference in text
    assert 'value="Gearbox broke"' in text
    asked = {name: fields(text, name)[0] for name in ("start", "end")} | {"kind": "maintenance"}
    moves = {"move": fields(text, "move"), "all": "1"}
    assert desk.post(page_of(rental.car), asked | moves).status_code == 303
    assert car_of(following) in {spare, other}
    with as_owner():
        taken = rental.car.taken_days.filter(status="blocked").values_list("date", flat=True)
        assert set(taken) >= {in_days(n) for n in range(10)}
    assert drift() == []


def test_the_admin_names_the_bookings_of_a_car_that_is_retired_and_leads_to_them(client_of, place):
    car = CarFactory(location=place)
    booking = make_booking(car=car)
    rental = make_rental(car=car, begins=-2, length=3)
    client: Client = client_of("manager")
    form = values_of(client.get(f"/admin/cars/car/{car.pk}/change/")) | {"status": "retired"}
    answer = client.post(f"/admin/cars/car/{car.pk}/change/", form)
    text = body(answer)
    assert answer.status_code == 200
    assert booking.reference in text
    assert rental.reference in text
    assert f'href="{page_of(car)}?status=retired"' in text
    with as_owner():
        assert Car.objects.get(pk=car.pk).status == "offered"


# --- Places ---------------------------------------------------------------------------------------------------


def test_who_comes_to_a_place_that_closes_early_is_listed_with_links(desk, place):
    car, day = CarFactory(location=place), in_days(5)
    before = make_booking(car=car, start=in_days(2), length=4, return_time=time(11))
    comes = make_booking(car=CarFactory(location=place), start=day, length=2, pickup_time=time(16))
    elsewhere = make_booking(start=day, length=2, pickup_time=time(16))
    gone = make_booking(car=CarFactory(location=place), start=day, status="cancelled", pickup_time=time(16))
    page = f"/staff/closing/?day={day}&place={place.pk}"
    text = flat(body(desk.get(page)))
    assert (before.reference in text, comes.reference in text) == (True, True)
    assert (elsewhere.reference in text, gone.reference in text) == (False, False)
    text = flat(body(desk.get(f"{page}&closes=14:00")))
    assert (before.reference in text, comes.reference in text) == (False, True)
    assert f"/staff/bookings/{comes.pk}/change/?next=" in text
    assert f"/staff/bookings/{comes.pk}/cancellation/?next=" in text
    assert "Call +351 912 000 418" in text


@pytest.mark.parametrize("query", ["day=never", "place=x", "day=2001-01-01&closes=25:00", "closes=12:00"])
def test_a_closing_that_makes_no_sense_says_so_and_keeps_what_was_typed(desk, query):
    answer = desk.get(f"/staff/closing/?{query}")
    assert (answer.status_code, 'class="errsum"' in body(answer)) == (422, True)


def test_who_comes_takes_as_many_queries_for_many_bookings(desk, place):
    counts = []
    for _ in range(2):
        make_booking(car=CarFactory(location=place), start=in_days(5))
        with CaptureQueriesContext(connection) as queries:
            desk.get(f"/staff/closing/?day={in_days(5)}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_admin_leads_from_a_closed_day_to_who_comes_then(client_of, place):
    booking = make_booking(car=CarFactory(location=place), start=in_days(5))
    day = booking.start_date
    sent = {"date": day.isoformat(), "name": "Stocktaking", "location": place.pk}
    text = body(client_of("manager").post("/admin/cars/closedday/add/", sent))
    assert booking.reference in text
    assert f'href="/staff/closing/?day={day}&amp;place={place.pk}"' in text


def test_enter_in_a_field_presses_the_act_and_moves_nobody(desk, place):
    """The first button of a form, in the order of the page, is the one that Enter presses."""
    car = CarFactory(location=place)
    CarFactory(location=place)
    booking = make_booking(car=car)
    days = f"start={booking.start_date}&end={booking.end_date}"
    for page in (
        desk.get(f"/staff/cars/{car.pk}/bookings/?{days}"),
        desk.post(NEW, typed(booking.start_date, booking.end_date, car)),
    ):
        buttons = re.findall(r'<button[^>]*form="typed"[^>]*>', flat(body(page)))
        assert any('name="one"' in button for button in buttons)
        assert not re.search(r'name="(one|all)"', buttons[0])
