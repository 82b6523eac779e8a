"""Swapping the car of a customer who is on the road: the form in the panel and on its own page, and where it shows."""

import pytest
from django.utils import timezone

from bookings.lifecycle.keys.handover import hand_over, undo_hand_over
from bookings.lifecycle.request import Person
from bookings.models import Block, Booking, BookingSegment
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from bookings.tests.support.swapping import make_rental, swap
from exodrive.i18n.formats import day, span
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db


def page(booking):
    return f"/staff/bookings/{booking.pk}/swap/"


def filled_in(booking, car, **fields):
    return {
        "from": "active",
        "out": str(booking.car_id),
        "car": str(car.pk),
        "odometer": "45 120",
        "fuel": "4",
        "reason": "Gearbox broke",
        "block_until": "",
        **fields,
    }


def now(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def body(response):
    return flat(response.content.decode())


@pytest.fixture
def rental():
    return make_rental(car=CarFactory(model="Slow", plate="AA-111-AA"))


@pytest.fixture
def other():
    return CarFactory(model="Quick", plate="BB-222-BB")


def test_it_is_offered_once_the_car_is_out(desk, rental):
    waiting = make_booking(start=in_days(-1), length=3, status="active", who=Person("Bo", "bo@example.com"))
    assert page(rental) in body(desk.get(f"/staff/bookings/{rental.pk}/"))
    assert page(waiting) not in body(desk.get(f"/staff/bookings/{waiting.pk}/"))


def test_the_page_foretells_what_happens_and_names_the_cars_that_are_free_for_the_rest(desk, rental, other):
    taken = CarFactory(model="Taken")
    make_booking(car=taken, start=in_days(3), length=2, who=Person("Bo", "bo@example.com"))
    out = make_rental(car=CarFactory(model="Out"), begins=-5, length=3, who=Person("Cy", "cy@example.com"))
    CarFactory(model="Broken", status="maintenance")
    text = body(desk.get(page(rental)))
    assert f"has the other car {span(in_days(0), in_days(4))}" in text
    assert f"was theirs until {day(in_days(-1))}" in text
    assert "The price stays €1,920" in text
    assert f"{other.name}, BB-222-BB, €240 per day" in text
    assert not any(name in text.split("<select")[1] for name in ("Taken", "Out,", "Broken", "AA-111-AA"))
    assert out.status == "active"


def test_an_overdue_one_is_led_to_its_change_and_offers_no_swap(desk):
    late = make_rental(begins=-5, length=3)
    sentence = "Its return day has passed. Give the booking a later return day first, then swap the car."
    shown = body(desk.get(f"/staff/bookings/{late.pk}/"))
    assert "/swap/" not in shown
    assert sentence in shown
    change = f"/staff/bookings/{late.pk}/change/"
    assert change in shown
    led = desk.get(page(late))
    assert led.status_code == 303
    assert led.url.startswith(change)
    assert sentence in body(desk.get(led.url))
    in_panel = desk.htmx(page(late))
    assert in_panel["HX-Redirect"].startswith(change)
    refused = desk.post(page(late), filled_in(late, CarFactory()))
    assert refused.status_code == 400
    assert sentence in body(refused)


def test_cars_at_the_pick_up_place_come_first(desk, rental, other):
    here = CarFactory(model="Here", location=rental.car.location)
    text = body(desk.get(page(rental)))
    assert text.index(here.plate) < text.index(other.plate)


def test_one_press_swaps_without_javascript_and_blocks_the_old_car(desk, rental, other):
    until = in_days(6)
    answer = desk.post(page(rental), filled_in(rental, other, block_until=until.isoformat()))
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{rental.pk}/")
    assert now(rental).car_id == other.pk
    text = body(desk.get(answer.url))
    assert f"Marta Oliveira goes on with the {other.name}." in text
    assert f"{rental.car.name} is blocked {span(in_days(0), until)}." in text
    with as_owner():
        assert Block.objects.get().created_by == desk.user
        assert BookingSegment.objects.get().return_odometer_km == 45_120


def test_in_the_panel_the_form_and_its_answer_stay_beside_the_list(desk, rental, other):
    answer = desk.htmx(page(rental), target="panel")
    assert answer.content.decode().lstrip().startswith("<article")
    data = filled_in(rental, other, next="/staff/inbox/?tab=active")
    answer = desk.htmx(page(rental), data, target=f"booking-{rental.pk}")
    assert answer["HX-Reswap"] == "none"
    assert f"goes on with the {other.name}" in body(answer)


def test_what_was_typed_comes_back_with_what_is_wrong(desk, rental, other):
    data = filled_in(rental, other, odometer="far", fuel="", reason="Gearbox & clutch")
    answer = desk.post(page(rental), data)
    text = body(answer)
    assert answer.status_code == 422
    for words in (
        "Enter the odometer reading in whole kilometres",
        "Choose how full it is",
        "Gearbox &amp; clutch",
        'value="far"',
        f'<option value="{other.pk}" selected>',
    ):
        assert words in text
    assert now(rental).car_id == rental.car_id


def test_a_reason_and_the_readings_are_asked_for_and_those_of_the_new_car_are_not(desk, rental, other):
    text = body(desk.post(page(rental), {"from": "active", "out": str(rental.car_id)}))
    for words in (
        "Choose a car",
        "Enter the odometer reading",
        "Choose how full it is",
        "Enter why the car is swapped",
    ):
        assert words in text
    assert text.count('class="err"') == 4


def test_a_car_that_somebody_took_meanwhile_is_said_beside_it(desk, rental, other):
    make_booking(car=other, start=in_days(2), length=1, who=Person("Bo", "bo@example.com"))
    answer = desk.post(page(rental), filled_in(rental, other))
    assert answer.status_code == 409
    assert "Somebody has just taken this car for some of the days." in body(answer)


def test_a_day_in_the_past_is_refused_beside_the_field(desk, rental, other):
    answer = desk.post(page(rental), filled_in(rental, other, block_until=in_days(-1).isoformat()))
    assert answer.status_code == 422
    assert "Choose today or a later day." in body(answer)


def test_bookings_in_the_way_of_the_block_are_named(desk, rental, other):
    late = make_booking(car=rental.car, start=in_days(6), length=2, who=Person("Bo", "bo@example.com"))
    answer = desk.post(page(rental), filled_in(rental, other, block_until=in_days(9).isoformat()))
    assert f"on some of those days: {late.reference}." in body(desk.get(answer.url))


def test_two_tabs_swap_once(desk, rental, other):
    data = filled_in(rental, other)
    assert desk.post(page(rental), data).status_code == 303
    again = desk.post(page(rental), {**data, "car": str(CarFactory().pk)})
    assert again.status_code == 409
    assert now(rental).car_id == other.pk


def test_a_rental_whose_hand_over_was_undone_meanwhile_says_so(desk, other):
    rental, at = make_booking(start=in_days(0), status="active"), timezone.now()
    with acting_as(STAFF):
        rental = hand_over(booking=rental, at=at)
    assert 'name="odometer"' in body(desk.get(page(rental)))
    with acting_as(STAFF):
        undo_hand_over(booking=rental, at=at)
    for answer in (desk.get(page(rental)), desk.post(page(rental), filled_in(rental, other))):
        assert answer.status_code == 400
        assert "change the booking instead" in body(answer)


def test_only_a_manager_is_asked_about_an_age_and_only_where_it_is_known(desk, manager):
    young = make_rental(driver_age=25)
    old = CarFactory(minimum_age=40)
    assert 'name="exception"' not in body(desk.get(page(young)))
    refused = desk.post(page(young), filled_in(young, old))
    assert (refused.status_code, "40 or over" in body(refused)) == (422, True)
    assert 'name="exception"' in body(manager.get(page(young)))
    manager.post(page(young), filled_in(young, old, exception="on"))
    assert now(young).car_id == old.pk


# --- Where it shows ------------------------------------------------------------------------------------------------


@pytest.fixture
def swapped(rental, other):
    return swap(rental, other, block_until=in_days(4), new_odometer=900).booking


def test_the_booking_names_both_cars_with_plates_days_and_odometer(desk, rental, swapped):
    text = body(desk.get(f"/staff/bookings/{swapped.pk}/"))
    assert f"AA-111-AA · {span(in_days(-3), in_days(-1))} · 45,120 km" in text
    assert f"BB-222-BB · {span(in_days(0), in_days(4))}" in text


def test_the_history_tells_what_was_swapped_and_how_both_cars_stood(desk, rental, swapped):
    text = body(desk.get(f"/staff/bookings/{swapped.pk}/"))
    assert (
        f"Car: {rental.car.name}, AA-111-AA → {swapped.car.name}, BB-222-BB; from {day(in_days(0))}" in text
    )
    assert "old car now: 45,120 km, 4/8; new car: 900 km" in text
    assert f"old car blocked {span(in_days(0), in_days(4))}" in text
    assert "<q>Gearbox broke</q>" in text


def test_the_calendar_draws_a_bar_on_each_car_with_its_own_days(desk, rental, swapped):
    with as_owner():
        first = in_days(-4).isoformat()
    text = body(desk.get(f"/staff/calendar/?view=timeline&from={first}&days=28"))
    for days, car in (
        (span(in_days(-3), in_days(-1)), rental.car),
        (span(in_days(0), in_days(4)), swapped.car),
    ):
        row = text.partition(car.plate)[2].partition("</tr>")[0]
        assert f'href="/staff/bookings/{swapped.pk}/' in row
        assert days in row
    assert text.count(f'href="/staff/bookings/{swapped.pk}/') == 2


def test_the_list_finds_it_under_both_cars_and_the_pick_up_was_of_the_first(desk, rental, swapped):
    first = in_days(-4).isoformat()
    for car in (rental.car, swapped.car):
        text = body(desk.get(f"/staff/calendar/?view=list&from={first}&car={car.pk}")).partition(
            'class="agenda'
        )[2]
        pick_up, back = text.index("AA-111-AA"), text.index("BB-222-BB")
        assert pick_up < back


@pytest.mark.parametrize("plate", ["AA-111-AA", "BB-222-BB"])
def test_the_search_finds_it_by_the_plate_of_either_car(desk, swapped, plate):
    assert swapped.reference in body(desk.get(f"/staff/inbox/?tab=all&q={plate}"))


def test_the_change_form_offers_no_other_car_and_says_how_to_get_one(desk, swapped, rental):
    text = body(desk.get(f"/staff/bookings/{swapped.pk}/change/"))
    assert "AA-111-AA" not in text
    assert "“Swap car…” gives the customer another one" in text
