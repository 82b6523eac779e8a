"""manage.py retain: forget what is kept no longer."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from exodrive.ops.jobs import record
from inbox.retention import forget_what_is_over


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Erases people whose last booking is past RETENTION_BOOKINGS_DAYS, and mails past RETENTION_MAILS_DAYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to do it."""
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        """Prints one line with counts."""
        name = "retain (dry run)" if dry_run else "retain"
        with record(name) as run:
            counts = forget_what_is_over(timezone.now(), dry_run=dry_run)
            run.count = sum(counts.values())
        done = ", ".join(f"{what}: {count}" for what, count in counts.items())
        self.stdout.write(f"would forget {done}" if dry_run else f"forgot {done}")
