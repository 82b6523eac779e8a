"""`manage.py restore FILE [--into NAME] [--yes]`: load a backup and prove that it is whole. Needs DATABASE_OWNER_URL."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from exodrive.ops import health
from exodrive.ops.backups import BackupError, create_database, database_exists, read_manifest, restore
from exodrive.rls import SERVICE, acting_as
from inbox.audit import find_drift


class Command(BaseCommand):
    """Refuses a database that has tables, unless --yes. Exit code 1 when anything differs from the backup."""

    help = "Load a backup into an empty database, and check the ledger in it."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """`FILE`, `--into`, `--yes`."""
        parser.add_argument("file", type=Path, help="what `backup` wrote; its manifest must stand beside it")
        parser.add_argument(
            "--into", metavar="NAME", help="another database of the same server; made when missing"
        )
        parser.add_argument(
            "--yes", action="store_true", help="remove everything that is in the database first"
        )

    def handle(self, *args: Any, file: Path, into: str | None, yes: bool, **options: Any) -> None:
        """Print what was restored and what the ledger says."""
        try:
            manifest = read_manifest(file)
            if into:
                self._turn_to(into)
            restore(file, manifest=manifest, empty_first=yes)
        except BackupError as error:
            raise CommandError(str(error)) from None
        name = connection.settings_dict["NAME"]
        self.stdout.write(
            f"{name}: {sum(manifest['rows'].values())} rows of {len(manifest['rows'])} tables, as backed up."
        )
        self._compare_releases(set(manifest["migrations"]))
        with acting_as(SERVICE, actor="job"):
            drift = find_drift()
        for line in drift:
            self.stdout.write(line)
        if drift:
            raise CommandError(f"Differences in the ledger: {len(drift)}", returncode=1)
        self.stdout.write("Differences in the ledger: 0")

    def _turn_to(self, name: str) -> None:
        """From here on the default connection is to that database."""
        if not database_exists(name):
            create_database(name)
        connection.close()
        connection.settings_dict["NAME"] = name

    def _compare_releases(self, theirs: set[str]) -> None:
        ours = health.our_migrations()
        if ours - theirs:
            raise CommandError(
                f"The backup is older than this release: run `migrate` on it ({len(ours - theirs)} migrations), then"
                " `check_ledger`."
            )
        if theirs - ours:
            raise CommandError(
                f"The backup is newer than this release by {len(theirs - ours)} migrations: use that one."
            )
