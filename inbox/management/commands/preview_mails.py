"""Write every mail in every language to `var/mail-preview`, to be looked at in a browser."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.models import Booking, MailboxCode
from exodrive.rls import SERVICE, acting_as
from inbox.mail.letters import compose
from inbox.mail.queue import FOR_STAFF
from inbox.models import InboxEmail


class Command(BaseCommand):
    """Sends nothing and stores nothing."""

    help = "Writes every mail about one booking, in every language, to var/mail-preview."

    def add_arguments(self, parser: CommandParser) -> None:
        """The booking; without it the newest."""
        parser.add_argument("reference", nargs="?", help="a booking like EXO-7F3K9M; without it the newest")

    def handle(self, *args: Any, reference: str | None = None, **options: Any) -> None:
        """Print where the files are and how many."""
        folder = Path(settings.VAR_DIR) / "mail-preview"
        folder.mkdir(parents=True, exist_ok=True)
        with acting_as(SERVICE):
            booking = self._booking(reference)
            count = sum(
                self._write(folder, booking, template, language)
                for template in InboxEmail.Template.values
                for language, _name in settings.LANGUAGES
            )
        self.stdout.write(f"{count} mails written to {folder}")

    def _booking(self, reference: str | None) -> Booking:
        bookings = Booking.objects.order_by("-created_at")
        booking = (bookings.filter(reference=reference) if reference else bookings).first()
        if booking is None:
            raise CommandError("There is no such booking.")
        return booking

    def _write(self, folder: Path, booking: Booking, template: str, language: str) -> int:
        audience = InboxEmail.Audience.STAFF if template in FOR_STAFF else InboxEmail.Audience.CUSTOMER
        email = InboxEmail(booking=booking, template=template, audience=audience, language=language)
        if template == InboxEmail.Template.MAILBOX_CODE:
            email.booking, email.code = None, MailboxCode(code="012345")
        if template.startswith(("payment", "refund", "deposit")):
            email.payment = booking.payments.last()
        message = compose(email, ["preview@exodrive.test"], at=timezone.now())
        stem = folder / f"{template}.{language}"
        stem.with_suffix(f".{language}.html").write_text(str(message.alternatives[0][0]))
        stem.with_suffix(f".{language}.txt").write_text(f"Subject: {message.subject}\n\n{message.body}\n")
        return 1
