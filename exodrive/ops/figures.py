"""The figures that `manage.py metrics` prints, each one query over the last days. Counts and times, nobody's data."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Max, Q, Sum

from bookings.models import Booking
from exodrive.models import EventCount, JobRun
from inbox.models import InboxEmail, InboxItem, MailEvent

Delivery, Status = InboxEmail.Delivery, InboxEmail.Status
SECONDS_TO_CONFIRM = """
SELECT count(*), avg(s), percentile_cont(0.5) WITHIN GROUP (ORDER BY s), percentile_cont(0.9) WITHIN GROUP (ORDER BY s)
FROM (SELECT extract(epoch FROM created_at - dates_chosen_at)::float8 AS s FROM bookings
      WHERE created_at >= %s AND dates_chosen_at IS NOT NULL) AS measured
"""


def figures(*, since: datetime, until: datetime) -> dict[str, Any]:
    """All of them for rows made in [since, until). Must run as exo_service."""
    return {
        "since": since.isoformat(),
        "until": until.isoformat(),
        "bookings": _bookings(since),
        "seconds_to_confirm": _seconds_to_confirm(since),
        "refusals": _counted("booking_refused", since),
        "rate_limited": _counted("rate_limited", since),
        "error_answers": _counted("http", since),
        "jobs": _jobs(since),
        "mails": _mails(since),
        "inbox": _inbox(until),
    }


def _bookings(since: datetime) -> dict[str, int]:
    made = Booking.objects.filter(created_at__gte=since).values_list("source")
    return dict(made.annotate(Count("pk")).order_by("source"))


def _seconds_to_confirm(since: datetime) -> dict[str, float | int | None]:
    """From when the dates were chosen to the booking; staff and plain API calls are not measured."""
    with connection.cursor() as cursor:
        cursor.execute(SECONDS_TO_CONFIRM, [since])
        number, *times = cursor.fetchone()
    names = ("mean", "median", "p90")
    return {"count": number} | {
        name: None if value is None else round(value, 1) for name, value in zip(names, times, strict=True)
    }


def _counted(name: str, since: datetime) -> dict[str, int]:
    rows = EventCount.objects.filter(name=name, created_at__gte=since).values_list("code")
    return dict(rows.annotate(Sum("count")).order_by("code"))


def _jobs(since: datetime) -> dict[str, dict[str, Any]]:
    runs = JobRun.objects.filter(started_at__gte=since).values("name").order_by("name")
    found = runs.annotate(
        runs=Count("pk"),
        failed=Count("pk", filter=Q(ok=False)),
        last_ok=Max("started_at", filter=Q(ok=True)),
        took=Avg(F("finished_at") - F("started_at")),
    )
    return {
        row["name"]: {
            "runs": row["runs"],
            "failed": row["failed"],
            "seconds": round(row["took"].total_seconds(), 2) if row["took"] else None,
            "last_ok": row["last_ok"].isoformat() if row["last_ok"] else None,
        }
        for row in found
    }


def _mails(since: datetime) -> dict[str, int]:
    """`waiting`, `sent` and `failed` are ours; the rest is what the provider reported."""
    mails = InboxEmail.objects.filter(created_at__gte=since)
    ours = {
        "waiting": Count("pk", filter=Q(status__in=[Status.QUEUED, Status.SENDING])),
        "sent": Count("pk", filter=Q(status=Status.SENT)),
        "failed": Count("pk", filter=Q(status=Status.FAILED)),
    }
    theirs = {
        str(kind.value): Count("pk", filter=Q(delivery=kind))
        for kind in (Delivery.DELIVERED, Delivery.DELAYED, Delivery.BOUNCED, Delivery.COMPLAINED)
    }
    refused = {"refused": Count("pk", filter=Q(delivery=Delivery.FAILED))}
    return mails.aggregate(**ours, **theirs, **refused) | {
        "events": MailEvent.objects.filter(created_at__gte=since).count()
    }


def _inbox(until: datetime) -> dict[str, float | int | None]:
    """What waits for staff now, and how long the oldest has."""
    waiting = InboxItem.objects.filter(status=InboxItem.Status.PENDING)
    oldest = waiting.order_by("created_at").values_list("created_at", flat=True).first()
    hours = round((until - oldest).total_seconds() / 3600, 1) if oldest else None
    return {"waiting": waiting.count(), "oldest_hours": hours}
