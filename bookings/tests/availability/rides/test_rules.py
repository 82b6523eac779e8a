"""Why a ride cannot be had: each rule at its edge, all reasons at once, and hours that cross midnight and clock changes."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bookings.availability.rides.rules import lasting, reasons
from bookings.availability.rides.wish import Wish, hours_from
from bookings.errors import Invalid
from cars.models import CarClass, ClosedDay, Location, Service, ServiceHours

PARIS = ZoneInfo("Europe/Paris")
WEDNESDAY = date(2019, 6, 5)
NOW = datetime(2019, 6, 1, 12, tzinfo=PARIS)
SALOON = CarClass(pk=1, name="Saloon", passengers=3, bags=2)


def service(opens="08:00", closes="20:00", *, weekdays=range(7), closed=(), **facts):
    """By the hour, from one to eight hours, on the quarter; nothing is asked of the database."""
    place = Location(time_zone="Europe/Paris")
    place.__dict__["_closed"] = [ClosedDay(date=day) for day in closed]
    usual = {"min_minutes": 60, "max_minutes": 480, "is_offered": True, "kind": "hourly"}
    found = Service(pk=1, name="Ride", location=place, **usual | facts)
    times = [time.fromisoformat(clock) for clock in (opens, closes)]
    rows = [ServiceHours(weekday=n, opens=times[0], closes=times[1]) for n in weekdays]
    found.__dict__["_prefetched_objects_cache"] = {"hours": rows}
    return found


def codes(of=None, clock="10:00", minutes=120, *, day=WEDNESDAY, at=NOW, **who):
    of = of or service()
    hours = hours_from(of, day, time.fromisoformat(clock), minutes)
    return [reason.code for reason in reasons(Wish(of, SALOON, hours, **who), at)]


def ahead(minutes):
    return datetime(2019, 6, 5, 10, tzinfo=PARIS) - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ({}, []),
        ({"of": service(is_offered=False)}, ["not_offered"]),
        ({"at": ahead(-1)}, ["past_time"]),
        ({"at": ahead(0)}, ["past_time"]),
        ({"at": ahead(119)}, ["lead_time"]),
        ({"at": ahead(120)}, []),
        ({"of": service(horizon_days=4)}, []),
        ({"of": service(horizon_days=3)}, ["horizon"]),
        ({"minutes": 59}, ["min_duration"]),
        ({"minutes": 60}, []),
        ({"minutes": 480}, []),
        ({"minutes": 481}, ["max_duration"]),
        ({"of": service(kind="transfer"), "minutes": 20}, []),
        ({"clock": "10:10"}, ["step"]),
        ({"clock": "10:45"}, []),
        ({"of": service(step_minutes=60), "clock": "10:30"}, ["step"]),
        ({"of": service(closed=[WEDNESDAY])}, ["closed"]),
        ({"clock": "07:45"}, ["outside_hours"]),
        ({"clock": "18:00"}, []),
        ({"clock": "18:15"}, ["outside_hours"]),
        ({"of": service(weekdays=[0, 1, 3])}, ["outside_hours"]),
        ({"passengers": 3, "bags": 2}, []),
        ({"passengers": 4}, ["passengers"]),
        ({"bags": 3}, ["luggage"]),
    ],
)
def test_each_rule_at_its_edge(asked, refused):
    assert codes(**asked) == refused


def test_all_reasons_are_said_at_once():
    found = codes(service(closed=[WEDNESDAY]), "10:10", 20, at=ahead(30), passengers=9, bags=9)
    assert found == ["lead_time", "min_duration", "step", "closed", "passengers", "luggage"]


@pytest.mark.parametrize(
    ("opens", "closes", "clock", "minutes", "fits"),
    [
        ("18:00", "02:00", "22:00", 240, True),  # over midnight, to the minute
        ("18:00", "02:00", "22:15", 240, False),
        ("18:00", "02:00", "00:30", 60, True),  # of the day before
        ("18:00", "02:00", "02:00", 60, False),
        ("00:00", "00:00", "20:00", 480, True),  # all day: one day meets the next
        ("00:00", "00:00", "00:00", 480, True),
        ("08:00", "00:00", "22:00", 120, True),
        ("08:00", "00:00", "22:15", 120, False),
    ],
)
def test_hours_that_go_on_after_midnight(opens, closes, clock, minutes, fits):
    assert codes(service(opens, closes), clock, minutes) == ([] if fits else ["outside_hours"])


def test_a_closed_day_takes_the_hours_that_begin_on_it_and_no_others():
    late = service("18:00", "02:00", closed=[WEDNESDAY])
    assert codes(late, "22:00", 60, day=date(2019, 6, 4)) == []
    assert codes(late, "22:00", 240, day=date(2019, 6, 4)) == []  # until two on the closed day
    assert codes(late, "01:00", 60, day=date(2019, 6, 6)) == ["outside_hours"]


def test_three_hours_are_three_hours_when_the_clocks_change():
    always = service("00:00", "00:00")
    for day in (date(2019, 3, 31), date(2019, 10, 27)):
        hours = hours_from(always, day, time(1), 180)
        assert hours.length == timedelta(hours=3)
    ends = hours.ends_at.astimezone(PARIS)
    assert (ends.hour, ends.minute) == (3, 0)
    with pytest.raises(Invalid) as refused:
        hours_from(always, date(2019, 3, 31), time(2, 30), 60)
    assert "02:30" in str(refused.value.as_json())


def test_a_duration_is_said_in_hours_and_minutes():
    assert [lasting(n) for n in (45, 60, 150, 65)] == ["45 min", "1 h", "2 h 30 min", "1 h 05 min"]
