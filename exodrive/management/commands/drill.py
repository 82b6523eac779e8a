"""`manage.py drill` (`make drill`): break one part after the other while customers book, then count what was lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exodrive.embedded import prepare
from exodrive.management.commands._bench import Fleet
from exodrive.rls import as_owner


class Command(BaseCommand):
    """Works in a folder of its own."""

    help = "Break every part in turn under load; exit code 1 when a booking or a mail was lost or doubled."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The budget; `prepare` is for our own child."""
        parser.add_argument("--prepare", type=int, required=True, help="cars of an empty site")

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            prepare.migrate()
            prepare.compile_messages()
            prepare.collect_static()
            Fleet.make(options["prepare"])
