"""The calendar's table and list."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
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
from exodrive.i18n import formats
from exodrive.rls import STAFF, acting_as
from exodrive.tests.support import days
from exodrive.tests.support.html import flat
from inbox.desk import timeline
from inbox.templatetags.staff import weekday_short

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


def test_cars_that_are_not_offered_take_no_bookings_and_retired_ones_without_any_are_left_out():
    resting, gone = CarFactory(status="maintenance"), CarFactory(status="retired", location=LocationFactory())
    built = table([resting, gone], in_days(1), 3)
    assert [[cell.bookable for cell in row.cells] for _place, rows in built.places for row in rows] == [
        [False] * 3
    ]


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


def test_the_page_names_bookings_and_links_free_days(desk):
    first = days.monday_of_two_months()
    start, last = first + timedelta(days=3), first + timedelta(days=27)
    car = CarFactory()
    booking = make_booking(car=car, start=start, length=4, status="upcoming")
    text = body(desk.get(f"/staff/calendar/?from={first}&days=28"))
    months = f"{formats.month_name(first)}\N{THIN SPACE}–\N{THIN SPACE}{formats.month(last)}"
    assert f"<h1>{months}</h1>" in text
    assert f'<td colspan="4"><a class="bk bk--upcoming" href="/staff/bookings/{booking.pk}/' in flat(text)
    assert f", {formats.span(start, start + timedelta(days=3))}, " in text
    assert f"/staff/bookings/new/?car={car.pk}&amp;start={first + timedelta(days=7)}" in text
    assert text.count('<th scope="col"') == 29
    assert 'data-n="28"' in text


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
