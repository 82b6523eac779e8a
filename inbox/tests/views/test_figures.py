"""The owner's figures as a page, a chart and a file."""

import csv
import re
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.models import EventCount
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.figures.kinds import BY_CODE, FIGURES
from inbox.desk.figures.period import Period
from inbox.desk.figures.reading import read_most
from inbox.desk.figures.shown import MOST, said

pytestmark = pytest.mark.django_db
PAGE = "/staff/figures/"


def one_rental(**fields):
    """A confirmed one of today, in a car whose name would be a formula."""
    car = CarFactory(make="=Calder", model="GT", plate="AB-123-CD", seats=5)
    return make_booking(car=car, start=in_days(0), status="upcoming", **fields)


def rows(answer):
    return list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))


def test_managers_see_every_figure_with_a_chart_its_numbers_and_a_file(manager):
    one_rental()
    page = flat(manager.get(PAGE))
    assert [str(figure.label) for figure in FIGURES if f">{figure.label}</h2>" not in page] == []
    charts = re.findall(r'<svg class="chart num".*?</svg>', page)
    assert charts
    assert all('role="img"' in chart and "<title" in chart for chart in charts)
    assert page.count("<table") == len(charts)
    assert 'href="/staff/figures/utilisation.csv"' in page
    assert ' style="' not in page


def test_the_desk_sees_none_of_it_and_no_link_to_it(desk):
    assert desk.get(PAGE).status_code == 403
    assert desk.get("/staff/figures/utilisation.csv").status_code == 403
    assert PAGE not in desk.get("/staff/inbox/").content.decode()


def test_managers_find_it_above_every_page(manager):
    assert f'href="{PAGE}"' in manager.get("/staff/inbox/").content.decode()


def test_amounts_of_two_currencies_are_never_added(manager):
    first = one_rental()
    other = make_booking(car=CarFactory(), start=in_days(0), status="upcoming")
    with as_owner():
        Booking.objects.filter(pk=other.pk).update(currency="USD", total=Decimal(1))
    found = rows(manager.get("/staff/figures/revenue_by_place.csv"))
    assert {(row["currency"], row["revenue"]) for row in found} == {
        ("EUR", f"{first.total:.2f}"),
        ("USD", "1.00"),
    }
    page = flat(manager.get(PAGE))
    assert page.count("<h3>EUR</h3>") == page.count("<h3>USD</h3>") == 3


def test_a_file_holds_numbers_for_programs_and_no_formula(manager):
    booking = one_rental()
    (row,) = rows(manager.get("/staff/figures/revenue_by_car.csv"))
    assert row["month"] == booking.start_date.replace(day=1).isoformat()
    assert row["name"] == "'=Calder GT, AB-123-CD"
    answer = manager.get("/staff/figures/length.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert re.search(r'filename="length-\d{4}-\d\d-\d{4}-\d\d\.csv"', answer["Content-Disposition"])


def test_a_file_that_is_not_there_is_404(manager):
    assert manager.get("/staff/figures/profit.csv").status_code == 404


def test_a_year_shows_its_months_and_no_others(manager):
    booking = one_rental()
    year = booking.start_date.year
    assert len(rows(manager.get(f"/staff/figures/length.csv?year={year}"))) == 1
    assert rows(manager.get(f"/staff/figures/length.csv?year={year - 1}")) == []
    page = flat(manager.get(f"{PAGE}?year={year}"))
    assert f'<option value="{year}" selected>' in page
    assert f'href="/staff/figures/length.csv?year={year}"' in page


@pytest.mark.parametrize("year", ["x", "0", "99999999999999999999", "%00", "9999"])
def test_what_is_no_year_is_left_out(manager, year):
    assert manager.get(f"{PAGE}?year={year}").status_code == 200


def test_a_month_is_the_places_own(manager):
    """Booked in the last hour of a month by UTC, which is the next one in Paris."""
    booking = one_rental()
    with as_owner():
        at = datetime(2025, 6, 30, 22, 30, tzinfo=UTC)
        Booking.objects.filter(pk=booking.pk).update(created_at=at)
    assert [row["month"] for row in rows(manager.get("/staff/figures/lead_time.csv?year=2025"))] == [
        "2025-07-01"
    ]


def test_refusals_are_called_by_what_was_said(manager):
    one_rental()
    with as_owner():
        EventCount.objects.create(name="booking_refused", code="dates_taken", count=3)
        EventCount.objects.create(name="booking_refused", code="older_word", count=2)
        EventCount.objects.create(name="booking_refused", code="rules_refused", count=9)
        EventCount.objects.create(name="rule_refused", code="min_days", count=4)
    found = {row["name"]: row["refusals"] for row in rows(manager.get("/staff/figures/refusals.csv"))}
    assert found == {"Those dates are no longer free.": "3", "older_word": "2", "Minimum days": "4"}


def test_only_what_is_drawn_is_fetched_and_the_file_is_whole(manager):
    for n in range(MOST + 2):
        make_booking(car=CarFactory(daily_rate=100 + n), start=in_days(0), status="upcoming")
    everything = sorted(
        (Decimal(row["revenue"]) for row in rows(manager.get("/staff/figures/revenue_by_car.csv"))),
        reverse=True,
    )
    assert len(everything) == MOST + 2
    with acting_as(STAFF):
        most, keys = read_most(BY_CODE["revenue_by_car"], Period(in_days(0).replace(day=1)).months, MOST)
    assert sorted((row.values["revenue"] for row in most), reverse=True) == everything[:MOST]
    assert keys == {"EUR": MOST + 2}
    assert "2 more stand in the download." in flat(manager.get(PAGE))


def test_numbers_are_written_as_the_reader_writes_them():
    share, average = BY_CODE["utilisation"].column, BY_CODE["length"].column
    with translation.override("es"):
        assert said(Decimal("0.125"), share, "") == "12,5\u00a0%"
        assert said(Decimal("4.25"), average, "") == "4,2"
    with translation.override("en"):
        assert said(Decimal("0.125"), share, "") == "12.5%"
        assert said(Decimal(1234), BY_CODE["refusals"].column, "") == "1,234"
    assert said(None, share, "") == "–"


def test_it_takes_as_many_queries_for_many(manager):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert manager.get(PAGE).status_code == 200
        return len(asked)

    one_rental()
    few = queries()
    for _n in range(4):
        make_booking(car=CarFactory(), start=in_days(0), status="upcoming")
    assert queries() == few
