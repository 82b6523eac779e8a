"""A connection that comes back from the pool carries nothing of who had it before."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction
from psycopg import Connection

from exodrive.db import deadlines
from exodrive.db.deadlines import TimeoutConnection
from exodrive.rls import PUBLIC, STAFF, acting_as
from exodrive.tests.support.logins import APP, logged_in, raw

pytestmark = pytest.mark.django_db(transaction=True)

LEFT_BEHIND = """
SET statement_timeout = 0;
SET default_transaction_read_only = on;
SET search_path = pg_temp;
SELECT pg_advisory_lock(7, 1);
"""
FOUND = """
SELECT pg_backend_pid(), current_setting('statement_timeout'), current_setting('default_transaction_read_only'),
  current_setting('search_path'), current_setting('timezone'), current_user::text,
  (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())
"""


@pytest.fixture
def pool() -> Iterator[None]:
    """One connection of the application's login, as in production."""
    with logged_in(APP):
        one = {"min_size": 1, "max_size": 1, "timeout": 5, "connection_class": TimeoutConnection}
        connection.settings_dict["OPTIONS"] = {**connection.settings_dict["OPTIONS"], "pool": one}
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()


def ask(statement: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


@pytest.mark.parametrize("in_transaction", [False, True])
def test_settings_and_locks_of_the_last_user_are_gone(pool, in_transaction):
    with acting_as(PUBLIC):
        before = ask(FOUND)
        with connection.cursor() as cursor:
            cursor.execute(LEFT_BEHIND)
        assert ask(FOUND) != before  # the control: while it has the connection, all of it holds
    connection.close()
    with acting_as(STAFF):
        if in_transaction:
            with transaction.atomic():
                after = ask(FOUND)
        else:
            after = ask(FOUND)
    assert after == (*before[:5], "exo_staff", 0)


def test_a_connection_that_broke_before_a_transaction_is_an_error_of_djangos(pool):
    """What asks for the database's errors knows Django's; another one would be a 500."""
    with acting_as(PUBLIC):
        (pid,) = ask("SELECT pg_backend_pid()")
        with raw(APP) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [pid])
        with acting_as(PUBLIC, token="another"), pytest.raises(OperationalError), transaction.atomic():
            pass


# --- What works is not asked whether it does ---------------------------------------------------------------------


@pytest.fixture
def asked_whether_it_works(monkeypatch):
    """How often the pool's empty statement went to the server."""
    asked, execute = [], Connection.execute

    def noted(self, query, *args, **kwargs):
        if query == "":
            asked.append(query)
        return execute(self, query, *args, **kwargs)

    monkeypatch.setattr(Connection, "execute", noted)
    monkeypatch.setitem(connection.settings_dict, "CONN_HEALTH_CHECKS", True)
    return asked


def again():
    """The one connection, given back and taken anew: which session it is."""
    connection.close()
    with acting_as(PUBLIC):
        return ask("SELECT pg_backend_pid()")


def test_a_connection_that_answered_a_moment_ago_is_used_as_it_is(asked_whether_it_works, pool):
    before = again()  # what was never asked anything may be
    del asked_whether_it_works[:]
    assert again() == again() == before
    assert asked_whether_it_works == []


def test_a_connection_that_was_idle_is_asked(asked_whether_it_works, pool, monkeypatch):
    before = again()
    del asked_whether_it_works[:]
    monkeypatch.setattr(deadlines, "FRESH", 0)
    assert again() == before
    assert asked_whether_it_works == [""]


def test_a_session_that_was_ended_a_moment_ago_refuses_nobody(asked_whether_it_works, pool):
    (pid,) = again()
    del asked_whether_it_works[:]
    connection.close()
    with raw(APP) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    assert again() != (pid,)
    assert asked_whether_it_works != []
