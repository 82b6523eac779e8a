"""The day sheet: whom it lists on which day, and what the counter reads about each."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.request import Person
from bookings.models import Booking, BookingNote
from bookings.tests.support.factories import (
    PHONE,
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
)
from exodrive.i18n import formats
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support import days
from exodrive.tests.support.html import flat
from inbox.desk.schedule import sheet
from inbox.desk.schedule.calendar import CalendarQuery, today_of
from inbox.desk.schedule.sheet import SheetQuery
from inbox.desk.schedule.today import running

pytestmark = pytest.mark.django_db
TODAY = "/staff/today/"


def body(response):
    return response.content.decode()


def names(response):
    """The customers of each part, in order."""
    parts = re.split(r'<h2 id="p-(\w+)">', body(response))
    found = zip(parts[1::2], parts[2::2], strict=True)
    return {code: re.findall(r'<a id="l-[^>]*>\s*([^<]+?)\s*</a>', text) for code, text in found}


def line(response, booking):
    """The text of one booking's line."""
    row = re.search(rf'<tr class="sheet__line" id="b-{booking.pk}".*?</tr>', body(response), re.S)[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))


def person(name):
    return Person(name, f"{name.split()[0].lower()}@example.com")


def handed_over(booking, at):
    with acting_as(STAFF):
        return hand_over(booking=booking, at=at)


def test_the_heading_names_the_day_and_leads_to_the_days_beside_it(desk):
    today = in_days(0)
    text = body(desk.get(TODAY))
    assert f"<h1>Today, {formats.day_full(today)}</h1>" in text
    for day in (in_days(-1), in_days(1)):
        assert f'href="{TODAY}?day={day}"' in text
    tomorrow = body(desk.get(f"{TODAY}?day={in_days(1)}"))
    assert f"<h1>Tomorrow, {formats.day_full(in_days(1))}</h1>" in tomorrow
    assert f'href="{TODAY}?day={in_days(2)}"' in tomorrow
    assert f"<h1>Today, {formats.day_full(today)}</h1>" in body(desk.get(f"{TODAY}?day={today}"))
    far = in_days(30)
    assert f"<h1>{formats.day_full(far)}</h1>" in body(desk.get(f"{TODAY}?day={far}"))


@pytest.mark.parametrize(
    "asked", ["day=x", "day=9999-12-31", "place=x", "place=999999", "show=x", "day=0001-01-01"]
)
def test_senseless_addresses_show_something_sensible(desk, asked):
    make_booking(start=in_days(0), status="upcoming")
    assert desk.get(f"{TODAY}?{asked}").status_code == 200


def test_another_day_shows_what_is_booked_for_it_and_offers_nothing_to_press(desk):
    start = in_days(3)
    make_booking(start=start, length=2, who=person("Pending"))
    make_booking(start=start, length=2, who=person("Upcoming"), status="upcoming")
    make_booking(start=start, length=2, who=person("Cancelled"), status="cancelled")
    leaving = desk.get(f"{TODAY}?day={start}")
    assert names(leaving) == {"pickups": ["Pending", "Upcoming"], "returns": []}
    assert names(desk.get(f"{TODAY}?day={in_days(4)}")) == {"pickups": [], "returns": ["Pending", "Upcoming"]}
    assert "Hand over" not in body(leaving)
    assert "Mark upcoming" not in body(leaving)


def test_a_past_day_shows_what_was_done(desk):
    make_booking(start=in_days(-5), length=2, status="completed")
    assert names(desk.get(f"{TODAY}?day={in_days(-5)}"))["pickups"] == ["Marta Oliveira"]
    assert names(desk.get(f"{TODAY}?day={in_days(-4)}"))["returns"] == ["Marta Oliveira"]


