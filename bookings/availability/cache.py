"""Taken days of a car as calendars show them, kept in Redis for a minute. Booking never reads this, only PostgreSQL.

Every car has a version in Redis, renewed when a claim or release commits. Days are kept under the version that was read
before the database was asked: what a slow reader stores after a change lies under a version that nobody asks for.
"""

import json
import secrets
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from bookings.availability.as_of import AsOf
from bookings.days import ONE_DAY, Days
from bookings.models import CarAvailability
from cars.models import Car
from exodrive.cache.client import AWAY, ask
from exodrive.db.replica import is_showing

VERSION_SECONDS = 24 * 3600

Row = tuple[str, str | None, str | None, str | None]  # date, lapses at, hold, booking


def cached_taken_dates(car: Car, first: date, last: date, *, as_of: AsOf) -> set[date]:
    """Taken days between two dates, both included; may be a moment old. Straight from PostgreSQL without Redis."""
    months = _months(first, last)
    version = _version(car.pk) if settings.AVAILABILITY_CACHE_SECONDS else None
    kept = {} if version is None else _kept(car.pk, version, months)
    missing = [month for month in months if month.start not in kept]
    if missing:
        found = _asked(car.pk, missing)
        if version is not None and not is_showing():
            _keep(car.pk, version, found)
        kept |= found
    days = {_taken_day(row, as_of) for rows in kept.values() for row in rows}
    return {day for day in days if day and first <= day <= last}


def invalidate(car_id: int) -> None:
    """Renew the car's version once the transaction in progress has committed."""
    if not settings.AVAILABILITY_CACHE_SECONDS:
        return
    transaction.on_commit(
        lambda: ask(lambda redis: redis.set(_version_key(car_id), secrets.token_hex(4), ex=VERSION_SECONDS)),
        robust=True,
    )


def _key(car_id: int, version: str, month: date) -> str:
    return f"{settings.REDIS_PREFIX}:taken:{car_id}:{version}:{month:%Y-%m}"


def _kept(car_id: int, version: str, months: list[Days]) -> dict[date, list[Row]]:
    keys = [_key(car_id, version, month.start) for month in months]
    values = ask(lambda redis: redis.mget(keys))
    if values is AWAY:
        return {}
    pairs = zip(months, values, strict=True)
    return {month.start: [tuple(row) for row in json.loads(value)] for month, value in pairs if value}


def _keep(car_id: int, version: str, found: dict[date, list[Row]]) -> None:
    def store(redis: Any) -> None:
        with redis.pipeline(transaction=False) as pipe:
            for month, rows in found.items():
                key = _key(car_id, version, month)
                pipe.set(key, json.dumps(rows), ex=settings.AVAILABILITY_CACHE_SECONDS)
            pipe.execute()

    ask(store)


def _asked(car_id: int, missing: list[Days]) -> dict[date, list[Row]]:
    """The months from the ledger, in one query."""
    span = (missing[0].start, missing[-1].end)
    rows = CarAvailability.objects.filter(car=car_id, date__range=span)
    found: dict[date, list[Row]] = {month.start: [] for month in missing}
    for row in rows.values_list("date", "expires_at", "hold_id", "booking_id"):
        month = row[0].replace(day=1)
        if month in found:
            found[month].append(_plain(row))
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
