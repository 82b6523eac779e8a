"""`manage.py attack`: attack a site from outside, and say what gave way."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.dev.attack import Attack, all_attacks
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.target import Target
from exodrive.dev.embedded.process import StackError

CARS = 10
AS_IN_PRODUCTION = {"RATE_LIMITS": "on", "HOLDS_PER_VISITOR": "3"}


class Command(BaseCommand):
    """Without `--url` it starts a site of its own, which goes away afterwards. Only attack what is yours."""

    help = "Attack a site (all attacks, or those that are named); exit code 1 when something gave way."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Which attacks, and whom."""
        parser.add_argument(
            "names", nargs="*", help=f"of {', '.join(attack.name for attack in all_attacks())}"
        )
        parser.add_argument("--url", help="a site that runs, like http://127.0.0.1:8000")

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError with what gave way."""
        attacks = [
            attack for attack in all_attacks() if attack.name in options["names"] or not options["names"]
        ]
        if len(attacks) < len(set(options["names"])):
            raise CommandError("There is no such attack.")
        if options["url"]:
            found = self._run(attacks, _target(options["url"]))
        else:
            folder = settings.VAR_DIR / f"attack-{uuid4().hex[:8]}"
            try:
                with Site(folder, cars=CARS, **AS_IN_PRODUCTION) as site:
                    site.start("web")
                    found = self._run(attacks, site)
            except StackError as error:
                raise CommandError(f"{error} Logs: {folder / 'log'}") from None
        if found:
            raise CommandError("\n".join(found))

    def _run(self, attacks: list[Attack], site: Target) -> list[str]:
        found: list[str] = []
        for attack in attacks:
            if attack.weaken and not isinstance(site, Site):
                self.stdout.write(f"{attack.name}: not tried, it needs a site of its own (without --url)")
                continue
            gave_way = attack.run(site)
            self.stdout.write(f"{attack.name}: {'; '.join(gave_way) or 'held'}")
            self.stdout.flush()
            found += [f"{attack.name}: {what}" for what in gave_way]
        return found


def _target(url: str) -> Target:
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandError(
            "--url must look like http://127.0.0.1:8000; behind TLS the proxy is what would be attacked."
        )
    return Target(parts.hostname, parts.port or 80)
