"""Why a car cannot be rented on some days: small pure functions that answer with a reason or nothing.

The ledger (taken days) is not a rule; `bookings.availability.ledger` adds it. All dates are local to the car's location.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.times import is_time_left, is_time_to_drive
from bookings.days import Days
from cars.models import Car, Location
from exodrive.i18n import formats


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with a code for machines and a sentence for people."""

    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """As the API says it."""
        return {"code": self.code, "message": self.message}


@dataclass(frozen=True, slots=True)
class Now:
    """The moment that is judged, at the place of pick-up, and where the car comes back."""

    at: datetime
    today: date
    hour: int
    pick_up: Location
    drop_off: Location

    @classmethod
    def of(cls, pick_up: Location, at: datetime, drop_off: Location | None = None) -> "Now":
        """The local date and hour of the instant `at`; without another place the car comes back to this one."""
        local = at.astimezone(pick_up.zone)
        return cls(at, local.date(), local.hour, pick_up, drop_off or pick_up)


Rule = Callable[[Car, Days, Now], Reason | None]


def not_offered(car: Car, days: Days, now: Now) -> Reason | None:
    """A car in maintenance or retired is not rented."""
    return None if car.is_offered else no_offer()


def no_offer() -> Reason:
    """What is said of a car that is not offered, to those who do not even see it."""
    return Reason("not_offered", _("This car is not offered at the moment."))


def past_day(car: Car, days: Days, now: Now) -> Reason | None:
    """Nobody picks up yesterday."""
    return Reason("past_day", _("The pick-up day is in the past.")) if days.start < now.today else None


def cut_off(car: Car, days: Days, now: Now) -> Reason | None:
    """Same-day pick-up only before the cut-off hour."""
    if days.start != now.today or now.hour < car.cut_off:
        return None
    if car.cut_off == 0:
        return Reason("cut_off", _("This car cannot be picked up on the day it is booked."))
    return Reason(
        "cut_off", _("Pick-up today can be booked until %(time)s.") % {"time": f"{car.cut_off:02d}:00"}
    )


def too_soon(car: Car, days: Days, now: Now) -> Reason | None:
    """Lead time: so many hours must lie between now and opening time on the pick-up day."""
    if not car.lead_time or days.start < now.today or hours_ahead(now, days.start) >= car.lead_time:
        return None
    words = ngettext(
        "Book this car at least %(n)d hour before pick-up.",
        "Book this car at least %(n)d hours before pick-up.",
        car.lead_time,
    )
    return Reason("lead_time", words % {"n": car.lead_time})


def over_for_today(car: Car, days: Days, now: Now) -> Reason | None:
    """On the day itself there is a time left to pick the car up."""
    if days.start != now.today or is_time_left(now.pick_up, days.start, now.at):
        return None
    return Reason("over_for_today", _("It is too late to pick up a car today."))


def over_for_one_day(car: Car, days: Days, now: Now) -> Reason | None:
    """A rental of today alone comes back after it began."""
    if not days.start == days.end == now.today or over_for_today(car, days, now):
        return None
    if is_time_to_drive(now.pick_up, now.drop_off, days.start, now.at):
        return None
    return Reason("over_for_today", _("It is too late to rent a car for today alone."))


def beyond_horizon(car: Car, days: Days, now: Now) -> Reason | None:
    """The return day is at most so many days ahead."""
    last = last_bookable_day(car, now)
    if days.end <= last:
        return None
    return Reason("horizon", _("You can book until %(day)s.") % {"day": formats.day_long(last)})


def too_short(car: Car, days: Days, now: Now) -> Reason | None:
    """Minimum stay."""
    if len(days) >= car.shortest:
        return None
    words = ngettext(
        "Rent this car for at least %(n)d day.", "Rent this car for at least %(n)d days.", car.shortest
    )
    return Reason("min_days", words % {"n": car.shortest})


