"""Pages of a long list are the same rows wherever they are counted from."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.tests.support.factories import in_days
from cars.models import ClosedDay
from exodrive.rls import as_owner
from inbox.desk.pages import ByKey

pytestmark = pytest.mark.django_db
PER_PAGE = 3


@pytest.mark.parametrize("count", [0, 1, 5, 6, 7, 14])
def test_every_page_has_the_rows_that_come_then(count):
    with as_owner():
        ClosedDay.objects.bulk_create(
            ClosedDay(date=in_days(n // 2), location=None) for n in range(0, 2 * count, 2)
        )
        rows = ClosedDay.objects.order_by("-date", "pk")
        pages = ByKey(rows.all(), PER_PAGE)
        read = [[row.pk for row in pages.page(number)] for number in pages.page_range]
        assert [pk for page in read for pk in page] == [row.pk for row in rows.all()]
        assert [row.pk for row in pages.get_page(99)] == read[-1]


def test_the_last_page_passes_over_no_row_before_it():
    with as_owner():
        ClosedDay.objects.bulk_create(ClosedDay(date=in_days(n), location=None) for n in range(20))
        pages = ByKey(ClosedDay.objects.order_by("date", "pk"), PER_PAGE)
        with CaptureQueriesContext(connection) as asked:
            shown = list(pages.page(7))
    assert [row.date for row in shown] == [in_days(18), in_days(19)]
    assert "OFFSET" not in "".join(query["sql"] for query in asked)
