"""Delete holds that ran out."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.availability.holds import drop_expired
from exodrive.ops.jobs import record


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Deletes holds that ran out without a booking."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many are gone."""
        with record("drop_lapsed_holds") as run:
            run.count = drop_expired(timezone.now())
        self.stdout.write(f"Holds dropped: {run.count}")
