"""A list of the admin asks the database as often for many rows as for a few, and counts no rows that it does not show."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.tests.support.factories import in_days, make_block, make_booking, make_extra
from cars.models import ClosedDay, Discount, Fee, Season
from cars.tests.support.rides import make_service
from exodrive.rls import as_owner
from exodrive.tests.support.admin import pages

pytestmark = pytest.mark.django_db


def some(n):
    """A few rows of what has lists with columns of other tables."""
    for _ in range(n):
        booking = make_booking()
        make_block(car=booking.car, start=in_days(20))
        with as_owner():
            place = booking.car.location
            Season.objects.create(
                name="S", percent=120, car=booking.car, start_date=in_days(1), end_date=in_days(2)
            )
            Discount.objects.create(name="D", percent=5, car=booking.car)
            Fee.objects.create(name="F", kind="cleaning", amount=9, car=booking.car, location=place)
            ClosedDay.objects.create(date=in_days(30), location=place)
        make_extra(location=place)
        make_service(kind="transfer", location=place)


def asked(client):
    """How many queries each list takes."""
    counts = {}
    for model in [page.model for page in pages()]:
        url = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        counts[url] = len(queries)
    return counts


def test_lists_ask_as_often_for_many_rows_as_for_a_few(client_of):
    root = client_of("superuser")
    some(2)
    asked(root)
    few = asked(root)
    some(4)
    assert asked(root) == few


def test_no_list_counts_what_it_does_not_show(client_of):
    assert not [page for page in pages() if page.show_full_result_count]
