"""Bookings in the way of a car that leaves before its pick-up day: one press moves one, another all and gives the keys."""

import pytest

from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from bookings.tests.support.returns import days_of, fresh
from exodrive.rls import SERVICE, acting_as
from exodrive.tests.support.html import flat
from inbox.audit import find_drift
from inbox.tests.rehousing.test_in_the_way import body, car_of, fields

pytestmark = pytest.mark.django_db
CHECKOUT = {"odometer": "45010", "fuel": "8", "licence_seen": "on", "early": "on", "from": "upcoming"}


@pytest.fixture
def met():
    """A booking in eight days, who has its car before that, and the car that is free for them."""
    place = LocationFactory()
    booking = make_booking(car=CarFactory(location=place), start=in_days(8), status="upcoming")
    other = make_booking(car=booking.car, start=in_days(2), length=2)
    return booking, other, CarFactory(location=place)


def page(booking):
    return f"/staff/bookings/{booking.pk}/handover/"


def test_who_is_in_the_way_is_listed_with_free_cars_in_the_panel_too(desk, met):
    booking, other, free = met
    for answer in (
        desk.post(page(booking), CHECKOUT),
        desk.htmx(page(booking), CHECKOUT, target=f"booking-{booking.pk}"),
    ):
        text = flat(body(answer))
        assert answer.status_code == 409
        assert "The car cannot leave early" in text
        assert "1 booking is in the way" in text
        assert fields(text, "one") == fields(text, "move") == [f"{other.pk}/{other.car_id}/{free.pk}"]
        assert ">Move all and hand over early</button>" in text
        assert 'value="45010"' in text
        assert 'id="typed"' in text
    assert fresh(booking).handed_over_at is None


def test_one_press_moves_all_and_gives_the_keys(desk, met):
    booking, other, free = met
    moves = fields(body(desk.post(page(booking), CHECKOUT)), "move")
    answer = desk.post(page(booking), CHECKOUT | {"move": moves, "all": "1"})
    assert answer.status_code == 303
    assert car_of(other) == free
    assert (fresh(booking).status, fresh(booking).out_from) == ("active", in_days(0))
    assert days_of(booking)[0] == (in_days(0), "booked")
    with acting_as(SERVICE):
        assert find_drift() == []


def test_one_press_moves_one_and_the_hand_over_waits_for_its_own(desk, met):
    booking, other, free = met
    one = fields(body(desk.post(page(booking), CHECKOUT)), "one")[0]
    answer = desk.htmx(page(booking), CHECKOUT | {"one": one}, target=f"booking-{booking.pk}")
    text = flat(answer)
    assert (answer.status_code, answer["HX-Trigger"]) == (200, '{"inboxChanged": {}}')
    assert f"Marta Oliveira has the {free.name} · {free.plate} now." in text
    assert "in the way" not in text
    assert 'value="45010"' in text
    assert (car_of(other), fresh(booking).handed_over_at) == (free, None)
    assert desk.post(page(booking), CHECKOUT).status_code == 303


def test_when_one_cannot_be_moved_nothing_happens(desk, met):
    booking, other, free = met
    moves = fields(body(desk.post(page(booking), CHECKOUT)), "move")
    make_booking(car=free, start=in_days(2), length=2)
    answer = desk.post(page(booking), CHECKOUT | {"move": moves, "all": "1"})
    assert answer.status_code == 409
    assert f"{other.reference} cannot have the {free.name}" in flat(answer)
    assert (car_of(other), fresh(booking).handed_over_at) == (booking.car, None)


def test_two_presses_on_all_hand_over_once(desk, met):
    booking, _other, _free = met
    sent = CHECKOUT | {"move": fields(body(desk.post(page(booking), CHECKOUT)), "move"), "all": "1"}
    assert [desk.post(page(booking), sent).status_code for _press in range(2)] == [303, 303]
