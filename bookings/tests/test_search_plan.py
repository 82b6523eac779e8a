"""The search for free cars stays fast when the fleet is large: few queries, and the ledger is never read as a whole."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.days import Days
from bookings.models import CarAvailability
from bookings.offers import free_cars
from bookings.tests.factories import CarFactory, in_days, make_block
from cars.models import Car
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
TAKEN = 150  # days of every car

COPIES = """
INSERT INTO cars (slug, plate, daily_rate, {same})
SELECT 'copy-' || n, 'C-' || n, 50 + n %% 400, {same} FROM cars, generate_series(1, %s) AS n WHERE id = %s
"""
# Five days taken, three free, and so on for most of a year, shifted from car to car: short gaps, no long ones.
DAYS = """
INSERT INTO car_availability (car_id, date, status, block_id)
SELECT c.id, %s::date + n + 3 * (n / 5) + (c.id %% 8)::int, 'blocked', %s
FROM cars c, generate_series(0, %s) AS n
"""


def make_large_fleet(count):
    """So many cars, each taken on TAKEN days."""
    car = CarFactory()
    block = make_block(car=CarFactory(), start=in_days(300))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(COPIES.format(same=_other_columns()), [count - 1, car.pk])
        CarAvailability.objects.all().delete()
        cursor.execute(DAYS, [in_days(0), block.pk, TAKEN - 1])
        cursor.execute("ANALYZE cars, car_availability")


def _other_columns():
    own = {"id", "slug", "plate", "daily_rate"}
    return ", ".join(f.column for f in Car._meta.concrete_fields if f.column not in own)


def first_page(days):
    return free_cars(days, timezone.now()).order_by("daily_rate", "id")[:25]


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
