"""Each rule by itself, and all of them at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings import rules
from bookings.days import Days
from bookings.errors import Invalid
from cars.models import Car, Fleet, Location

NOON = datetime(2027, 3, 3, 11, 0, tzinfo=UTC)  # 12:00 in Paris
TODAY = date(2027, 3, 3)


def car(**fields):
    location = Location(time_zone=fields.pop("zone", "Europe/Paris"))
    location.__dict__ |= {"_hours": fields.pop("hours", {}), "_closed": fields.pop("closed", [])}
    return Car(location=location, fleet=Fleet(), **fields)


def codes(subject, start, length, at=NOON - timedelta(hours=2)):
    return [r.code for r in rules.reasons(subject, Days.starting(TODAY + timedelta(days=start), length), at)]


@pytest.mark.parametrize(
    ("fields", "start", "length", "expected"),
    [
        ({}, 1, 1, []),
        ({}, 0, 1, []),
        ({}, -1, 1, ["past_day"]),
        ({}, -1, 3, ["past_day"]),
        ({}, 1, 28, []),
        ({}, 1, 29, ["max_days"]),
        ({"max_days": 3}, 1, 4, ["max_days"]),
        ({"max_days": 40}, 1, 40, []),
        ({"min_days": 3}, 1, 2, ["min_days"]),
        ({"min_days": 3}, 1, 3, []),
        ({}, 365, 1, []),
        ({}, 366, 1, ["horizon"]),
        ({}, 364, 2, []),
        ({}, 365, 2, ["horizon"]),
        ({"status": "maintenance"}, 1, 1, ["not_offered"]),
        ({"status": "retired"}, 1, 1, ["not_offered"]),
        (
            {"status": "retired", "min_days": 3, "max_days": 2},
            -400,
            1,
            ["not_offered", "past_day", "min_days"],
        ),
        ({"min_days": 2, "max_days": 1}, 400, 3, ["horizon", "max_days"]),
    ],
)
def test_rules_answer_with_every_reason(fields, start, length, expected):
    assert codes(car(**fields), start, length) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [(-1, []), (0, ["cut_off"]), (1, ["cut_off"]), (11 * 60, ["cut_off"])]
)
def test_pick_up_today_closes_at_the_cut_off_hour(minutes, expected):
    at = NOON + timedelta(minutes=minutes)
    assert codes(car(), 0, 1, at) == expected
    assert codes(car(), 1, 1, at) == []


@pytest.mark.parametrize(
    ("zone", "at", "start", "expected"),
    [
        ("Pacific/Auckland", datetime(2027, 3, 3, 12, tzinfo=UTC), 0, ["past_day"]),  # 01:00 on the 4th there
        ("Pacific/Auckland", datetime(2027, 3, 3, 12, tzinfo=UTC), 1, []),
        (
            "America/New_York",
            datetime(2027, 3, 4, 4, 59, tzinfo=UTC),
            0,
            ["cut_off"],
        ),  # 23:59 on the 3rd there
        ("America/New_York", datetime(2027, 3, 4, 5, 0, tzinfo=UTC), 0, ["past_day"]),
        ("Europe/Paris", datetime(2027, 3, 2, 23, 0, tzinfo=UTC), 0, []),  # 00:00 on the 3rd there
        ("Europe/Paris", datetime(2027, 3, 2, 22, 59, tzinfo=UTC), 365, ["horizon"]),
    ],
)
def test_today_is_the_locations_today(zone, at, start, expected):
    assert codes(car(zone=zone), start, 1, at) == expected


# The hour that is skipped or repeated must not move the cut-off: 12:00 is 12:00 on the wall.
@pytest.mark.parametrize(
    ("zone", "day", "before_noon"),
    [
        ("Europe/Paris", date(2027, 3, 28), datetime(2027, 3, 28, 9, 59, tzinfo=UTC)),
        ("Europe/Paris", date(2027, 10, 31), datetime(2027, 10, 31, 10, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 3, 14), datetime(2027, 3, 14, 15, 59, tzinfo=UTC)),
        ("America/New_York", date(2027, 11, 7), datetime(2027, 11, 7, 16, 59, tzinfo=UTC)),
        ("Pacific/Auckland", date(2027, 9, 26), datetime(2027, 9, 25, 22, 59, tzinfo=UTC)),
        ("Pacific/Auckland", date(2027, 4, 4), datetime(2027, 4, 3, 23, 59, tzinfo=UTC)),
    ],
)
def test_the_cut_off_is_wall_clock_time_around_clock_changes(zone, day, before_noon):
    subject, one = car(zone=zone), Days(day, day)
    assert rules.reasons(subject, one, before_noon) == []
    assert [r.code for r in rules.reasons(subject, one, before_noon + timedelta(minutes=1))] == ["cut_off"]


def test_reasons_are_said_in_the_readers_language_with_numbers():
    (reason,) = rules.reasons(car(min_days=3), Days.starting(TODAY, 1), NOON - timedelta(hours=2))
    assert reason.message == "Rent this car for at least 3 days."


def test_days_count_both_ends():
    assert len(Days(TODAY, TODAY)) == 1
    assert len(Days.parse("2027-03-27", "2027-03-29")) == 3  # across a clock change
    assert list(Days.parse("2027-03-11", "2027-03-12")) == [date(2027, 3, 11), date(2027, 3, 12)]
    assert Days.parse("2027-03-11", "2027-03-14").isoformat == "2027-03-11/2027-03-14"


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        ("", "2027-03-11", "start"),
        ("2027-03-11", "", "end"),
        ("2027-02-30", "2027-03-11", "start"),
        ("2027-03-11", "x", "end"),
        (None, None, "start"),
        ("2027-03-11", "2027-03-10", "end"),
        ("11/03/2027", "2027-03-10", "start"),
        ("2027-03-11T00:00", "2027-03-10", "end"),
    ],
)
def test_impossible_days_name_the_field(start, end, field):
    with pytest.raises(Invalid) as refusal:
        Days.parse(start, end)
    assert list(refusal.value.details["fields"]) == [field]
    assert refusal.value.status == 422


def test_a_range_cannot_be_built_backwards():
    with pytest.raises(ValueError, match="end before start"):
        Days(TODAY, TODAY - timedelta(days=1))
