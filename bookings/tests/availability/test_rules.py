"""Each rule by itself, and all of them at once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bookings.availability import rules
from bookings.availability.rules import Now
from bookings.days import Days
from bookings.errors import Invalid
from cars.models import Car, ClosedDay, Fleet, Location, OpeningHours
from exodrive.i18n import formats

NINE = datetime(2027, 3, 3, 9, 0, tzinfo=UTC)  # 10:00 on a Wednesday in Paris
NOON = NINE + timedelta(hours=2)
TODAY = date(2027, 3, 3)
MON, TUE, WED, THU, FRI, SAT, SUN = (1 << n for n in range(7))
OPEN = {n: ((datetime(2027, 1, 1, 10).time(), datetime(2027, 1, 1, 18).time()),) for n in range(7)}  # noqa: DTZ001
NO_SUNDAY = {n: hours for n, hours in OPEN.items() if n != 6}


def place(zone="Europe/Paris", hours=OPEN, closed=(), name="Lyon"):
    location = Location(pk=hash(name) % 1000, name=name, time_zone=zone)
    location.__dict__ |= {"_hours": dict(hours), "_closed": [ClosedDay(**day) for day in closed]}
    return location


def car(fleet=None, **fields):
    known = {name: fields.pop(name) for name in ("zone", "hours", "closed") if name in fields}
    return Car(location=place(**known), fleet=Fleet(**(fleet or {})), **fields)


def codes(subject, start, length, at=NINE, **places):
    days = Days.starting(TODAY + timedelta(days=start), length)
    return [r.code for r in rules.reasons(subject, days, at, **places)]


# What the car says, what its fleet says, first day counted from today (a Wednesday), length, reasons expected.
LENGTHS = [
    ({}, {}, 1, 1, []),
    ({}, {}, 1, 2, []),
    ({}, {}, 1, 28, []),
    ({}, {}, 1, 29, ["max_days"]),
    ({}, {}, 1, 60, ["max_days"]),
    ({"max_days": 3}, {}, 1, 3, []),
    ({"max_days": 3}, {}, 1, 4, ["max_days"]),
    ({"max_days": 40}, {}, 1, 40, []),
    ({"max_days": 40}, {}, 1, 41, ["max_days"]),
    ({}, {"max_days": 5}, 1, 5, []),
    ({}, {"max_days": 5}, 1, 6, ["max_days"]),
    ({"max_days": 9}, {"max_days": 5}, 1, 9, []),
    ({"max_days": 2}, {"max_days": 5}, 1, 3, ["max_days"]),
    ({"min_days": 3}, {}, 1, 1, ["min_days"]),
    ({"min_days": 3}, {}, 1, 2, ["min_days"]),
    ({"min_days": 3}, {}, 1, 3, []),
    ({}, {"min_days": 2}, 1, 1, ["min_days"]),
    ({}, {"min_days": 2}, 1, 2, []),
    ({"min_days": 1}, {"min_days": 2}, 1, 1, []),
    ({"min_days": 4}, {"min_days": 2}, 1, 3, ["min_days"]),
    ({"min_days": 3, "max_days": 3}, {}, 1, 3, []),
    ({"min_days": 3, "max_days": 3}, {}, 1, 2, ["min_days"]),
    ({"min_days": 3, "max_days": 3}, {}, 1, 4, ["max_days"]),
]
HORIZON = [
    ({}, {}, 364, 1, []),
    ({}, {}, 365, 1, []),
    ({}, {}, 366, 1, ["horizon"]),
    ({}, {}, 364, 2, []),
    ({}, {}, 365, 2, ["horizon"]),
    ({}, {}, 360, 10, ["horizon"]),
    ({"horizon_days": 30}, {}, 30, 1, []),
    ({"horizon_days": 30}, {}, 31, 1, ["horizon"]),
    ({"horizon_days": 30}, {}, 20, 11, []),
    ({"horizon_days": 30}, {}, 20, 12, ["horizon"]),
    ({}, {"horizon_days": 7}, 7, 1, []),
    ({}, {"horizon_days": 7}, 8, 1, ["horizon"]),
    ({"horizon_days": 500}, {"horizon_days": 7}, 450, 1, []),
    ({"horizon_days": 0}, {}, 0, 1, []),
    ({"horizon_days": 0}, {}, 1, 1, ["horizon"]),
    ({"horizon_days": 10}, {"horizon_days": 365}, 9, 3, ["horizon"]),
    ({"max_days": 400}, {}, 0, 366, []),  # as long as the horizon reaches
    ({"max_days": 400}, {}, 0, 367, ["horizon"]),
]
PAST = [
    ({}, {}, 0, 1, []),
    ({}, {}, -1, 1, ["past_day"]),
    ({}, {}, -1, 3, ["past_day"]),
    ({}, {}, -30, 1, ["past_day"]),
    ({}, {}, -1, 40, ["past_day", "max_days"]),
    ({"cut_off_hour": 0}, {}, -1, 1, ["past_day"]),  # the cut-off is about today
    ({"pickup_weekdays": MON}, {}, -1, 1, ["past_day", "pickup_weekday"]),
]
STATUS = [
    ({"status": "offered"}, {}, 1, 1, []),
    ({"status": "maintenance"}, {}, 1, 1, ["not_offered"]),
    ({"status": "retired"}, {}, 1, 1, ["not_offered"]),
    ({"status": "retired"}, {}, -1, 1, ["not_offered", "past_day"]),
]
LEAD = [
    ({}, {}, 0, 1, []),
    ({"lead_time_hours": 0}, {"lead_time_hours": 24}, 0, 1, []),
    ({"lead_time_hours": 1}, {}, 0, 1, ["lead_time"]),  # opens at 10:00, and it is 10:00
    ({"lead_time_hours": 24}, {}, 1, 1, []),
    ({"lead_time_hours": 25}, {}, 1, 1, ["lead_time"]),
    ({"lead_time_hours": 25}, {}, 2, 1, []),
    ({"lead_time_hours": 48}, {}, 1, 3, ["lead_time"]),
    ({"lead_time_hours": 48}, {}, 2, 1, []),
    ({"lead_time_hours": 49}, {}, 2, 1, ["lead_time"]),
    ({}, {"lead_time_hours": 24}, 0, 1, ["lead_time"]),
    ({}, {"lead_time_hours": 24}, 1, 1, []),
    ({}, {"lead_time_hours": 72}, 2, 2, ["lead_time"]),
    ({"lead_time_hours": 24}, {"lead_time_hours": 72}, 2, 2, []),
    ({"lead_time_hours": 24}, {}, -1, 1, ["past_day"]),
    ({"lead_time_hours": 24, "hours": NO_SUNDAY}, {}, 4, 1, ["closed"]),
    ({"lead_time_hours": 365 * 24}, {}, 364, 1, ["lead_time"]),
    ({"lead_time_hours": 365 * 24}, {}, 365, 1, []),
    ({"lead_time_hours": 96, "horizon_days": 3}, {}, 3, 1, ["lead_time"]),  # no day can be booked at all
    ({"lead_time_hours": 96, "horizon_days": 3}, {}, 4, 1, ["horizon"]),
]
WEEKDAYS = [
    ({"pickup_weekdays": WED}, {}, 0, 1, []),
    ({"pickup_weekdays": WED}, {}, 1, 1, ["pickup_weekday"]),
    ({"pickup_weekdays": WED}, {}, 7, 4, []),
    ({"pickup_weekdays": FRI | SAT}, {}, 2, 3, []),
    ({"pickup_weekdays": FRI | SAT}, {}, 3, 3, []),
    ({"pickup_weekdays": FRI | SAT}, {}, 4, 3, ["pickup_weekday"]),
    ({"dropoff_weekdays": SUN}, {}, 2, 3, []),
    ({"dropoff_weekdays": SUN}, {}, 2, 2, ["dropoff_weekday"]),
    ({"dropoff_weekdays": SUN}, {}, 4, 1, []),
    ({"dropoff_weekdays": SUN}, {}, 5, 1, ["dropoff_weekday"]),
    ({"pickup_weekdays": SAT, "dropoff_weekdays": SAT}, {}, 3, 8, []),
    ({"pickup_weekdays": SAT, "dropoff_weekdays": SAT}, {}, 3, 7, ["dropoff_weekday"]),
    ({"pickup_weekdays": SAT, "dropoff_weekdays": SAT}, {}, 4, 7, ["pickup_weekday"]),
    ({"pickup_weekdays": SAT, "dropoff_weekdays": SAT}, {}, 4, 6, ["pickup_weekday", "dropoff_weekday"]),
    ({}, {"pickup_weekdays": MON | TUE}, 5, 1, []),
    ({}, {"pickup_weekdays": MON | TUE}, 1, 1, ["pickup_weekday"]),
    ({"pickup_weekdays": THU}, {"pickup_weekdays": MON | TUE}, 1, 1, []),
    ({}, {"dropoff_weekdays": MON}, 3, 3, []),
    ({}, {"dropoff_weekdays": MON}, 3, 2, ["dropoff_weekday"]),
    ({"pickup_weekdays": FRI, "dropoff_weekdays": MON}, {}, 2, 1, ["dropoff_weekday"]),  # never for one day
    ({"pickup_weekdays": FRI, "dropoff_weekdays": MON}, {}, 2, 4, []),
    ({"pickup_weekdays": 127, "dropoff_weekdays": 127}, {"pickup_weekdays": MON}, 1, 1, []),
]
FRIDAY_OFF = [{"date": TODAY + timedelta(days=2)}]
LABOUR_DAY = [{"date": date(2020, 5, 1), "every_year": True}]
CLOSED = [
    ({"hours": NO_SUNDAY}, {}, 4, 1, ["closed"]),
    ({"hours": NO_SUNDAY}, {}, 3, 1, []),
    ({"hours": NO_SUNDAY}, {}, 3, 2, ["closed"]),
    ({"hours": NO_SUNDAY}, {}, 3, 3, []),  # spans the Sunday
    ({"hours": NO_SUNDAY}, {}, 4, 2, ["closed"]),
    ({"hours": NO_SUNDAY}, {}, 4, 8, ["closed", "closed"]),
    ({"hours": {}}, {}, 4, 1, []),  # no hours known: always there
    ({"closed": FRIDAY_OFF}, {}, 2, 1, ["closed"]),
    ({"closed": FRIDAY_OFF}, {}, 1, 2, ["closed"]),
    ({"closed": FRIDAY_OFF}, {}, 1, 3, []),
    ({"closed": FRIDAY_OFF}, {}, 2, 3, ["closed"]),
    ({"closed": FRIDAY_OFF}, {}, 9, 1, []),
    ({"closed": LABOUR_DAY}, {}, 59, 1, ["closed"]),
    ({"closed": LABOUR_DAY}, {}, 58, 3, []),
    ({"closed": LABOUR_DAY}, {}, 60, 1, []),
    ({"closed": [{"date": date(2026, 3, 5)}]}, {}, 2, 1, []),  # last year's, and only then
    ({"closed": FRIDAY_OFF, "hours": NO_SUNDAY}, {}, 2, 3, ["closed", "closed"]),
]
SEVERAL = [
    (
        {"status": "retired", "min_days": 3, "max_days": 5},
        {},
        -400,
        1,
        ["not_offered", "past_day", "min_days"],
    ),
    ({"max_days": 2}, {}, 400, 3, ["horizon", "max_days"]),
    ({"min_days": 5, "max_days": 3}, {}, 1, 4, ["min_days", "max_days"]),  # a car that nobody can rent
    ({"min_days": 2, "cut_off_hour": 9}, {}, 0, 1, ["cut_off", "min_days"]),
    (
        {
            "status": "maintenance",
            "pickup_weekdays": MON,
            "dropoff_weekdays": MON,
            "min_days": 2,
            "hours": NO_SUNDAY,
        },
        {},
        4,
        1,
        ["not_offered", "min_days", "pickup_weekday", "dropoff_weekday", "closed"],
    ),
    ({"min_days": 5, "pickup_weekdays": MON}, {}, 1, 2, ["min_days", "pickup_weekday"]),
    ({"hours": NO_SUNDAY, "dropoff_weekdays": MON}, {}, 2, 3, ["dropoff_weekday", "closed"]),
    (
        {"lead_time_hours": 72, "pickup_weekdays": MON, "closed": FRIDAY_OFF},
        {},
        2,
        1,
        ["lead_time", "pickup_weekday", "closed"],
    ),
]
TABLE = [*LENGTHS, *HORIZON, *PAST, *STATUS, *LEAD, *WEEKDAYS, *CLOSED, *SEVERAL]


@pytest.mark.parametrize(("own", "fleet", "start", "length", "expected"), TABLE)
def test_rules_answer_with_every_reason(own, fleet, start, length, expected):
    assert codes(car(fleet, **own), start, length) == expected


CUT_OFF = [
    # the car's hour, the fleet's hour, minutes after noon there, reasons for today
    (None, 12, -1, []),
    (None, 12, 0, ["cut_off"]),
    (None, 12, 1, ["cut_off"]),
    (None, 12, 11 * 60, ["cut_off", "over_for_today"]),
    (None, 15, 0, []),
    (None, 15, 179, []),
    (None, 15, 180, ["cut_off"]),
    (9, 15, -181, []),
    (9, 15, -180, ["cut_off"]),
    (18, 12, 100, []),
    (0, 12, -700, ["cut_off"]),
    (24, 12, 330, []),
    (24, 12, 331, ["over_for_today"]),  # 18:00 is left, and the car is due back then
    (24, 12, 361, ["over_for_today"]),
    (24, 12, 719, ["over_for_today"]),
]


@pytest.mark.parametrize(("own", "fleet", "minutes", "expected"), CUT_OFF)
def test_pick_up_today_closes_at_the_cut_off_hour(own, fleet, minutes, expected):
    at, subject = NOON + timedelta(minutes=minutes), car({"cut_off_hour": fleet}, cut_off_hour=own)
    assert codes(subject, 0, 1, at) == expected
    assert codes(subject, 1, 1, at) == []


@pytest.mark.parametrize(
    ("zone", "at", "start", "expected"),
    [
        ("Pacific/Auckland", datetime(2027, 3, 3, 12, tzinfo=UTC), 0, ["past_day"]),  # 01:00 on the 4th there
        ("Pacific/Auckland", datetime(2027, 3, 3, 12, tzinfo=UTC), 1, []),
        (
            "America/New_York",
            datetime(2027, 3, 4, 4, 59, tzinfo=UTC),
            0,
            ["cut_off", "over_for_today"],
        ),  # 23:59 on the 3rd there
        ("America/New_York", datetime(2027, 3, 4, 5, 0, tzinfo=UTC), 0, ["past_day"]),
        ("Europe/Paris", datetime(2027, 3, 2, 23, 0, tzinfo=UTC), 0, []),  # 00:00 on the 3rd there
        ("Europe/Paris", datetime(2027, 3, 2, 22, 59, tzinfo=UTC), 365, ["horizon"]),
    ],
)
def test_today_is_the_locations_today(zone, at, start, expected):
    assert codes(car(zone=zone), start, 1, at) == expected


CLOCK_CHANGES = [
    # zone, the day of the change, 11:59 on that day in UTC
    ("Europe/Paris", date(2027, 3, 28), datetime(2027, 3, 28, 9, 59, tzinfo=UTC)),
    ("Europe/Paris", date(2027, 10, 31), datetime(2027, 10, 31, 10, 59, tzinfo=UTC)),
    ("America/New_York", date(2027, 3, 14), datetime(2027, 3, 14, 15, 59, tzinfo=UTC)),
    ("America/New_York", date(2027, 11, 7), datetime(2027, 11, 7, 16, 59, tzinfo=UTC)),
    ("Pacific/Auckland", date(2027, 9, 26), datetime(2027, 9, 25, 22, 59, tzinfo=UTC)),
    ("Pacific/Auckland", date(2027, 4, 4), datetime(2027, 4, 3, 23, 59, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "before_noon"), CLOCK_CHANGES)
def test_the_cut_off_is_wall_clock_time_around_clock_changes(zone, day, before_noon):
    subject, one = car(zone=zone), Days(day, day)
    assert rules.reasons(subject, one, before_noon) == []
    after = rules.reasons(subject, one, before_noon + timedelta(minutes=1))
    assert [r.code for r in after] == ["cut_off"]


@pytest.mark.parametrize(("zone", "day", "before_noon"), CLOCK_CHANGES)
def test_days_across_a_clock_change_are_counted_by_the_calendar(zone, day, before_noon):
    subject = car(zone=zone, max_days=3)
    across = Days(day - timedelta(days=1), day + timedelta(days=1))
    early = before_noon - timedelta(days=5)
    assert len(across) == 3
    assert rules.reasons(subject, across, early) == []
    assert [r.code for r in rules.reasons(subject, across.with_buffer(1), early)] == ["max_days"]


@pytest.mark.parametrize(("zone", "day", "before_noon"), CLOCK_CHANGES)
def test_lead_time_is_real_hours_around_clock_changes(zone, day, before_noon):
    """From 11:59 the day before to 10:00: one hour less or more than the wall clock says, on the day of the change."""
    location = place(zone)
    now = Now.of(location, before_noon - timedelta(days=1))
    real = location.instant(day, OPEN[0][0][0]).astimezone(UTC) - (before_noon - timedelta(days=1))
    assert rules.hours_ahead(now, day) == pytest.approx(real.total_seconds() / 3600)


def test_another_place_to_return_brings_its_own_closed_days(monkeypatch):
    monkeypatch.setattr(formats, "this_year", lambda: TODAY.year)
    here, there = place(), place(hours=NO_SUNDAY, name="Nice")
    subject = car()
    assert codes(subject, 2, 3, pick_up=here, drop_off=there) == ["closed"]
    assert codes(subject, 2, 4, pick_up=here, drop_off=there) == []
    assert codes(subject, 4, 2, pick_up=there, drop_off=here) == ["closed"]
    (reason,) = rules.reasons(
        subject, Days.starting(TODAY + timedelta(days=2), 3), NINE, pick_up=here, drop_off=there
    )
    assert reason.message == "Nice is closed on Sun 7 Mar."


def test_the_first_bookable_day_is_the_first_no_clock_rule_forbids():
    def first(at=NINE, **own):
        subject = car(**own)
        return (rules.first_bookable_day(subject, Now.of(subject.location, at)) - TODAY).days

    assert first() == 0
    assert first(NOON) == 1
    assert first(lead_time_hours=24) == 1
    assert first(lead_time_hours=25) == 2


def test_reasons_are_said_in_the_readers_language_with_numbers():
    (reason,) = rules.reasons(car(min_days=3), Days.starting(TODAY, 1), NINE)
    assert reason.message == "Rent this car for at least 3 days."


def test_opening_hours_name_their_weekday():
    assert str(OpeningHours(weekday=0)) == "Monday 10:00–18:00"


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
