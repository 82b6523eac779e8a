"""Functions of PostgreSQL that everybody may call in a new database, and that injected SQL would call.

They belong to the server's superuser, so that nobody else can close them, and each database has rights of its own.
"""

from typing import Any

from psycopg import sql

CLOSED = (
    # Files in the database that no policy knows.
    *("lo\\_%", "loread", "lowrite"),
    # Locks that stay with the session: a car could be locked for as long as a connection lives.
    *("pg\\_advisory\\_lock%", "pg\\_try\\_advisory\\_lock%"),
    # What other sessions of the same login run, with the values in it; and ending them.
    *("pg\\_stat\\_get\\_activity", "pg\\_stat\\_get\\_backend\\_activity"),
    *("pg\\_cancel\\_backend", "pg\\_terminate\\_backend"),
    # Writing to the log of changes or to queues that nobody empties.
    *("pg\\_logical\\_emit\\_message", "pg\\_notify"),
)
TEMPORARY_FILES = "1GB"  # of one session, which the login itself cannot change

OPEN = """
SELECT p.oid::regprocedure::text, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
FROM pg_proc AS p, aclexplode(coalesce(proacl, acldefault('f', proowner))) AS held
WHERE pronamespace = 'pg_catalog'::regnamespace AND held.grantee = 0 AND proname LIKE ANY (%s)
ORDER BY 1
"""
UNLIMITED = """
SELECT rolname FROM pg_roles WHERE rolname = ANY (%s)
AND NOT coalesce('temp_file_limit=' || %s = ANY (rolconfig), false)
"""


def open_functions(connection: Any) -> list[str]:
    """What is open to everybody in this database and should not be."""
    return [name for name, _superuser in connection.execute(OPEN, [list(CLOSED)])]


def close_functions(connection: Any, *, owner: str) -> list[str]:
    """As a superuser, leave them to the schema's owner and to who watches the server; nothing as anybody else."""
    found = connection.execute(OPEN, [list(CLOSED)]).fetchall()
    if not found or not found[0][1]:
        return []
    for signature, _superuser in found:
        function = sql.SQL("FUNCTION pg_catalog.{}").format(sql.SQL(signature))
        connection.execute(sql.SQL("REVOKE EXECUTE ON {} FROM PUBLIC").format(function))
        connection.execute(
            sql.SQL("GRANT EXECUTE ON {} TO pg_monitor, {}").format(function, sql.Identifier(owner))
        )
    return [f"{len(found)} functions of the server are closed to everybody else"]


def limit_files(connection: Any, *, logins: tuple[str, ...]) -> list[str]:
    """As a superuser, bound what one session of these logins may put into temporary files; nothing as anybody else."""
    if not connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]:
        return []
    names = [row[0] for row in connection.execute(UNLIMITED, [list(logins), TEMPORARY_FILES])]
    for name in names:
        statement = sql.SQL("ALTER ROLE {} SET temp_file_limit = {}")
        connection.execute(statement.format(sql.Identifier(name), sql.Literal(TEMPORARY_FILES)))
    return [f"{name} has a limit of temporary files" for name in names]
