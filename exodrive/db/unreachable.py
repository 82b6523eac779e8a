"""Why a database cannot be reached, in one sentence with what to look at: commands end with it instead of a traceback."""

import re
from collections.abc import Mapping
from typing import Any

import environ
import psycopg
from django.db import connection

# What libpq and PostgreSQL say in whatever language but their own codes is matched by what stays: names and numbers.
WRONG_PASSWORD = re.compile(r"password authentication failed|no password supplied|28P01")
NO_LOGIN = re.compile(r'role "([^"]+)" does not exist')
NO_DATABASE = re.compile(r'database "([^"]+)" does not exist')
NOT_LET_IN = re.compile(r"no pg_hba\.conf entry|permission denied for database")
NO_HOST = re.compile(r"could not translate host name|failed to resolve host|Name or service not known")
NOBODY_THERE = re.compile(r"[Cc]onnection refused|No such file or directory")


def in_words(error: BaseException, to: Mapping[str, Any], variable: str) -> str:
    """One sentence for an error of connecting; `to` has HOST, PORT, USER and NAME, `variable` is where they were read.

    Never the password. What is not known by sight is PostgreSQL's own last line.
    """
    said, where = str(error).strip(), _where(to)
    login, database = to.get("USER") or "?", to.get("NAME") or "?"
    if WRONG_PASSWORD.search(said):
        return (
            f"PostgreSQL at {where} does not accept this password of {login}: correct {variable}, or run bootstrap_roles"
            " if that login was never made."
        )
    if NO_LOGIN.search(said):
        return f"PostgreSQL at {where} has no login {login}: run bootstrap_roles, or correct {variable}."
    if NO_DATABASE.search(said):
        return (
            f"PostgreSQL at {where} has no database {database}: run bootstrap_roles, or correct {variable}."
        )
    if NOT_LET_IN.search(said):
        return (
            f"PostgreSQL at {where} does not let {login} into {database} from here: {said.splitlines()[-1]}"
        )
    if NO_HOST.search(said):
        return f"There is no machine {to.get('HOST')}: correct {variable}."
    if NOBODY_THERE.search(said):
        return f"No PostgreSQL answers at {where}: start it, or correct {variable}."
    return f"PostgreSQL at {where} cannot be reached ({variable}): {said.splitlines()[-1] if said else 'no answer'}"


def why(variable: str) -> str:
    """Why the database of this process cannot be reached, read from `variable`; "" when it can.

    On a connection of its own: a pool says nothing but that it waited.
    """
    parameters = connection.get_connection_params()
    parameters.pop("pool", None)
    try:
        psycopg.connect(**parameters).close()
    except psycopg.OperationalError as error:
        return in_words(error, connection.settings_dict, variable)
    return ""


def why_at(url: str, variable: str) -> str:
    """The same for a URL, whoever reads it from `variable`."""
    try:
        psycopg.connect(url, connect_timeout=5).close()
    except psycopg.OperationalError as error:
        return in_words(error, environ.Env.db_url_config(url), variable)
    return ""


def refuses_for_good(error: BaseException) -> bool:
    """Whether waiting is in vain: the server answered, and does not know this login or its password."""
    said = str(error)
    return bool(WRONG_PASSWORD.search(said) or NO_LOGIN.search(said) or NO_DATABASE.search(said))


def _where(to: Mapping[str, Any]) -> str:
    return ":".join(str(part) for part in (to.get("HOST") or "localhost", to.get("PORT") or 5432))
