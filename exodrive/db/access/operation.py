"""The migration operation with which landed migrations protected their tables."""

from collections.abc import Mapping
from typing import Any

from django.db.migrations.operations.base import Operation

from exodrive.db.access.declarations import Policy


class EnableRowSecurity(Operation):
    """Switch row-level security on for a table, with its grants and policies, and keep its `updated_at` true.

    For landed migrations only: what holds now stands in `sql/access.py`. Reversible, whatever became of the table since.
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
        run(f"DROP TRIGGER IF EXISTS keep_updated_at ON {self.table}")
        run(f"ALTER TABLE {self.table} ALTER created_at DROP DEFAULT, ALTER updated_at DROP DEFAULT")
        for name in self.policies:
            run(f"DROP POLICY IF EXISTS {name} ON {self.table}")
        for role in self.grants:
            run(f"REVOKE ALL ON {self.table} FROM {role}")
        run(f"ALTER TABLE {self.table} DISABLE ROW LEVEL SECURITY")

    def describe(self) -> str:
        """One line for `migrate`."""
        return f"Protect {self.table}"
