"""Hours in the ledger: claiming, taking over, moving and releasing spans. `no_car_twice_at_once` is the promise.

A span stands on one local day of one car; `keep_service_day` makes that day a service day, which no rental, hold or block
of whole days shares. All verbs must run in a transaction that the caller lets fail, after `lock_cars`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from bookings.availability.cache import invalidate
from bookings.availability.ledger import OWNERS, Claimant
from bookings.availability.rules import Reason
from bookings.days import Days
from bookings.errors import DatesTaken, HoldExpired, Invalid
from bookings.hours import Hours, Part
from bookings.models import Booking, CarAvailability, Hold, VehicleAssignment
from exodrive.db.retry import broken_constraint
from exodrive.i18n import formats

# By either, somebody else has the day; the second only without the lock of the car.
TAKEN = ("one_claim_per_car_day", "a_day_and_its_use")
# The numbers of `no_car_twice_at_once`, whose index is asked by the very same expression (migration 0039_hours).
SLOT = (
    "int8range({car} * 268435456 + extract(epoch FROM {start} AT TIME ZONE 'UTC')::bigint / 60 - 15778080 - {before},"
    " {car} * 268435456 + extract(epoch FROM {end} AT TIME ZONE 'UTC')::bigint / 60 - 15778080 + {after})"
)
OF_A_ROW = SLOT.format(
    car="car_id", start="starts_at", end="ends_at", before="before_minutes", after="after_minutes"
)
ASKED = SLOT.format(
    car="%(car)s::bigint",
    start="%(starts_at)s::timestamptz",
    end="%(ends_at)s::timestamptz",
    before="%(before)s::smallint",
    after="%(after)s::smallint",
)
SWEEP = f"DELETE FROM vehicle_assignments WHERE expires_at <= now() AND {OF_A_ROW} && {ASKED}"  # noqa: S608
# Without a target: naming a constraint over an expression takes the right to read the whole row.
CLAIM = """
INSERT INTO vehicle_assignments
  (id, car_id, date, starts_at, ends_at, before_minutes, after_minutes, booking_id, hold_id, block_id, departure_id,
  expires_at)
SELECT gen_random_uuid(), %(car)s, date, starts_at, ends_at, before, after,
  %(booking)s::uuid, %(hold)s::uuid, %(block)s::bigint, %(departure)s::bigint, %(expires_at)s::timestamptz
FROM unnest(
  %(days)s::date[], %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(befores)s::smallint[], %(afters)s::smallint[]
) AS part (date, starts_at, ends_at, before, after)
ORDER BY date
ON CONFLICT DO NOTHING
"""


def hours_of(claimant: Claimant) -> Hours | None:
    """The hours for which it has its car; None for whole days."""
    if isinstance(claimant, Booking):
        ride = getattr(claimant, "ride", None)
        return ride and ride.hours
    return claimant.hours


def spans_of(claimant: Claimant) -> QuerySet[VehicleAssignment]:
    """What it has in the ledger."""
    return VehicleAssignment.objects.filter(**{OWNERS[type(claimant)]: claimant.pk})


def spans_on(car_ids: Any, days: Days) -> QuerySet[VehicleAssignment]:
    """Whatever stands on these local days of these cars. Held ones that have lapsed do not."""
    live = Q(expires_at=None) | Q(expires_at__gt=Now())
    return VehicleAssignment.objects.filter(live, car__in=car_ids, date__range=(days.start, days.end))


def claim_spans(claimant: Claimant) -> None:
    """Take the claimant's hours on its car. Raises DatesTaken; then nothing may be kept.

    Days of rentals, and hours that touch somebody else's, gaps included, are taken; what lapsed holds had is taken over.
    Parts are written in the order of days, so that rivals queue instead of deadlocking.
    """
    hours = _hours(claimant)
    parts = hours.parts(claimant.car.location.zone)
    values = _owner(claimant) | _asked(hours) | _columns(parts)
    with _refusing(claimant, hours), connection.cursor() as cursor:
        cursor.execute(SWEEP, values)
        cursor.execute(CLAIM, values)
        if cursor.rowcount < len(parts):
            raise DatesTaken
    invalidate(claimant.car_id)


def take_spans_over(hold: Hold, booking: Booking) -> None:
    """Turn a live hold's spans into the booking's without a gap. Raises HoldExpired."""
    invalidate(hold.car_id)
    parts = _hours(hold).parts(hold.car.location.zone)
    live = VehicleAssignment.objects.filter(hold=hold, expires_at__gt=Now())
    if live.update(booking=booking, hold=None, expires_at=None) != len(parts):
        raise HoldExpired


def keep_spans(hold: Hold, until: datetime) -> None:
    """Let a live hold's spans lapse later. Raises HoldExpired."""
    invalidate(hold.car_id)
    parts = _hours(hold).parts(hold.car.location.zone)
    live = VehicleAssignment.objects.filter(hold=hold, expires_at__gt=Now())
    if live.update(expires_at=until) != len(parts):
        raise HoldExpired


