"""`manage.py show_access TABLE`: who may do what with a table, as `sql/access.py` says it. Asks no database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.db.access.files import AccessError, read
from exodrive.db.access.listing import listing


class Command(BaseCommand):
    """Roles, commands, columns and rows; `migrate` says whether the database agrees."""

    help = "Print which role may do what with a table's rows and columns."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """`TABLE`."""
        parser.add_argument("table", help="its name in the database, e.g. bookings")

    def handle(self, *args: Any, table: str, **options: Any) -> None:
        """Print it."""
        try:
            self.stdout.write(listing(read(), table))
        except AccessError as error:
            raise CommandError(str(error)) from None
