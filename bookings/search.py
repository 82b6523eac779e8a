"""Search by any part of a name, email, reference, plate or car, and by any four digits of a telephone number.

The database keeps `search_text` (bookings/migrations/0031_any_part_of_a_name.py) with every spelling of it as
`exodrive/db/folding.py` folds words, and an index of three letters each. The typed words are folded and split by the
same SQL, so there is one notion of a word. Customers are found by the beginnings of words, by the indexes of
`0019_search_as_people_type.py`; tests compare the plans.
"""

import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Reverse
from django.db.models.sql.compiler import SQLCompiler

from bookings.models import Booking, BookingSegment, Customer
from cars.models import Car
from exodrive.db.folding import Beginnings, Digits, Words, spellings_of

NUMBER = re.compile(r"[\s\d+()./\u2010-\u2015-]+")
SHORTEST = 4  # digits that are looked for among telephone numbers
THREE = 3  # letters that the index keeps


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


class SearchText(Func):
    """The column of that name beside a key, which is no field of its model."""

    output_field = TextField()

    def as_sql(  # type: ignore[override]  # a column has neither function nor arguments
        self, compiler: SQLCompiler, connection: Any, **extra: Any
    ) -> tuple[str, tuple[()]]:
        """The column, whatever its table is called in this query."""
        (key,) = self.source_expressions
        return f"{compiler.quote_name_unless_alias(key.alias)}.search_text", ()  # type: ignore[attr-defined]


class Has(Func):
    """Whether a text has a part somewhere; parts are letters, digits and spaces."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()


class Threes(Func):
    """The letters of a text by threes, as the index `bookings_by_parts` keeps them."""

    template = (
        r"string_to_array(regexp_replace(%(expressions)s, '(...)', '\1|', 'g')"
        r" || '|' || regexp_replace(substr(%(expressions)s, 2), '(...)', '\1|', 'g')"
        r" || '|' || regexp_replace(substr(%(expressions)s, 3), '(...)', '\1|', 'g'), '|')"
    )
    output_field = ArrayField(TextField())


class Holds(Func):
    """Whether an array has all of another."""

    template = "%(expressions)s::text[]"
    arg_joiner = " @> "
    output_field = BooleanField()


def matching(bookings: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """`bookings` whose name, email and reference have all typed words, one of whose cars' name and plate have them, or whose
    phone it is. One query more, which folds what was typed.
    """
    found = [Booking.objects.filter(way).order_by().values("pk") for way in _ways(typed)]
    if not found:
        return bookings.none()
    # Joined by OR, each row that one index finds is compared with the expressions of all others, which takes longer than
    # finding it.
    first, *others = found
    return bookings.filter(pk__in=first.union(*others, all=True) if others else first)


def _ways(typed: str) -> list[Q]:
    """What finds a booking, each by an index of its own."""
    spellings = _spellings(typed)
    ways = [_has(parts) for parts in spellings]
    if spellings:
        said = reduce(or_, [_has(parts, by_index=False) for parts in spellings])
        cars = Car.objects.filter(said).order_by().values("pk")
        before = BookingSegment.objects.filter(car__in=cars).order_by().values("booking")
        ways.append(Q(AnyOf(F("car_id"), ArraySubquery(cars))))
        ways.append(Q(AnyOf(F("pk"), ArraySubquery(before))))
    if _is_number(typed):
        digits = _digits(typed)
        ways += [_has([digits]), Q(AnyOf(Digits(F("phone")), Endings(Value(digits))))]
    return ways


def matching_customers(customers: QuerySet[Customer], typed: str) -> QuerySet[Customer]:
    """`customers` whose name and email have all typed words, or whose phone it is."""
    return customers.filter(_said(("full_name", "email"), typed))


def _spellings(typed: str) -> list[list[str]]:
    """The parts that a text has to have, for each way to write what was typed; none where there is no letter."""
    with connection.cursor() as cursor:
        spelt = ", ".join(spellings_of("typed"))
        cursor.execute(f"SELECT {spelt} FROM (SELECT %s::text AS typed) AS said", [typed])  # noqa: S608
        written = [text.split() for text in cursor.fetchone()]
    if "@" in typed:
        return _unlike([[" " + " ".join(words)] for words in written if words])
    together = "".join(written[0])
    if any(map(str.isdecimal, together)):
        written.append([together])  # a reference or a plate, wherever it was parted
    return _unlike([[_part(word) for word in words] for words in written if words])


def _unlike(spellings: list[list[str]]) -> list[list[str]]:
    return [parts for n, parts in enumerate(spellings) if parts not in spellings[:n]]


def _part(word: str) -> str:
    """What is short is looked for where words begin: else it is in everything."""
    short = len(word) < (SHORTEST if word.isdecimal() else THREE)
    return f" {word}" if short else word


def _has(parts: Sequence[str], *, by_index: bool = True) -> Q:
    """Whether a text has all parts. Where no part is long enough for the index, every row is looked at."""
    text: Any = SearchText(F("pk"))
    threes = sorted({part[n : n + THREE] for part in parts for n in range(len(part) - THREE + 1)})
    found = Q(Holds(Threes(text), Value(threes))) if threes and by_index else Q()
    for part in parts:
        found &= Q(Has(text, Value(f"%{part}%")))
    return found


def _is_number(typed: str) -> bool:
    digits = "".join(filter(str.isdecimal, typed))
    return bool(
        NUMBER.fullmatch(typed) and len(digits) >= SHORTEST and len(digits.lstrip("0")) >= SHORTEST - 1
    )


def _digits(typed: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + Digits.template.replace("%(expressions)s", "%s"), [typed])
        digits: str = cursor.fetchone()[0]
    return digits


def cars_called(cars: QuerySet[Car], typed: str) -> QuerySet[Car]:
    """`cars` whose name, plate and place have all typed words, the plate with its hyphens or without."""
    columns = map(F, ("make", "model", "plate", "location__name"))
    return cars.filter(Matches(Words(*columns), Beginnings(Value(typed))))


def _said(columns: Sequence[str], typed: str) -> Q:
    wanted: Any = Beginnings(Value(typed))
    found = Q(Matches(Words(*map(F, columns)), wanted))
    return found | _called(typed) if _is_number(typed) else found


def _called(typed: str) -> Q:
    """The number with or without its country, from its beginning or its end, however both are written."""
    kept: Any = Digits(F("phone"))
    number: Any = Digits(Value(typed))
    return (
        Q(BeginsWith(kept, number))
        | Q(BeginsWith(Reverse(kept), Reverse(number)))
        | Q(AnyOf(kept, Endings(number)))
    )
