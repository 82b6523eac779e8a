"""What the files say about one table, for people: role, command, columns, rows."""

import textwrap
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import groupby

from exodrive.db.access.declarations import Policy, Table
from exodrive.db.access.files import AccessError, Wanted

WIDTH = 100  # columns
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
EVERY_ROW = "every row"


def listing(wanted: Wanted, name: str) -> str:
    """Text of at most WIDTH columns. Raises AccessError, naming near ones, for a table that no file names."""
    table = wanted.tables.get(name)
    if table is None:
        near = get_close_matches(name, wanted.tables, n=3, cutoff=0.5)
        hint = f" Near it: {', '.join(near)}." if near else f" There are {', '.join(sorted(wanted.tables))}."
        raise AccessError(f"No sql/access.py names a table {name}.{hint}")
    return "\n".join([*_head(wanted, name, table), *_roles(table)])


def _head(wanted: Wanted, name: str, table: Table) -> Iterator[str]:
    yield name
    yield f"  row-level security: {'on' if table.policies else 'off'}"
    triggers = sorted(
        source.name for source in wanted.sources.values() if source.key[:2] == ("trigger", name)
    )
    yield from _wrapped("  triggers: ", ", ".join(triggers) or "none")
    yield from _wrapped(
        "  out of reach for: ", ", ".join(sorted(wanted.roles - set(table.grants))) or "nobody"
    )


def _roles(table: Table) -> Iterator[str]:
    for role in sorted(table.grants):
        yield f"\n{role}"
        for said, commands in groupby(_granted(role, table), key=lambda command: _rows(role, command, table)):
            for columns, some in groupby(commands, key=lambda command: _columns(role, command, table)):
                yield from _wrapped(f"  {', '.join(some)}", f" ({columns})" if columns else "")
            yield from said


def _granted(role: str, table: Table) -> list[str]:
    held = {right.privilege for right in table.rights() if right.role == role}
    return [command for command in COMMANDS if command in held]


def _columns(role: str, command: str, table: Table) -> str:
    """Those it is limited to, in their order in the file."""
    words = table.grants[role].partition(command)[2]
    return words.partition("(")[2].partition(")")[0] if words.lstrip().startswith("(") else ""


def _rows(role: str, command: str, table: Table) -> tuple[str, ...]:
    """The lines that say which rows."""
    if not table.policies:
        return (f"    {EVERY_ROW}",)
    policies = {
        name: policy
        for name, policy in table.policies.items()
        if policy.role == role and policy.command in (command, "ALL")
    }
    lines = [line for name, policy in policies.items() for line in _policy(name, policy, command)]
    return tuple(lines or ["    no row"])


def _policy(name: str, policy: Policy, command: str) -> Iterator[str]:
    """Of a policy the conditions that this command meets; without a check what may be seen may be written."""
    using = {"using": policy.using} if command != "INSERT" else {}
    check = {"check": policy.check or policy.using} if command in ("INSERT", "UPDATE") else {}
    conditions = using | check
    if set(conditions.values()) == {"true"}:
        yield f"    {name}: {EVERY_ROW}"
        return
    yield f"    {name}"
    for word, condition in conditions.items():
        yield from _condition(f"      {word} ", condition)


def _condition(label: str, condition: str) -> Iterator[str]:
    """One line where it fits, else one for each part that AND or OR joins at the top."""
    parts = [condition] if len(label + condition) <= WIDTH else _parts(condition)
    for part in parts:
        yield from _wrapped(label, part)
        label = " " * len(label)


def _parts(condition: str) -> list[str]:
    parts, depth = [""], 0
    for word in condition.split():
        if word in ("AND", "OR") and depth == 0:
            parts.append("")
        parts[-1] = f"{parts[-1]} {word}".lstrip()
        depth += word.count("(") - word.count(")")
    return parts


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(
        label + text,
        WIDTH,
        subsequent_indent=" " * (len(label) if text[:1] != " " else 4),
        break_long_words=False,
        break_on_hyphens=False,
    )
