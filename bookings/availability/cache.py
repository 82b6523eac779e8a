"""Taken days of a car as calendars show them, kept in Redis for a minute. Booking never reads this, only PostgreSQL.

Beside them stands whether its customer is late with the car, which is then not to be had today.

Every car has a version in Redis, renewed when a claim or release commits. Days are kept under the version that was read
before the database was asked: what a slow reader stores after a change lies under a version that nobody asks for.
"""

import json
import secrets
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from bookings.availability.as_of import AsOf
from bookings.availability.still_out import is_binding
from bookings.days import ONE_DAY, Days
from cars.models import Car
from exodrive.cache.client import AWAY, ask, tell
from exodrive.db.replica import is_showing

VERSION_SECONDS = 24 * 3600

Row = tuple[str, str | None, str | None, str | None]  # date, lapses at, hold, booking
Kept = tuple[bool, list[Row]]  # whether the car is late, and what is taken of a month

# In one query: a month of which nothing is taken has a row all the same.
MONTHS = """
SELECT car.late, day.date, day.expires_at, day.hold_id, day.booking_id
FROM (SELECT %(car)s IN (SELECT late_cars(%(at)s)) AS late) AS car
LEFT JOIN car_availability AS day ON day.car_id = %(car)s AND day.date BETWEEN %(first)s AND %(last)s
"""


class Shown(NamedTuple):
    """What a calendar shows as taken; `late` is today where the car cannot be picked up because it is not back."""

    taken: set[date]
    late: date | None


def cached_taken_dates(car: Car, first: date, last: date, *, as_of: AsOf) -> set[date]:
    """Days between two dates, both included, that cannot be had: taken ones, and today while the car is late."""
    shown = cached_days(car, first, last, as_of=as_of)
    return shown.taken | ({shown.late} if shown.late else set())


def cached_days(car: Car, first: date, last: date, *, as_of: AsOf) -> Shown:
    """Taken days between two dates, both included; may be a moment old. Straight from PostgreSQL without Redis."""
    months = _months(first, last)
    version = _version(car.pk) if settings.AVAILABILITY_CACHE_SECONDS else None
    kept = {} if version is None else _kept(car.pk, version, months)
    missing = [month for month in months if month.start not in kept]
    if missing:
        found = _asked(car.pk, missing, as_of.at)
        if version is not None and not is_showing():
            _keep(car.pk, version, found)
        kept |= found
    days = {_taken_day(row, as_of) for _late, rows in kept.values() for row in rows}
    today, late = car.location.today(as_of.at), any(late for late, _rows in kept.values())
    return Shown(
        taken={day for day in days if day and first <= day <= last},
        late=today if late and is_binding() and first <= today <= last else None,
    )


def invalidate(car_id: int) -> None:
    """Renew the car's version once the transaction in progress has committed."""
    if not settings.AVAILABILITY_CACHE_SECONDS:
        return
    transaction.on_commit(
        lambda: tell(lambda redis: redis.set(_version_key(car_id), secrets.token_hex(4), ex=VERSION_SECONDS)),
        robust=True,
    )


def _key(car_id: int, version: str, month: date) -> str:
    return f"{settings.REDIS_PREFIX}:days:{car_id}:{version}:{month:%Y-%m}"


def _kept(car_id: int, version: str, months: list[Days]) -> dict[date, Kept]:
    keys = [_key(car_id, version, month.start) for month in months]
    values = ask(lambda redis: redis.mget(keys))
    if values is AWAY:
        return {}
    pairs = zip(months, values, strict=True)
    loaded = {month.start: json.loads(value) for month, value in pairs if value}
    return {month: (late, [tuple(row) for row in rows]) for month, (late, rows) in loaded.items()}


def _keep(car_id: int, version: str, found: dict[date, Kept]) -> None:
    def store(redis: Any) -> None:
        with redis.pipeline(transaction=False) as pipe:
            for month, kept in found.items():
                key = _key(car_id, version, month)
                pipe.set(key, json.dumps(kept), ex=settings.AVAILABILITY_CACHE_SECONDS)
            pipe.execute()

    ask(store)


def _asked(car_id: int, missing: list[Days], at: datetime) -> dict[date, Kept]:
    """The months from the ledger, in one query."""
    span = {"first": missing[0].start, "last": missing[-1].end}
    with connection.cursor() as cursor:
        cursor.execute(MONTHS, {"car": car_id, "at": at, **span})
        answers = cursor.fetchall()
    found: dict[date, Kept] = {month.start: (answers[0][0], []) for month in missing}
    for _late, *row in answers:
        month = row[0] and row[0].replace(day=1)
        if month in found:
            found[month][1].append(_plain(row))
    return found


def _plain(row: Any) -> Row:
    day, lapses, hold, booking = row
    return day.isoformat(), lapses and lapses.isoformat(), hold and str(hold), booking and str(booking)


def _taken_day(row: Row, as_of: AsOf) -> date | None:
    day, lapses, hold, booking = row
    if lapses and datetime.fromisoformat(lapses) <= as_of.at:
        return None
    if as_of.ignoring and str(as_of.ignoring.pk) in (hold, booking):
        return None
    return date.fromisoformat(day)


def _version(car_id: int) -> str | None:
    """The car's version; made up when there is none, None without Redis."""
    found = ask(lambda redis: redis.get(_version_key(car_id)))
    if found is AWAY:
        return None
    if found:
        return str(found.decode())
    fresh = secrets.token_hex(4)
    made = ask(lambda redis: redis.set(_version_key(car_id), fresh, nx=True, ex=VERSION_SECONDS))
    return None if made is AWAY else fresh


def _version_key(car_id: int) -> str:
    return f"{settings.REDIS_PREFIX}:taken-version:{car_id}"


def _months(first: date, last: date) -> list[Days]:
    months, day = [], first.replace(day=1)
    while day <= last:
        following = (day.replace(day=28) + 4 * ONE_DAY).replace(day=1)
        months.append(Days(day, following - ONE_DAY))
        day = following
    return months
