"""`manage.py metrics [--days 7] [--json]`: how it went, in figures."""

import json
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from exodrive.ops.figures import figures
from exodrive.rls import SERVICE, acting_as


class Command(BaseCommand):
    """Reads only. Refusals and error answers are counted every 30 seconds, the rest is exact."""

    help = "Bookings, refusals, seconds to confirm, jobs and mails of the last days."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--days`, `--json`."""
        parser.add_argument("--days", type=_days, default=7, help="how many days back (default 7)")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of tables")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        """Print them."""
        until = timezone.now()
        with acting_as(SERVICE, actor="job"):
            found = figures(since=until - timedelta(days=days), until=until)
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        self.stdout.write(f"The last {days} days, until {until:%Y-%m-%d %H:%M} UTC")
        for name, values in found.items():
            if isinstance(values, dict):
                self.stdout.write(f"\n{name.replace('_', ' ').capitalize()}")
                for line in _lines(values):
                    self.stdout.write(f"  {line}")


def _lines(values: dict[str, Any]) -> list[str]:
    """Names and figures in two columns; of figures that have figures themselves, those in one line."""
    if not values:
        return ["none"]
    width = max(map(len, values))
    return [f"{name:<{width}}  {_said(value)}" for name, value in values.items()]


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return "  ".join(f"{name} {_said(inner)}" for name, inner in value.items())
    return "–" if value is None else str(value)


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 3660:
        raise ValueError(text)
    return days
