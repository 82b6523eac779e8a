"""Cards of cars are drawn once for everybody, and what staff save in the admin stands on them at once."""

import pytest
from django.test import Client

from bookings.tests.support.factories import CarFactory, CarImageFactory, in_days, make_booking
from bookings.tests.support.site import text_of
from bookings.views.lists import cards
from cars.models import Car, CarImage
from exodrive.rls import as_owner
from inbox.tests.test_admin_seasons import ADD, typed

pytestmark = pytest.mark.django_db
LIST = "/en/cars/"


@pytest.fixture
def drawn(monkeypatch):
    """The cards that were drawn, from none on."""
    found = []
    draw = cards.render_to_string

    def noted(name, context):
        found.append(context["offer"].car.name)
        return draw(name, context)

    monkeypatch.setattr(cards, "_kept", type(cards._kept)())
    monkeypatch.setattr(cards, "render_to_string", noted)
    return found


@pytest.fixture
def car():
    return CarImageFactory(car=CarFactory(make="Calder", model="GT", daily_rate=240)).car


def dates(length=3):
    return {"start": in_days(10), "end": in_days(9 + length)}


def test_a_card_is_drawn_once_for_all_visitors_of_a_language(car, drawn):
    pages = {Client().get(LIST).content.split(b"<main")[1] for _ in range(3)}
    assert len(pages) == 1
    assert drawn == ["Calder GT"]
    Client().get("/fr/cars/")
    Client().get(LIST, dates())
    Client().get(LIST, dates(4))
    assert drawn == ["Calder GT"] * 4


def test_a_season_saved_in_the_admin_stands_on_the_cards_at_once(car, drawn, manager):
    assert "€240 per day" in text_of(Client().get(LIST))
    answer = manager.post(ADD, typed(start_date=in_days(0), end_date=in_days(900), percent="200"))
    assert answer.status_code == 302
    assert "€480 per day" in text_of(Client().get(LIST))


def test_a_car_and_its_picture_are_shown_as_they_are_now(car, drawn):
    Client().get(LIST)
    with as_owner():
        Car.objects.update(model="Estate")
    assert "Calder Estate" in text_of(Client().get(LIST))
    with as_owner():
        CarImage.objects.update(art="another-drawing", file="")
    assert b"another-drawing" in Client().get(LIST).content


def test_a_car_that_is_booked_shows_its_next_free_days(car, drawn):
    assert "Next free" not in text_of(Client().get(LIST, dates()))
    make_booking(car=car, start=in_days(10), length=3)
    assert "Next free" in text_of(Client().get(LIST, dates()))


def test_what_a_replica_said_is_not_kept(car, drawn, monkeypatch):
    monkeypatch.setattr(cards, "is_showing", lambda: True)
    Client().get(LIST)
    Client().get(LIST)
    assert len(drawn) == 2
    assert not cards._kept
