"""Prove that no car is taken by anybody who did not book, hold or block it, that staff know every booking, and its money."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exodrive.ops.jobs import record
from inbox.audit import find_drift


class Command(BaseCommand):
    """Exit code 1 and a line for each difference; changes nothing."""

    help = (
        "Compares the day ledger with bookings, holds and blocks, looks for bookings nobody was told about, and"
        " compares what was paid with what was done (check_money)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what differs."""
        with record("check_ledger") as run:
            drift = find_drift()
            run.count = len(drift)
        for line in drift:
            self.stdout.write(line)
        if drift:
            raise CommandError(f"Differences: {len(drift)}", returncode=1)
        self.stdout.write("Differences: 0")
