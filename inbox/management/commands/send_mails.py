"""Send the mails that are due, as the sweep does every minute."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from exodrive.ops.jobs import record
from inbox.mail.queue import send_queued


class Command(BaseCommand):
    """Safe to run twice and at once: each mail is claimed by one run."""

    help = "Sends queued mails."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many went out."""
        with record("send_mails") as run:
            run.count = send_queued(at=timezone.now())
        self.stdout.write(f"Mails sent: {run.count}")
