"""Cancel bookings whose mailbox was not proven in time."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.lifecycle.unproven import cancel_unproven
from exodrive.ops.jobs import record


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Cancels pending bookings whose mailbox was not proven in time (PROVE_MINUTES)."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many."""
        with record("cancel_unproven") as run:
            run.count = cancel_unproven(timezone.now())
        self.stdout.write(f"Unproven bookings cancelled: {run.count}")
