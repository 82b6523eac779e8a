"""What each tab lists and counts of the same bookings: one of each status."""

import pytest

from bookings.tests.support.factories import make_booking
from exodrive.tests.support.html import flat
from inbox.tests.desk.test_listing import STATUSES, counts, names, person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def one_of_each(made_once):
    made_once(lambda: [make_booking(who=person(status.title()), status=status) for status in STATUSES])


@pytest.mark.parametrize(
    ("tab", "listed"),
    [
        ("pending", {"Pending"}),
        ("upcoming", {"Upcoming"}),
        ("active", {"Active"}),
        ("completed", {"Completed"}),
        ("cancelled", {"Cancelled", "Refunded"}),
        ("all", {status.title() for status in STATUSES}),
    ],
)
def test_a_tab_lists_its_statuses(one_of_each, desk, tab, listed):
    assert set(names(desk.get(f"/staff/inbox/?tab={tab}"))) == listed


def test_tabs_count_what_search_and_filters_leave_of_them(one_of_each, desk):
    expected = {"Pending": 1, "Upcoming": 1, "Active": 1, "Completed": 1, "Cancelled": 2, "All": 6}
    assert counts(desk.get("/staff/inbox/")) == expected
    assert counts(desk.get("/staff/inbox/?q=nobody")) == dict.fromkeys(expected, 0)
    found = counts(desk.get("/staff/inbox/?q=ctive"))
    assert found == dict.fromkeys(expected, 0) | {"Active": 1, "All": 1}


def test_a_search_that_finds_nothing_here_says_where_there_is_something(one_of_each, desk):
    page = flat(desk.get("/staff/inbox/?q=ctive"))
    assert "Nothing matches “ctive”." in page
    assert "There is something in:" in page
    assert '<a href="/staff/inbox/?tab=active&amp;q=ctive">Active (1)</a>' in page
