"""Finish with the providers what nobody finished."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from bookings.payments.reconciler import reconcile
from exodrive.ops.jobs import record
from exodrive.rls import SERVICE, acting_as


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = (
        "Asks providers what became of payments without an outcome, and does what follows from what was paid."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many of what."""
        with record("reconcile_payments") as run, acting_as(SERVICE, actor="provider"):
            done = reconcile(timezone.now())
            run.count = done.total()
        of_what = ", ".join(f"{name} {number}" for name, number in sorted(done.items()))
        self.stdout.write(f"Reconciled: {run.count}" + (f" ({of_what})" if of_what else ""))
