"""How many bookings wait for staff, and a version that changes whenever that list does."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q
from django.utils import timezone

from inbox.models import InboxItem


@dataclass(frozen=True)
class Pending:
    """Bookings with an item that is not done. Two versions that are equal mean that nothing came in or went."""

    count: int
    changed_at: datetime | None
    snoozed: int = 0  # put aside until another day, and not counted

    @property
    def version(self) -> str:
        """Short and safe in a URL."""
        stamp = f"{self.changed_at.timestamp():.6f}" if self.changed_at else "0"
        return f"{self.count}-{stamp}"


def pending() -> Pending:
    """One query."""
    aside = Q(booking__triage__snoozed_until__gt=timezone.localdate())
    found = InboxItem.objects.filter(status=InboxItem.Status.PENDING).aggregate(
        n=Count("booking", distinct=True),
        snoozed=Count("booking", filter=aside, distinct=True),
        at=Max("updated_at"),
    )
    return Pending(found["n"] - found["snoozed"], found["at"], found["snoozed"])
