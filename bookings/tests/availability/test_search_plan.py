"""The search for free cars stays fast when the fleet is large: few queries, and the ledger is never read as a whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.days import Days
from bookings.tests.support.factories import CarFactory, in_days, make_block
from exodrive.dev.bench import search
from exodrive.dev.bench.search import first_page
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db


def make_large_fleet(count):
    """So many cars, each taken on the benchmark's number of days."""
    car = CarFactory()
    block = make_block(car=CarFactory(), start=in_days(300))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        search.fill(cursor, car=car, block=block, count=count - 1, first=in_days(0))


def plan_of(query):
    with connection.cursor() as cursor:
        sql, params = query.query.sql_with_params()
        cursor.execute(f"EXPLAIN {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize(("length", "found"), [(1, 25), (4, 0)])
def test_the_first_page_of_free_cars_reads_the_ledger_by_index(rounds, length, found):
    days = Days(in_days(30), in_days(29 + length))
    CarFactory()
    with acting_as(PUBLIC), CaptureQueriesContext(connection) as few:
        list(first_page(days))
    make_large_fleet(rounds(1_000, 10_000))
    with acting_as(PUBLIC):
        with CaptureQueriesContext(connection) as many:
            cars = list(first_page(days))
        plan = plan_of(first_page(days))
    assert len(cars) == found
    assert "Seq Scan on car_availability" not in plan, plan
    assert "car_availability" in plan
    assert len(many) == len(few)
