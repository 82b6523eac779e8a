"""`manage.py dump_schema` (`make schema`): write down what all migrations make, for new embedded databases."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from exodrive.dev import schema
from exodrive.dev.embedded import prepare
from exodrive.dev.embedded.process import StackError
from exodrive.dev.embedded.stack import Stack
from exodrive.rls import as_owner


class Command(BaseCommand):
    """Migrates an empty database of its own, without the file that it writes."""

    help = "Write exodrive/dev/schema/snapshot.sql from a database that all migrations have just made."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Raises CommandError when the embedded PostgreSQL does not start."""
        try:
            with Stack(
                settings.VAR_DIR / "schema", explicit={}, disposable=True, ports=(0, 0), fresh=True
            ) as stack:
                assert stack.postgres is not None  # noqa: S101
                prepare.point_django_at(stack.urls)
                with as_owner():
                    call_command("migrate", interactive=False, verbosity=0)
                    schema.write(stack.postgres.bin / "pg_dump", stack.urls["DATABASE_OWNER_URL"])
        except StackError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"Wrote {schema.FILE.relative_to(settings.BASE_DIR)}.")
