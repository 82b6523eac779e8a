"""The database roles and the database itself, made from an administrator's connection.

Roles are cluster-wide, so they cannot live in a migration: the schema's owner may not create them. Plain psycopg, so
that it runs before Django's database exists. Works on PostgreSQL 15 and newer, as superuser or with CREATEROLE and
CREATEDB, and is safe to run again.

exo_public, exo_staff, exo_service   what a query may do; nobody logs in as them
exo_owner                            owns the schema: migrations, tests
exo_app                              web and worker: owns nothing, becomes one of the three for every query
exo_public_login                     the same for a web process that only serves the public site
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from exodrive.db.closed import close_functions, limit_files, open_functions

ROLES = ("exo_public", "exo_staff", "exo_service")
OWNER, APP, PUBLIC_LOGIN = "exo_owner", "exo_app", "exo_public_login"
LOGINS = {OWNER: "INHERIT CREATEDB", APP: "NOINHERIT", PUBLIC_LOGIN: "NOINHERIT"}
NEEDS_PASSWORD = (OWNER, APP)
# What each login may become. The owner inherits (it could not create tables in `public` otherwise); the others
# hold no rights of their own until they SET ROLE.
MEMBERSHIPS = [(role, login, login == OWNER) for login in (OWNER, APP) for role in ROLES]
MEMBERSHIPS += [("exo_public", PUBLIC_LOGIN, False), (APP, OWNER, False)]

HELD_15 = """
SELECT r.rolname, m.rolname, '' FROM pg_auth_members
JOIN pg_roles r ON r.oid = roleid JOIN pg_roles m ON m.oid = member
"""
HELD = """
SELECT r.rolname, m.rolname, bool_or(inherit_option)::text || bool_or(set_option)::text FROM pg_auth_members
JOIN pg_roles r ON r.oid = roleid JOIN pg_roles m ON m.oid = member GROUP BY 1, 2
"""

# A new database lets everybody connect and make temporary tables.
OPEN_TO_ALL = """
SELECT 1 FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) AS held
WHERE datname = %s AND held.grantee = 0
"""


class BootstrapError(Exception):
    """Something an administrator has to put right; the message says what."""


def bootstrap(admin_url: str, *, database: str, passwords: Mapping[str, str]) -> list[str]:
    """Make roles, logins and the database; return one line for each thing that changed.

    `passwords` maps a login to its password. A login that exists already keeps its own when none is given.
    Raises BootstrapError when a new login has no password or a role has rights it must not have.
    """
    done: list[str] = []
    with psycopg.connect(admin_url, autocommit=True, connect_timeout=10) as connection:
        existing = _names(connection, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'exo\\_%'")
        for role in ROLES:
            if role not in existing:
                _run(connection, "CREATE ROLE {} NOLOGIN", role)
                done.append(f"role {role}")
        for login, attributes in LOGINS.items():
            done += _login(connection, login, attributes, passwords.get(login, ""), new=login not in existing)
        done += _memberships(connection)
        _refuse_dangerous(connection)
        done += _database(connection, database)
        done += limit_files(connection, logins=(APP, PUBLIC_LOGIN))
    with _inside(admin_url, database) as connection:
        done += close_functions(connection, owner=OWNER)
    return done


def left_open(admin_url: str, *, database: str) -> list[str]:
    """Functions of the server that the public could call, because the administrator is no superuser."""
    with _inside(admin_url, database) as connection:
        return open_functions(connection)


def _inside(admin_url: str, database: str) -> Any:
    parts = urlsplit(admin_url)
    url = urlunsplit((parts.scheme, parts.netloc, f"/{database}", parts.query, ""))
    return psycopg.connect(url, autocommit=True, connect_timeout=10)


def url_for(admin_url: str, *, login: str, password: str, database: str) -> str:
    """The administrator's URL with another login and database."""
    parts = urlsplit(admin_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        (parts.scheme, f"{login}:{quote(password, safe='')}@{host}", f"/{database}", parts.query, "")
    )


def _login(connection: Any, login: str, attributes: str, password: str, *, new: bool) -> list[str]:
    if new and not password and login in NEEDS_PASSWORD:
        raise BootstrapError(f"The login {login} does not exist yet and needs a password.")
    _run(connection, f"{'CREATE' if new else 'ALTER'} ROLE {{}} LOGIN {attributes}", login)
    if password:
        # Hashed here, so that the password itself reaches neither the server nor its log.
        secret = connection.pgconn.encrypt_password(password.encode(), login.encode()).decode()
        connection.execute(
            sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(login), sql.Literal(secret))
        )
    return [f"login {login}"] if new else []


def _memberships(connection: Any) -> list[str]:
    """Grant what is missing. From 16 on a membership itself says whether it inherits; on 15 the login says it."""
    done = []
    modern = connection.info.server_version >= 160000
    held = {row[:2]: row[2] for row in connection.execute(HELD if modern else HELD_15)}
    for role, member, inherits in MEMBERSHIPS:
        wanted = f"{str(inherits).lower()}true" if modern else ""
        if held.get((role, member)) == wanted:
            continue
        options = f" WITH INHERIT {inherits}, SET TRUE".upper() if modern else ""
        _run(connection, f"GRANT {{}} TO {{}}{options}", role, member)
        done.append(f"{member} may become {role}")
    return done


def _refuse_dangerous(connection: Any) -> None:
    names = _names(
        connection, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'exo\\_%' AND (rolsuper OR rolbypassrls)"
    )
    if names:
        raise BootstrapError(f"These roles may pass every policy and must not: {', '.join(sorted(names))}.")


def _database(connection: Any, database: str) -> list[str]:
    done = []
    row = connection.execute(
        "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [database]
    ).fetchone()
    superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]
    if not superuser and (row is None or row[0] != OWNER):
        modern = connection.info.server_version >= 160000
        _run(connection, f"GRANT {{}} TO CURRENT_USER{' WITH SET TRUE' if modern else ''}", OWNER)
    if row is None:
        _create_database(connection, database)
        done.append(f"database {database}")
    elif row[0] != OWNER:
        _run(connection, "ALTER DATABASE {} OWNER TO {}", database, OWNER)
        done.append(f"database {database} now belongs to {OWNER}")
    if connection.execute(OPEN_TO_ALL, [database]).fetchone():
        # As its owner: an administrator who is no superuser may not grant on it.
        _run(connection, "SET ROLE {}", OWNER)
        close_to_others(connection, database)
        connection.execute("RESET ROLE")
        if row is not None and row[0] == OWNER:
            done.append(f"database {database} is closed to everybody else")
    return done


def close_to_others(connection: Any, database: str) -> None:
    """Only our logins connect, and nobody but the owner makes tables there, not even temporary ones.

    A temporary table comes before a real one of the same name: whoever injects SQL into one request could catch
    what later requests on the same connection write.
    """
    _run(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)
    _run(connection, "GRANT CONNECT ON DATABASE {} TO {}, {}", database, APP, PUBLIC_LOGIN)


def _create_database(connection: Any, database: str) -> None:
    """UTF-8 with a locale that lower-cases accents and is the same on every machine, where the server has it."""
    builtin = connection.info.server_version >= 170000
    locale = "LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'" if builtin else "LOCALE 'C.UTF-8'"
    create = "CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' "
    try:
        _run(connection, create + locale, database, OWNER)
    except (psycopg.errors.WrongObjectType, psycopg.errors.InvalidParameterValue):
        _run(connection, create, database, OWNER)


def _run(connection: Any, statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _names(connection: Any, query: str) -> set[str]:
    return {row[0] for row in connection.execute(query)}
