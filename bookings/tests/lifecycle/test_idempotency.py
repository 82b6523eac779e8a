"""A request whose twin is still at work is told so at once: it neither waits for it nor does the work again."""

import threading
from contextlib import nullcontext

import pytest
from django.db import connection, transaction

from bookings.errors import InProgress
from bookings.lifecycle.idempotency import Idempotency, begin
from exodrive.rls import PUBLIC, acting_as
from exodrive.tests.support.mutants import without

KEY = Idempotency("public:test", "key", "f" * 64)
TRY_LOCK = "NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42))"
FUNCTION = "bookings/sql/functions/idem_begin.sql"


def begin_in_a_thread():
    """What a twin on another connection is told."""
    told = []

    def run():
        try:
            with acting_as(PUBLIC), transaction.atomic():
                begin(KEY)
                told.append("new")
        except InProgress:
            told.append("busy")
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, told


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("guarded", [True, False], ids=["try-lock", "without it: the control"])
def test_a_twin_is_told_at_once(guarded):
    with nullcontext() if guarded else without(FUNCTION, TRY_LOCK, "false"):
        with acting_as(PUBLIC), transaction.atomic():
            begin(KEY)
            thread, told = begin_in_a_thread()
            thread.join(10 if guarded else 1)
            assert (told, thread.is_alive()) == ((["busy"], False) if guarded else ([], True))
            transaction.set_rollback(True)
        thread.join(30)
        assert told == (["busy"] if guarded else ["new"])
