"""Seasons, discounts, fees and extras: what the database refuses, and what people are told about it."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import override

from cars.models import Discount, Extra, Fee, Per, Season
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2024, 7, 1), date(2024, 8, 31)

GOOD = [
    Season(name="Summer", start_date=FIRST, end_date=LAST, percent=120),
    Season(name="Summer", start_date=FIRST, end_date=FIRST, rate=Decimal("0.01")),
    Discount(name="Week", percent=Decimal("0.5")),
    Discount(name="Month", min_days=28, percent=Decimal(90)),
    Fee(name="Cleaning", kind="cleaning", amount=Decimal(30)),
    Fee(name="Young", kind="young_driver", amount=Decimal(10), below_age=25),
    Extra(name="Map", price=Decimal(0)),
    Extra(name="Seat", price=Decimal(8), per=Per.DAY, stock=0),
]
BAD = [
    (Season(name="S", start_date=LAST, end_date=FIRST, percent=120), "The last day is before the first."),
    (Season(name="S", start_date=FIRST, end_date=LAST), "Give a rate or a percentage, not both."),
    (
        Season(name="S", start_date=FIRST, end_date=LAST, percent=120, rate=Decimal(80)),
        "Give a rate or a percentage, not both.",
    ),
    (Season(name="S", start_date=FIRST, end_date=LAST, rate=Decimal(0)), "Type more than 0."),
    (Discount(name="D", percent=Decimal(0)), "Type more than 0."),
    (Discount(name="D", percent=Decimal("90.1")), "90"),
    (Fee(name="F", kind="cleaning", amount=Decimal(0)), "Type more than 0."),
    (Fee(name="F", kind="young_driver", amount=Decimal(5)), "Say below which age."),
    (Extra(name="E", price=Decimal("-0.01")), "greater than or equal to 0"),
]


def ids(given):
    return [f"{type(one).__name__}-{n}" for n, one in enumerate(given)]


@pytest.mark.parametrize("good", GOOD, ids=ids(GOOD))
def test_what_makes_sense_is_stored(good):
    with as_owner(), transaction.atomic():
        good.full_clean()
        good.save()
        assert type(good).objects.filter(pk=good.pk).exists()


@pytest.mark.parametrize("bad", [one for one, _said in BAD], ids=ids([one for one, _said in BAD]))
def test_the_database_refuses_the_rest(bad):
    with as_owner(), pytest.raises(IntegrityError), transaction.atomic():
        bad.save()


@pytest.mark.parametrize(("bad", "said"), BAD, ids=ids([one for one, _said in BAD]))
def test_people_are_told_before_the_database_has_to(bad, said):
    with as_owner(), pytest.raises(ValidationError) as refused:
        bad.full_clean()
    assert said in str(refused.value)


@pytest.mark.parametrize(("language", "said"), [("es", "Asiento"), ("fr", "Seat"), ("en", "Seat")])
def test_names_are_in_the_readers_language_or_else_in_english(language, said):
    with override(language):
        assert Extra(name="Seat", name_es="Asiento").text == said


def test_a_quote_keeps_the_name_in_every_language():
    names = Extra(name="Seat", name_es="Asiento", name_pt="Cadeira").names
    assert names == {"en": "Seat", "es": "Asiento", "fr": "", "pt": "Cadeira"}
