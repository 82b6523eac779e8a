"""At which times of a day a car can change hands: while the place is open, not in the past, and only what clocks show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from bookings.errors import Invalid
from cars.models import Location
from cars.models.places import Span
from exodrive.i18n.formats import clock, hours_of_day

HALF_AN_HOUR = timedelta(minutes=30)
LAST_OF_DAY = time(23, 30)
PICK_UP = "pickupTime"  # a return may be noted after it happened


@dataclass(frozen=True, slots=True)
class Handover:
    """A pick-up or a return as it is wanted; `field` is how the API spells its time."""

    field: str
    place: Location
    day: date
    clock: time


def refuse_impossible(*wanted: Handover, at: datetime | None) -> None:
    """Raise Invalid, naming every time at which nobody can hand over a car, as judged at the instant `at`, if any."""
    problems = {one.field: [problem] for one in wanted if (problem := problem_of(one, at))}
    if problems:
        raise Invalid(fields=problems)


def problem_of(wanted: Handover, at: datetime | None) -> str:
    """Why nobody can hand over the car then, or ""."""
    place, day, moment = wanted.place, wanted.day, wanted.clock
    if not is_within(place.spans_on(day), moment):
        return closed_then(place, day) + "."
    if not place.shows(day, moment):
        return _("The clocks go forward that night: there is no %(time)s.") % {"time": clock(moment)}
    if at and wanted.field == PICK_UP and _has_passed(place, day, moment, at):
        return _("It is past %(time)s already: choose a later time.") % {"time": clock(moment)}
    return ""


def is_within(spans: Sequence[Span], moment: time) -> bool:
    """Whether it is opening time then, or no hours are known."""
    return not spans or any(opens <= moment <= closes for opens, closes in spans)


def closed_then(place: Location, day: date) -> str:
    """When the place is open that day, as a sentence without its point."""
    spans = place.times_on(day)
    if len(spans) > 1:
        return _("%(place)s is open %(hours)s that day") % {"place": place.name, "hours": hours_of_day(spans)}
    words = _("%(place)s is open from %(opens)s to %(closes)s that day")
    return words % {"place": place.name, "opens": clock(spans[0][0]), "closes": clock(spans[0][1])}


def offered(place: Location, day: date, times: Iterable[time], *, at: datetime) -> list[time]:
    """Those of `times` that clocks show and that are to come, in order."""
    return [t for t in sorted(times) if place.shows(day, t) and not _has_passed(place, day, t, at)]


def usual_pickup(place: Location, day: date, at: datetime) -> time:
    """When the place opens; on a day that has begun, the next half hour."""
    late = [t for t in half_hours(place.opens_on(day), LAST_OF_DAY) if t > place.closes_on(day)]
    to_come = offered(place, day, {*half_hours_at(place, day), *late}, at=at)
    return to_come[0] if to_come and day == place.today(at) else place.opens_on(day)


def walk_in(place: Location, day: date, at: datetime) -> time:
    """For who stands at the counter: when the place opens; on a day that has begun, now, to the minute."""
    local, opens = at.astimezone(place.zone), place.opens_on(day)
    return max(opens, time(local.hour, local.minute)) if local.date() == day else opens


def is_now(wanted: Handover, at: datetime) -> bool:
    """Whether that is this very minute of `at`: a car that is handed over now needs nobody to be there later."""
    local = at.astimezone(wanted.place.zone)
    return (wanted.day, wanted.clock) == (local.date(), time(local.hour, local.minute))


def is_time_left(place: Location, day: date, at: datetime) -> bool:
    """Whether a car can be picked up on that day, or what is left of it."""
    return bool(offered(place, day, half_hours_at(place, day), at=at))


def is_time_to_drive(pick_up: Location, drop_off: Location, day: date, at: datetime) -> bool:
    """Whether what is left of that day is enough to pick a car up and to bring it back after that."""
    closes = drop_off.instant(day, drop_off.closes_on(day))
    left = offered(pick_up, day, half_hours_at(pick_up, day), at=at)
    return any(pick_up.instant(day, clock) < closes for clock in left)


def half_hours_at(place: Location, day: date) -> list[time]:
    """Every half hour at which the place is open, from each opening on."""
    return [moment for span in place.times_on(day) for moment in half_hours(*span)]


def half_hours(opens: time, closes: time) -> list[time]:
    """Every half hour from opening to closing time, both included."""
    day = datetime(2000, 1, 1)  # noqa: DTZ001  a clock face, not an instant
    moment, last = datetime.combine(day, opens), datetime.combine(day, closes)
    found = []
    while moment <= last:
        found.append(moment.time())
        moment += HALF_AN_HOUR
    return found


def _has_passed(place: Location, day: date, moment: time, at: datetime) -> bool:
    """On the day itself: what is about other days stands in the rules."""
    minute = at.replace(second=0, microsecond=0)
    return day == place.today(at) and place.instant(day, moment) < minute
