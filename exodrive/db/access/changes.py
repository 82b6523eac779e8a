"""What has to be done to a database so that it holds what the files say, and nothing else."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exodrive.db.access.catalog import Found, State
from exodrive.db.access.declarations import Right, Table
from exodrive.db.access.files import Source, Wanted

PROTECTED = "row level security"
NAMED = 5  # so many of a kind are called by their names
USED = {"function": "EXECUTE", "view": "SELECT"}  # what its users may do with one
OPEN = "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"
FACTS = {
    PROTECTED: "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
    "created_at": "ALTER TABLE {table} ALTER created_at SET DEFAULT now()",
    "updated_at": "ALTER TABLE {table} ALTER updated_at SET DEFAULT now()",
}


class Change(NamedTuple):
    """Statements that put one thing right. `what` is "write function", "drop policy", "grant", ..."""

    what: str
    name: str
    statements: tuple[str, ...]


def structure(wanted: Wanted, state: State) -> list[Change]:
    """Everything but grants, in an order in which each statement finds what it needs."""
    stray = [
        found for key, found in state.objects.items() if found.kind != "table" and key not in wanted.sources
    ]
    drops = [_drop(found) for found in [*stray, *state.overloads]]
    writes = [_write(source, state) for source in wanted.sources.values() if _differs(source, state)]
    facts = [change for name, table in wanted.tables.items() for change in _facts(name, table, state)]
    return [
        *(change for change in drops if change.what != "drop function"),
        *(change for change in writes if change.what == "write function"),
        *facts,
        *(change for change in writes if change.what != "write function"),
        # Policies and triggers stood on them until now.
        *(change for change in drops if change.what == "drop function"),
    ]


def grants(wanted: Wanted, state: State) -> list[Change]:
    """For each table, function and view the roles whose rights are not the files'."""
    found_changes = []
    for found in state.objects.values():
        if found.kind == "table":
            table = wanted.tables.get(found.name)
            rights = table.rights() if table else set()
        elif found.kind in USED and found.key in wanted.sources:
            rights = {Right(role, USED[found.kind]) for role in wanted.sources[found.key].users}
        else:
            continue
        if statements := tuple(_grant(found, rights)):
            found_changes.append(Change("grant", found.name, statements))
    return found_changes


def marks(wanted: Wanted, state: State) -> Iterator[str]:
    """COMMENT statements for what does not carry its mark yet."""
    for key, source in wanted.sources.items():
        mark = source.mark(state.objects[key].definition)
        if state.objects[key].comment != mark:
            yield f"COMMENT ON {_named(state.objects[key])} IS '{mark}'"


def summary(changes: Iterable[Change]) -> str:
    """One line for people; names where there are few."""
    changes = list(changes)
    said = []
    for what, count in Counter(change.what for change in changes).items():
        names = ", ".join(change.name for change in changes if change.what == what)
        said.append(f"{what} {names}" if count <= NAMED else f"{what}: {count}")
    return "; ".join(said) or "nothing to change"


def _differs(source: Source, state: State) -> bool:
    found = state.objects.get(source.key)
    return found is None or found.comment != source.mark(found.definition)


def _write(source: Source, state: State) -> Change:
    """Functions and triggers replace what is there; policies, views and constraint triggers have no such statement."""
    found = state.objects.get(source.key)
    before = (f"DROP {_named(found)}",) if found and "OR REPLACE" not in source.statement else ()
    name = f"{source.table}.{source.name}" if source.table else source.name
    return Change(f"write {source.kind}", name, (*before, source.statement))


def _drop(found: Found) -> Change:
    """Never with CASCADE: what stands on it has to be in the files' hands first."""
    name = f"{found.table}.{found.name}" if found.table else found.signature
    return Change(f"drop {found.kind}", name, (f"DROP {_named(found)}",))


def _facts(name: str, table: Table, state: State) -> Iterator[Change]:
    wanted = {PROTECTED} if table.policies else set()
    wanted |= {"created_at", "updated_at"} if table.keeps_updated_at else set()
    found = state.table(name)
    for fact in sorted(wanted - (found.facts if found else frozenset())):
        yield Change("protect", name, (FACTS[fact].format(table=name),))
    if not table.policies and found and PROTECTED in found.facts:
        yield Change("open", name, (OPEN.format(table=name),))


def _grant(found: Found, wanted: set[Right]) -> Iterator[str]:
    """Whoever's rights differ loses all of them and gets the right ones."""
    target = f"ROUTINE {found.signature}" if found.kind == "function" else found.signature
    for role in sorted({right.role for right in found.rights ^ wanted}):
        yield f"REVOKE ALL ON {target} FROM {role} CASCADE"
        for right in sorted(right for right in wanted if right.role == role):
            columns = f" ({right.column})" if right.column else ""
            yield f"GRANT {right.privilege}{columns} ON {target} TO {role}"


def _named(found: Found) -> str:
    """How DROP and COMMENT call it."""
    if found.kind in USED:
        return f"{found.kind.upper()} {found.signature}"
    return f"{found.kind.upper()} {found.name} ON {found.table}"
