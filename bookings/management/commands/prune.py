"""Forget what is kept only for a while."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.lifecycle import idempotency
from exodrive.ops.jobs import prune_runs, record


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Deletes expired idempotency keys, and job runs after 90 days."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many."""
        with record("prune") as run:
            run.count = idempotency.prune(timezone.now()) + prune_runs(timezone.now())
        self.stdout.write(f"Rows deleted: {run.count}")
