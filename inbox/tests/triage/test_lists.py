"""Lists of the inbox: sorted, kept under a name, and taken away as a file that calculates nothing."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.lifecycle.request import Person
from bookings.models import Booking
from bookings.privacy import erase
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.triage.export import cell
from inbox.models import SavedFilter
from inbox.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
FORMULAS = [
    ("=1+1", "'=1+1"),
    ("+1", "'+1"),
    ("-1", "'-1"),
    ("@SUM(A1)", "'@SUM(A1)"),
    ("\tx", "'\tx"),
    ("\rx", "'\rx"),
    ("\nx", "'\nx"),
    (" =1", "' =1"),
    ("\N{NO-BREAK SPACE}=1", "'\N{NO-BREAK SPACE}=1"),
    ("\N{FULLWIDTH EQUALS SIGN}1", "'\N{FULLWIDTH EQUALS SIGN}1"),
    ('=HYPERLINK("https://example.com")', '\'=HYPERLINK("https://example.com")'),
    ("+33 6 12", "'+33 6 12"),
    ("Marta-Ana", "Marta-Ana"),
    ("a=b", "a=b"),
    ("", ""),
    (12, "12"),
    (-3, "-3"),
]


def rows_of(response):
    text = b"".join(response.streaming_content).decode()
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def names(response):
    return re.findall(r'class="row__who"[^>]*>([^<]+)<', response.content.decode())


@pytest.mark.parametrize(("value", "written"), FORMULAS)
def test_no_cell_is_a_formula_and_numbers_stay_numbers(value, written):
    assert cell(value) == written


def test_the_file_has_all_rows_of_the_filter_and_their_facts(desk):
    car = CarFactory(max_days=1, plate="-GB 220")
    for n in range(27):
        make_booking(car=car, start=in_days(n + 2), length=1, who=Person(f"Ana{n}", "ana@example.com"))
    make_booking(who=Person("=cmd|' /C calc'!A0", "bo@example.com"), phone="+33 6 12 34 56 78")
    rows = rows_of(desk.get("/staff/inbox/bookings.csv?tab=all"))
    assert len(rows) == 28
    evil = next(row for row in rows if row["Email"] == "bo@example.com")
    assert evil["Name"] == "'=cmd|' /C calc'!A0"
    assert evil["Phone"] == "'+33 6 12 34 56 78"
    some = rows_of(desk.get("/staff/inbox/bookings.csv?tab=all&q=ana26"))
    assert [row["Name"] for row in some] == ["Ana26"]
    assert some[0]["Plate"] == "'-GB 220"
    assert re.fullmatch(r"\d+\.\d\d", some[0]["Total"])
    assert some[0]["Pick-up"] == in_days(28).isoformat()


def test_the_file_is_in_the_readers_language_and_for_staff_alone(desk, client):
    make_booking()
    desk.cookies["django_language"] = "fr"
    head = b"".join(desk.get("/staff/inbox/bookings.csv?tab=all").streaming_content).decode().splitlines()[0]
    assert "Nom" in head
    assert client.get("/staff/inbox/bookings.csv").status_code == 302


def test_the_file_takes_as_many_queries_for_many_rows_as_for_one(desk):
    start = in_days(1)
    make_booking(start=start)
    with CaptureQueriesContext(connection) as one:
        assert len(rows_of(desk.get("/staff/inbox/bookings.csv?tab=all"))) == 1
    for n in range(3):
        make_booking(start=start, who=Person(f"Anna{n}", f"a{n}@example.com"))
    with CaptureQueriesContext(connection) as four:
        assert len(rows_of(desk.get("/staff/inbox/bookings.csv?tab=all"))) == 4
    assert len(four) == len(one)


def test_lists_are_sorted_by_pick_up_or_age(desk):
    now = timezone.now()
    for name, made, start in (("Old", 3, 8), ("Older", 4, 9), ("New", 1, 7)):
        make_booking(who=Person(name, "a@example.com"), at=now - timedelta(hours=made), start=in_days(start))
    assert names(desk.get("/staff/inbox/?sort=age&tab=all")) == ["Older", "Old", "New"]
    assert names(desk.get("/staff/inbox/?sort=pick_up")) == ["New", "Old", "Older"]
    assert names(desk.get("/staff/inbox/?sort=nonsense")) == ["Older", "Old", "New"]


def test_a_list_is_kept_under_a_name_and_found_again(desk):
    there = "/staff/inbox/?tab=upcoming&q=M%C3%BCller&who=me&sort=age"
    asked = desk.get("/staff/inbox/lists/new/", {"next": there})
    assert "Name of the list" in flat(asked)
    desk.post("/staff/inbox/lists/new/", {"name": "My Müllers", "next": there + "&page=3"})
    page = flat(desk.get("/staff/inbox/"))
    assert there.replace("&", "&amp;") in page
    assert "My Müllers" in page
    with as_owner():
        row = SavedFilter.objects.get()
    assert row.asked == {"tab": "upcoming", "q": "Müller", "who": "me", "sort": "age"}
    desk.post(f"/staff/inbox/lists/{row.pk}/removal/")
    assert "My Müllers" not in flat(desk.get("/staff/inbox/"))


def test_a_name_is_needed_and_used_once(desk):
    answer = desk.post("/staff/inbox/lists/new/", {"name": " ", "next": "/staff/inbox/?tab=all"})
    assert answer.status_code == 422
    assert "Enter a name for the list" in flat(answer)
    for tab in ("all", "active"):
        desk.post("/staff/inbox/lists/new/", {"name": "Mine", "next": f"/staff/inbox/?tab={tab}"})
    with as_owner():
        assert SavedFilter.objects.get().asked == {"tab": "active"}


def test_lists_are_private_until_they_are_shared_and_only_their_owner_deletes_them(desk):
    luc = signed_in(make_desk(full_name="Luc Petit"))
    for name, shared in (("Secret", ""), ("Ours", "on")):
        luc.post("/staff/inbox/lists/new/", {"name": name, "shared": shared, "next": "/staff/inbox/?tab=all"})
    page = flat(desk.get("/staff/inbox/"))
    assert "Secret" not in page
    assert "Ours" in page
    assert "(Luc Petit)" in page
    with as_owner():
        rows = list(SavedFilter.objects.all())
    for row in rows:
        desk.post(f"/staff/inbox/lists/{row.pk}/removal/")
    with as_owner():
        assert SavedFilter.objects.count() == 2
    with acting_as(STAFF, user=desk.user):
        assert SavedFilter.objects.filter(user=luc.user).update(name="Taken") == 0
        assert not SavedFilter.objects.filter(name="Secret").exists()


def test_a_list_that_names_somebody_goes_with_them(desk):
    make_booking(who=Person("Zoë Müller", "zoe@example.com"), status="completed")
    for name, q in (("A", "zoë müller"), ("Zoë Müller", ""), ("C", "kept")):
        desk.post("/staff/inbox/lists/new/", {"name": name, "next": f"/staff/inbox/?tab=all&q={q}"})
    with acting_as(SERVICE):
        erase("zoe@example.com")
    with as_owner():
        assert [row.name for row in SavedFilter.objects.all()] == ["C"]


def test_counts_of_everything_come_from_an_index(db):
    make_booking()
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        from django.db.models import Count

        plan = Booking.objects.order_by().values("status").annotate(n=Count("*")).explain()
    assert "Index Only Scan using bookings_by_status_and_pick_up" in plan
