"""Why a car cannot be rented on some days: small pure functions that answer with a reason or nothing.

The ledger (taken days) is not a rule; `bookings.availability` adds it. All dates are local to the car's location.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.days import Days
from cars.models import Car, Location
from exodrive import formats


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
    """The present moment at a location."""

    today: date
    hour: int

    @classmethod
    def at(cls, location: Location, at: datetime) -> "Now":
        """The local date and hour of the instant `at`."""
        local = at.astimezone(location.zone)
        return cls(local.date(), local.hour)


Rule = Callable[[Car, Days, Now], Reason | None]


def not_offered(car: Car, days: Days, now: Now) -> Reason | None:
    """A car in maintenance or retired is not rented."""
    return None if car.is_offered else Reason("not_offered", _("This car is not offered at the moment."))


def past_day(car: Car, days: Days, now: Now) -> Reason | None:
    """Nobody picks up yesterday."""
    return Reason("past_day", _("The pick-up day is in the past.")) if days.start < now.today else None


def cut_off(car: Car, days: Days, now: Now) -> Reason | None:
    """Same-day pick-up only before the cut-off hour."""
    hour = settings.FLEET_CUT_OFF_HOUR
    if days.start != now.today or now.hour < hour:
        return None
    return Reason("cut_off", _("Pick-up today can be booked until %(time)s.") % {"time": f"{hour:02d}:00"})


def beyond_horizon(car: Car, days: Days, now: Now) -> Reason | None:
    """The return day is at most so many days ahead."""
    last = last_bookable_day(now)
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


RULES: tuple[Rule, ...] = (not_offered, past_day, cut_off, beyond_horizon, too_short, too_long)
DAY_RULES: tuple[Rule, ...] = (past_day, cut_off, beyond_horizon)  # those that a single calendar day can show


def last_bookable_day(now: Now) -> date:
    """The furthest return day."""
    return now.today + timedelta(days=settings.FLEET_HORIZON_DAYS)


def reasons(car: Car, days: Days, at: datetime) -> list[Reason]:
    """Every rule that forbids these days at the instant `at`."""
    now = Now.at(car.location, at)
    return [reason for rule in RULES if (reason := rule(car, days, now))]
