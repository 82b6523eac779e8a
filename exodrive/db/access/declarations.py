"""The words in which an app's `sql/access.py` says who may do what with its tables."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

PRIVILEGE = re.compile(r"(\w+)(?:\s*\(([^)]*)\))?")


class Policy(NamedTuple):
    """One row-level security policy. `using` filters rows seen or changed, `check` the rows written."""

    role: str
    command: str = "ALL"
    using: str = ""
    check: str = ""

    def sql(self, table: str, name: str) -> str:
        """The CREATE POLICY statement."""
        using = f" USING ({self.using})" if self.using else ""
        check = f" WITH CHECK ({self.check})" if self.check else ""
        return f"CREATE POLICY {name} ON {table} FOR {self.command} TO {self.role}{using}{check}"


class Table(NamedTuple):
    """Everything that anybody but the owner may do with a table.

    `grants` maps a role to what it may do, e.g. {"exo_staff": "SELECT, UPDATE (status, phone)"}; a table without an entry
    for a role is out of that role's reach. Row-level security is on where there are policies. A table that
    `keeps_updated_at` fills in `created_at` and `updated_at` by itself, for raw SQL too.
    """

    grants: Mapping[str, str]
    policies: Mapping[str, Policy] = {}
    keeps_updated_at: bool = True

    def rights(self) -> set["Right"]:
        """The grants, one by one."""
        return {right for role, words in self.grants.items() for right in _rights(role, words)}


class Right(NamedTuple):
    """One privilege of one role, for the whole table or for one column of it."""

    role: str
    privilege: str
    column: str = ""


def full_access(role: str) -> dict[str, Policy]:
    """Policies that let `role` see and write all rows; its grants say which commands it has at all."""
    return {f"{role.removeprefix('exo_')}_all": Policy(role, "ALL", "true", "true")}


def read_only(role: str) -> dict[str, Policy]:
    """A policy that lets `role` see all rows."""
    return {f"{role.removeprefix('exo_')}_read": Policy(role, "SELECT", "true")}


def without_policies(grants: Mapping[str, str]) -> Table:
    """A table of Django's or of a library: rows of everybody to whoever has a grant."""
    return Table(grants, keeps_updated_at=False)


def _rights(role: str, words: str) -> Iterator[Right]:
    for privilege, columns in PRIVILEGE.findall(words):
        for column in columns.split(",") if columns else [""]:
            yield Right(role, privilege, column.strip())
