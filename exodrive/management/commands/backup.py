"""`manage.py backup [FILE]`: dump the database, with a manifest that proves the dump. Needs DATABASE_OWNER_URL."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from exodrive.models import JobRun
from exodrive.ops.backups import BackupError, back_up, manifest_of
from exodrive.rls import SERVICE, acting_as


class Command(BaseCommand):
    """Writes FILE and FILE.json, 0600 both, and a job run "backup", which `/readyz` watches from then on."""

    help = "Dump the database into a file, with a manifest beside it."

    def add_arguments(self, parser: CommandParser) -> None:
        """`FILE`."""
        parser.add_argument(
            "file", nargs="?", type=Path, help="default: VAR_DIR/backups/exodrive-<time>.dump"
        )

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        """Print the file's name. The run is written down at the end, so that no dump holds an unfinished one."""
        begun = timezone.now()
        file = file or settings.VAR_DIR / "backups" / f"exodrive-{begun:%Y%m%d-%H%M%S}.dump"
        error = ""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            manifest = back_up(file, at=begun, release=settings.RELEASE)
        except (BackupError, OSError) as problem:
            error = type(problem).__name__
            raise CommandError(str(problem)) from None
        finally:
            self._write_down(begun, error)
        rows, tables = sum(manifest["rows"].values()), len(manifest["rows"])
        self.stdout.write(
            f"{file}: {manifest['bytes']} bytes, {rows} rows of {tables} tables ({manifest_of(file).name})"
        )

    def _write_down(self, begun: Any, error: str) -> None:
        with acting_as(SERVICE, actor="job"):
            JobRun.objects.create(
                name="backup",
                started_at=begun,
                finished_at=timezone.now(),
                ok=not error,
                error=error,
                count=not error,
            )
