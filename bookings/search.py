"""Search by the beginnings of words, as `exodrive/db/folding.py` folds them, and by telephone numbers.

The expressions are those of the indexes in `bookings/migrations/0019_search_as_people_type.py`, letter for letter; a test
compares the plan. The typed words are folded and split by the same SQL, so there is one notion of a word.
"""

import re
from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Reverse

from bookings.models import Booking, Customer
from cars.models import Car
from exodrive.db.folding import Beginnings, Digits, Words

NUMBER = re.compile(r"[\s\d+()./\u2010-\u2015-]+")
SHORTEST = 4  # digits that are looked for among telephone numbers


class Matches(Func):
    """Whether words match a query."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class AnyOf(Func):
    """Whether a column is one of an array. Unlike `IN (SELECT …)` it can share an index scan with OR."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class BeginsWith(Func):
    """Whether one text begins with another, of digits alone."""

    template = "%(expressions)s || '%%%%'"
    arg_joiner = " LIKE "
    output_field = BooleanField()


class Endings(Func):
    """The ends of a number's digits that are long enough to be one that was kept without its country."""

    template = (
        "ARRAY(SELECT right(digits, n) FROM (SELECT %(expressions)s AS digits) AS typed,"
        " generate_series(7, length(digits)) AS n)"
    )
    output_field = TextField()


def matching(bookings: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """`bookings` whose name, email and reference have all typed words, whose car's plate has them, or whose phone it is."""
    wanted: Any = Beginnings(Value(typed))
    cars = Car.objects.filter(Matches(Words(F("plate")), wanted)).order_by().values("pk")
    return bookings.filter(
        _said(("full_name", "email", "reference"), typed) | Q(AnyOf(F("car_id"), ArraySubquery(cars)))
    )


def matching_customers(customers: QuerySet[Customer], typed: str) -> QuerySet[Customer]:
    """`customers` whose name and email have all typed words, or whose phone it is."""
    return customers.filter(_said(("full_name", "email"), typed))


def cars_called(cars: QuerySet[Car], typed: str) -> QuerySet[Car]:
    """`cars` whose name, plate and place have all typed words, the plate with its hyphens or without."""
    columns = map(F, ("make", "model", "plate", "location__name"))
    return cars.filter(Matches(Words(*columns), Beginnings(Value(typed))))


def _said(columns: Sequence[str], typed: str) -> Q:
    wanted: Any = Beginnings(Value(typed))
    found = Q(Matches(Words(*map(F, columns)), wanted))
    digits = "".join(filter(str.isdecimal, typed))
    if NUMBER.fullmatch(typed) and len(digits) >= SHORTEST and len(digits.lstrip("0")) >= SHORTEST - 1:
        found |= _called(typed)
    return found


def _called(typed: str) -> Q:
    """The number with or without its country, from its beginning or its end, however both are written."""
    kept: Any = Digits(F("phone"))
    number: Any = Digits(Value(typed))
    return (
        Q(BeginsWith(kept, number))
        | Q(BeginsWith(Reverse(kept), Reverse(number)))
        | Q(AnyOf(kept, Endings(number)))
    )
