"""`manage.py compile_messages`: make the .mo files. `manage.py start` does it too; a deployment calls it once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exodrive.i18n import catalogues


class Command(BaseCommand):
    """Needs no gettext binaries; writes only what is out of date."""

    help = "Compile the translation catalogues."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line with a count."""
        self.stdout.write(f"{catalogues.compile_all(settings.BASE_DIR / 'locale')} catalogues compiled")
