"""`manage.py check_messages`: fail when a page could show an untranslated text."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exodrive.i18n import catalogues


class Command(BaseCommand):
    """Missing and fuzzy translations, stale catalogues, placeholders that differ from the English text."""

    help = "Check that every text is translated into every language."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print every problem; exit status 1 when there is one."""
        found = catalogues.problems(settings.BASE_DIR)
        for line in found:
            self.stderr.write(line)
        if found:
            raise CommandError(f"{len(found)} problems in the translations")
        self.stdout.write("All texts are translated.")
