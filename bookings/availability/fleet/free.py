"""The cars that are free on some days, as a set: what `free_cars` says in SQL, in a time that hardly grows."""

from datetime import datetime

from bookings.availability import rules
from bookings.availability.fleet import bits
from bookings.availability.fleet.offered import Kind, Offered
from bookings.availability.fleet.taken import in_any, taken
from bookings.availability.free_cars import MAX_BUFFER
from bookings.availability.still_out import late_cars
from bookings.days import ONE_DAY, Days


def free(offered: Offered, days: Days, at: datetime) -> int:
    """Offered cars whose rules allow these days, and of which every day, buffer included, is free.

    One statement, and one more where a pick-up is today.
    """
    by_buffer: dict[int, set[object]] = {}
    for kind in allowed(offered, days, at):
        by_buffer.setdefault(kind.car.buffer, set()).add(kind.rules)
    if not by_buffer:
        return 0
    by_day = taken(days.with_buffer(min(max(by_buffer), MAX_BUFFER.days)), at, offered.base)
    found = 0
    for buffer, alike in by_buffer.items():
        those = with_rules(offered, frozenset(alike))
        until = days.end + buffer * ONE_DAY
        found |= those & ~in_any({day: cars for day, cars in by_day.items() if day <= until})
    return found & ~_late(offered, days, at)


def allowed(offered: Offered, days: Days, at: datetime) -> list[Kind]:
    """A kind for each set of rules that allow the days, whoever asks: the web's."""
    return [kind for kind in by_rules(offered) if not rules.reasons(kind.car, days, at)]


def by_rules(offered: Offered) -> list[Kind]:
    """A kind for each set of rules."""
    return offered.once("by rules", lambda: list({kind.rules: kind for kind in offered.kinds}.values()))


def with_rules(offered: Offered, alike: frozenset[object]) -> int:
    """The cars whose rules are among these."""
    return offered.those(("rules", alike), lambda kind: kind.rules in alike)


def _late(offered: Offered, days: Days, at: datetime) -> int:
    """Cars that should be back and are not, where the days begin today."""
    here = {place for kind in by_rules(offered) if (place := kind.car.location).today(at) == days.start}
    if not here:
        return 0
    known = [pk - offered.base for pk in late_cars(at) if pk >= offered.base]
    return bits.number(bits.put(bytearray(), [n for n in known if _place(offered, n) in here]))


def _place(offered: Offered, position: int) -> object:
    if position >= len(offered.kind_of):
        return None
    return offered.kinds[offered.kind_of[position]].car.location
