"""`manage.py clearsessions`: in place of Django's, which writes no run down."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exodrive.ops.jobs import record
from exodrive.staff.sessions import forget_ended


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Deletes sessions that have ended."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many."""
        with record("clear_sessions") as run:
            run.count = forget_ended(timezone.now())
        self.stdout.write(f"Sessions deleted: {run.count}")