def release_spans(claimant: Claimant) -> None:
    """Give all hours of a claimant back, on whichever car; a day on which no span is left is free."""
    found = spans_of(claimant)
    for car_id in set(found.values_list("car_id", flat=True)):
        invalidate(car_id)
    found.delete()


def move_spans(*claimants: Claimant) -> None:
    """Claim anew what each now says, after all have given back what they had. Raises DatesTaken.

    For one that moves, ends earlier or later, or gets another car, and for two that exchange cars: by one UPDATE each,
    the first would meet the second. Lock the cars of before and after.
    """
    for claimant in claimants:
        release_spans(claimant)
    for claimant in claimants:
        claim_spans(claimant)


@contextmanager
def _refusing(claimant: Claimant, hours: Hours) -> Iterator[None]:
    """Whatever the ledger says no to becomes DatesTaken with its reasons. A wrong local day stays an error of ours."""
    try:
        with transaction.atomic():
            yield
    except DatesTaken:
        pass
    except IntegrityError as error:
        if broken_constraint(error) not in (*TAKEN, "no_car_twice_at_once"):
            raise
    else:
        return
    zone = claimant.car.location.zone
    days = hours.days(zone)
    raise DatesTaken(reasons=_who_is_there(claimant, hours, days)).about(claimant.car, days)


def _who_is_there(claimant: Claimant, hours: Hours, days: Days) -> list[Reason]:
    live = Q(expires_at=None) | Q(expires_at__gt=Now())
    whole = CarAvailability.objects.filter(live, car=claimant.car_id, date__range=(days.start, days.end))
    rented = (
        whole.exclude(status=CarAvailability.Status.SERVICE).order_by("date").values_list("date", flat=True)
    )
    if rented:
        return [Reason("taken", _("%(day)s is booked.") % {"day": formats.day(rented[0])})]
    spans = spans_on([claimant.car_id], days).filter(starts_at__lt=hours.ends_at, ends_at__gt=hours.starts_at)
    others = list(spans.order_by("starts_at").values_list("starts_at", "ends_at")[:1])
    if others:
        return [Reason("taken", _taken_words(claimant, *others[0]))]
    return [Reason("gap", _("Too little time is left between this and the next or the last time."))]


def _taken_words(claimant: Claimant, *there: datetime) -> str:
    since, until = (at.astimezone(claimant.car.location.zone) for at in there)
    said = {"day": formats.day(since.date()), "from": formats.clock(since), "until": formats.clock(until)}
    return _("%(day)s is taken from %(from)s to %(until)s.") % said


def _owner(claimant: Claimant) -> dict[str, Any]:
    return {
        "car": claimant.car_id,
        "expires_at": claimant.expires_at if isinstance(claimant, Hold) else None,
        **{column: claimant.pk if isinstance(claimant, kind) else None for kind, column in OWNERS.items()},
    }


def _asked(hours: Hours) -> dict[str, Any]:
    return {
        "starts_at": hours.starts_at,
        "ends_at": hours.ends_at,
        "before": hours.before_minutes,
        "after": hours.after_minutes,
    }


def _columns(parts: list[Part]) -> dict[str, list[Any]]:
    return {
        "days": [part.date for part in parts],
        "starts": [part.starts_at for part in parts],
        "ends": [part.ends_at for part in parts],
        "befores": [part.before_minutes for part in parts],
        "afters": [part.after_minutes for part in parts],
    }


def _hours(claimant: Claimant) -> Hours:
    hours = hours_of(claimant)
    if isinstance(claimant, Booking) and claimant.ride.departure_id:
        words = _("Seats go with their departure: it has one car and one time for everybody.")
        raise Invalid(words)
    if hours is None:
        raise ValueError("it has its car for whole days")
    return hours