def too_long(car: Car, days: Days, now: Now) -> Reason | None:
    """Maximum stay."""
    if len(days) <= car.longest:
        return None
    words = ngettext(
        "Rent this car for %(n)d day at most.", "Rent this car for %(n)d days at most.", car.longest
    )
    return Reason("max_days", words % {"n": car.longest})


def wrong_pickup_weekday(car: Car, days: Days, now: Now) -> Reason | None:
    """Changeover: picked up on some weekdays only."""
    if car.may_start_on(days.start):
        return None
    words = _("This car is not picked up on a %(weekday)s.")
    return Reason("pickup_weekday", words % {"weekday": formats.weekday(days.start)})


def wrong_dropoff_weekday(car: Car, days: Days, now: Now) -> Reason | None:
    """Changeover: returned on some weekdays only."""
    if car.may_end_on(days.end):
        return None
    words = _("This car is not returned on a %(weekday)s.")
    return Reason("dropoff_weekday", words % {"weekday": formats.weekday(days.end)})


def closed_at_pick_up(car: Car, days: Days, now: Now) -> Reason | None:
    """Nobody is there to hand the car over; a rental may span closed days."""
    if not now.pick_up.is_closed(days.start):
        return None
    words = _("%(place)s is closed on %(day)s.")
    return Reason("closed", words % {"place": now.pick_up.name, "day": formats.day(days.start)})


def closed_at_drop_off(car: Car, days: Days, now: Now) -> Reason | None:
    """Nobody is there to take the car back."""
    if not now.drop_off.is_closed(days.end) or (days.start == days.end and now.pick_up == now.drop_off):
        return None
    words = _("%(place)s is closed on %(day)s.")
    return Reason("closed", words % {"place": now.drop_off.name, "day": formats.day(days.end)})


RULES: tuple[Rule, ...] = (
    not_offered,
    past_day,
    too_soon,
    cut_off,
    over_for_today,
    over_for_one_day,
    beyond_horizon,
    too_short,
    too_long,
    wrong_pickup_weekday,
    wrong_dropoff_weekday,
    closed_at_pick_up,
    closed_at_drop_off,
)
# Those that forbid a day altogether, as start, middle and end: a calendar shows them on the day itself.
DAY_RULES: tuple[Rule, ...] = (past_day, too_soon, cut_off, over_for_today, beyond_horizon)
# Those that look at the pick-up day and the clock only: a rental that keeps its pick-up day is past them.
CLOCK_RULES: tuple[Rule, ...] = (past_day, too_soon, cut_off, over_for_today, over_for_one_day)
# Those that give staff time to prepare and to plan: at the counter they know by themselves what they can do.
WEB_RULES: tuple[Rule, ...] = (too_soon, cut_off, over_for_today, over_for_one_day, beyond_horizon)


def last_bookable_day(car: Car, now: Now) -> date:
    """The furthest return day."""
    return now.today + timedelta(days=car.horizon)


def first_bookable_day(car: Car, now: Now) -> date:
    """The earliest pick-up day that the clock allows."""
    day = now.today
    while day <= last_bookable_day(car, now):
        if not any(rule(car, Days(day, day), now) for rule in (too_soon, cut_off, over_for_today)):
            break
        day += timedelta(days=1)
    return day


def hours_ahead(now: Now, day: date) -> float:
    """Hours from now until the pick-up place opens on `day`."""
    return (now.pick_up.instant(day, now.pick_up.opens_on(day)) - now.at).total_seconds() / 3600


def reasons(
    car: Car,
    days: Days,
    at: datetime,
    *,
    pick_up: Location | None = None,
    drop_off: Location | None = None,
    passed: Collection[Rule] = (),
) -> list[Reason]:
    """Every rule but those `passed` that forbids these days at the instant `at`. Places are the car's unless named."""
    now = Now.of(pick_up or car.location, at, drop_off)
    return [reason for rule in RULES if rule not in passed and (reason := rule(car, days, now))]
