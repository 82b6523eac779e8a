"""What the files in every app's `sql/` say the database should hold."""

import hashlib
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from django.apps import AppConfig, apps
from django.conf import settings
from django.utils.module_loading import module_has_submodule

from exodrive.db.access.declarations import Table

FUNCTION = re.compile(r"^CREATE OR REPLACE FUNCTION (?P<name>\w+)\(", re.MULTILINE)
TRIGGER = re.compile(
    r"^CREATE (?:OR REPLACE|CONSTRAINT) TRIGGER (?P<name>\w+)\b.*? ON (?P<table>\w+)\s",
    re.MULTILINE | re.DOTALL,
)
VIEW = re.compile(r"^CREATE VIEW (?P<name>\w+) WITH \(security_invoker = true\) AS$", re.MULTILINE)
EXECUTE = "-- execute: "
READ = "-- read: "
GUARDS = "-- guards: "
NOBODY = "nobody"
KEEP_UPDATED_AT = (
    "CREATE OR REPLACE TRIGGER keep_updated_at BEFORE UPDATE ON {table}"
    " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()"
)

Key = tuple[str, str, str]  # kind, table ("" for a function or view), name


class AccessError(Exception):
    """The files in `sql/` cannot be applied; the message says which and why. The database is as it was."""


class Source(NamedTuple):
    """One function, view, trigger or policy as a file has it. `path` is relative to the project's folder."""

    kind: str
    table: str
    name: str
    statement: str
    path: str
    users: frozenset[str] = frozenset()  # who may call a function or read a view: roles, or PUBLIC

    @property
    def key(self) -> Key:
        """What the database knows it by."""
        return self.kind, self.table, self.name

    def mark(self, definition: str) -> str:
        """The COMMENT of the object: its file, the hash of its source, and of what PostgreSQL made of it.

        The last one tells what somebody changed by hand since.
        """
        return f"{self.path} {hashlib.sha256(self.statement.encode()).hexdigest()[:16]} {definition}"


class Wanted(NamedTuple):
    """All files together: tables by name, and everything else by its key."""

    tables: dict[str, Table]
    sources: dict[Key, Source]
    roles: frozenset[str]


def apps_with_sql() -> list[AppConfig]:
    """The apps that say what the database enforces for them."""
    return [config for config in apps.get_app_configs() if module_has_submodule(config.module, "sql")]


def read() -> Wanted:
    """Read every app's files. Raises AccessError for a file that says something twice, or not what its name says."""
    tables: dict[str, Table] = {}
    sources: dict[Key, Source] = {}
    for config in apps_with_sql():
        declared = import_module(f"{config.name}.sql.access").TABLES
        if twice := declared.keys() & tables.keys():
            raise AccessError(f"Two apps say who may use {', '.join(sorted(twice))}.")
        tables |= declared
        for source in sources_in(Path(config.path) / "sql", declared):
            if source.key in sources:
                raise AccessError(
                    f"{source.path} and {sources[source.key].path} make the same {source.kind}."
                )
            sources[source.key] = source
    granted = {role for table in tables.values() for role in table.grants}
    using = {role for source in sources.values() for role in source.users}
    return Wanted(tables, sources, frozenset(granted | using) - {"PUBLIC"})


def sources_in(folder: Path, tables: dict[str, Table]) -> Iterator[Source]:
    """What a folder `sql/` makes, with the policies and `keep_updated_at` of its tables. Raises AccessError."""
    path = _relative(folder / "access.py")
    for table, declared in tables.items():
        for name, policy in declared.policies.items():
            yield Source("policy", table, name, policy.sql(table, name), path)
        if declared.keeps_updated_at:
            yield Source("trigger", table, "keep_updated_at", KEEP_UPDATED_AT.format(table=table), path)
    yield from map(_function, sorted(folder.glob("functions/*.sql")))
    yield from map(_view, sorted(folder.glob("views/*.sql")))
    yield from map(_trigger, sorted(folder.glob("triggers/*.sql")))


def _function(path: Path) -> Source:
    text, found = _parse(path, EXECUTE, FUNCTION)
    users = _users(text, EXECUTE)
    return Source("function", "", found["name"], text[found.start() :], _relative(path), users)


def _view(path: Path) -> Source:
    """Always one that reads with the rights and policies of whoever asks."""
    text, found = _parse(path, READ, VIEW)
    return Source("view", "", found["name"], text[found.start() :], _relative(path), _users(text, READ))


def _users(text: str, first_line: str) -> frozenset[str]:
    words = text.partition("\n")[0].removeprefix(first_line).strip()
    return frozenset() if words == NOBODY else frozenset(words.split(", "))


def _trigger(path: Path) -> Source:
    text, found = _parse(path, GUARDS, TRIGGER)
    return Source("trigger", found["table"], found["name"], text[found.start() :], _relative(path))


def _parse(path: Path, first_line: str, statement: re.Pattern[str]) -> tuple[str, re.Match[str]]:
    """The text, without comments before its one statement in the match's string."""
    text = path.read_text()
    found = list(statement.finditer(text))
    if not text.startswith(first_line):
        raise AccessError(f"{_relative(path)} must begin with `{first_line}`.")
    if [match["name"] for match in found] != [path.stem]:
        raise AccessError(f"{_relative(path)} must hold one CREATE, of {path.stem}.")
    return text, found[0]


def _relative(path: Path) -> str:
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else str(path)
