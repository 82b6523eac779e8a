"""The admin offers the years that there are without reading all rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.tests.support.factories import in_days
from cars.models import ClosedDay
from exodrive.rls import as_owner
from exodrive.staff.years import ByYears

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("days", [[], [3], [3, 5], [3, 1200, 1210, 2000]])
def test_the_years_are_those_that_django_finds(days):
    with as_owner():
        ClosedDay.objects.bulk_create(ClosedDay(date=in_days(n), location=None) for n in days)
        rows = ClosedDay.objects.all()
        with CaptureQueriesContext(connection) as asked:
            found = list(ByYears.of(rows).dates("date", "year"))
        assert found == list(rows.dates("date", "year"))
        assert list(ByYears.of(rows).dates("date", "month")) == list(rows.dates("date", "month"))
    assert "DISTINCT" not in "".join(query["sql"] for query in asked)
