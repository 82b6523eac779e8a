"""What each tab lists, in which order, how it is counted, searched and filtered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.search import matching
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.listing import bookings_of
from inbox.desk.query import Query
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db
STATUSES = list(Booking.Status.values)


def names(response):
    """The rows' names, in order."""
    return re.findall(r'class="row__who"[^>]*>([^<]+)<', response.content.decode())


def counts(response):
    """The tabs' numbers by name."""
    nav = re.search(r'<nav class="tabs".*?</nav>', flat(response))[0]
    return {name: int(n) for name, n in re.findall(r">(\w+)<span[^>]*>(\d+)</span>", nav)}


def person(name, email=None):
    return Person(name, email or f"{name.split()[0].lower()}@example.com")


def one_of_each_status():
    return {status: make_booking(who=person(status.title()), status=status) for status in STATUSES}


def reopen(booking):
    with as_owner():
        InboxItem.objects.filter(booking=booking).update(status="pending", done_at=None)


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
def test_a_tab_lists_its_statuses(desk, tab, listed):
    one_of_each_status()
    assert set(names(desk.get(f"/staff/inbox/?tab={tab}"))) == listed


def test_tabs_count_what_search_and_filters_leave_of_them(desk):
    one_of_each_status()
    expected = {"Pending": 1, "Upcoming": 1, "Active": 1, "Completed": 1, "Cancelled": 2, "All": 6}
    assert counts(desk.get("/staff/inbox/")) == expected
    assert counts(desk.get("/staff/inbox/?q=nobody")) == dict.fromkeys(expected, 0)
    found = counts(desk.get("/staff/inbox/?q=ctive"))
    assert found == dict.fromkeys(expected, 0) | {"Active": 1, "All": 1}


def test_a_search_that_finds_nothing_here_says_where_there_is_something(desk):
    one_of_each_status()
    page = flat(desk.get("/staff/inbox/?q=ctive"))
    assert "Nothing matches “ctive”." in page
    assert "There is something in:" in page
    assert '<a href="/staff/inbox/?tab=active&amp;q=ctive">Active (1)</a>' in page


def test_the_pending_tab_lists_what_waits_to_be_seen_whatever_its_status(desk):
    reopen(make_booking(who=person("Cleo Cancelled"), status="cancelled"))
    make_booking(who=person("Ursula Upcoming"), status="upcoming")
    response = desk.get("/staff/inbox/")
    assert names(response) == ["Cleo Cancelled"]
    assert counts(response)["Pending"] == 1


def test_refunded_bookings_are_tagged_in_the_cancelled_tab(desk):
    make_booking(status="refunded")
    assert ">Refunded</span>" in desk.get("/staff/inbox/?tab=cancelled").content.decode()


def test_pending_is_oldest_first_and_upcoming_by_pick_up(desk):
    now = timezone.now()
    for name, made, start in (("Late", 1, 9), ("Early", 3, 8), ("Middle", 2, 7)):
        make_booking(who=person(name), at=now - timedelta(hours=made), start=in_days(start))
    assert names(desk.get("/staff/inbox/?tab=pending")) == ["Early", "Middle", "Late"]
    for name, start in (("Sunday", 12), ("Friday", 10), ("Saturday", 11)):
        make_booking(who=person(name), start=in_days(start), status="upcoming")
    assert names(desk.get("/staff/inbox/?tab=upcoming")) == ["Friday", "Saturday", "Sunday"]


@pytest.mark.parametrize(
    "typed",
    [
        "lefe",
        "fèvr",
        "evre baptis",
        "b220",
        "LEFÈV jean",
        "Jean-Baptiste",
        "jb.lefevre",
        "example",
        "exo-{reference}",
        "{half}",
        "gb-220",
        "220 tr",
    ],
)
def test_search_finds_parts_of_words_without_accents_and_capitals(desk, typed):
    car = CarFactory(plate="GB-220-TR")
    wanted = make_booking(car=car, who=person("Jean-Baptiste Lefèvre", "jb.lefevre@example.com"))
    make_booking(who=person("Marta Oliveira", "marta@exodrive.test"))
    code = wanted.reference.removeprefix("EXO-")
    typed = typed.format(reference=code.lower(), half=code[:4])
    response = desk.get("/staff/inbox/", {"tab": "all", "q": typed})
    assert names(response) == ["Jean-Baptiste Lefèvre"]


@pytest.mark.parametrize("typed", ["evrre", "marta lefevre", "uu", "---", "' OR 1=1 --", "a\0u", "%", "ﬁ"])
def test_search_finds_nothing_else(desk, typed):
    """No reference has a U: a search for two other letters finds one booking of a thousand by chance."""
    make_booking(who=person("Jean-Baptiste Lefèvre"))
    make_booking(who=person("Marta Oliveira"))
    response = desk.get("/staff/inbox/", {"tab": "all", "q": typed})
    assert names(response) == []
    assert "Nothing matches" in response.content.decode()


