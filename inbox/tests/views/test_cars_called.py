"""Everywhere staff choose a car it says name, plate and place, and takes a text in any spelling, without a script."""

import pytest
from django.http import QueryDict

from bookings.called import with_cars
from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat, inputs
from inbox.tests.views.test_new_booking import body

pytestmark = pytest.mark.django_db


@pytest.fixture
def twins(db):
    """Two cars of one name at one place, and one of another."""
    nice = LocationFactory(name="Nice Côte d’Azur")
    first = CarFactory(make="Calder", model="GT", plate="AB-123-CD", location=nice)
    second = CarFactory(make="Calder", model="GT", plate="AB-124-CD", location=nice)
    return first, second, CarFactory(make="Opaline", model="208", plate="XY-9-ZZ")


def sent(text):
    data = QueryDict(mutable=True)
    data["car_called"] = text
    with acting_as(STAFF):
        return with_cars(data, "car")["car"]


@pytest.mark.parametrize(
    "text",
    [
        "Calder GT · AB-123-CD · Nice Côte d’Azur",
        "calder gt ab-123-cd",
        "AB123CD",
        "ab 123 cd",
        "  nice  ab-123 ",
    ],
)
def test_a_car_is_called_in_any_spelling(twins, text):
    assert sent(text) == str(twins[0].pk)


def test_digits_that_somebody_types_are_a_model_and_no_id(twins):
    assert sent("208") == str(twins[2].pk)
    assert sent(str(twins[0].pk + 70_000)).startswith("?")


def test_what_is_several_cars_or_none_is_kept_as_typed(twins):
    assert (sent("Calder"), sent("Zebra"), sent("")) == ("?Calder", "?Zebra", "")


def test_the_label_of_one_car_is_not_the_beginning_of_another(twins):
    other = CarFactory(make="Calder", model="GT", plate="AB-123-CDE", location=twins[0].location)
    assert sent(twins[0].label) == str(twins[0].pk)
    assert sent(other.label) == str(other.pk)


def test_the_inbox_suggests_every_car_by_its_plate_and_filters_by_any_text(desk, twins):
    for n, car in enumerate(twins):
        make_booking(car=car, who=Person(f"Driver {n}", f"d{n}@example.com"))
    page = flat(desk.get("/staff/inbox/"))
    assert f'<option value="{twins[1].label}">' in page
    for text, drivers in [
        ("calder", {0, 1}),
        ("ab124", {1}),
        ("208", {2}),
        ("zebra", set()),
        ("", {0, 1, 2}),
    ]:
        page = body(desk.get("/staff/inbox/", {"car_called": text}))
        assert {n for n in range(3) if f"Driver {n}" in page} == drivers, text
    assert 'value="zebra"' in flat(desk.get("/staff/inbox/", {"car_called": "zebra"}))
    assert f'value="{twins[0].label}"' in flat(desk.get("/staff/inbox/", {"car": twins[0].pk}))


def test_the_calendar_shows_the_car_that_is_called(desk, twins):
    page = body(desk.get("/staff/calendar/", {"q": "AB123CD", "view": "timeline"}))
    rows = page.partition('class="filters"')[2].partition("</form>")[2]
    assert twins[0].plate in rows
    assert twins[1].plate not in rows


def change(desk, booking, text):
    form = inputs(desk.get(f"/staff/bookings/{booking.pk}/change/"))
    form["car_called"] = text
    return desk.post(f"/staff/bookings/{booking.pk}/change/", form)


def test_a_change_takes_the_car_by_its_plate(desk, twins):
    booking = make_booking(car=twins[0])
    page = flat(desk.get(f"/staff/bookings/{booking.pk}/change/"))
    assert f'name="car_called" value="{twins[0].label}"' in page
    seen = change(desk, booking, "ab124cd")
    assert "What changes" in body(seen)
    form = inputs(seen)
    form["do"] = "1"
    assert desk.post(f"/staff/bookings/{booking.pk}/change/", form).status_code == 303
    with as_owner():
        assert Booking.objects.get().car == twins[1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Zebra", "No car has this name, plate or place"),
        ("Calder", "Several cars are meant, like Calder GT · AB-123-CD"),
    ],
)
def test_a_change_to_no_one_car_is_asked_about_and_the_text_stays(desk, twins, text, words):
    booking = make_booking(car=twins[2])
    answer = change(desk, booking, text)
    assert answer.status_code == 422
    assert words in body(answer)
    assert f'name="car_called" value="{text}"' in flat(answer)
    with as_owner():
        assert Booking.objects.get().car == twins[2]


def test_a_block_lists_cars_with_plate_and_place(desk, twins):
    assert twins[1].label in body(desk.get("/staff/blocks/new/"))


def test_a_block_finds_cars_and_keeps_those_that_are_ticked(desk, twins):
    typed = {"look": "1", "find": "opaline", "car": [twins[0].pk], "note": "Tyres", "start": f"{in_days(3)}"}
    page = flat(desk.post("/staff/blocks/new/", typed))
    assert [car.label in page for car in twins] == [True, False, True]
    assert page.count(" checked") == 1
    for kept in ('value="Tyres"', f'value="{in_days(3)}"', 'value="opaline"'):
        assert kept in page


def test_a_block_for_days_still_takes_the_ids_of_links(desk, twins):
    page = flat(desk.get(f"/staff/blocks/new/?car={twins[0].pk}&start={in_days(3)}"))
    assert f'value="{twins[0].pk}"' in page
