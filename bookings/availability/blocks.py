"""Blocks: days, or hours, for which staff keep a car off the road. They take them like bookings and never cover one."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from bookings.availability.hours.blocks import (
    WHOLE_DAYS,
    Clock,
    booked,
    clock_of,
    free_block,
    hours_at,
    in_order,
    take_block,
)
from bookings.availability.hours.spans import spans_on
from bookings.availability.ledger import claim, lock_cars
from bookings.days import Days
from bookings.errors import ChangedMeanwhile, DatesTaken, Invalid, NotFound
from bookings.models import Block, Booking, CarAvailability
from cars.models import Car
from exodrive.db.retry import retry_on_deadlock

BUFFER = CarAvailability.Status.BUFFER
MAX_DAYS_BLOCKED = 366  # a year, also a leap year: longer is a slip, or a car that is retired


@dataclass(frozen=True, slots=True)
class Blocked:
    """The blocks that could be made, which bookings have the other days, and whether somebody is booking one just now."""

    blocks: list[Block] = field(default_factory=list)
    in_the_way: list[Booking] = field(default_factory=list)
    held: bool = False


@retry_on_deadlock()
def place_blocks(
    *, cars: Sequence[Car], days: Days, kind: str, note: str = "", by: Any = None, clock: Clock = WHOLE_DAYS
) -> list[Block]:
    """Block the days on every car, one block each, all or none. Raises DatesTaken listing the bookings in the way, and
    Invalid for more than MAX_DAYS_BLOCKED.

    With a `clock` only from its first time on the first day until its second on the last, where each car is; Invalid for
    times that make no sense. Past days may be blocked: a calendar should tell what was. Locks: cars.
    """
    with transaction.atomic(durable=True):
        return place_within(cars=cars, days=days, kind=kind, note=note, by=by, clock=clock)


def place_within(
    *, cars: Sequence[Car], days: Days, kind: str, note: str = "", by: Any = None, clock: Clock = WHOLE_DAYS
) -> list[Block]:
    """What `place_blocks` does, as one of several things in a transaction that the caller lets fail."""
    _refuse_too_long(days)
    lock_cars(*(car.pk for car in cars))
    queue = sorted(cars, key=lambda car: car.pk)
    blocks = [Block(car=car, kind=kind, note=note, created_by=by) for car in queue]
    for block in blocks:
        _time(block, days, clock)
    refuse_where_booked(blocks)
    for block in blocks:
        block.save()
        take_block(block)
    return blocks


def block_where_free(*, car: Car, days: Days, kind: str, note: str, by_id: Any) -> Blocked:
    """Block every day of the range that nobody has, one block for each stretch, so that nobody books one of them.

    Must run in a transaction, after `lock_cars`. Raises Invalid for more than MAX_DAYS_BLOCKED.
    """
    _refuse_too_long(days)
    rows = CarAvailability.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=Now()), car=car, date__range=(days.start, days.end)
    )
    taken = {row.date: row for row in rows}
    spans = list(spans_on([car.pk], days).values_list("booking", "hold"))
    made = [
        Block(car=car, start_date=free.start, end_date=free.end, kind=kind, note=note, created_by_id=by_id)
        for free in _stretches(days, taken)
    ]
    for block in made:
        block.save()
        claim(block)
    held = any(row.hold_id for row in taken.values()) or any(hold for _booking, hold in spans)
    rides = {booking for booking, _hold in spans if booking}
    return Blocked(made, in_order(_bookings_of(taken.values()) | rides), held)


def _bookings_of(rows: Iterable[CarAvailability]) -> set[Any]:
    """Whose days these are, and not only the gaps after them."""
    return {row.booking_id for row in rows if row.booking_id and row.status != BUFFER}


def _stretches(days: Days, taken: Container[date]) -> Iterator[Days]:
    """The days that are not taken, as ranges."""
    for is_taken, group in groupby(days, key=lambda day: day in taken):
        if not is_taken:
            stretch = list(group)
            yield Days(stretch[0], stretch[-1])


@retry_on_deadlock()
def change_block(
    *,
    block: Block,
    days: Days | None = None,
    kind: str | None = None,
    note: str | None = None,
    clock: Clock | None = None,
) -> Block:
    """Move a block, let it end earlier or later, or say why. Raises DatesTaken, then the old days stay blocked.

    What is given must still be as it was when the block was read: ChangedMeanwhile.
    Raises Invalid for more than MAX_DAYS_BLOCKED, except when a block that had more gets fewer.
    """
    with transaction.atomic(durable=True):
        return alter_within(block=block, days=days, kind=kind, note=note, clock=clock)


def alter_within(
    *,
    block: Block,
    days: Days | None = None,
    kind: str | None = None,
    note: str | None = None,
    clock: Clock | None = None,
) -> Block:
    """What `change_block` does, as one of several things in a transaction that the caller lets fail."""
    lock_cars(block.car_id)
    seen, block = block, _found(block)
    asked = {"days": days, "kind": kind, "note": note, "hours": clock}
    if any(said is not None and getattr(seen, name) != getattr(block, name) for name, said in asked.items()):
        raise ChangedMeanwhile
    _move(block, days or block.days, clock_of(block) if clock is None else clock)
    block.kind = block.kind if kind is None else kind
    block.note = block.note if note is None else note
    block.save(update_fields=["start_date", "end_date", "starts_at", "ends_at", "kind", "note"])
    return block


def _move(block: Block, days: Days, clock: Clock) -> None:
    """Give back what it has and take what it is to have, unless that is the same."""
    if days == block.days and clock == clock_of(block):
        return
    if len(days) >= len(block.days):
        _refuse_too_long(days)
    free_block(block)
    _time(block, days, clock)
    refuse_where_booked([block])
    take_block(block)


def _time(block: Block, days: Days, clock: Clock) -> None:
    """Not saved."""
    block.hours = hours_at(block.car.location, days, clock)
    block.start_date, block.end_date = days.start, days.end


@retry_on_deadlock()
def remove_block(*, block: Block, seen: str | None = None) -> None:
    """Free the days; the database writes down who did. Raises NotFound when it is gone already, and ChangedMeanwhile when
    its days are not those `seen` (ISO 8601)."""
    with transaction.atomic(durable=True):
        lock_cars(block.car_id)
        block = _found(block)
        if seen not in (None, block.days.isoformat):
            raise ChangedMeanwhile
        free_block(block)
        block.delete()


def refuse_where_booked(blocks: Sequence[Block]) -> None:
    """Raise DatesTaken with the bookings that have one of their days, or some of their hours, for staff to see."""
    ids: set[Any] = set()
    for (days, hours), alike in groupby(blocks, key=lambda block: (block.days, block.hours)):
        ids |= booked([block.car_id for block in alike], days, hours)
    if ids:
        found = [_in_short(booking) for booking in in_order(ids)]
        raise DatesTaken(_("There are bookings on these days."), bookings=found)


def _refuse_too_long(days: Days) -> None:
    if len(days) > MAX_DAYS_BLOCKED:
        raise Invalid.field("endDate", _("Block a year at most."))


def _in_short(booking: Booking) -> dict[str, Any]:
    return {
        "id": booking.pk,
        "reference": booking.reference,
        "carId": booking.car_id,
        "startDate": booking.start_date,
        "endDate": booking.end_date,
        "status": booking.status,
    }


def _found(block: Block) -> Block:
    found = Block.objects.select_related("car__location").filter(pk=block.pk).first()
    if found is None:
        raise NotFound
    return found
