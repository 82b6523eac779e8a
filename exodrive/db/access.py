"""Who may do what with a table: its grants and row-level security policies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.migrations.operations.base import Operation


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


def full_access(role: str) -> dict[str, Policy]:
    """Policies that let `role` see and write all rows; its grants say which commands it has at all."""
    return {f"{role.removeprefix('exo_')}_all": Policy(role, "ALL", "true", "true")}


def read_only(role: str) -> dict[str, Policy]:
    """A policy that lets `role` see all rows."""
    return {f"{role.removeprefix('exo_')}_read": Policy(role, "SELECT", "true")}


class EnableRowSecurity(Operation):
    """Switch row-level security on for a table, with its grants and policies, and keep its `updated_at` true.

    `grants` maps a role to what it may do, e.g. {"exo_staff": "SELECT, INSERT, UPDATE"}; a table without an entry
    for a role is out of that role's reach. Reversible.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, table: str, *, grants: Mapping[str, str], policies: Mapping[str, Policy]) -> None:
        self.table, self.grants, self.policies = table, dict(grants), dict(policies)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The model state does not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Enable row-level security, grant, create the policies and the `updated_at` trigger."""
        run = schema_editor.execute
        run(f"ALTER TABLE {self.table} ENABLE ROW LEVEL SECURITY")
        for role, what in self.grants.items():
            run(f"GRANT {what} ON {self.table} TO {role}")
        for name, policy in self.policies.items():
            run(policy.sql(self.table, name))
        run(
            f"ALTER TABLE {self.table} ALTER created_at SET DEFAULT now(), ALTER updated_at SET DEFAULT now()"
        )
        run(
            f"CREATE TRIGGER keep_updated_at BEFORE UPDATE ON {self.table}"
            " FOR EACH ROW EXECUTE FUNCTION keep_updated_at()"
        )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Undo all of it."""
        run = schema_editor.execute
        run(f"DROP TRIGGER keep_updated_at ON {self.table}")
        run(f"ALTER TABLE {self.table} ALTER created_at DROP DEFAULT, ALTER updated_at DROP DEFAULT")
        for name in self.policies:
            run(f"DROP POLICY {name} ON {self.table}")
        for role in self.grants:
            run(f"REVOKE ALL ON {self.table} FROM {role}")
        run(f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Protect {self.table}"
