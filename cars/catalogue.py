"""What rules and prices are made of, read once by each process and used for as long as the database says that it holds.

Opening hours change once a week and are asked for with every booking. So places with their hours and closed days, fleets,
cars, seasons, discounts, fees and extras are kept here, under the name that the database has for its present state
(`CatalogueVersion`). That name is asked for at each use, in the caller's transaction: it is another one as soon as a
write commits, for the writer itself before that, and the old one again when the write is rolled back. Nobody is priced or
refused by something stale, in whatever process; the price of that is one statement in place of up to nine.

What is kept is exactly one state: it was read between two answers with the same name. Row-level security still decides who
sees a car, in the very statement that asks for the name. What belongs to a car that is not offered is not kept.
"""

import copy
import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.db.models import Max, Model

from cars.models import Car, Discount, Extra, Fee, Fleet, Location, Season, offered_rides
from exodrive.db.replica import deciding
from exodrive.db.together import asked
from exodrive.rls import PUBLIC, acting_as, current

MAX_CARS = 2000  # kept for each role
READ_AHEAD = 500  # cars that are read with the rest: all of most fleets
TRIES = 3  # at reading all of it while somebody goes on writing
M = TypeVar("M", bound=Model)
Priced = TypeVar("Priced", Season, Discount, Fee)

LOOK = """
SELECT (SELECT string_agg(version::text, ' ' ORDER BY version) FROM catalogue_versions),
       ARRAY(SELECT id FROM cars WHERE id = ANY(%s::bigint[]))"""


@dataclass(frozen=True, slots=True)
class _Rows:
    """One state of the catalogue as one role sees it. Shared by all threads, and never changed but by adding cars."""

    version: str
    locations: dict[int, Location]
    fleets: dict[int, Fleet]
    seasons: tuple[Season, ...]
    discounts: tuple[Discount, ...]
    fees: tuple[Fee, ...]
    extras: dict[int, Extra]
    offered: dict[int, int | None]  # places of offered cars, and how far ahead one of these goes by itself
    rides: bool = False  # whether customers are shown any service
    cars: dict[int, Car] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue at one moment, for whoever asked. Every row is handed out as a copy: no caller changes another's."""

    rows: _Rows
    asked: frozenset[int]  # cars that were looked for
    cars: dict[int, Car]  # those of them that the identity in force saw
    whose: tuple[str, str]  # its role and its link

    @property
    def locations(self) -> list[Location]:
        """All places in their own order, with what `is_closed` and `opens_on` ask of them."""
        return [_twin(place) for place in self.rows.locations.values()]

    def location(self, pk: int | None) -> Location | None:
        """One of them."""
        found = self.rows.locations.get(pk) if pk is not None else None
        return found and _twin(found)

    @property
    def places_with_cars(self) -> list[Location]:
        """Those where an offered car stands."""
        return [place for place in self.locations if place.pk in self.rows.offered]

    @property
    def horizon(self) -> int:
        """Days ahead on which the last return of any offered car may be, or of any fleet."""
        fleets = [fleet.horizon_days for fleet in self.rows.fleets.values()] or [Fleet().horizon_days]
        return max(*fleets, *(days or 0 for days in self.rows.offered.values()), 0)

    @property
    def extras(self) -> dict[int, Extra]:
        """Everything that was ever offered beside the cars, by id."""
        return {pk: _twin(extra) for pk, extra in self.rows.extras.items()}

    def car(self, pk: int) -> Car | None:
        """A car that was looked for, with its place and its fleet; None for whoever may not see it."""
        return (found := self.cars.get(pk)) and self.furnish(_twin(found))

    def furnish(self, car: Car) -> Car:
        """The same car, with its place and fleet as they are here: nothing about them is asked for again."""
        for name, found in (("location", self.rows.locations), ("fleet", self.rows.fleets)):
            if row := found.get(getattr(car, f"{name}_id")):
                setattr(car, name, _twin(row))
        return car

    def seasons(self, start: date, end: date, *cars: int) -> tuple[Season, ...]:
        """Those that touch the days from `start` to `end`; of these cars, or of every offered one."""
        found = (*_of(cars, self.rows.seasons), *self._hidden(Season, cars))
        return tuple(row for row in found if row.start_date <= end and row.end_date >= start)

    def discounts(self, *cars: int) -> tuple[Discount, ...]:
        """Of these cars, or of every offered one."""
        return (*_of(cars, self.rows.discounts), *self._hidden(Discount, cars))

    def fees(self, *cars: int) -> tuple[Fee, ...]:
        """Of these cars, or of every offered one."""
        return (*_of(cars, self.rows.fees), *self._hidden(Fee, cars))

    def _hidden(self, model: type[Priced], cars: Collection[int]) -> list[Priced]:
        """What belongs to cars that only a customer's own link shows: the public's catalogue is that of offered cars."""
        if current().role != PUBLIC:
            return []
        own = [pk for pk in cars if (seen := self.cars.get(pk)) and not seen.is_offered]
        return list(model._default_manager.filter(car__in=own)) if own else []


