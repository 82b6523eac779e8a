"""The offered cars as the search sees them: one kind for all that have the same rules, place, seats and rates.

A fleet of 100,000 has some hundred kinds. What a rule or a price says of one car of a kind it says of all, so rules are
asked and prices are made once for each kind, by the functions that do so for one car. Kept by each process under the
version of the catalogue (`cars.catalogue`).
"""

import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg

from bookings.availability.fleet import bits
from cars.catalogue import Catalogue, catalogue
from cars.models import Car
from exodrive.db.replica import deciding

OF_RULES = (
    *("location_id", "fleet_id", "min_days", "max_days", "buffer_days", "horizon_days", "lead_time_hours"),
    *("cut_off_hour", "pickup_weekdays", "dropoff_weekdays"),
)
OF_PRICES = ("daily_rate", "weekend_rate")
OF_KINDS = (*OF_RULES, "seats", "gearbox", *OF_PRICES)
NOT_ASKED = {"deposit": Decimal(0), "excess_km_price": Decimal(0)}  # in no total
REMEMBERED = 64  # sets and orders that were made for earlier searches
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Kind:
    """Offered cars that differ in nothing a search asks for; bit n of a set is the car whose id is `base` + n."""

    car: Car  # speaks for all of them
    rules: Hashable  # the same for kinds whose rules are
    price: Hashable  # and for those whose prices are
    positions: "array[int]"  # ascending


@dataclass(frozen=True, eq=False)
class Offered:
    """All of them, in one state of the catalogue."""

    version: str
    base: int
    kinds: list[Kind]
    _made: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    _making: threading.Lock = field(default_factory=threading.Lock)

    @cached_property
    def kind_of(self) -> "array[int]":
        """The index of each position's kind; of positions without an offered car, too, where it says nothing."""
        found = array(
            "l", bytes(array("l").itemsize * (1 + max((k.positions[-1] for k in self.kinds), default=0)))
        )
        for number, kind in enumerate(self.kinds):
            for position in kind.positions:
                found[position] = number
        return found

    def those(self, name: Hashable, fits: Callable[[Kind], bool]) -> int:
        """The cars of the kinds that fit, which `name` stands for."""
        return self.marked(name, lambda: [fits(kind) for kind in self.kinds])

    def marked(self, name: Hashable, marks: Callable[[], list[bool]]) -> int:
        """The same of kinds that are marked, each in its turn."""
        return self.once(("those", name), lambda: self._union(marks()))

    def _union(self, marks: list[bool]) -> int:
        found = bytearray()
        for kind, marked in zip(self.kinds, marks, strict=True):
            if marked:
                bits.put(found, kind.positions)
        return bits.number(found)

    @property
    def all(self) -> int:
        """All of them."""
        return self.those("all", lambda kind: True)

    def priced(self, name: Hashable, price: Callable[[Car], T], *also: Callable[[Car], Hashable]) -> list[T]:
        """The price of each kind, which `name` stands for: made once for those whose prices, and `also`, are alike."""
        return self.once(("priced", name), lambda: self._priced(price, also))

    def _priced(self, price: Callable[[Car], T], also: tuple[Callable[[Car], Hashable], ...]) -> list[T]:
        known: dict[Hashable, T] = {}
        found = []
        for kind in self.kinds:
            key = (kind.price, *(one(kind.car) for one in also))
            if key not in known:
                known[key] = price(kind.car)
            found.append(known[key])
        return found

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What was made under that name before, or is made now."""
        with self._making:
            if name in self._made:
                self._made.move_to_end(name)
                known: T = self._made[name]
                return known
        made = make()
        with self._making:
            self._made[name] = made
            while len(self._made) > REMEMBERED:
                self._made.popitem(last=False)
        return made

    def after(self, of: int, pk: int, count: int) -> list[int]:
        """Ids of the first `count` cars of a set with larger ids than that, ascending."""
        first = max(0, pk + 1 - self.base)
        return [self.base + first + n for n in islice(bits.positions(bits.raw(of >> first)), count)]

    def ids(self, positions: list[int]) -> list[int]:
        """Of the cars at these positions."""
        return [self.base + position for position in positions]


_kept: Offered | None = None


def offered() -> Offered:
    """The offered cars now. One statement more than the catalogue where it has changed, else none."""
    global _kept
    known, kept = catalogue(), _kept
    if kept is None or kept.version != known.rows.version or not kept.version:
        kept = _kept = _made_of(known)
    return kept


@deciding()
def _made_of(known: Catalogue) -> Offered:
    rows = (
        Car.objects.select_related(None)
        .filter(status=Car.Status.OFFERED)
        .order_by()
        .values_list(*OF_KINDS)
        .annotate(ids=ArrayAgg("pk"))
    )
    own = _priced_by_themselves(known)
    found: list[tuple[list[Any], list[int], int | None]] = []
    for *values, ids in rows:
        alone = own.intersection(ids)
        others = sorted(set(ids) - alone)
        found += [(values, others, None)] if others else []
        found += [(values, [pk], pk) for pk in sorted(alone)]
    base = min((cars[0] for _values, cars, _own in found), default=0)
    return Offered(known.rows.version, base, [_kind(known, base, *row) for row in found])


def _priced_by_themselves(known: Catalogue) -> frozenset[int]:
    """Ids of cars that have a season, a discount or a fee of their own."""
    rows: tuple[Any, ...] = (*known.rows.seasons, *known.rows.discounts, *known.rows.fees)
    return frozenset(row.car_id for row in rows if row.car_id is not None)


def _kind(known: Catalogue, base: int, values: list[Any], cars: list[int], own: int | None) -> Kind:
    same = dict(zip(OF_KINDS, values, strict=True)) | NOT_ASKED
    car = known.furnish(Car(**same, pk=own, status=Car.Status.OFFERED))
    rates: tuple[Decimal, Decimal | None] = (car.daily_rate, car.weekend_rate)
    return Kind(car, tuple(values[: len(OF_RULES)]), (own, *rates), array("l", (pk - base for pk in cars)))
