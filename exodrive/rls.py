"""Who the database thinks we are: the identity of the code that runs, and the policies that read it.

Every query runs as one of three PostgreSQL roles. `acting_as` says which; `exodrive.rlsdb` tells the database.
Code that forgot to say so runs as the login role, which owns nothing: a loud "permission denied".
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.conf import settings
from django.db.migrations.operations.base import Operation

PUBLIC = "exo_public"
STAFF = "exo_staff"
SERVICE = "exo_service"
NONE = "none"  # the login role itself: sessions and sign-in tables only
OWNER = "owner"  # the schema's owner: migrations, test factories


class Ident(NamedTuple):
    """What every query carries: the role, and what the policies and the audit trigger read beside it."""

    role: str = NONE
    user_id: str = ""
    token_hash: str = ""
    actor: str = ""
    reason: str = ""
    pin: str = ""

    @property
    def database_role(self) -> str:
        """The value for PostgreSQL's `role` setting. Tests connect as the owner, so "none" there is the app login."""
        if self.role == OWNER:
            return "none"
        if self.role == NONE and settings.TESTING:
            return "exo_app"
        return self.role


NOBODY = Ident()
_current: ContextVar[Ident] = ContextVar("identity", default=NOBODY)


def current() -> Ident:
    """The identity in force."""
    return _current.get()


def token_hash(token: str) -> str:
    """SHA-256 of a secret token in hex. Only this reaches the database, never the token."""
    return hashlib.sha256(token.encode()).hexdigest()


@contextmanager
def acting_as(
    role: str, *, user: Any = None, token: str | None = None, pin: str = "", actor: str = "", reason: str = ""
) -> Iterator[Ident]:
    """Run the block's queries as `role`, with the booking or hold that `token` opens.

    `pin` is the proof (`bookings.pins`) that opens a link with a PIN.
    `actor` names who moves a booking when the role does not say it: a job or a provider for exo_service.
    `reason` is written into the audit rows of the block. Nests; the outer identity comes back at the end.
    """
    ident = Ident(
        role,
        str(user.pk) if user is not None else "",
        token_hash(token) if token else "",
        actor,
        reason,
        pin,
    )
    with _assume(ident):
        yield ident


@contextmanager
def because(reason: str) -> Iterator[Ident]:
    """The identity in force, with a reason for the audit rows that the block writes."""
    ident = current()._replace(reason=reason or current().reason)
    with _assume(ident):
        yield ident


def show_pin(proof: str) -> None:
    """From here to the end of the identity in force, its link opens with this PIN's proof."""
    _current.set(current()._replace(pin=proof))


@contextmanager
def as_owner() -> Iterator[Ident]:
    """Run as the schema's owner, past every policy. Works only where the connection is the owner's (tests, migrate)."""
    with _assume(Ident(OWNER)):
        yield current()


@contextmanager
def _assume(ident: Ident) -> Iterator[None]:
    reset = _current.set(ident)
    try:
        yield
    finally:
        _current.reset(reset)


# --- Migrations ---------------------------------------------------------------------------------------------


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


def everything(role: str) -> dict[str, Policy]:
    """Policies that let `role` see and write all rows; its grants say which commands it has at all."""
    return {f"{role.removeprefix('exo_')}_all": Policy(role, "ALL", "true", "true")}


def reading(role: str) -> dict[str, Policy]:
    """A policy that lets `role` see all rows."""
    return {f"{role.removeprefix('exo_')}_read": Policy(role, "SELECT", "true")}


class Protect(Operation):
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
