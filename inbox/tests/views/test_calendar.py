"""The calendar's table and list."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from bookings.days import Days
from bookings.lifecycle.request import Person
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
)
from bookings.tests.support.rides import block_hours, hold_hours, hours_on, let_lapse, make_ride
from cars.models import Car
from exodrive.i18n import formats
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support import days
from exodrive.tests.support.html import flat
from inbox.desk.schedule import timeline
from inbox.templatetags.staff import weekday_short
from inbox.tests.support import fill

pytestmark = pytest.mark.django_db


def table(cars, first, days=14, at=None, **more):
    with acting_as(STAFF):
        return timeline.build(cars, Days.starting(first, days), at or timezone.now(), **more)


def bars(row):
    return [(cell.day, cell.bar.span, cell.bar.look, cell.bar.name) for cell in row.cells if cell.bar]


def only_row(built):
    return built.places[0][1][0]


def body(response):
    return response.content.decode()


CALENDAR = "/staff/calendar/"


def cars_in(response):
    """The names in the table's row headings, in order."""
    return re.findall(r'<th scope="row">([^<]+)<span>', body(response))


def test_bars_are_bookings_holds_blocks_and_buffers():
    car, first = CarFactory(buffer_days=1), in_days(2)
    make_booking(car=car, start=first, length=3, status="upcoming")
    make_hold(car=car, start=first + timedelta(days=5), length=1)
    block = make_block(car=car, start=first + timedelta(days=8), length=2)
    row = only_row(table([car], first))
    assert bars(row) == [
        (first, 3, "upcoming", "M. Oliveira"),
        (first + timedelta(days=3), 1, "buffer", "Buffer"),
        (first + timedelta(days=5), 1, "held", "Held"),
        (first + timedelta(days=6), 1, "buffer", "Buffer"),
        (first + timedelta(days=8), 2, "block", block.get_kind_display()),
    ]
    assert sum(cell.bar.span if cell.bar else 1 for cell in row.cells) == 14


def test_service_days_are_bars_that_say_how_often_they_are_taken():
    car, first = CarFactory(), in_days(2)
    for begins in ("08:00", "12:00"):
        make_ride(car, hours_on(first, begins))
    make_ride(car, hours_on(first + timedelta(days=1), "22:00", 240))
    block_hours(car, hours_on(first + timedelta(days=4), "09:00", 180))
    let_lapse(hold_hours(car, hours_on(first + timedelta(days=6))))
    row = only_row(table([car], first))
    assert bars(row) == [
        (first, 1, "block", "2×"),
        (first + timedelta(days=1), 1, "block", "1×"),
        (first + timedelta(days=2), 1, "block", "1×"),
        (first + timedelta(days=4), 1, "block", "09:00"),
    ]
    drawn = [cell.bar for cell in row.cells if cell.bar]
    assert drawn[0].whole == "2 times, taken by the hour"
    assert (drawn[-1].whole, bool(drawn[-1].link)) == ("Other, Blocked 09:00–12:00", True)
    assert sum(cell.bar.span if cell.bar else 1 for cell in row.cells) == 14


def test_a_bar_is_cut_to_the_window_but_says_all_its_days():
    car, start = CarFactory(), in_days(2)
    make_booking(car=car, start=start, length=10, status="upcoming")
    bar = only_row(table([car], start + timedelta(days=3), 4)).cells[0].bar
    assert (bar.span, bar.days) == (4, Days.starting(start, 10))


def test_lapsed_holds_and_cancelled_bookings_leave_no_bar():
    car, start = CarFactory(), in_days(2)
    make_hold(car=car, start=start, length=2)
    make_booking(car=car, start=start + timedelta(days=5), status="cancelled")
    row = only_row(table([car], start, at=timezone.now() + timedelta(hours=1)))
    assert bars(row) == []


def test_free_days_can_be_booked_from_today_on_where_the_car_is():
    far = CarFactory(location=LocationFactory(time_zone="Pacific/Kiritimati", name="Kiritimati"))
    near = CarFactory(location=LocationFactory(time_zone="Pacific/Pago_Pago", name="Pago Pago"))
    at = datetime(2027, 3, 10, 12, tzinfo=UTC)  # the 11th in Kiritimati, the 10th in Pago Pago
    built = table([far, near], date(2027, 3, 9), 4, at=at)
    bookable = {place.name: [cell.bookable for cell in rows[0].cells] for place, rows in built.places}
    assert bookable == {"Kiritimati": [False, False, True, True], "Pago Pago": [False, True, True, True]}
    assert [head.today_at for head in built.heads] == ["", "Pago Pago", "Kiritimati", ""]


