"""A figure's rows, read from its view, with the names of what they are about."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from bookings import errors
from cars.models import Car, Location
from inbox.desk.figures.kinds import Figure

QUERY = "SELECT {columns} FROM {view} WHERE month BETWEEN %s AND %s ORDER BY month"
# The rows of those keys alone that have the most in all these months, and how many keys there are.
MOST = """
WITH found AS (SELECT {columns} FROM {view} WHERE month BETWEEN %s AND %s),
  ranked AS (
    SELECT {key}, row_number() OVER ({of} ORDER BY sum({drawn}) DESC, {by}) AS place, count(*) OVER ({of}) AS keys
    FROM found GROUP BY {key}
  )
SELECT {columns}, keys FROM found JOIN ranked USING ({key}) WHERE place <= %s ORDER BY month
"""
Key = tuple[Any, ...]
REASONS = {
    kind.code: kind.message
    for kind in vars(errors).values()
    if isinstance(kind, type) and issubclass(kind, errors.BookingError)
}
# As the fields are called with which managers set them.
RULES = {
    "min_days": _lazy("minimum days"),
    "max_days": _lazy("maximum days"),
    "cut_off": _lazy("same-day cut-off hour"),
    "lead_time": _lazy("lead time (hours)"),
    "horizon": _lazy("bookable days ahead"),
    "pickup_weekday": _lazy("pick-up weekdays"),
    "dropoff_weekday": _lazy("return weekdays"),
    "closed": _lazy("closed days"),
}


@dataclass(frozen=True)
class Row:
    """The numbers of one month, of one currency where the figure has any, and of one car, place … where it has those."""

    month: date
    values: dict[str, Any]
    currency: str = ""
    key: Key = ()
    name: str = ""


def read(figure: Figure, months: list[date]) -> list[Row]:
    """Its rows of these months, in their order. Two queries at most. Must run as somebody who may read the view."""
    columns = _columns(figure)
    return _rows(figure, _found(QUERY, figure, columns, [months[0], months[-1]]))


def read_most(figure: Figure, months: list[date], most: int) -> tuple[list[Row], dict[str, int]]:
    """Its rows of the `most` cars, places … of each currency that come to the most, and of how many these are.

    Of a figure that is by something, summed over the months by what is drawn. Two queries; as `read` else.
    """
    found = _found(MOST, figure, [*_columns(figure), "keys"], [months[0], months[-1], most])
    return _rows(figure, found), {row.get("currency", ""): row["keys"] for row in found}


def _columns(figure: Figure) -> list[str]:
    return ["month", *_heads(figure), *(column.name for column in figure.columns)]


def _heads(figure: Figure) -> list[str]:
    return [*(["currency"] if figure.in_currencies else []), *figure.by]


def _found(query: str, figure: Figure, columns: list[str], values: list[Any]) -> list[dict[str, Any]]:
    text = query.format(
        columns=", ".join(name for name in columns if name != "keys"),
        view=figure.view,
        key=", ".join(_heads(figure)),
        of="PARTITION BY currency" if figure.in_currencies else "",
        by=", ".join(figure.by),
        drawn=figure.drawn,
    )
    with connection.cursor() as cursor:
        cursor.execute(text, values)
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def _rows(figure: Figure, found: list[dict[str, Any]]) -> list[Row]:
    names = _names(figure, {_key(figure, row) for row in found})
    return [_row(figure, row, names) for row in found]


def _key(figure: Figure, row: dict[str, Any]) -> Key:
    return tuple(row[name] for name in figure.by)


def _row(figure: Figure, row: dict[str, Any], names: dict[Key, str]) -> Row:
    key = _key(figure, row)
    values = {column.name: row[column.name] for column in figure.columns}
    return Row(row["month"], values, row.get("currency", ""), key, names.get(key, ""))


def _cars(keys: Iterable[Key]) -> dict[Key, str]:
    cars = Car.objects.select_related(None).filter(pk__in=[key[0] for key in keys])
    return {(car.pk,): f"{car.name}, {car.plate}" for car in cars}


def _classes(keys: Iterable[Key]) -> dict[Key, str]:
    gears = dict(Car.Gearbox.choices)
    words = {"gear": "", "seats": 0}
    return {
        (seats, gear): _("%(seats)s seats, %(gear)s")
        % (words | {"seats": seats, "gear": str(gears[gear]).lower()})
        for seats, gear in keys
    }


def _places(keys: Iterable[Key]) -> dict[Key, str]:
    found = Location.objects.filter(pk__in=[key[0] for key in keys])
    return {(pk,): name for pk, name in found.values_list("pk", "name")}


def _reasons(keys: Iterable[Key]) -> dict[Key, str]:
    """The sentence that was said, the rule, or the code where neither is known any more."""
    rules = {code: str(words)[:1].upper() + str(words)[1:] for code, words in RULES.items()}
    return {(code,): rules.get(code) or str(REASONS.get(code) or code) for (code,) in keys}


NAMES: dict[tuple[str, ...], Callable[[Iterable[Key]], dict[Key, str]]] = {
    ("car_id",): _cars,
    ("seats", "gearbox"): _classes,
    ("location_id",): _places,
    ("code",): _reasons,
}


def _names(figure: Figure, keys: set[Key]) -> dict[Key, str]:
    return NAMES[figure.by](keys) if figure.by else {}
