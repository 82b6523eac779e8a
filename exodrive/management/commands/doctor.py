"""`manage.py doctor [--json]`: what this setup lacks for production, in the order to mend it."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.doctor.examination import examine
from exodrive.doctor.findings import Finding, State

SIGNS = {State.MISSING: "MISSING", State.WARNING: "look at", State.UNKNOWN: "later", State.OK: "ok"}


class Command(BaseCommand):
    """Reads only, with the environment that web, worker and beat have. Ends with 1 while something is missing."""

    help = "Say what is missing for production, in the order to mend it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json`."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every finding. Raises CommandError while something is missing."""
        found = examine()
        lacking = sum(one.state is State.MISSING for one in found)
        if options["json"]:
            body = {"ok": not lacking, "findings": [one._asdict() for one in found]}
            self.stdout.write(json.dumps(body))
        else:
            self._list(found)
        if lacking:
            raise CommandError(f"{lacking} to mend before this is production.")
        if not options["json"]:
            self.stdout.write("Nothing is missing.")

    def _list(self, found: list[Finding]) -> None:
        width = max(len(one.part) for one in found if one.state is not State.UNKNOWN)
        for number, one in enumerate(found, start=1):
            bad = one.state in (State.MISSING, State.WARNING)
            said = f"{one.says} {one.mend}".strip()
            head = f"{number:>2}." if bad else "   "
            self.stdout.write(f"{head} {SIGNS[one.state]:<7}  {one.part:<{width}}  {said}")
