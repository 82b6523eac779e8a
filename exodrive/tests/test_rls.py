"""The identity reaches the database with every query, and leaves with its block, its transaction and its connection."""

import contextlib
import threading

import pytest
from django.db import ProgrammingError, connection, transaction

from bookings.tests.support.factories import CarFactory
from cars.models import Car
from exodrive.rls import LOGIN, PUBLIC, SERVICE, STAFF, Identity, acting_as, as_owner, current, with_reason

pytestmark = pytest.mark.django_db(transaction=True)


def database_says():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.reason', true)")
        return cursor.fetchone()


def test_each_block_runs_as_its_role_and_the_outer_one_comes_back():
    with acting_as(STAFF, reason="a"):
        assert database_says() == ("exo_staff", "a")
        with acting_as(PUBLIC):
            assert database_says() == ("exo_public", "")
        assert database_says() == ("exo_staff", "a")
    assert database_says()[0] == "exo_app"


def test_forgotten_identity_is_a_loud_refusal():
    CarFactory()
    with pytest.raises(ProgrammingError, match="permission denied"):
        Car.objects.count()


def test_the_role_changes_inside_a_transaction_and_is_forgotten_at_its_end():
    with acting_as(STAFF):
        with transaction.atomic():
            assert database_says()[0] == "exo_staff"
            with acting_as(SERVICE):
                assert database_says()[0] == "exo_service"
            assert database_says()[0] == "exo_staff"
        assert database_says()[0] == "exo_staff"


def test_a_rolled_back_savepoint_does_not_leave_the_role_behind():
    with acting_as(STAFF), transaction.atomic():
        with contextlib.suppress(ZeroDivisionError), transaction.atomic(), acting_as(PUBLIC):
            assert database_says()[0] == "exo_public"
            raise ZeroDivisionError
        assert database_says()[0] == "exo_staff"


def test_a_broken_transaction_can_still_be_rolled_back_by_another_identity():
    with acting_as(STAFF):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT no_such_column")
        assert database_says()[0] == "exo_staff"


def test_a_new_thread_starts_as_nobody():
    found = []

    def look():
        try:
            found.append((current(), database_says()[0]))
        finally:
            connection.close()

    with acting_as(STAFF):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert found == [(Identity(LOGIN), "exo_app")]


def test_because_keeps_the_identity_and_adds_the_reason():
    with acting_as(STAFF, reason="outer"):
        with with_reason("inner") as ident:
            assert (ident.role, ident.reason) == (STAFF, "inner")
            assert database_says() == ("exo_staff", "inner")
        with with_reason(""):
            assert current().reason == "outer"


def test_the_token_itself_never_reaches_the_database():
    with acting_as(PUBLIC, token="very-secret"), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.token_hash')")
        assert cursor.fetchone()[0] == current().token_hash != "very-secret"
        assert len(current().token_hash) == 64


def test_the_owner_is_the_owner():
    with as_owner():
        assert database_says()[0] == "exo_owner"
