"""A query that keeps its deadline, whatever the server does."""

import contextlib
import os
import socket

import pytest

from exodrive.db.bounded import Away, Bounded, Failed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def deaf():
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"host=127.0.0.1 port={server.getsockname()[1]} user=exo_app dbname=x"


def test_it_answers_with_the_rows_of_the_last_statement():
    with Bounded(seconds=5) as database:
        assert database.rows("SELECT 1; SELECT 2, NULL, 'é' UNION SELECT 1, 'x', '' ORDER BY 1") == [
            ("1", "x", ""),
            ("2", None, "é"),
        ]
        assert database.rows("SHOW timezone") == [("UTC",)]


def test_an_error_says_its_code_and_nothing_else():
    with Bounded(seconds=5) as database, pytest.raises(Failed) as error:
        database.rows("SELECT 'marta@example.com'::int")
    assert (error.value.sqlstate, str(error.value)) == ("22P02", "22P02")


def test_a_server_that_never_answers_is_left_at_the_deadline(deaf):
    with pytest.raises(Away, match="timeout"), Bounded(seconds=0.2, conninfo=deaf):
        pass


def test_a_query_that_takes_too_long_is_left_at_the_deadline():
    with pytest.raises((Away, Failed)) as error, Bounded(seconds=0.3) as database:
        database.rows("SELECT pg_sleep(20)")
    assert str(error.value) in {"timeout", "57014"}  # ours, or the server's own: whose clock is first


def test_nobody_listening_is_refused_at_once():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"host=127.0.0.1 port={free.getsockname()[1]} user=exo_app dbname=x"
    with pytest.raises(Away, match="refused"), Bounded(seconds=5, conninfo=nobody):
        pass


def test_a_connection_that_breaks_is_away():
    with Bounded(seconds=5) as database:
        with pytest.raises((Away, Failed)):
            database.rows("SELECT pg_terminate_backend(pg_backend_pid())")
        with pytest.raises(Away):
            database.rows("SELECT 1")


def test_nothing_is_left_open():
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        with Bounded(seconds=5) as database:
            database.rows("SELECT 1")
    assert len(os.listdir("/proc/self/fd")) <= before


def test_it_works_beside_a_thousand_open_files():
    """`select` refuses numbers of files from 1024 on; a busy server has them."""
    with contextlib.ExitStack() as many:
        while (number := os.dup(0)) < 1100:
            many.callback(os.close, number)
        many.callback(os.close, number)
        with Bounded(seconds=5) as database:
            assert database.rows("SELECT 7") == [("7",)]
