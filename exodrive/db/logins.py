"""The login that this process has at PostgreSQL: what it can become, and whether it is safe to serve with.

Row-level security binds nobody who is a superuser, may bypass it, or owns the tables. A login that inherits the rights
of a role hides a forgotten identity. One that can make tables of its own could put them in the way of ours.
"""

import logging
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.db.backends.signals import connection_created

from exodrive.db.unreachable import in_words, refuses_for_good
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as

log = logging.getLogger(__name__)

ALL_ROLES = {PUBLIC, STAFF, SERVICE}
REPAIR = "Run `manage.py bootstrap_roles`, and set DATABASE_URL to the login exo_app"
OR_PUBLIC = " (or exo_public_login for a web process that serves only the public site)"

# Everything the login is or can become, directly or through others. `SET` exists from PostgreSQL 16 on.
REACH = """
WITH RECURSIVE reach AS (
  SELECT oid FROM pg_roles WHERE rolname = session_user
  UNION
  SELECT roleid FROM pg_auth_members JOIN reach ON member = reach.oid
)
SELECT rolname, rolname = session_user, rolsuper, rolbypassrls, rolcreaterole, rolreplication,
       EXISTS (SELECT 1 FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
               WHERE relowner = pg_roles.oid AND nspname = current_schema() AND relkind IN ('r', 'p')),
       pg_has_role(session_user, pg_roles.oid, 'USAGE'),
       pg_has_role(session_user, pg_roles.oid, '{become}')
FROM reach JOIN pg_roles ON pg_roles.oid = reach.oid ORDER BY rolname
"""
OWN_TABLES = """
SELECT has_database_privilege(session_user, current_database(), 'TEMP')
    OR has_schema_privilege(session_user, current_schema(), 'CREATE')
"""


class Role(NamedTuple):
    """One role within the login's reach, the login itself included."""

    name: str
    is_login: bool
    superuser: bool
    bypasses: bool
    makes_roles: bool
    replicates: bool
    owns_tables: bool
    inherited: bool
    can_become: bool

    @property
    def powers(self) -> list[str]:
        """Attributes with which no policy is safe."""
        named = {
            "SUPERUSER": self.superuser,
            "BYPASSRLS": self.bypasses,
            "CREATEROLE": self.makes_roles,
            "REPLICATION": self.replicates,
        }
        return [name for name, has in named.items() if has]


class Login(NamedTuple):
    """What PostgreSQL says about the login of a connection."""

    roles: list[Role]
    makes_tables: bool

    @classmethod
    def of(cls, raw: psycopg.Connection[Any]) -> "Login":
        """Ask on an open connection."""
        become = "SET" if raw.info.server_version >= 160000 else "MEMBER"
        row = raw.execute(OWN_TABLES).fetchone()
        roles = [Role(*found) for found in raw.execute(REACH.format(become=become)).fetchall()]
        return cls(roles, bool(row and row[0]))

    @property
    def name(self) -> str:
        """The login itself."""
        return next(role.name for role in self.roles if role.is_login)

    @property
    def can_become(self) -> set[str]:
        """The roles that it can take on."""
        return {role.name for role in self.roles if role.can_become and not role.is_login}


def problems(login: Login, *, public_may: bool) -> Iterator[CheckMessage]:
    """What makes this login unfit to serve with. `public_may`: a login that can only be exo_public will do."""
    for role in login.roles:
        if role.powers:
            yield _error(10, login, f"{_as(role)}has {', '.join(role.powers)}", public_may)
        if role.owns_tables:
            yield _error(
                11, login, f"{_as(role)}owns tables, and policies do not bind their owner", public_may
            )
    if strangers := login.can_become - ALL_ROLES:
        yield _error(12, login, f"can become {', '.join(sorted(strangers))}", public_may)
    inherited = sorted(role.name for role in login.roles if role.inherited and role.name in ALL_ROLES)
    if inherited and not any(role.superuser for role in login.roles):
        why = f"has the rights of {', '.join(inherited)} without asking for them"
        yield _error(13, login, why, public_may)
    allowed = [ALL_ROLES, {PUBLIC}] if public_may else [ALL_ROLES]
    if login.can_become & ALL_ROLES not in allowed:
        missing = ", ".join(sorted(ALL_ROLES - login.can_become))
        yield _error(14, login, f"cannot become {missing}", public_may)
    if login.makes_tables:
        yield _error(15, login, "may make tables here, temporary ones included", public_may)


def _as(role: Role) -> str:
    return "" if role.is_login else f"can become {role.name}, which "


def _error(number: int, login: Login, why: str, public_may: bool) -> CheckMessage:
    repair = REPAIR + (OR_PUBLIC if public_may else "")
    return Error(f"Production: the database login {login.name} {why}. {repair}.", id=f"exodrive.E{number:03}")


@register(Tags.database)
def database_login_is_safe(app_configs: Any = None, databases: Any = None, **kwargs: Any) -> list[Any]:
    """For `manage.py check --database default` in production; commands of the owner are not asked."""
    if not settings.PRODUCTION or settings.AS_OWNER or not databases:
        return []
    connection.ensure_connection()
    return list(problems(Login.of(connection.connection), public_may=True))


def refuse_unsafe_login(*, public_may: bool) -> None:
    """Raise ImproperlyConfigured in production unless the login is fit to serve with.

    On a connection of its own, so that nothing is open when the server forks. With the database away the first
    connection that it takes later is asked instead, and refused like this.
    """
    if not settings.PRODUCTION:
        return
    try:
        _refuse(_asked_apart(), public_may)
    except psycopg.OperationalError as error:
        if refuses_for_good(error):
            raise ImproperlyConfigured(in_words(error, connection.settings_dict, "DATABASE_URL")) from None
        log.warning("The database is away (%s): its login is checked later", type(error).__name__)
        _refuse_later(public_may)


def _asked_apart() -> Login:
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    with psycopg.connect(**parameters) as raw:
        return Login.of(raw)


def _refuse(login: Login, public_may: bool) -> None:
    found = list(problems(login, public_may=public_may))
    if found:
        raise ImproperlyConfigured("\n".join(f"{message.msg} ({message.id})" for message in found))


def _refuse_later(public_may: bool) -> None:
    def check(sender: Any, connection: Any, **kwargs: Any) -> None:
        try:
            _refuse(Login.of(connection.connection), public_may)
        except ImproperlyConfigured:
            connection.close()
            raise
        connection_created.disconnect(dispatch_uid="exodrive.login")

    connection_created.connect(check, weak=False, dispatch_uid="exodrive.login")


def serves_public_only() -> bool:
    """Whether this process can be nobody but exo_public: then there is no staff side. PostgreSQL is asked once."""
    return _serves_public_only(connection.settings_dict["USER"])


@cache
def _serves_public_only(user: str) -> bool:
    with acting_as(PUBLIC), connection.cursor() as cursor:
        cursor.execute("SELECT NOT pg_has_role(session_user, %s, 'MEMBER')", [STAFF])
        return bool(cursor.fetchone()[0])
