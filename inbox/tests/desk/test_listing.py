"""What each tab lists, in which order, how it is counted, searched and filtered."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings import search
from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.search import Search
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_booking
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.listing import bookings_of
from inbox.desk.query import Query
from inbox.models import InboxItem, InboxTriage
from inbox.tests.support.plans import plan_of_search

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


def reopen(booking):
    with as_owner():
        InboxItem.objects.filter(booking=booking).update(status="pending", done_at=None)


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


def test_search_reads_bookings_by_indexes_alone():
    CarFactory(make="Lefevre")
    plan = plan_of_search("lefevre")
    assert "bookings_by_parts" in plan
    assert "Index Cond: (car_id = ANY" in plan
    assert "Seq Scan on bookings" not in plan


def test_what_most_are_called_is_found_row_by_row():
    """The letters of a text by threes cost more than all of the rest where each row is compared with them."""
    with acting_as(STAFF):
        sql = str(Search.of("lefevre").all(Booking.objects.all()).query)
    assert "search_text LIKE %lefevre%" in sql
    assert "string_to_array" not in sql


def test_a_page_of_a_search_asks_for_it_once(desk):
    for name in ("Ana Lima", "Ana Sousa"):
        make_booking(who=person(name), status="upcoming")
    with CaptureQueriesContext(connection) as asked:
        response = desk.get("/staff/inbox/?tab=all&q=ana")
    assert len(names(response)) == counts(response)["Upcoming"] == 2
    assert sum("string_to_array" in (query["sql"] or "") for query in asked) == 1


@pytest.fixture(params=[False, True], ids=["few", "many"])
def many(request, monkeypatch):
    """Whether the found are few, or so many that each row is looked at."""
    if request.param:
        monkeypatch.setattr(search, "MOST_BY_TEXT", 0)
        monkeypatch.setattr(search, "MOST_BY_CAR", 0)
    return request.param


@pytest.mark.parametrize("typed", ["ctive", "calder", "600123"])
def test_few_and_many_are_counted_and_listed_alike(desk, many, typed):
    car = CarFactory(make="Calder")
    for status in STATUSES:
        start = in_days(3 + 9 * STATUSES.index(status))
        who = person(status.title())
        booking = make_booking(car=car, start=start, who=who, status=status, phone="+34 600 123 456")
        if status == "cancelled":
            reopen(booking)
    found = {"Active"} if typed == "ctive" else {status.title() for status in STATUSES}
    assert set(names(desk.get(f"/staff/inbox/?tab=all&q={typed}"))) == found
    assert set(names(desk.get(f"/staff/inbox/?tab=cancelled&q={typed}"))) == found & {"Cancelled", "Refunded"}
    pending = desk.get(f"/staff/inbox/?q={typed}")
    assert set(names(pending)) == found & {"Pending", "Cancelled"}
    assert counts(pending)["Pending"] == len(found & {"Pending", "Cancelled"})
    assert counts(pending)["All"] == len(found)


def test_what_is_put_aside_is_searched_apart(desk, many):
    for name in ("Ana Later", "Ana Now"):
        booking = make_booking(who=person(name))
    with as_owner():
        InboxTriage.objects.create(booking=booking, snoozed_until=in_days(3))
    aside = desk.get("/staff/inbox/?q=ana&snoozed=1")
    assert names(aside) == ["Ana Now"]
    assert names(desk.get("/staff/inbox/?q=ana")) == ["Ana Later"]
    assert counts(aside)["Pending"] == 1


def test_a_search_has_pages_and_filters_like_the_tab(desk, many):
    car = CarFactory(max_days=1)
    for n in range(27):
        make_booking(car=car, start=in_days(n + 2), length=1, who=person(f"Ana{n:02d}"), status="upcoming")
    make_booking(who=person("Ana Elsewhere"), status="upcoming")
    address = f"/staff/inbox/?tab=upcoming&q=ana&car={car.pk}"
    pages = [names(desk.get(f"{address}&page={n}")) for n in (1, 2, 99)]
    assert pages == [[f"Ana{n:02d}" for n in range(25)], ["Ana25", "Ana26"], ["Ana25", "Ana26"]]
    (oldest,) = names(desk.get(f"{address}&q=ana26&sort=age"))
    assert oldest == "Ana26"


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
    """A late page is counted from the end, without cars, places and items of what is passed over."""
    car = CarFactory(max_days=1)
    for n in range(26):
        make_booking(car=car, start=in_days(n + 2), length=1)
    with CaptureQueriesContext(connection) as asked:
        desk.get("/staff/inbox/?tab=all&page=2")
    keys = 'SELECT "bookings"."id" AS "pk" FROM "bookings"'
    (passing,) = [query["sql"] for query in asked if (query["sql"] or "").startswith(keys)]
    assert passing.endswith(" LIMIT 1")
    assert "JOIN" not in passing
    assert "EXISTS" not in passing
    assert "OFFSET" not in "".join(query["sql"] or "" for query in asked)


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
