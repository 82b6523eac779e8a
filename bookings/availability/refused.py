"""Days that the rules of every car forbid: why, in one sentence about all of them, and the nearest days that can be had."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.ledger import taken_dates_of
from bookings.availability.rules import Reason
from bookings.days import FIRST_DAY, LAST_DAY, ONE_DAY, Days
from cars.catalogue import catalogue
from cars.models import Car

AROUND = 45  # days before and after
OTHER_LENGTHS = (0, 1, -1, 2, -2, 3)  # tried where the same length ends on a day that is closed
NEAR = 7  # how far the other lengths are looked for
ASKED = 40  # cars; the search looks no further than a page that people read
FIXES = 3


@dataclass(frozen=True, slots=True)
class Refused:
    """Sentences that say why, and days that the rules allow and on which a car is free, the nearest first."""

    sentences: list[str]
    fixes: list[Days]


def refused(cars: Sequence[Car], days: Days, at: datetime) -> Refused | None:
    """None when the rules of any car allow the days. Four queries."""
    places = {place.pk: place for place in catalogue().locations}
    for car in cars:
        car.location = places[car.location_id]
    against = {car: rules.reasons(car, days, at) for car in cars}
    if not cars or not all(against.values()):
        return None
    asked = cars[:ASKED]
    return Refused(_sentences(against, at), _fixes(asked, days, at))


def _sentences(against: dict[Car, list[Reason]], at: datetime) -> list[str]:
    """What all cars have in common, else what stands against the first ones."""
    shared = set.intersection(*({reason.code for reason in reasons} for reasons in against.values()))
    if not shared:
        return list(dict.fromkeys(reasons[0].message for reasons in against.values()))[:2]
    first = next(reason for reason in next(iter(against.values())) if reason.code in shared)
    if first.code == "horizon":  # each names its own last day: the car with the furthest asks least
        furthest = max(against, key=lambda car: rules.last_bookable_day(car, rules.Now.of(car.location, at)))
        first = next(reason for reason in against[furthest] if reason.code == "horizon")
    return [_of_all(first, list(against))]


def _of_all(reason: Reason, cars: list[Car]) -> str:
    """The rule in the words of the car that asks least; one car alone speaks for itself."""
    if len(cars) > 1 and reason.code in LEAST:
        return LEAST[reason.code](cars)
    return reason.message


def _at_least(cars: list[Car]) -> str:
    least = min(car.shortest for car in cars)
    return ngettext("Rentals start at %(n)d day.", "Rentals start at %(n)d days.", least) % {"n": least}


def _at_most(cars: list[Car]) -> str:
    most = max(car.longest for car in cars)
    return ngettext("Rentals last %(n)d day at most.", "Rentals last %(n)d days at most.", most) % {"n": most}


def _lead_time(cars: list[Car]) -> str:
    least = min(car.lead_time for car in cars)
    words = ngettext(
        "Book at least %(n)d hour before pick-up.", "Book at least %(n)d hours before pick-up.", least
    )
    return words % {"n": least}


def _cut_off(cars: list[Car]) -> str:
    latest = max(car.cut_off for car in cars)
    if latest == 0:
        return _("Cars cannot be picked up on the day they are booked.")
    return _("Pick-up today can be booked until %(time)s.") % {"time": f"{latest:02d}:00"}


def _pickup_weekday(cars: list[Car]) -> str:
    return _("No car is picked up on that weekday.")


def _dropoff_weekday(cars: list[Car]) -> str:
    return _("No car is returned on that weekday.")


LEAST: dict[str, Callable[[list[Car]], str]] = {
    "min_days": _at_least,
    "max_days": _at_most,
    "lead_time": _lead_time,
    "cut_off": _cut_off,
    "pickup_weekday": _pickup_weekday,
    "dropoff_weekday": _dropoff_weekday,
}


def _fixes(cars: Sequence[Car], days: Days, at: datetime) -> list[Days]:
    base = _within_reach(cars, days, at)
    margin = (AROUND + max(OTHER_LENGTHS) + max(car.buffer for car in cars)) * ONE_DAY
    taken = taken_dates_of(
        [car.pk for car in cars], base.start - AROUND * ONE_DAY, base.end + margin, as_of=AsOf(at)
    )
    found: list[Days] = []
    for other in _nearest(base):
        if any(_fits(car, other, taken[car.pk], at) for car in cars):
            found.append(other)
        if len(found) == FIXES:
            break
    return found


def _within_reach(cars: Sequence[Car], days: Days, at: datetime) -> Days:
    """The days, moved between today and the last day that any car can be booked, of a length that a car may have."""
    shortest, longest = min(car.shortest for car in cars), max(car.longest for car in cars)
    length = min(max(len(days), shortest), longest)
    nows = [(car, rules.Now.of(car.location, at)) for car in cars]
    first = min(now.today for _car, now in nows)
    last = max(rules.last_bookable_day(car, now) for car, now in nows)
    start = max(first, min(days.start, last - (length - 1) * ONE_DAY))
    return Days.starting(start, length)


def _nearest(base: Days) -> Iterator[Days]:
    """The days themselves, then those around them, the nearer first."""
    for shift in sorted(range(-AROUND, AROUND + 1), key=lambda n: (abs(n), -n)):
        for more in OTHER_LENGTHS if abs(shift) <= NEAR else (0,):
            length = len(base) + more
            start = base.start + shift * ONE_DAY
            if length > 0 and FIRST_DAY <= start <= LAST_DAY:
                yield Days.starting(start, length)


def _fits(car: Car, days: Days, taken: set[date], at: datetime) -> bool:
    claimed = days.with_buffer(car.buffer)
    return taken.isdisjoint(claimed) and not rules.reasons(car, days, at)