def _of(cars: Collection[int], rows: Iterable[Priced]) -> Iterator[Priced]:
    """Copies of what is for these cars, or for all of them."""
    return (_twin(row) for row in rows if not cars or row.car_id is None or row.car_id in cars)


NOTHING = _Rows("nothing read yet", {}, {}, (), (), (), {}, {})
_kept: dict[str, _Rows] = {}  # by role
_writing = threading.Lock()
_of_the_block: ContextVar[Catalogue | None] = ContextVar("catalogue", default=None)


def catalogue(*car_ids: int) -> Catalogue:
    """The catalogue as it is now, or as it was at the beginning of the block (`one_catalogue`), with these cars.

    One statement, or about a dozen after somebody has written.
    """
    found = _of_the_block.get()
    if found and found.whose == _asker() and found.asked.issuperset(car_ids):
        return found
    return look(*car_ids)


@contextmanager
def one_catalogue(*car_ids: int) -> Iterator[Catalogue]:
    """Look now, and let everything in the block go by that, as long as it is the same identity's.

    For the reading of a page, and for a verb once it has its locks. The block must not write to the catalogue itself.
    """
    with in_force(look(*car_ids)) as found:
        yield found


@contextmanager
def in_force(found: Catalogue) -> Iterator[Catalogue]:
    """The same with what somebody has looked up a moment ago."""
    reset = _of_the_block.set(found)
    try:
        yield found
    finally:
        _of_the_block.reset(reset)


def look(*car_ids: int) -> Catalogue:
    """The catalogue as it is now, whatever a block goes by."""
    return _look(frozenset(car_ids))


def shows_rides(*, ask: bool = True) -> bool:
    """Whether customers are shown any service; without asking, as of when this process last looked."""
    return (catalogue().rows if ask else _kept.get(PUBLIC, NOTHING)).rides


def _asker() -> tuple[str, str]:
    return current().role, current().token_hash


@deciding()
def _look(wanted: frozenset[int]) -> Catalogue:
    role, token = _asker()
    rows = _kept.get(role, NOTHING)
    version, visible = _ask(wanted)
    cars = _those(visible, rows)
    for _try in range(TRIES):
        if rows.version == version and cars.keys() >= visible:
            break
        if rows.version != version:
            rows = _read(version)
            cars = _those(visible, rows)
        more = _cars(visible - cars.keys())
        cars, (version, visible) = cars | more, _ask(wanted)
        if rows.version == version:
            _keep(role, rows, more)
    return Catalogue(rows, wanted, {pk: cars[pk] for pk in visible & cars.keys()}, (role, token))


def _cars(missing: Collection[int]) -> dict[int, Car]:
    return {car.pk: car for car in Car.objects.select_related(None).filter(pk__in=missing)} if missing else {}


def _those(wanted: Collection[int], rows: _Rows) -> dict[int, Car]:
    return {pk: car for pk in wanted if (car := rows.cars.get(pk))}


def _ask(wanted: Collection[int]) -> tuple[str, frozenset[int]]:
    """The name of the present state, "" where it has none, and which of these cars the identity in force sees."""
    version, visible = asked(LOOK, [sorted(wanted)])[0]
    return version or "", frozenset(visible)


def _read(version: str) -> _Rows:
    """Everything but the cars of large fleets. The public's without a link in hand: what a link shows is nobody else's."""
    if current().role == PUBLIC and current().token_hash:
        with acting_as(PUBLIC):
            return _read(version)
    offered = Car.objects.filter(status=Car.Status.OFFERED).order_by().values_list("location")
    return _Rows(
        version,
        {place.pk: place for place in Location.with_hours()},
        Fleet.objects.in_bulk(),
        tuple(Season.objects.all()),
        tuple(Discount.objects.all()),
        tuple(Fee.objects.all()),
        {extra.pk: extra for extra in Extra.objects.all()},
        dict(offered.annotate(Max("horizon_days"))),
        offered_rides().exists(),
        {car.pk: car for car in Car.objects.select_related(None)[:READ_AHEAD]},
    )


def _keep(role: str, rows: _Rows, cars: dict[int, Car]) -> None:
    """For the next one, in whatever thread. What has no name is not kept: it could not be told from another state."""
    if not rows.version:
        return
    with _writing:
        kept = _kept.get(role)
        if kept is None or kept.version != rows.version:
            kept = _kept[role] = rows
        for pk, car in cars.items():
            if len(kept.cars) >= MAX_CARS:
                kept.cars.pop(next(iter(kept.cars)))
            kept.cars[pk] = car


def _twin(row: M) -> M:
    """A copy that can be changed; what hangs on it (hours, closed days) is shared and only read."""
    twin: Any = object.__new__(type(row))
    twin.__dict__.update(row.__dict__, _state=copy.copy(row._state))
    return twin