def test_a_line_says_what_the_counter_needs(desk):
    car = CarFactory(plate="GB-220-TR")
    booking = make_booking(
        car=car, start=in_days(0), length=4, status="upcoming", special_requests="A child seat, please"
    )
    with as_owner():
        BookingNote.objects.create(booking=booking, text="Calls at noon")
        Booking.objects.filter(pk=booking.pk).update(delivery=True, delivery_address="3 quai Perrache")
    said = line(desk.get(TODAY), booking)
    for words in (
        formats.clock(booking.pickup_time),
        "Marta Oliveira",
        PHONE,
        booking.reference,
        car.name,
        "GB-220-TR",
        "A child seat, please",
        "Calls at noon",
        "Bring it to: 3 quai Perrache",
        "€960",
        "Deposit €2,000",
    ):
        assert words in said


def test_what_is_paid_or_held_is_not_asked_for_again(desk):
    booking = make_booking(start=in_days(0), length=4, status="upcoming")
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(
            paid="960.00", payment_status="paid", deposit_status="held"
        )
    said = line(desk.get(TODAY), booking)
    assert "Paid" in said
    assert "€" not in said


def sheet_at(at, **asked):
    with acting_as(STAFF):
        return sheet.read(SheetQuery(**asked), at)


def lines(found, code):
    section = next(section for section in found.sections if section.part.code == code)
    return [line for _place, lines in section.groups for line in lines]


def late_return():
    """A car that is out since yesterday, to be back today at 18:00, and its booking."""
    end = days.monday()
    car = CarFactory()
    morning = datetime.combine(end - timedelta(days=1), datetime.min.time(), tzinfo=days.PARIS)
    booking = make_booking(car=car, start=end - timedelta(days=1), length=2, at=morning, status="active")
    return handed_over(booking, morning + timedelta(hours=10)), car, end, morning


@pytest.mark.parametrize(
    ("passed", "words"),
    [
        (timedelta(minutes=59), ""),
        (timedelta(hours=1), "1 h late"),
        (timedelta(hours=5, minutes=30), "5 h late"),
        (timedelta(hours=47), "47 h late"),
        (timedelta(hours=50), "2 days late"),
    ],
)
def test_how_late_a_car_is_stands_in_hours_and_then_in_days(passed, words):
    booking, _car, _end, _morning = late_return()
    found = sheet_at(booking.return_at + passed)
    code = "returns" if passed < timedelta(hours=6) else "overdue"
    assert [line.late_words for line in lines(found, code)] == [words]


def test_who_waits_for_a_car_that_is_late_is_named(desk):
    booking, car, end, morning = late_return()
    waiting = make_booking(
        car=car, start=end + timedelta(days=1), at=morning, status="upcoming", who=person("Aisha Khan")
    )
    make_booking(car=car, start=end + timedelta(days=9), at=morning, status="upcoming")
    in_time, late = (
        lines(sheet_at(booking.return_at + passed), "returns")[0]
        for passed in (timedelta(), timedelta(hours=2))
    )
    assert (in_time.next, in_time.at_risk) == (waiting, False)
    assert (late.next, late.at_risk) == (waiting, True)
    tomorrow = booking.return_at + timedelta(hours=16)
    assert lines(sheet_at(tomorrow), "overdue")[0].next == waiting
    assert lines(sheet_at(tomorrow), "pickups")[0].before == booking


def test_a_next_booking_that_is_days_away_is_not_named():
    booking, car, end, morning = late_return()
    make_booking(car=car, start=end + timedelta(days=4), at=morning, status="upcoming")
    assert lines(sheet_at(booking.return_at), "returns")[0].next is None


def test_the_page_warns_of_a_car_that_is_still_out(desk):
    car = CarFactory()
    out = make_booking(car=car, start=in_days(-4), length=3, status="active", who=person("Aisha Khan"))
    waiting = make_booking(car=car, start=in_days(0), length=2, status="upcoming")
    handed_over(out, timezone.now() - timedelta(days=4))
    answer = desk.get(TODAY)
    assert f"Still out with Aisha Khan, {out.reference}" in line(answer, waiting)
    assert "Next: Marta Oliveira" in line(answer, out)