def test_search_reads_bookings_by_indexes_alone(db):
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = matching(Booking.objects.order_by(), "lefevre").explain()
    assert "bookings_by_parts" in plan
    assert "Index Cond: (car_id = ANY" in plan
    assert "Seq Scan on bookings" not in plan


def test_filters_by_car_and_payment(desk):
    car = CarFactory()
    make_booking(car=car, who=person("Mine"))
    paid = make_booking(who=person("Paid"))
    with as_owner():
        Booking.objects.filter(pk=paid.pk).update(payment_status="paid")
    assert names(desk.get(f"/staff/inbox/?car={car.pk}")) == ["Mine"]
    assert names(desk.get("/staff/inbox/?payment=paid")) == ["Paid"]
    assert names(desk.get("/staff/inbox/?car=x&payment=bribes&when=never&page=x")) == ["Mine", "Paid"]


def test_the_pick_up_filter_goes_by_the_location_s_own_date(desk):
    kiritimati = LocationFactory(time_zone="Pacific/Kiritimati")  # 14 hours ahead of UTC
    far = CarFactory(location=kiritimati, cut_off_hour=24)
    there = far.location.today(timezone.now())
    make_booking(car=far, start=there, who=person("Kiritimati"), status="upcoming")
    for name, days in (("Today", 0), ("Sixth", 6), ("Seventh", 7)):
        make_booking(start=in_days(days), who=person(name), status="upcoming")
    assert set(names(desk.get("/staff/inbox/?tab=all&when=today"))) == {"Kiritimati", "Today"}
    assert set(names(desk.get("/staff/inbox/?tab=all&when=week"))) == {"Kiritimati", "Today", "Sixth"}


def test_twenty_five_rows_to_a_page(desk):
    car = CarFactory(max_days=1)
    for n in range(27):
        make_booking(car=car, start=in_days(n + 2), length=1, who=person(f"N{n:02d}"))
    first, second = desk.get("/staff/inbox/"), desk.get("/staff/inbox/?page=2")
    assert (len(names(first)), len(names(second))) == (25, 2)
    assert names(desk.get("/staff/inbox/?page=99")) == names(second)
    assert 'aria-current="page"><span class="vh">Page</span>2' in flat(second)


@pytest.mark.parametrize(
    "path",
    [
        "/staff/inbox/?tab=all&q=example&when=week",
        "/staff/today/",
        "/staff/calendar/",
        "/staff/bookings/{pk}/",
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_rows(desk, path):
    start = in_days(1)
    path = path.format(pk=make_booking(start=start, status="active").pk)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert desk.get(path).status_code == 200
    for n in range(2):
        make_booking(start=start, status="active", who=person(f"Anna{n}"))
    with CaptureQueriesContext(connection) as three:
        desk.get(path)
    assert len(three) == len(one)


def test_the_rows_of_a_page_are_fetched_by_key(desk):
    """What comes before a late page is only counted off, without cars, places and items."""
    car = CarFactory(max_days=1)
    for n in range(26):
        make_booking(car=car, start=in_days(n + 2), length=1)
    with CaptureQueriesContext(connection) as asked:
        desk.get("/staff/inbox/?tab=all&page=2")
    (passing,) = [query["sql"] for query in asked if " OFFSET 25" in query["sql"]]
    assert passing.startswith('SELECT "bookings"."id"')
    assert "JOIN" not in passing
    assert "EXISTS" not in passing


@pytest.mark.parametrize(
    ("tab", "indexes"),
    [
        ("upcoming", {"bookings_by_status_and_pick_up", "bookings_by_pick_up"}),
        ("active", {"bookings_by_status_and_pick_up", "bookings_by_pick_up"}),
        ("completed", {"bookings_by_status_and_pick_up", "bookings_by_pick_up"}),
        ("all", {"bookings_by_pick_up"}),
    ],
)
def test_a_tab_is_in_the_order_of_an_index(tab, indexes):
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        plan = bookings_of(Query(tab=tab), timezone.now()).values_list("pk")[:25].explain()
    assert any(f"using {index} " in plan for index in indexes)
    assert "Sort" not in plan


def test_rows_say_what_staff_need(desk):
    booking = make_booking(start=in_days(0) - timedelta(days=6), length=4, status="active")
    text = desk.get("/staff/inbox/?tab=active").content.decode()
    row = re.search(r'<li id="b-.*?</li>', text, re.S)[0]
    for words in (
        booking.car.name,
        "4 days",
        "€960",
        "Pays at pick-up",
        booking.reference,
        "Overdue",
        "Hand over car",
    ):
        assert words in row


def test_empty_tabs_say_so(desk):
    assert (
        "No pending bookings. New ones appear here by themselves."
        in desk.get("/staff/inbox/").content.decode()
    )
    assert "No bookings here yet." in desk.get("/staff/inbox/?tab=active").content.decode()