def test_cars_that_are_not_offered_take_no_bookings():
    built = table([CarFactory(status="maintenance")], in_days(1), 3)
    assert [cell.bookable for cell in only_row(built).cells] == [False] * 3


def test_retired_cars_are_listed_while_they_have_days(desk):
    gone, leaving = CarFactory(), CarFactory()
    make_booking(car=leaving, start=in_days(2))
    with as_owner():
        Car.objects.filter(pk__in=[gone.pk, leaving.pk]).update(status="retired")
    assert cars_in(desk.get(f"{CALENDAR}?from={in_days(0)}")) == [leaving.name]
    assert cars_in(desk.get(f"{CALENDAR}?from={in_days(30)}")) == []


@pytest.mark.parametrize("forward", [True, False])
def test_a_week_with_a_clock_change_has_seven_days(forward):
    car, sunday = CarFactory(), days.clock_change(forward=forward)
    first = sunday - timedelta(days=6)
    late = datetime.combine(sunday, time(0, 30), tzinfo=days.PARIS)
    booked_at = late - timedelta(days=30)
    make_booking(car=car, start=sunday - timedelta(days=1), length=3, at=booked_at, status="upcoming")
    built = table([car], first, 14, at=late)
    assert [head.day for head in built.heads] == [first + timedelta(days=n) for n in range(14)]
    assert bars(only_row(built)) == [(sunday - timedelta(days=1), 3, "upcoming", "M. Oliveira")]
    assert [head.day for head in built.heads if head.today_at] == [sunday]


def test_other_statuses_are_only_taken():
    car, start = CarFactory(), in_days(2)
    make_booking(car=car, start=start, length=2)
    make_booking(car=car, start=start + timedelta(days=4), length=2, status="upcoming")
    row = only_row(table([car], start, status="upcoming"))
    assert [look for _day, _span, look, _name in bars(row)] == ["other", "upcoming"]


@pytest.mark.parametrize(
    ("name", "short", "first_letters"),
    [
        ("Marta Oliveira", "M. Oliveira", "MO"),
        ("Jean-Baptiste Lefèvre", "J.-B. Lefèvre", "JL"),
        ("Cher", "Cher", "C"),
        ("Ana da Silva", "A. da Silva", "AS"),
    ],
)
def test_names_are_shortened(name, short, first_letters):
    assert (timeline.short_name(name), timeline.initials(name)) == (short, first_letters)


@pytest.mark.parametrize(("language", "name"), [("en", "Mon"), ("es", "lun"), ("fr", "lun."), ("pt", "seg.")])
def test_weekdays_fit_their_columns(language, name):
    with translation.override(language):
        assert weekday_short(date(2027, 3, 1)) == name


def test_an_overdue_booking_is_marked(desk):
    make_booking(start=in_days(-4), length=3, status="active")
    assert "bk--late" in body(desk.get(f"/staff/calendar/?from={in_days(-4)}"))


def test_a_booking_is_overdue_by_the_clock_of_the_place_where_its_car_comes_back():
    """On the night before the clocks go forward, too: midnight in Madeira is an hour after that in Paris."""
    there = LocationFactory(time_zone="Atlantic/Madeira", name="Funchal")
    for end in (days.monday(), days.clock_change(forward=True) - timedelta(days=1)):
        car = CarFactory()
        midnight = datetime.combine(end + timedelta(days=1), time(), tzinfo=days.MADEIRA).astimezone(UTC)
        booked = midnight - timedelta(days=4)
        make_booking(car=car, start=end, length=1, at=booked, status="active", drop_off=there)
        just_before, at_midnight = (
            only_row(table([car], end, 1, at=at)).cells[0].bar.late
            for at in (midnight - timedelta(minutes=10), midnight)
        )
        assert (just_before, at_midnight) == (False, True)


