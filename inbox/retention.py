"""What is kept no longer: people, the log of mails, requests about personal data."""

from datetime import datetime, timedelta

from django.conf import settings

from bookings import privacy
from inbox.models import InboxEmail

UNSENT = (InboxEmail.Status.QUEUED, InboxEmail.Status.SENDING)


def forget_what_is_over(at: datetime, *, dry_run: bool = False) -> dict[str, int]:
    """Erase and delete what settings.RETENTION_… no longer allows to keep; how many of each. Safe to run twice."""
    old = InboxEmail.objects.filter(created_at__lt=at - timedelta(days=settings.RETENTION_MAILS_DAYS))
    mails = old.exclude(status__in=UNSENT)
    counts = {
        "mails": mails.count() if dry_run else mails.delete()[0],
        "requests": 0 if dry_run else privacy.prune_requests(at),
    }
    # Last: somebody who cannot be erased must not keep the rest.
    return {"people": privacy.erase_due(at, dry_run=dry_run), **counts}
