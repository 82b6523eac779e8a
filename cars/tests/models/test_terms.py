"""What comes with a rental: the fleet's words, a car's exceptions, and the pages that read both."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import override

from bookings.tests.support.factories import CarFactory, FleetFactory, in_days, make_hold
from bookings.tests.support.site import text_of
from cars.models import Extra, Term, terms_of
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
Kind = Term.Kind


def said(**fields):
    with as_owner(), transaction.atomic():
        return Term.objects.create(**fields)


def of(car):
    with acting_as(PUBLIC):
        return terms_of(car)


@pytest.fixture
def fleet():
    fleet = FleetFactory()
    with as_owner():
        Term.objects.all().delete()
    said(fleet=fleet, kind=Kind.FUEL, words="Full to full", words_fr="Plein contre plein")
    said(fleet=fleet, kind=Kind.INSURANCE, words="Excess of 500")
    said(fleet=fleet, kind=Kind.LICENCE, words="Held for 2 years")
    said(fleet=fleet, kind=Kind.SECOND_DRIVER, words="Second driver free")
    return fleet


def test_a_car_has_the_words_of_its_fleet_but_for_its_exceptions(fleet):
    car, other = CarFactory(fleet=fleet), CarFactory(fleet=fleet)
    said(car=car, kind=Kind.INSURANCE, words="Excess of 9000")
    said(car=car, kind=Kind.SECOND_DRIVER, words="")
    assert of(car) == {"insurance": "Excess of 9000", "fuel": "Full to full", "licence": "Held for 2 years"}
    assert of(other)["insurance"] == "Excess of 500"
    with override("fr"):
        assert of(car)["fuel"] == "Plein contre plein"


@pytest.mark.parametrize("fields", [{}, {"fleet": True, "car": True}, {"fleet": True, "words": ""}])
def test_a_term_is_one_fleets_or_one_cars_and_says_something(fleet, fields):
    owners = {
        name: owner
        for name, owner in {"fleet": fleet, "car": CarFactory(fleet=fleet)}.items()
        if fields.get(name)
    }
    with pytest.raises(IntegrityError):
        said(
            kind=Kind.BORDERS,
            **{"words": "Anywhere"} | {k: v for k, v in fields.items() if k == "words"},
            **owners,
        )


def test_car_page_and_terms_read_the_same_words(client, fleet):
    car = CarFactory(fleet=fleet)
    for url in (f"/en/cars/{car.slug}/", "/en/terms/"):
        text = text_of(client.get(url))
        for words in ("Full to full", "Excess of 500", "Held for 2 years", "Second driver free"):
            assert words in text
    said(car=car, kind=Kind.SECOND_DRIVER, words="One driver only")
    text = text_of(client.get(f"/en/cars/{car.slug}/"))
    assert "One driver only" in text
    assert "Second driver free" not in text


def test_an_extra_that_goes_beyond_a_term_says_it(client, fleet):
    car = CarFactory(fleet=fleet)
    with as_owner():
        Extra.objects.create(name="Third driver", price=45, stock=3, about=Kind.SECOND_DRIVER)
    hold = make_hold(car=car, start=in_days(3))
    text = text_of(client.get(reverse("details", args=[hold.token])))
    assert "Third driver" in text
    assert "Second driver free" in text
