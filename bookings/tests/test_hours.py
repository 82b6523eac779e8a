"""Hours are instants; a place's midnights cut them into parts, whatever its clocks do."""

from dataclasses import replace
from datetime import time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookings.hours import MAX_GAP, Hours, midnight
from bookings.tests.support.rides import hours_on
from exodrive.tests.support.days import PARIS, clock_change, monday

BEGIN = midnight(monday(), PARIS)
ZONES = ("Europe/Paris", "Atlantic/Azores", "America/Santiago", "Africa/Cairo", "Asia/Kathmandu", "UTC")


def test_a_night_is_two_parts_with_a_gap_at_each_end():
    day = monday()
    parts = hours_on(day, "22:00", 240, gaps=(30, 20)).parts(PARIS)
    assert [part.date for part in parts] == [day, day + timedelta(days=1)]
    assert [(part.before_minutes, part.after_minutes) for part in parts] == [(30, 0), (0, 20)]
    assert parts[0].ends_at == parts[1].starts_at == midnight(day + timedelta(days=1), PARIS)


def test_until_midnight_is_one_part():
    day = monday()
    assert [part.date for part in hours_on(day, "22:00", 120).parts(PARIS)] == [day]


def test_a_gap_over_midnight_takes_no_day():
    day = monday()
    assert [part.date for part in hours_on(day, "22:00", 110, gaps=(0, 60)).parts(PARIS)] == [day]


@pytest.mark.parametrize(("forward", "length"), [(True, 23), (False, 25)])
def test_the_day_of_a_clock_change_is_as_long_as_it_is(forward, length):
    day = clock_change(forward=forward)
    hours = Hours(midnight(day, PARIS), midnight(day + timedelta(days=1), PARIS))
    assert hours.length == timedelta(hours=length)
    assert [part.date for part in hours.parts(PARIS)] == [day]


def test_three_hours_over_a_clock_change_are_three_hours():
    day = clock_change(forward=False)
    hours = hours_on(day, "01:00", 180)
    assert hours.length == timedelta(hours=3)
    assert hours.ends_at.astimezone(PARIS).time() == time(3)


@given(
    zone=st.sampled_from([ZoneInfo(name) for name in ZONES]),
    start=st.integers(0, 2 * 365 * 24 * 60),
    minutes=st.integers(1, 4 * 24 * 60),
)
def test_parts_follow_each_other_each_within_its_day(zone, start, minutes):
    start = BEGIN + timedelta(minutes=start)
    hours = Hours(start, start + timedelta(minutes=minutes), 10, 20)
    parts = hours.parts(zone)
    assert (parts[0].starts_at, parts[-1].ends_at) == (hours.starts_at, hours.ends_at)
    assert all(one.ends_at == other.starts_at for one, other in pairwise(parts))
    for part in parts:
        assert part.starts_at.astimezone(zone).date() == part.date
        assert (part.ends_at - timedelta(minutes=1)).astimezone(zone).date() == part.date
    assert (sum(p.before_minutes for p in parts), sum(p.after_minutes for p in parts)) == (10, 20)


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": BEGIN.replace(tzinfo=None)},
        {"ends_at": BEGIN + timedelta(minutes=90, seconds=30)},
        {"ends_at": BEGIN},
        {"before_minutes": MAX_GAP + 1},
        {"after_minutes": -1},
    ],
)
def test_what_makes_no_sense_is_refused(wrong):
    hours = Hours(BEGIN, BEGIN + timedelta(hours=1))
    with pytest.raises(ValueError, match=r"instant|after start|gap"):
        replace(hours, **wrong)
