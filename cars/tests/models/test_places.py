"""A location's clock: its hours, its closed days, and instants across the changes of its clock."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from bookings.tests.support.factories import LocationFactory
from cars.models import Agency, ClosedDay, Location, OpeningHours
from cars.models.places import validate_time_zone
from exodrive.rls import PUBLIC, acting_as, as_owner

pytestmark = pytest.mark.django_db
# Weekdays of a year that is over: no rule compares them with today.
MONDAY, SUNDAY = date(2024, 6, 3), date(2024, 6, 9)
PUT_FORWARD, PUT_BACK = date(2024, 3, 31), date(2024, 10, 27)  # the clock of Paris, at 02:00 and 03:00


def place(**fields):
    return LocationFactory(**fields)


def closed(**fields):
    with as_owner():
        return ClosedDay.objects.create(**fields)


def fresh(location):
    """As the next request reads it: hours and closed days are remembered by an object."""
    with acting_as(PUBLIC):
        return Location.objects.get(pk=location.pk)


def set_hours(location, weekday, opens, closes):
    with as_owner():
        OpeningHours.objects.filter(location=location, weekday=weekday).update(opens=opens, closes=closes)


def is_closed(location, day):
    with acting_as(PUBLIC):
        return fresh(location).is_closed(day)


def test_hours_are_those_of_the_weekday():
    paris = place()
    set_hours(paris, 0, time(8, 30), time(12))
    with acting_as(PUBLIC):
        known = fresh(paris)
        assert known.spans_on(MONDAY) == ((time(8, 30), time(12)),)
        assert (known.opens_on(MONDAY), known.closes_on(MONDAY)) == (time(8, 30), time(12))
        assert (known.opens_on(SUNDAY), known.closes_on(SUNDAY)) == (time(10), time(18))


def test_a_weekday_without_hours_is_closed_and_still_has_usual_times():
    paris = place()
    with as_owner():
        paris.opening_hours.filter(weekday=6).delete()
    with acting_as(PUBLIC):
        known = fresh(paris)
        assert known.is_closed(SUNDAY)
        assert not known.is_closed(MONDAY)
        assert known.spans_on(SUNDAY) == ()
        assert (known.opens_on(SUNDAY), known.closes_on(SUNDAY)) == (time(10), time(18))


def test_a_location_without_any_hours_is_open_every_day():
    paris = place()
    with as_owner():
        paris.opening_hours.all().delete()
    assert not any(is_closed(paris, day) for day in (MONDAY, SUNDAY))


def test_a_closed_day_is_for_one_location_or_for_all():
    paris, lyon = place(), place()
    closed(location=paris, date=MONDAY)
    assert (is_closed(paris, MONDAY), is_closed(lyon, MONDAY)) == (True, False)
    closed(date=SUNDAY)
    assert (is_closed(paris, SUNDAY), is_closed(lyon, SUNDAY)) == (True, True)


@pytest.mark.parametrize(
    ("day", "every_year", "covered"),
    [
        (date(2024, 12, 25), True, True),
        (date(2031, 12, 25), True, True),
        (date(2031, 12, 24), True, False),
        (date(2024, 12, 25), False, True),
        (date(2025, 12, 25), False, False),
    ],
)
def test_a_holiday_comes_back_every_year_when_it_says_so(day, every_year, covered):
    assert ClosedDay(date=date(2024, 12, 25), every_year=every_year).covers(day) is covered


def test_the_29th_of_february_comes_back_in_leap_years():
    leap = ClosedDay(date=date(2024, 2, 29), every_year=True)
    assert leap.covers(date(2028, 2, 29))
    assert not leap.covers(date(2027, 2, 28))
    assert not leap.covers(date(2027, 3, 1))


def test_with_hours_answers_for_all_locations_in_three_queries(django_assert_num_queries):
    paris, lyon = place(), place()
    closed(location=lyon, date=MONDAY)
    closed(date=SUNDAY)
    with acting_as(PUBLIC), django_assert_num_queries(3):
        known = {location.pk: location for location in Location.with_hours()}
        said = [
            (known[p.pk].is_closed(MONDAY), known[p.pk].is_closed(SUNDAY), known[p.pk].opens_on(MONDAY))
            for p in (paris, lyon)
        ]
    assert said == [(False, True, time(10)), (True, True, time(10))]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Paris", date(2024, 6, 4)),
        ("Atlantic/Madeira", date(2024, 6, 3)),
        ("Pacific/Kiritimati", date(2024, 6, 4)),
        ("America/Los_Angeles", date(2024, 6, 3)),
    ],
)
def test_today_is_the_date_on_the_locations_own_wall(zone, day):
    at = datetime(2024, 6, 3, 22, 30, tzinfo=UTC)
    assert Location(time_zone=zone).today(at) == day


@pytest.mark.parametrize(
    ("day", "clock", "utc"),
    [
        (date(2024, 1, 15), time(10), "2024-01-15T09:00"),
        (date(2024, 7, 15), time(10), "2024-07-15T08:00"),
        (PUT_FORWARD, time(1, 59), "2024-03-31T00:59"),
        (PUT_FORWARD, time(3), "2024-03-31T01:00"),
        (PUT_BACK, time(2, 30), "2024-10-27T00:30"),  # twice on that day: the earlier one
        (PUT_BACK, time(3), "2024-10-27T02:00"),
    ],
)
def test_a_local_clock_time_is_one_instant(day, clock, utc):
    instant = Location(time_zone="Europe/Paris").instant(day, clock)
    assert instant.isoformat(timespec="minutes").removesuffix("+00:00") == utc


def test_between_two_instants_are_real_hours():
    paris = Location(time_zone="Europe/Paris")
    for day, hours in ((PUT_FORWARD, 23), (PUT_BACK, 25)):
        noon, noon_before = (paris.instant(one, time(12)) for one in (day, day - timedelta(days=1)))
        assert noon - noon_before == timedelta(hours=hours)
    # Half past two is skipped on that day and is half past three by the new time.
    assert paris.instant(PUT_FORWARD, time(2, 30)) > paris.instant(PUT_FORWARD, time(3))


@pytest.mark.parametrize(
    "name",
    ["Europe/Paris", "Atlantic/Madeira", "America/Argentina/Ushuaia", "America/Port-au-Prince", "Etc/UTC"],
)
def test_time_zones_of_the_iana_list_are_taken(name):
    validate_time_zone(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Paris",
        "Europe/Nowhere",
        "GMT+25",
        "../etc/passwd",
        "europe/paris",
        "UTC",
        "CET",
        "EST5EDT",
        "Europe/Paris\n",
    ],
)
def test_anything_else_is_refused_by_name(name):
    with pytest.raises(ValidationError, match="is not a time zone"):
        validate_time_zone(name)


@pytest.mark.parametrize("name", ["UTC", "CET", "EST5EDT", "", "Europe/"])
def test_the_database_takes_no_zone_of_one_word(name):
    paris = place()
    with as_owner(), pytest.raises(IntegrityError, match="time_zone_is_area_and_city"), transaction.atomic():
        Location.objects.filter(pk=paris.pk).update(time_zone=name)


def test_zones_of_one_word_become_the_city_that_they_stand_for():
    migration = import_module("cars.migrations.0034_time_zones_have_a_city")
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE locations DROP CONSTRAINT time_zone_is_area_and_city")
        words = [place(time_zone=word) for word in ("CET", "UTC", "Europe/Rome")]
        migration.name_the_city(apps, None)
        zones = [Location.objects.get(pk=found.pk).time_zone for found in words]
        assert zones == ["Europe/Brussels", "Etc/UTC", "Europe/Rome"]
        Location.objects.filter(pk=words[0].pk).update(time_zone="Factory")
        with pytest.raises(ValueError, match=rf"{words[0].slug} \(Factory\)"):
            migration.name_the_city(apps, None)
    for city in migration.CITIES.values():
        validate_time_zone(city)


@pytest.mark.parametrize(
    "hours",
    [
        {"weekday": 0, "opens": time(10), "closes": time(17)},  # Monday opens then already
        {"weekday": 6, "opens": time(18), "closes": time(18)},
        {"weekday": 6, "opens": time(18), "closes": time(9)},
    ],
)
def test_the_database_keeps_sensible_hours(hours):
    paris = place()
    with as_owner():
        paris.opening_hours.filter(weekday=6).delete()
        with pytest.raises(IntegrityError), transaction.atomic():
            OpeningHours.objects.create(location=paris, **hours)


def test_a_place_with_a_break_opens_twice_and_closes_once_for_good():
    paris = place()
    with as_owner():
        paris.opening_hours.filter(weekday=0).update(opens=time(14), closes=time(18))
        OpeningHours.objects.create(location=paris, weekday=0, opens=time(9), closes=time(12))
        known = Location.objects.get(pk=paris.pk)
        assert known.spans_on(MONDAY) == ((time(9), time(12)), (time(14), time(18)))
        assert (known.opens_on(MONDAY), known.closes_on(MONDAY)) == (time(9), time(18))
        assert known.hours_text == "Mon 09:00–12:00 and 14:00–18:00, Tue–Sun 10:00–18:00"


def test_names_read_as_people_say_them():
    hours = OpeningHours(weekday=2, opens=time(8, 30), closes=time(18))
    assert str(hours) == "Wednesday 08:30–18:00"
    assert str(ClosedDay(date=MONDAY, name="Whit Monday")) == "2024-06-03 Whit Monday"
    assert str(ClosedDay(date=MONDAY)) == "2024-06-03"


def test_a_new_site_has_an_agency_and_one_that_has_some_gets_no_more(settings):
    make = import_module("cars.migrations.0036_one_agency").make
    settings.BUSINESS_NAME = "Rent & Co"
    with as_owner():
        Agency.objects.all().delete()
        make(apps, None)
        make(apps, None)
        assert list(Agency.objects.values_list("name", "slug")) == [("Rent & Co", "exodrive")]
