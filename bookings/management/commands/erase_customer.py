"""manage.py erase_customer EMAIL: take a person out of everything; dry run first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from bookings.privacy import erase
from exodrive.management.arguments import person
from exodrive.rls import SERVICE, acting_as


class Command(BaseCommand):
    """Safe to run twice and at once."""

    help = "Erases a person's data and keeps money, dates and statuses. Without --yes it only counts."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, and the consent."""
        parser.add_argument("email", type=person, help="or a phone number, for who has no address")
        parser.add_argument("--yes", action="store_true", help="do it; it cannot be undone")

    def handle(self, *args: Any, email: str, yes: bool, **options: Any) -> None:
        """Prints the number of rows for each table. Fails while a booking still needs the person."""
        with acting_as(SERVICE, actor="job"):
            erasure = erase(email, dry_run=not yes)
        if erasure.unfinished:
            raise CommandError(
                "Nothing was erased. These bookings are not over, or money is on its way: "
                f"{', '.join(erasure.unfinished)}. Complete or cancel them first."
            )
        for table, rows in sorted(erasure.counts.items()):
            self.stdout.write(f"{table}: {rows}")
        if not erasure.found:
            self.stdout.write("Nothing is held about this address.")
        elif yes:
            self.stdout.write("Erased.")
        else:
            self.stdout.write("Nothing was changed. Add --yes to erase these.")
