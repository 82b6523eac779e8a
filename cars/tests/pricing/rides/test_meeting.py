"""Surcharges that are charged together, and rates of which the way back has its own: compared with asking every minute."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cars.models import CarClass
from cars.pricing.rides.meeting import charged_together, with_a_way_back
from cars.tests.support.priced_rides import CLASSIC, night, place, rate, surcharge

MONDAY = datetime(2018, 1, 1, tzinfo=UTC)
QUARTERS = [MONDAY + n * timedelta(minutes=15) for n in range(7 * 24 * 4)]
clocks = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
weekdays = st.none() | st.integers(1, 127)
nights = st.builds(
    lambda clock, days: night(from_time=clock[0], to_time=clock[1], weekdays=days),
    st.tuples(clocks, clocks).filter(lambda clock: clock[0] != clock[1]),
    weekdays,
)


@given(one=nights, other=nights)
def test_two_nights_meet_where_some_quarter_of_an_hour_is_in_both(one, other):
    both = any(one.covers_clock(at) and other.covers_clock(at) for at in QUARTERS)
    assert bool(charged_together([one, other])) == both


@given(
    first=st.lists(st.dates(date(2017, 1, 1), date(2018, 12, 31)), min_size=2, max_size=2),
    lengths=st.lists(st.integers(0, 364), min_size=2, max_size=2),
    yearly=st.tuples(st.booleans(), st.booleans()),
)
def test_two_holidays_meet_where_some_day_is_in_both(first, lengths, yearly):
    one, other = (
        surcharge("holiday", first_day=day, last_day=day + timedelta(days=n), every_year=again)
        for day, n, again in zip(first, lengths, yearly, strict=True)
    )
    days = [date(2016, 1, 1) + timedelta(days=n) for n in range(4 * 366)]
    both = any(one.covers_day(day) and other.covers_day(day) for day in days)
    assert bool(charged_together([one, other])) == both


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ({"kind": "airport"}, {"kind": "airport"}, True),
        ({"kind": "airport", "place": place(1)}, {"kind": "airport", "place": place(2)}, False),
        ({"kind": "airport", "place": place(1)}, {"kind": "airport"}, True),
        ({"kind": "airport", "car_class": CLASSIC}, {"kind": "airport", "car_class": CarClass(pk=9)}, False),
        ({"kind": "extra_stop"}, {"kind": "extra_stop"}, False),
        ({"kind": "short_notice"}, {"kind": "airport"}, False),
    ],
)
def test_those_of_other_places_classes_and_kinds_do_not_meet(one, other, together):
    assert bool(charged_together([surcharge(**one), surcharge(**other)])) == together


def test_a_rate_for_both_ways_is_found_where_the_way_back_has_its_own():
    start, end = place(1), place(2)
    there = rate("route", Decimal(60), pk=1, from_place=start, to_place=end)
    back = rate("route", Decimal(75), pk=2, from_place=end, to_place=start, both_ways=False)
    within = rate("zones", Decimal(20), pk=3, from_zone_id=4, to_zone_id=4)
    assert with_a_way_back([there, within]) == []
    assert with_a_way_back([there, back, within]) == [there]
    back.car_class = CLASSIC
    assert with_a_way_back([there, back]) == []
