"""manage.py export_customer EMAIL: everything held about a person, as a ZIP file."""

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from bookings.privacy import personal_data, zip_of
from exodrive.management.arguments import person
from exodrive.rls import SERVICE, acting_as


class Command(BaseCommand):
    """The file is for its owner only (0600) and has a name that says nothing."""

    help = "Writes everything held about a person to a ZIP file: JSON for each table, and index.html to read."

    def add_arguments(self, parser: CommandParser) -> None:
        """The person, and where to write."""
        parser.add_argument("email", type=person, help="or a phone number, for who has no address")
        parser.add_argument("--output", type=Path, help="the file to write; it must not exist")

    def handle(self, *args: Any, email: str, output: Path | None, **options: Any) -> None:
        """Prints the file's name and the number of rows. Fails when nothing is held, or the file exists."""
        with acting_as(SERVICE, actor="job"):
            tables = personal_data(email)
        rows = sum(len(rows) for rows in tables.values())
        if not rows:
            raise CommandError("Nothing is held about this address.")
        path = output or Path(settings.VAR_DIR) / "exports" / f"{secrets.token_hex(8)}.zip"
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{path} exists already.") from error
        with os.fdopen(file, "wb") as opened:
            opened.write(zip_of(tables, at=timezone.now()))
        self.stdout.write(f"{rows} rows written to {path}")
