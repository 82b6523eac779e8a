"""manage.py prune_mail_events: forget what mail providers reported long ago."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exodrive.ops.jobs import record
from inbox.mail.delivery import KEEP_EVENTS, prune


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = f"Deletes providers' reports about mails after {KEEP_EVENTS.days} days; the mails keep what they came to."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many."""
        with record("prune_mail_events") as run:
            run.count = prune(timezone.now())
        self.stdout.write(f"Reports deleted: {run.count}")
