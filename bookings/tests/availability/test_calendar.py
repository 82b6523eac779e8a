"""The calendar as data: which months, which days, and what each is called."""

from datetime import date

import pytest
from django.utils.translation import override

from bookings.availability.calendar import Window, calendar, month_of
from bookings.days import Days

TODAY = date(2027, 3, 3)
WINDOW = Window(
    today=TODAY, first=TODAY, last=date(2028, 3, 2), taken=frozenset({date(2027, 3, 8), date(2027, 3, 9)})
)


def cells(drawn):
    return {
        cell.day: cell for month in drawn.months for week in month.weeks for cell in week if cell is not None
    }


def test_two_months_in_full_weeks_from_monday():
    drawn = calendar(WINDOW, view=date(2027, 3, 20), start=None, end=None)
    assert [month.first for month in drawn.months] == [date(2027, 3, 1), date(2027, 4, 1)]
    assert {len(week) for month in drawn.months for week in month.weeks} == {7}
    assert drawn.months[1].weeks[0] == (None, None, None, *drawn.months[1].weeks[0][3:])
    assert len(cells(drawn)) == 31 + 30


def test_it_begins_with_this_week():
    today = date(2027, 3, 24)
    drawn = cells(calendar(Window(today, today, WINDOW.last, frozenset()), view=today, start=None, end=None))
    assert min(drawn) == date(2027, 3, 22)
    assert max(drawn) == date(2027, 4, 30)


def test_a_sunday_belongs_to_the_week_that_ends():
    today = date(2027, 2, 28)
    drawn = cells(calendar(Window(today, today, WINDOW.last, frozenset()), view=today, start=None, end=None))
    assert min(drawn) == date(2027, 2, 22)


def test_days_that_cannot_be_chosen_say_why():
    drawn = cells(calendar(WINDOW, view=TODAY, start=None, end=None))
    assert [drawn[date(2027, 3, n)].kind for n in (2, 3, 7, 8, 9, 10)] == [
        "past",
        "",
        "",
        "booked",
        "booked",
        "",
    ]
    assert [day for day, cell in drawn.items() if cell.today] == [TODAY]
    last = cells(calendar(WINDOW, view=date(2028, 3, 1), start=None, end=None))
    assert [last[date(2028, 3, n)].kind for n in (2, 3)] == ["", "later"]


def test_a_range_is_marked_by_its_ends_and_its_middle():
    drawn = cells(calendar(WINDOW, view=TODAY, start=date(2027, 3, 30), end=date(2027, 4, 1)))
    marks = {day: cell.mark for day, cell in drawn.items() if cell.mark}
    assert marks == {date(2027, 3, 30): "start", date(2027, 3, 31): "mid", date(2027, 4, 1): "end"}
    one = cells(calendar(WINDOW, view=TODAY, start=date(2027, 3, 12), end=date(2027, 3, 12)))
    assert one[date(2027, 3, 12)].word == ", pick-up and return"
    alone = cells(calendar(WINDOW, view=TODAY, start=date(2027, 3, 12), end=None))
    assert (alone[date(2027, 3, 12)].mark, alone[date(2027, 3, 12)].alone) == ("start", True)


def test_a_range_the_wrong_way_round_is_not_drawn():
    drawn = cells(calendar(WINDOW, view=TODAY, start=date(2027, 3, 14), end=date(2027, 3, 11)))
    assert [cell.mark for cell in drawn.values() if cell.mark] == []


def test_the_arrows_stop_at_both_ends():
    first = calendar(WINDOW, view=date(2020, 1, 1), start=None, end=None)
    assert (first.view, first.previous, first.next) == (date(2027, 3, 1), None, date(2027, 4, 1))
    last = calendar(WINDOW, view=date(2040, 1, 1), start=None, end=None)
    assert (last.view, last.previous, last.next) == (date(2028, 3, 1), date(2028, 2, 1), None)
    assert len(last.months) == 1


def test_a_month_without_a_free_day_names_the_next_ones():
    march = frozenset(date(2027, 3, n) for n in range(1, 32)) | {date(2027, 4, 5)}
    window = Window(today=TODAY, first=TODAY, last=date(2028, 3, 2), taken=march)
    drawn = calendar(window, view=TODAY, start=None, end=None)
    assert drawn.next_free == Days(date(2027, 4, 1), date(2027, 4, 4))
    assert calendar(window, view=date(2027, 4, 1), start=None, end=None).next_free is None


@pytest.mark.parametrize(
    ("language", "before", "after"),
    [
        ("en", "Thursday ", " March 2027"),
        ("es", "jueves, ", " de marzo de 2027"),
        ("fr", "jeudi ", " mars 2027"),
        ("pt", "quinta-feira, ", " de março de 2027"),
    ],
)
def test_a_day_is_named_in_full_around_its_number(language, before, after):
    with override(language):
        cell = cells(calendar(WINDOW, view=TODAY, start=None, end=None))[date(2027, 3, 11)]
        assert (cell.before, cell.number, cell.after) == (before, 11, after)


def test_weekdays_start_on_monday():
    drawn = calendar(WINDOW, view=TODAY, start=None, end=None)
    assert drawn.weekdays[0] == ("Monday", "Mo")
    assert drawn.weekdays[6] == ("Sunday", "Su")


def test_months_roll_over_the_year():
    assert month_of(date(2027, 12, 15), 1) == date(2028, 1, 1)
    assert month_of(date(2027, 1, 15), -1) == date(2026, 12, 1)
