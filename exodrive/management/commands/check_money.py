"""Prove that every sum of a payment is what was done with it, and that every booking knows what its payments come to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from bookings.payments.audit import check_money
from exodrive.ops.jobs import record


class Command(BaseCommand):
    """Exit code 1 and a line for each difference; changes nothing. `check_ledger` checks this too."""

    help = (
        "Compares the sums of payments with their operations and refunds, and bookings with their payments."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what differs."""
        with record("check_money") as run:
            wrong = check_money()
            run.count = len(wrong)
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"Differences: {len(wrong)}", returncode=1)
        self.stdout.write("Differences: 0")
