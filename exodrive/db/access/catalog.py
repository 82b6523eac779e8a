"""What the database holds: functions, views, triggers, policies and grants of the current schema, in one query."""

from pathlib import Path
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from exodrive.db.access.declarations import Right
from exodrive.db.access.files import Key

STATE = Path(__file__).with_name("state.sql").read_text()
# Whose the schema is, which migrations it has had, and which of our roles the server has.
SITUATION = r"""
SELECT pg_get_userbyid(relowner) = current_user,
       ARRAY(SELECT app || '.' || name FROM django_migrations WHERE app = ANY(%s)),
       ARRAY(SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'exo\_%%')
FROM pg_class WHERE oid = to_regclass('django_migrations')
"""


class Found(NamedTuple):
    """One object as the database has it. `signature` is how statements name a function, or a table and its kind."""

    kind: str
    table: str
    name: str
    signature: str
    comment: str
    definition: str
    rights: frozenset[Right]
    facts: frozenset[str]

    @property
    def key(self) -> Key:
        """What a file knows it by."""
        return self.kind, self.table, self.name


class State(NamedTuple):
    """Everything at one moment. `overloads` are functions whose name another one has."""

    objects: dict[Key, Found]
    overloads: list[Found]

    def table(self, name: str) -> Found | None:
        """A table or sequence."""
        return self.objects.get(("table", "", name))


class Situation(NamedTuple):
    """What decides whether the files are for this database at all."""

    is_owner: bool
    migrations: frozenset[str]
    roles: frozenset[str]


def look(connection: BaseDatabaseWrapper) -> State:
    """The state of the current schema. One query."""
    objects: dict[Key, Found] = {}
    overloads = []
    # Of two functions with one name the one that carries a file's mark is the known one.
    for found in sorted(map(_found, _rows(connection, STATE)), key=lambda found: not found.comment):
        if found.key in objects:
            overloads.append(found)
        else:
            objects[found.key] = found
    return State(objects, overloads)


def situation(connection: BaseDatabaseWrapper, apps: list[str]) -> Situation:
    """Of the current login and schema. One query. A schema without Django's tables is nobody's."""
    for is_owner, migrations, roles in _rows(connection, SITUATION, [apps]):
        return Situation(is_owner, frozenset(migrations), frozenset(roles))
    return Situation(False, frozenset(), frozenset())


def _rows(
    connection: BaseDatabaseWrapper, query: str, values: list[Any] | None = None
) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _found(row: tuple[Any, ...]) -> Found:
    *words, rights, facts = row
    return Found._make([*words, frozenset(Right(*right.split(" ", 2)) for right in rights), frozenset(facts)])
