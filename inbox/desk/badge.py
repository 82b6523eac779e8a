"""How many bookings wait for staff, and a version that changes whenever that list does."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max

from inbox.models import InboxItem


@dataclass(frozen=True)
class Pending:
    """Bookings with an item that is not done. Two versions that are equal mean that nothing came in or went."""

    count: int
    changed_at: datetime | None

    @property
    def version(self) -> str:
        """Short and safe in a URL."""
        stamp = f"{self.changed_at.timestamp():.6f}" if self.changed_at else "0"
        return f"{self.count}-{stamp}"


def pending() -> Pending:
    """One query."""
    found = InboxItem.objects.filter(status=InboxItem.Status.PENDING).aggregate(
        n=Count("booking", distinct=True), at=Max("updated_at")
    )
    return Pending(found["n"], found["at"])
