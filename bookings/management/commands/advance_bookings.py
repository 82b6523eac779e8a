"""Move bookings whose day has come."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.lifecycle.departures.due import advance_departures
from bookings.lifecycle.due import advance_due
from exodrive.ops.jobs import record


class Command(BaseCommand):
    """Safe to run twice and at once: a booking that has moved is not due any more."""

    help = "Starts upcoming bookings on their pick-up day and cancels pending ones that nobody confirmed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many moved."""
        with record("advance_bookings") as run:
            at = timezone.now()
            run.count = advance_due(at).total() + advance_departures(at)
        self.stdout.write(f"Bookings moved: {run.count}")
