"""`manage.py extract_messages`: bring locale/*/LC_MESSAGES/django.po up to date with the texts in the code."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from exodrive.i18n import catalogues


class Command(BaseCommand):
    """Run it after adding, changing or removing a text, and after a merge; then translate what is empty."""

    help = "Update the translation catalogues from code and templates."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many texts of each language have no translation yet."""
        wanted = catalogues.collect(settings.BASE_DIR)
        for language in catalogues.LANGUAGES:
            path = catalogues.path_of(settings.BASE_DIR / "locale", language)
            content = catalogues.update(path, wanted)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            empty = [m for m in catalogues.load(path) if m.id and not (m.string and all(m.string))]
            self.stdout.write(f"{language}: {len(wanted)} texts, {len(empty)} to translate")
