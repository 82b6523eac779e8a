"""The day ledger: reading what is taken, claiming days, giving them back. `one_claim_per_car_day` is the promise."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Min, Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.cache import invalidate
from bookings.availability.rules import Reason, Rule
from bookings.availability.still_out import still_out
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from bookings.models import Block, Booking, CarAvailability, Hold, TourDeparture
from cars.models import Car, Location
from exodrive.db.together import asked
from exodrive.i18n import formats

TOO_SOON = gettext_lazy("The next rental begins too soon after these days.")
Claimant = Booking | Hold | Block | TourDeparture
# Each with its column. A departure has hours only.
OWNERS: dict[type[Model], str] = {
    Booking: "booking",
    Hold: "hold",
    Block: "block",
    TourDeparture: "departure",
}
CAR_LOCKS = 7  # the first key of every advisory lock on a car


def lock_cars(*car_ids: int) -> None:
    """Serialise claims of these cars until the transaction ends, in ascending order so that nobody deadlocks."""
    with connection.cursor() as cursor:
        for car_id in sorted(set(car_ids)):
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [CAR_LOCKS, car_id])


# --- Reading --------------------------------------------------------------------------------------------------


# As `taken` says; written out, because making it from a queryset takes longer than answering it.
TAKEN = (
    "SELECT car_id, date FROM car_availability WHERE car_id = ANY(%s) AND date BETWEEN %s AND %s"
    " AND (expires_at IS NULL OR expires_at > %s)"
)


def taken(as_of: AsOf) -> Q:
    """Rows that take a day: all but lapsed holds, and but those of the hold or booking ignored."""
    rows = Q(expires_at=None) | Q(expires_at__gt=as_of.at)
    if as_of.ignoring is None:
        return rows
    owner = OWNERS[type(as_of.ignoring)]
    return rows & ~Q(**{f"{owner}_id": as_of.ignoring.pk, f"{owner}_id__isnull": False})


def taken_dates(car: Car, first: date, last: date, *, as_of: AsOf) -> set[date]:
    """Taken days of one car between two dates, both included."""
    return taken_dates_of([car.pk], first, last, as_of=as_of)[car.pk]


def taken_dates_of(
    car_ids: Iterable[int], first: date, last: date, *, as_of: AsOf
) -> defaultdict[int, set[date]]:
    """Taken days of several cars, in one query."""
    sql, values = TAKEN, list[Any]([list(car_ids), first, last, as_of.at])
    if as_of.ignoring is not None:
        sql += f" AND {OWNERS[type(as_of.ignoring)]}_id IS DISTINCT FROM %s"
        values.append(as_of.ignoring.pk)
    days: defaultdict[int, set[date]] = defaultdict(set)
    for car_id, day in asked(sql, values):
        days[car_id].add(day)
    return days


def taken_reasons(car: Car, days: Days, taken_days: set[date]) -> list[Reason]:
    """`taken` when a day of the range is, `buffer` when only the days after it are."""
    hit = sorted(day for day in taken_days if day in days)
    if hit:
        words = _("%(day)s is booked.") if len(hit) == 1 else _("%(day)s and other days are booked.")
        return [Reason("taken", words % {"day": formats.day(hit[0])})]
    if any(day in days.with_buffer(car.buffer) for day in taken_days):
        return [Reason("buffer", str(TOO_SOON))]
    return []


def reasons(
    car: Car,
    days: Days,
    *,
    as_of: AsOf,
    pick_up: Location | None = None,
    drop_off: Location | None = None,
) -> list[Reason]:
    """Everything that speaks against these days: rules and the ledger."""
    booked = taken_dates(car, days.start, days.with_buffer(car.buffer).end, as_of=as_of)
    return reasons_beside(booked, car, days, as_of=as_of, pick_up=pick_up, drop_off=drop_off)


def reasons_beside(
    booked: set[date],
    car: Car,
    days: Days,
    *,
    as_of: AsOf,
    pick_up: Location | None = None,
    drop_off: Location | None = None,
) -> list[Reason]:
    """The same for who knows already which days of the car are taken, those of its buffer included."""
    broken = rules.reasons(car, days, as_of.at, pick_up=pick_up, drop_off=drop_off, passed=as_of.passed)
    broken += still_out(car, days, as_of.at, pick_up)
    return broken + taken_reasons(car, days, booked)


# --- Claiming -------------------------------------------------------------------------------------------------

CLAIM = """
INSERT INTO car_availability AS row (car_id, date, status, booking_id, hold_id, block_id, expires_at)
SELECT %(car)s, %(start)s::date + n, CASE WHEN n < %(core)s THEN %(status)s ELSE 'buffer' END,
       %(booking)s::uuid, %(hold)s::uuid, %(block)s::bigint, %(expires_at)s::timestamptz
FROM generate_series(0, %(all)s - 1) AS n
ORDER BY n
ON CONFLICT (car_id, date) DO UPDATE
SET status = EXCLUDED.status, booking_id = EXCLUDED.booking_id, hold_id = EXCLUDED.hold_id,
    block_id = %(block)s, expires_at = EXCLUDED.expires_at
