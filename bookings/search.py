"""Search for bookings by the beginnings of words, whatever the accents and capitals, as the indexes fold them.

The expressions are those of the indexes in `bookings/migrations/0004_search.py`, letter for letter; a test compares the
plan. The typed words are folded and split by the same SQL, so there is one notion of a word.
"""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value

from bookings.models import Booking
from cars.models import Car


class Words(Func):
    """The words of some columns, as the GIN indexes keep them."""

    template = "to_tsvector('simple', regexp_replace(fold(%(expressions)s), '[^[:alnum:]]+', ' ', 'g'))"
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Beginnings(Func):
    """A query for words that begin like each typed one; NULL, which matches nothing, when there is no word."""

    template = (
        "(SELECT to_tsquery('simple', string_agg(word || ':*', ' & ')) FROM regexp_split_to_table("
        "regexp_replace(fold(%(expressions)s), '[^[:alnum:]]+', ' ', 'g'), ' ') AS word WHERE word <> '')"
    )
    output_field = TextField()


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


def matching(bookings: QuerySet[Booking], typed: str) -> QuerySet[Booking]:
    """`bookings` whose name, email and reference have all typed words, or whose car's plate has them."""
    wanted: Any = Beginnings(Value(typed))
    cars = Car.objects.filter(Matches(Words(F("plate")), wanted)).order_by().values("pk")
    text = Words(F("full_name"), F("email"), F("reference"))
    return bookings.filter(Q(Matches(text, wanted)) | Q(AnyOf(F("car_id"), ArraySubquery(cars))))