def test_the_page_names_bookings_and_has_one_link_to_a_new_one_for_each_car(desk):
    first = days.monday_of_two_months()
    start, last = first + timedelta(days=3), first + timedelta(days=27)
    car = CarFactory()
    booking = make_booking(car=car, start=start, length=4, status="upcoming")
    text = body(desk.get(f"/staff/calendar/?from={first}&days=28"))
    months = f"{formats.month_name(first)}\N{THIN SPACE}–\N{THIN SPACE}{formats.month(last)}"
    assert f"<h1>{months}</h1>" in text
    bar = re.search(r'<td colspan="4"><a\s+class="bk bk--upcoming" href="([^"]+)" title="([^"]+)"', text)
    assert bar[1].startswith(f"/staff/bookings/{booking.pk}/?next=/staff/calendar/%3F")
    assert bar[2] == "Marta Oliveira, Upcoming"
    assert f", {formats.span(start, start + timedelta(days=3))}<" in text
    assert re.findall(r'class="free" href="([^"]+)"', text) == [
        f"/staff/bookings/new/?car={car.pk}&amp;start={first}"
    ]
    assert text.count('<th scope="col"') == 29
    assert 'data-n="28"' in text


def test_the_link_for_a_new_booking_starts_on_the_first_free_day(desk):
    car = CarFactory()
    make_booking(car=car, start=in_days(0), length=3, status="active")
    text = body(desk.get(f"{CALENDAR}?from={in_days(-7)}&view=timeline"))
    assert f"car={car.pk}&amp;start={in_days(3)}" in text
    past = body(desk.get(f"{CALENDAR}?from={in_days(-60)}&view=timeline"))
    assert f'/staff/bookings/new/?car={car.pk}"' in past


def test_an_overdue_car_is_drawn_up_to_today():
    car = CarFactory(buffer_days=1)
    make_booking(car=car, start=in_days(-6), length=3, status="active")
    row = only_row(table([car], in_days(-7), 14))
    assert bars(row) == [(in_days(-6), 7, "active", "M. Oliveira")]
    assert row.cells[1].bar.late
    later = only_row(table([car], in_days(-1), 14))
    assert bars(later) == [(in_days(-1), 2, "active", "M. Oliveira")]
    assert later.cells[0].bar.days == Days(in_days(-6), in_days(0))


def test_an_overdue_car_is_drawn_up_to_the_next_booking():
    car = CarFactory()
    make_booking(car=car, start=in_days(-6), length=3, status="active")
    make_booking(car=car, start=in_days(-1), length=3, status="upcoming")
    assert bars(only_row(table([car], in_days(-7), 14))) == [
        (in_days(-6), 5, "active", "M. Oliveira"),
        (in_days(-1), 3, "upcoming", "M. Oliveira"),
    ]


def test_days_of_one_claimant_that_do_not_touch_are_bars_of_their_own():
    """As after a car was swapped and swapped back: a bar is what the ledger says, not what was booked."""
    car, start = CarFactory(), in_days(2)
    booking = make_booking(car=car, start=start, length=6, status="upcoming")
    with as_owner(), connection.cursor() as cursor:
        fill.untouched(cursor, "car_availability")
        booking.ledger.filter(date__in=[start + timedelta(days=2), start + timedelta(days=3)]).delete()
    row = only_row(table([car], start))
    assert [(day, span) for day, span, _look, _name in bars(row)] == [
        (start, 2),
        (start + timedelta(days=4), 2),
    ]
    assert row.cells[0].bar.days == Days.starting(start, 2)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("place={lyon}", ["Calder GT", "Novara 4"]),
        ("kind=7-manual", ["Novara 4"]),
        ("q=novara", ["Novara 4"]),
        ("q=gb220tr", ["Novara 4"]),
        ("q=GB-220", ["Novara 4"]),
        ("car={tern}", ["Tern EV"]),
        ("status=upcoming", ["Tern EV"]),
        ("status=pending", []),
        ("place={lyon}&kind=4-automatic", ["Calder GT"]),
        ("q=nothing", []),
    ],
)
def test_cars_are_found_by_place_kind_text_and_status(desk, asked, found):
    lyon, nice = LocationFactory(name="Lyon"), LocationFactory(name="Nice")
    CarFactory(location=lyon, model="GT")
    CarFactory(location=lyon, make="Novara", model="4", plate="GB-220-TR", seats=7, gearbox="manual")
    tern = CarFactory(location=nice, make="Tern", model="EV")
    make_booking(car=tern, start=in_days(2), status="upcoming")
    answer = desk.get(f"{CALENDAR}?from={in_days(0)}&{asked.format(lyon=lyon.pk, tern=tern.pk)}")
    assert cars_in(answer) == found
    assert ("No car here matches these filters." in body(answer)) == (not found)


