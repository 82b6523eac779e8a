"""Who may do what in the database: said once per app in `sql/`, and kept true after every `migrate`.

`sql/access.py` holds each table's grants and policies, `sql/functions/NAME.sql` and `sql/triggers/NAME.sql` one
statement each. They are the whole truth: what none of them names is dropped.
"""

from exodrive.db.access.declarations import Policy, Table, full_access, read_only, without_policies
from exodrive.db.access.operation import EnableRowSecurity
from exodrive.db.access.upkeep import NotApplied, apply

__all__ = [
    "EnableRowSecurity",
    "NotApplied",
    "Policy",
    "Table",
    "apply",
    "full_access",
    "read_only",
    "without_policies",
]
