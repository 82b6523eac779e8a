"""`manage.py bootstrap_roles`: once per database server, before the first `migrate`, and again after an upgrade."""

import os
from collections.abc import Mapping
from typing import Any

import environ
import psycopg
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exodrive.db import roles
from exodrive.db.unreachable import in_words

PASSWORD_VARIABLES = {
    roles.OWNER: "EXO_OWNER_PASSWORD",
    roles.APP: "EXO_APP_PASSWORD",
    roles.PUBLIC_LOGIN: "EXO_PUBLIC_LOGIN_PASSWORD",
}


class Command(BaseCommand):
    """Reads DATABASE_ADMIN_URL: a superuser, or a role with CREATEROLE and CREATEDB. Safe to run again."""

    help = "Create the database roles, logins and the database from DATABASE_ADMIN_URL."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Passwords come from the environment; the arguments are for trying it by hand."""
        parser.add_argument("--database", default=os.environ.get("DATABASE_NAME", "exodrive"))
        for login, variable in PASSWORD_VARIABLES.items():
            parser.add_argument(
                f"--{login.replace('_', '-')}-password",
                default=os.environ.get(variable, ""),
                help=f"default: {variable}",
            )

    def handle(self, *args: Any, database: str, **options: Any) -> None:
        """Print one line for everything that was made."""
        admin_url = os.environ.get("DATABASE_ADMIN_URL")
        if not admin_url:
            raise CommandError("Set DATABASE_ADMIN_URL to a login that may create roles and databases.")
        passwords = {login: options[f"{login}_password"] for login in PASSWORD_VARIABLES}
        try:
            done = roles.bootstrap(admin_url, database=database, passwords=passwords)
            still_open = roles.left_open(admin_url, database=database)
        except psycopg.OperationalError as error:
            raise CommandError(in_words(error, _parts(admin_url), "DATABASE_ADMIN_URL")) from error
        except (roles.BootstrapError, psycopg.Error) as error:
            raise CommandError(str(error).strip()) from error
        for line in done or ["Everything was there already."]:
            self.stdout.write(line)
        if still_open:
            self.stderr.write(
                f"Warning: not a superuser, so {len(still_open)} functions of the server stay open to the public"
                f" site's login (docs/runbook.md, Managed PostgreSQL): {', '.join(still_open)}"
            )


def _parts(url: str) -> Mapping[str, Any]:
    """Where a URL leads, in Django's words."""
    return environ.Env.db_url_config(url)
