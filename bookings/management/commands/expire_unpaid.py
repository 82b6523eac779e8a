"""Cancel bookings that were not paid in time."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.lifecycle.due import expire_unpaid
from exodrive.ops.jobs import record


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Cancels bookings that are paid online and were not paid within the payment window."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many."""
        with record("expire_unpaid") as run:
            run.count = expire_unpaid(timezone.now())
        self.stdout.write(f"Unpaid bookings cancelled: {run.count}")