WHERE row.expires_at <= now()
"""


def refuse_unless_allowed(
    car: Car,
    days: Days,
    *,
    as_of: AsOf,
    pick_up: Location | None = None,
    drop_off: Location | None = None,
    passed: Collection[Rule] = (),
    since: date | None = None,
) -> None:
    """Raise RulesRefused with every broken rule, or DatesTaken when a day is taken as well.

    Rules that were `passed` before are not asked again. Of a rental that had another car before, the days from `since`
    are claimed of this one. Asks the ledger only when a rule failed: otherwise `claim` is the check.
    """
    passed = {*passed, *as_of.passed}
    broken = rules.reasons(car, days, as_of.at, pick_up=pick_up, drop_off=drop_off, passed=passed)
    broken += still_out(car, days, as_of.at, pick_up)
    if not broken:
        return
    claimed = Days(since or days.start, days.end)
    last = claimed.with_buffer(car.buffer).end
    booked = taken_reasons(car, claimed, taken_dates(car, claimed.start, last, as_of=as_of))
    refusal = DatesTaken(reasons=broken + booked) if booked else RulesRefused(reasons=broken)
    raise refusal.about(car, days)


def claim(claimant: Claimant, *, over_buffers: bool = False) -> None:
    """Take the claimant's days on its car, and its buffer after them. Raises DatesTaken; then nothing may be kept.

    `over_buffers` (a manager's exception) takes days that are only the gap after another booking; that gap shrinks.
    One statement in date order, so that rivals queue instead of deadlocking; days of lapsed holds are taken over.
    Must run in a transaction that the caller lets fail, after `lock_cars`.
    """
    claim_later(claimant, over_buffers=over_buffers)()


def claim_later(claimant: Claimant, *, over_buffers: bool = False) -> Callable[[], None]:
    """Send the statements of `claim`; what is returned raises DatesTaken, and is to be called after `together`."""
    days, buffer = days_of(claimant), getattr(claimant, "buffer_days", 0)
    if over_buffers and isinstance(claimant, Booking):
        _shrink_buffers(claimant)
    return claim_of(claimant, days, buffer)


def take_days(claimant: Claimant, days: Days, buffer: int = 0) -> None:
    """Take these days and a buffer of so many after them, as `claim` does with all that the claimant needs."""
    claim_of(claimant, days, buffer)()


def claim_of(claimant: Claimant, days: Days, buffer: int = 0) -> Callable[[], None]:
    """Send the statement of `take_days`; what is returned raises DatesTaken, and is to be called after `together`."""
    values: dict[str, Any] = {
        "car": claimant.car_id,
        "start": days.start,
        "core": len(days),
        "all": len(days) + buffer,
        "status": _status_of(claimant),
        "expires_at": getattr(claimant, "expires_at", None),
        **{column: claimant.pk if isinstance(claimant, kind) else None for kind, column in OWNERS.items()},
    }
    cursor = connection.cursor()
    cursor.execute(CLAIM, values)
    invalidate(claimant.car_id)

    def refuse_unless_complete() -> None:
        with cursor:
            complete = cursor.rowcount == len(days) + buffer
        if not complete:
            raise DatesTaken(reasons=_who_is_there(claimant, days, buffer)).about(claimant.car, days)

    return refuse_unless_complete


def days_of(claimant: Claimant) -> Days:
    """What it claims on its car: all its days, or those of a booking since it has that car."""
    return claimant.car_days if isinstance(claimant, Booking) else claimant.days


def _status_of(claimant: Claimant) -> str:
    if isinstance(claimant, Booking):
        return "pending" if claimant.status == Booking.Status.PENDING else "booked"
    return "held" if isinstance(claimant, Hold) else "blocked"


def _shrink_buffers(claimant: Booking) -> None:
    """Other bookings' gaps end before these days, now and for good: also when the claimant goes again."""
    days = claimant.car_days.with_buffer(claimant.buffer_days)
    gaps = CarAvailability.objects.filter(
        car=claimant.car_id, status=CarAvailability.Status.BUFFER, booking__isnull=False
    )
    lost = gaps.filter(date__range=(days.start, days.end)).exclude(booking=claimant.pk)
    for loser, first in lost.values_list("booking").annotate(first=Min("date")).order_by("booking"):
        gaps.filter(booking=loser, date__gte=first).delete()
        Booking.objects.filter(pk=loser).update(buffer_days=gaps.filter(booking=loser).count())


def _who_is_there(claimant: Claimant, days: Days, buffer: int) -> list[Reason]:
    """The reasons for a failed claim, without the rows that it has just written itself."""
    claimed = days.with_buffer(buffer)
    rows = CarAvailability.objects.filter(car=claimant.car_id, date__range=(claimed.start, claimed.end))
    holders = rows.values_list("date", f"{OWNERS[type(claimant)]}_id")
    others = {day for day, holder in holders if holder != claimant.pk}
    return taken_reasons(claimant.car, days, others) or [Reason("buffer", str(TOO_SOON))]
