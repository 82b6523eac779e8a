"""What is kept no longer: people, the log of mails, security events, requests about personal data, marks on people."""

from datetime import datetime, timedelta

from django.conf import settings

from bookings import privacy
from bookings.marks import prune_marks
from exodrive.models import SecurityEvent
from inbox.models import InboxEmail

SECURITY_DAYS_AT_LEAST = 31  # the database lets nobody delete younger ones
UNSENT = (InboxEmail.Status.QUEUED, InboxEmail.Status.SENDING)


def forget_what_is_over(at: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Erase and delete what settings.RETENTION_… no longer allows to keep; how many of each. Safe to run twice."""
    old = InboxEmail.objects.filter(created_at__lt=at - timedelta(days=settings.RETENTION_MAILS_DAYS))
    mails = old.exclude(status__in=UNSENT)
    days = max(settings.RETENTION_SECURITY_DAYS, SECURITY_DAYS_AT_LEAST)
    events = SecurityEvent.objects.filter(created_at__lt=at - timedelta(days=days))
    counts = {
        "mails": mails.count() if dry_run else mails.delete()[0],
        "security events": events.count() if dry_run else events.delete()[0],
        "requests": 0 if dry_run else privacy.prune_requests(at),
        "marks": 0 if dry_run else prune_marks(at),
    }
    # Last: somebody who cannot be erased must not keep the rest.
    return {"people": privacy.erase_due(at, dry_run=dry_run), **counts}