def test_the_list_has_the_same_cars(desk):
    mine, other = CarFactory(make="Novara"), CarFactory()
    make_booking(car=mine, start=in_days(2), length=1, who=Person("Aisha Khan", "aisha@example.com"))
    make_booking(car=other, start=in_days(2), length=1)
    text = body(desk.get(f"{CALENDAR}?from={in_days(0)}&view=list&q=novara"))
    assert ("Aisha Khan" in text, "Marta Oliveira" in text) == (True, False)


@pytest.fixture
def large_fleet(db):
    """300 cars, each of them out three days of four for four weeks."""
    model, first = CarFactory(model="000"), in_days(3)
    booking = make_booking(car=model, start=first, length=3, status="upcoming")
    with as_owner(), connection.cursor() as cursor:
        fill.cars(cursor, model=model, count=299)
        fill.bookings(cursor, model=booking, times=7, every=4)
    return first


def test_a_page_has_fifty_cars_and_stays_small_however_large_the_fleet_is(desk, large_fleet):
    path = f"{CALENDAR}?days=28&view=timeline&from={large_fleet}"
    with CaptureQueriesContext(connection) as all_of_them:
        first = desk.get(path)
    last = desk.get(f"{path}&page=6")
    assert (len(cars_in(first)), len(cars_in(last))) == (50, 50)
    assert not set(cars_in(first)) & set(cars_in(last))
    assert cars_in(desk.get(f"{path}&page=99")) == cars_in(last)
    assert len(re.findall('class="bk ', body(first))) == 350
    assert len(first.content) <= 150 * 1024
    with CaptureQueriesContext(connection) as one_car:
        desk.get(f"{path}&q=000")
    assert len(all_of_them) == len(one_car)


def test_the_list_has_pages_too(desk, large_fleet):
    path = f"{CALENDAR}?days=28&view=list&from={large_fleet}"
    with CaptureQueriesContext(connection) as many:
        first = desk.get(path)
    second = desk.get(f"{path}&page=2")
    assert [len(re.findall('class="event ', body(page))) for page in (first, second)] == [50, 50]
    assert 'aria-current="page"><span class="vh">Page</span>2' in flat(second)
    assert len(first.content) <= 150 * 1024
    with CaptureQueriesContext(connection) as few:
        desk.get(f"{path}&q=000")
    assert len(many) == len(few)


def test_the_list_groups_by_day(desk):
    first = days.monday()
    thursday, friday, sunday = (first + timedelta(days=n) for n in (3, 4, 6))
    make_booking(start=thursday, length=4, status="upcoming")
    make_booking(start=sunday, length=1, who=Person("Aisha Khan", "aisha@example.com"))
    make_booking(start=friday, status="cancelled")
    text = body(desk.get(f"/staff/calendar/?from={first}&view=list"))
    assert re.findall(r'<h2 id="day-[^"]+">([^<]+)<', text) == [formats.day(thursday), formats.day(sunday)]
    on_sunday = text[text.index(formats.day(sunday)) :]
    events = re.findall(r'event--(\w+)">[^<]+</span>([^<]+)<', flat(on_sunday))
    assert events == [("pickup", "Aisha Khan"), ("return", "Aisha Khan"), ("return", "Marta Oliveira")]


def test_both_views_are_there_until_one_is_chosen(desk):
    CarFactory()
    both, timeline_only = desk.get("/staff/calendar/"), desk.get("/staff/calendar/?view=timeline")
    assert 'class="fleet"' in body(both)
    assert 'class="till-wide"' in body(both)
    assert "till-wide" not in body(timeline_only)


@pytest.mark.parametrize(
    "query", ["from=x", "from=9999-12-31", "from=0001-01-01", "days=99", "car=x", "status=x", "view=x"]
)
def test_senseless_addresses_show_something_sensible(desk, query):
    CarFactory()
    assert desk.get(f"/staff/calendar/?{query}").status_code == 200


def test_an_empty_fleet_is_no_error(desk):
    assert desk.get("/staff/calendar/").status_code == 200
