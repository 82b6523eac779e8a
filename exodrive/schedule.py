"""When what runs: the table of Celery beat, on one page."""

from typing import Any

from celery.schedules import crontab


def _every(task: str, schedule: crontab, *, seconds: int) -> dict[str, Any]:
    """A message that no worker took before the next one comes is dropped: every run does all that is due."""
    return {"task": task, "schedule": schedule, "options": {"expires": seconds}}


BEAT_SCHEDULE = {
    "advance-bookings": _every("bookings.tasks.advance_bookings", crontab(minute="*/15"), seconds=900),
    "drop-lapsed-holds": _every("bookings.tasks.drop_lapsed_holds", crontab(minute="*/5"), seconds=300),
    "expire-unpaid": _every("bookings.tasks.expire_unpaid", crontab(minute="*/5"), seconds=300),
    "cancel-unproven": _every("bookings.tasks.cancel_unproven", crontab(minute="*/5"), seconds=300),
    "reconcile-payments": _every("bookings.tasks.reconcile_payments", crontab(), seconds=60),
    "prune": _every("bookings.tasks.prune", crontab(minute=17), seconds=3600),
    "prune-mail-events": _every("inbox.tasks.prune_mail_events", crontab(minute=20, hour=4), seconds=3600),
    "retain": _every("inbox.tasks.retain", crontab(minute=10, hour=4), seconds=3600),
    "clear-sessions": _every("exodrive.tasks.clear_sessions", crontab(minute=30, hour=4), seconds=3600),
    "check-ledger": _every("inbox.tasks.check_ledger", crontab(minute=40, hour=3), seconds=3600),
    "send-queued-mails": _every("inbox.tasks.send_queued_mails", crontab(), seconds=60),
}
