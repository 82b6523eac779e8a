"""Why a ride cannot be had at some time: small pure functions that answer with a reason or nothing, as for days.

Whether a car is left is not a rule; `bookings.availability.rides.cars` asks the ledger.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.days import ONE_DAY
from cars.models import Service, ServiceHours
from exodrive.i18n import formats

HOUR = 60  # minutes
lasting = formats.lasting
Rule = Callable[[Wish, datetime], Reason | None]
Interval = tuple[datetime, datetime]


def not_offered(wish: Wish, at: datetime) -> Reason | None:
    """A service that is not offered is not ridden."""
    if wish.service.is_offered:
        return None
    return Reason("not_offered", _("This service is not offered at the moment."))


def past_time(wish: Wish, at: datetime) -> Reason | None:
    """Nobody is driven an hour ago."""
    if wish.hours.starts_at > at:
        return None
    return Reason("past_time", _("That time is in the past."))


def too_soon(wish: Wish, at: datetime) -> Reason | None:
    """Lead time: the driver has to get there."""
    lead = wish.service.lead_time_minutes
    if wish.hours.starts_at <= at or wish.hours.starts_at >= at + timedelta(minutes=lead):
        return None
    return Reason("lead_time", _("Book at least %(time)s ahead.") % {"time": lasting(lead)})


def beyond_horizon(wish: Wish, at: datetime) -> Reason | None:
    """It begins at most so many days ahead."""
    last = wish.service.location.today(at) + timedelta(days=wish.service.horizon_days)
    if wish.begins.date() <= last:
        return None
    return Reason("horizon", _("You can book until %(day)s.") % {"day": formats.day_long(last)})


def too_short(wish: Wish, at: datetime) -> Reason | None:
    """The shortest duration, of what is paid by the hour."""
    least = wish.service.min_minutes
    if wish.service.kind != Service.Kind.HOURLY or wish.minutes >= least:
        return None
    return Reason("min_duration", _("Book at least %(time)s.") % {"time": lasting(least)})


def too_long(wish: Wish, at: datetime) -> Reason | None:
    """The longest."""
    most = wish.service.max_minutes
    if wish.service.kind != Service.Kind.HOURLY or wish.minutes <= most:
        return None
    return Reason("max_duration", _("Book at most %(time)s.") % {"time": lasting(most)})


def off_step(wish: Wish, at: datetime) -> Reason | None:
    """Starts lie on a grid of the clock."""
    step = wish.service.step_minutes
    if wish.begins.minute % step == 0:
        return None
    words = _("Choose a time on the full hour or %(step)s minutes after.")
    marks = ", ".join(f"{n:02}" for n in range(step, HOUR, step))
    if not marks:
        return Reason("step", _("Choose a time on the full hour."))
    return Reason("step", words % {"step": marks})


def closed(wish: Wish, at: datetime) -> Reason | None:
    """A closed day of its place."""
    day = wish.begins.date()
    if not wish.service.location.is_closed_day(day):
        return None
    return Reason("closed", _("%(day)s is closed.") % {"day": formats.day(day)})


def outside_hours(wish: Wish, at: datetime) -> Reason | None:
    """All of it lies in the hours of the service, which may go on after midnight."""
    if closed(wish, at):
        return None
    begins, ends = wish.hours.starts_at, wish.hours.ends_at
    if any(since <= begins and ends <= until for since, until in open_from(wish)):
        return None
    day = wish.begins.date()
    spans = [(hours.opens, hours.closes) for hours in _of_weekday(wish.service, day.weekday())]
    if not spans:
        words = _("There is no such service on a %(weekday)s.")
        return Reason("outside_hours", words % {"weekday": formats.weekday(day)})
    words = _("On that day the service runs %(hours)s.")
    return Reason("outside_hours", words % {"hours": formats.hours_of_day(spans)})


def too_many(wish: Wish, at: datetime) -> Reason | None:
    """Passengers, against the class."""
    seats = wish.car_class.passengers
    if wish.passengers <= seats:
        return None
    words = ngettext("This class takes %(n)d passenger.", "This class takes %(n)d passengers.", seats)
    return Reason("passengers", words % {"n": seats})


def too_much(wish: Wish, at: datetime) -> Reason | None:
    """Bags, against the class."""
    bags = wish.car_class.bags
    if wish.bags <= bags:
        return None
    words = ngettext("This class takes %(n)d bag.", "This class takes %(n)d bags.", bags)
    return Reason("luggage", words % {"n": bags})


def departed(wish: Wish, at: datetime) -> Reason | None:
    """Seats of a departure are sold until some time before it, and while it is open."""
    departure = wish.departure
    if departure is None or (departure.status == "open" and at < departure.sold_until):
        return None
    return Reason("departed", _("No seats are sold for this departure any more."))


RULES: tuple[Rule, ...] = (
    not_offered,
    past_time,
    too_soon,
    beyond_horizon,
    too_short,
    too_long,
    off_step,
    closed,
    outside_hours,
    too_many,
    too_much,
)


# When a departure goes, and for how many, staff have said.
OF_SEATS: tuple[Rule, ...] = (not_offered, departed, too_many)


def reasons(wish: Wish, at: datetime) -> list[Reason]:
    """Every reason against it at the instant `at`; none is yes, as far as rules go."""
    return [found for rule in (OF_SEATS if wish.departure else RULES) if (found := rule(wish, at))]


def open_from(wish: Wish) -> list[Interval]:
    """When its service runs without a break around it, in UTC: the hours of each day, those that meet as one."""
    merged: list[Interval] = []
    for since, until in sorted(_intervals(wish)):
        if merged and since <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], until)
        else:
            merged.append((since, until))
    return merged


def _intervals(wish: Wish) -> Iterator[Interval]:
    place = wish.service.location
    days = wish.hours.days(place.zone)
    day = days.start - ONE_DAY
    while day <= days.end:
        if not place.is_closed_day(day):
            for hours in _of_weekday(wish.service, day.weekday()):
                last = day if hours.closes > hours.opens else day + ONE_DAY
                yield place.instant(day, hours.opens), place.instant(last, hours.closes)
        day += ONE_DAY


def _of_weekday(service: Service, weekday: int) -> list[ServiceHours]:
    return [hours for hours in service.hours.all() if hours.weekday == weekday]
