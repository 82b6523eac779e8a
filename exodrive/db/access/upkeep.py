"""The database made to hold what the files say, after every `migrate`."""

import pkgutil
import sys
from importlib import import_module
from typing import Any

from django.core.management.base import CommandError, OutputWrapper
from django.db import DatabaseError, OperationalError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from exodrive.db.access.catalog import State, look, situation
from exodrive.db.access.changes import Change, grants, marks, structure, summary
from exodrive.db.access.files import AccessError, Wanted, apps_with_sql, read

LOCK = "SELECT pg_advisory_xact_lock(8, 1)"  # two migrates do not meet
SHORT = "SET LOCAL lock_timeout = '2s'"  # requests queue behind whoever waits for a table
ATTEMPTS = 5
BUSY = {"55P03", "40P01"}  # a lock that did not come in time, a deadlock


class NotApplied(Exception):
    """These files are not for this database; the message says why. Nothing was changed."""


def apply(using: str = "default") -> list[Change]:
    """Make functions, triggers, policies and grants what the files in `sql/` say; the changes, none when all was so.

    For the schema's owner and a database with exactly this release's migrations; raises NotApplied for any other. What no
    file names is dropped, except what belongs to an extension or to roles that are not ours. One transaction, so that
    nobody ever sees half of it; two queries when nothing has changed. Raises AccessError for files that cannot be applied.

    A changed signature is a new name: processes of the release before still call the old function, so its file goes
    one release later.
    """
    connection, wanted = connections[using], read()
    _refuse_strangers(connection, wanted)
    state = look(connection)
    _refuse_without_tables(wanted, state)
    if not structure(wanted, state) and not grants(wanted, state):
        return []
    for _ in range(ATTEMPTS):
        try:
            return _apply(connection, wanted)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", "") not in BUSY:
                raise
    raise AccessError(
        "The tables are too busy to change who may use them. Nothing was changed: run migrate again."
    )


def after_migrate(*, using: str, verbosity: int, stdout: Any = None, **kwargs: Any) -> None:
    """For Django's `post_migrate`: apply the files and say in one line what that changed. Raises CommandError."""
    try:
        said = summary(apply(using))
    except NotApplied as reason:
        said = f"left as it is, because {reason}"
    except AccessError as error:
        raise CommandError(str(error)) from error
    if verbosity >= 1:
        (stdout or OutputWrapper(sys.stdout)).write(f"Access: {said}")


def _refuse_strangers(connection: BaseDatabaseWrapper, wanted: Wanted) -> None:
    configs = apps_with_sql()
    found = situation(connection, [config.label for config in configs])
    ours = {
        f"{config.label}.{module.name}"
        for config in configs
        for module in pkgutil.iter_modules(import_module(f"{config.name}.migrations").__path__)
    }
    if not found.is_owner:
        raise NotApplied("this login does not own the schema")
    if found.migrations - ours:
        raise NotApplied(
            f"the database is newer than this release by {len(found.migrations - ours)} migrations"
        )
    if ours - found.migrations:
        raise NotApplied(f"the database lacks {len(ours - found.migrations)} migrations of this release")
    if missing := wanted.roles - found.roles:
        raise AccessError(
            f"Run bootstrap_roles first: these roles are missing: {', '.join(sorted(missing))}."
        )


def _refuse_without_tables(wanted: Wanted, state: State) -> None:
    if missing := [name for name in wanted.tables if not state.table(name)]:
        raise NotApplied(f"the database lacks the tables {', '.join(sorted(missing))}")


def _apply(connection: BaseDatabaseWrapper, wanted: Wanted) -> list[Change]:
    with transaction.atomic(using=connection.alias):
        _run(connection, LOCK, SHORT)
        changes = structure(wanted, look(connection))
        functions = [change for change in changes if change.what == "write function"]
        # First as they are, because they call each other; once all are there PostgreSQL reads them.
        _run(connection, "SET LOCAL check_function_bodies = off", *_statements(functions))
        _run(connection, "SET LOCAL check_function_bodies = on", *_statements(changes))
        state = look(connection)
        if state.overloads:
            names = ", ".join(sorted(found.name for found in state.overloads))
            raise AccessError(f"A changed signature is a new name: {names}.")
        rights = grants(wanted, state)
        _run(connection, *_statements(rights), *marks(wanted, state))
    return changes + rights


def _statements(changes: list[Change]) -> list[str]:
    return [statement for change in changes for statement in change.statements]


def _run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            try:
                cursor.execute(statement)
            except DatabaseError as error:
                error.add_note(statement)
                raise
