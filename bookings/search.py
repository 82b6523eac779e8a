"""Search by any part of a name, email, reference, plate or car, and by any four digits of a telephone number.

The database keeps `search_text` (bookings/migrations/0031_any_part_of_a_name.py) with every spelling of it as
`exodrive/db/folding.py` folds words, and an index of three letters each. The typed words are folded and split by the
same SQL, so there is one notion of a word. Customers are found by the beginnings of words, by the indexes of
`0019_search_as_people_type.py`; tests compare the plans.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import F, Func, Q, QuerySet, TextField, Value
from django.db.models.functions import Reverse
from django.db.models.sql.compiler import SQLCompiler

from bookings.models import Booking, BookingSegment, Customer
from cars.models import Car
from exodrive.db.folding import Beginnings, Digits, Words, spellings_of
from exodrive.db.operators import AnyOf, BeginsWith, Has, Holds, Matches

NUMBER = re.compile(r"[\s\d+()./\u2010-\u2015-]+")
SHORTEST = 4  # digits that are looked for among telephone numbers
THREE = 3  # letters that the index keeps
# What the index of letters finds is compared once more, at some length where PostgreSQL prefers to look at each row.
MOST_BY_TEXT, MOST_BY_CAR = 1_500, 5_000


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


class Threes(Func):
    """The letters of a text by threes, as the index `bookings_by_parts` keeps them."""

    template = (
        r"string_to_array(regexp_replace(%(expressions)s, '(...)', '\1|', 'g')"
        r" || '|' || regexp_replace(substr(%(expressions)s, 2), '(...)', '\1|', 'g')"
        r" || '|' || regexp_replace(substr(%(expressions)s, 3), '(...)', '\1|', 'g'), '|')"
    )
    output_field = ArrayField(TextField())


class Keys(Func):
    """Keys as an array, from how PostgreSQL writes one."""

    template = "%(expressions)s::%(type)s[]"
    output_field = TextField()


@dataclass(frozen=True)
class Search:
    """What was typed, as conditions on bookings. A booking is found when any one of them holds."""

    indexed: list[tuple[Q, int]]  # each by an index of its own, and how many are found so
    plain: list[
        Q
    ]  # the same as each row is compared with them, which is less work than an index when most are found

    @classmethod
    def of(cls, typed: str) -> "Search":
        """Two queries: one folds what was typed, the other finds the cars that are called so."""
        spellings, digits = _folded(typed)
        indexed = [(_has(parts), MOST_BY_TEXT) for parts in spellings]
        plain = [_has(parts, by_index=False) for parts in spellings]
        cars = (
            list(Car.objects.filter(_any(plain)).order_by().values_list("pk", flat=True)) if spellings else []
        )
        if cars:
            called: Any = Keys(Value(f"{{{','.join(map(str, cars))}}}"), type="bigint")
            before = BookingSegment.objects.filter(AnyOf(F("car_id"), called)).order_by().values("booking")
            of_cars = Q(AnyOf(F("car_id"), called))
            indexed += [(of_cars, MOST_BY_CAR), (Q(AnyOf(F("pk"), ArraySubquery(before))), MOST_BY_CAR)]
            plain += [of_cars, Q(pk__in=before)]
        if digits:
            ends = Q(AnyOf(Digits(F("phone")), Endings(Value(digits))))
            indexed += [(_has([digits]), MOST_BY_TEXT), (ends, MOST_BY_TEXT)]
            plain += [_has([digits], by_index=False), ends]
        return cls(indexed, plain)

    def few(self, bookings: QuerySet[Any], columns: str) -> tuple[str, list[Any]]:
        """The clauses of a WITH and their parameters: `found`, those of `bookings` that are found, each once, with `columns`
        (`id` first) for those of its `values_list`; and `whole`, whether they are all.
        """
        # Joined by OR, each row that one index finds is compared with the expressions of all others, which takes longer
        # than finding it.
        ways, counts = [], []
        params: list[Any] = []
        for n, (way, most) in enumerate(self.indexed):
            sql, values = bookings.filter(way).order_by()[: most + 1].query.sql_with_params()
            ways.append(f"way_{n} ({columns}) AS MATERIALIZED ({sql})")
            params.extend(values)
            counts.append(f"(SELECT count(*) FROM way_{n}) <= {most}")  # noqa: S608  our own numbers
        # Most ways find next to nothing: what an earlier one has is left out faster than a UNION compares whole rows.
        found = " UNION ALL ".join(map(_anew, range(len(ways))))
        return (
            f"{', '.join(ways)}, found AS MATERIALIZED ({found}), whole AS (SELECT {' AND '.join(counts)} AS is_whole)",
            params,
        )

    def all(self, bookings: QuerySet[Booking]) -> QuerySet[Booking]:
        """All of `bookings` that are found, however many."""
        return bookings.filter(_any(self.plain))


def matching(bookings: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """`bookings` whose name, email and reference have all typed words, one of whose cars' name and plate have them, or whose
    phone it is. Three queries more, which fold what was typed and find cars and keys.
    """
    search = Search.of(typed)
    if not search.indexed:
        return bookings.none()
    found, params = search.few(Booking.objects.values_list("pk"), "id")
    keys_of = "CASE WHEN is_whole THEN (SELECT array_agg(id)::text FROM found) END"
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {found} SELECT is_whole, {keys_of} FROM whole", params)  # noqa: S608
        is_whole, keys = cursor.fetchone()
    if not is_whole:
        return search.all(bookings)
    return bookings.filter(AnyOf(F("pk"), Keys(Value(keys), type="uuid"))) if keys else bookings.none()


def _anew(n: int) -> str:
    new = "".join(f" AND id NOT IN (SELECT id FROM way_{earlier})" for earlier in range(n))  # noqa: S608
    return f"SELECT * FROM way_{n} WHERE true{new}"  # noqa: S608  our own names


def _any(ways: Sequence[Q]) -> Q:
    return reduce(or_, ways)


def matching_customers(customers: QuerySet[Customer], typed: str) -> QuerySet[Customer]:
    """`customers` whose name and email have all typed words, or whose phone it is."""
    return customers.filter(_said(("full_name", "email"), typed))


def _folded(typed: str) -> tuple[list[list[str]], str]:
    """The parts that a text has to have, for each way to write what was typed; none where there is no letter. And the digits
    when it is a telephone number.
    """
    wanted = [*spellings_of("typed"), Digits.template % {"expressions": "typed"}]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(wanted)} FROM (SELECT %s::text AS typed) AS said", [typed])  # noqa: S608
        *texts, digits = cursor.fetchone()
    return _parts(typed, [text.split() for text in texts]), digits if _is_number(typed) else ""


def _parts(typed: str, written: list[list[str]]) -> list[list[str]]:
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