def test_a_location_is_where_it_happens_not_where_the_car_lives(desk):
    home, away = LocationFactory(name="Lyon"), LocationFactory(name="Nice")
    make_booking(
        car=CarFactory(location=home),
        start=in_days(0),
        length=1,
        status="active",
        drop_off=away,
        who=person("One-way"),
    )
    make_booking(
        car=CarFactory(location=home), start=in_days(0), length=2, status="upcoming", who=person("Stays")
    )
    make_booking(
        car=CarFactory(location=away), start=in_days(0), length=2, status="upcoming", who=person("Nissarte")
    )
    assert names(desk.get(f"{TODAY}?place={away.pk}")) == {
        "overdue": [],
        "pickups": ["Nissarte"],
        "returns": ["One-way"],
    }
    everywhere = desk.get(TODAY)
    assert names(everywhere)["pickups"][-1] == "Nissarte"
    assert re.findall(r'sheet__place">\s*<th[^>]*>([^<]+)<', flat(everywhere)) == ["Lyon", "Nice", "Nice"]


def test_one_location_needs_no_filter(desk):
    make_booking(start=in_days(0), status="upcoming")
    assert 'id="filters"' not in body(desk.get(TODAY))


def test_every_location_has_its_own_today():
    at = datetime.combine(days.monday(), datetime.min.time(), tzinfo=UTC) + timedelta(hours=12)
    kiritimati = LocationFactory(time_zone="Pacific/Kiritimati", name="Kiritimati")  # already Tuesday
    pago = LocationFactory(time_zone="Pacific/Pago_Pago", name="Pago Pago")  # still Monday
    tuesday, monday = kiritimati.today(at), pago.today(at)
    assert tuesday == monday + timedelta(days=1)
    before = at - timedelta(days=9)
    for place in (kiritimati, pago):
        for day in (monday, tuesday):
            car = CarFactory(location=place)
            make_booking(
                car=car, start=day, length=1, at=before, status="upcoming", who=person(f"{place.name} {day}")
            )
    found = sheet_at(at)
    assert [line.booking.full_name for line in lines(found, "pickups")] == [
        f"Kiritimati {tuesday}",
        f"Pago Pago {monday}",
    ]
    assert (found.live, found.elsewhere) == (True, [(pago, monday)])
    assert sheet_at(at, day=tuesday).live is False
    assert sheet_at(at, day=monday, place=str(pago.pk)).live is True


def test_without_a_location_today_is_that_of_the_business():
    """Half past eleven at night by UTC is the next day in Paris, whatever the time of the year."""
    monday = days.monday()
    at = datetime.combine(monday, time(23, 30), tzinfo=UTC)
    assert sheet_at(at).day == today_of(CalendarQuery(), [], at) == monday + timedelta(days=1)


@pytest.mark.parametrize("day", ["leap", "forward", "back"])
def test_the_day_after_is_the_next_date(day):
    day = {
        "leap": lambda: date(2104, 2, 28),
        "forward": lambda: days.clock_change(forward=True),
        "back": lambda: days.clock_change(forward=False),
    }[day]()
    links = sheet_at(timezone.now(), day=day).links
    assert links["next"] == f"{TODAY}?day={day + timedelta(days=1)}"
    assert links["previous"] == f"{TODAY}?day={day - timedelta(days=1)}"


def test_the_number_of_queries_does_not_grow_with_the_lines(desk):
    def one(name):
        booking = make_booking(start=in_days(0), length=2, status="upcoming", who=person(name))
        with as_owner():
            BookingNote.objects.create(booking=booking, text="Calls at noon")

    one("First")
    with CaptureQueriesContext(connection) as few:
        desk.get(TODAY)
    for name in ("Second", "Third", "Fourth"):
        one(name)
    with CaptureQueriesContext(connection) as many:
        assert len(names(desk.get(TODAY))["pickups"]) == 4
    assert len(many) == len(few)


def test_what_may_be_due_is_found_by_dates_in_an_index():
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = running(timezone.now()).order_by().explain()
    # Of a table without rows PostgreSQL takes any index; pick-ups are bounded by one of their days in it.
    assert re.search(r"Index Cond: [^\n]*(start_date <= |end_date >= )", plan)
    assert "Seq Scan" not in plan
