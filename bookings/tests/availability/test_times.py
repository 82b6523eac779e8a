"""At which times a car changes hands: one rule for pages, API, staff and every change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.availability.times import Handover, half_hours_at, offered, problem_of, usual_pickup
from bookings.days import Days
from bookings.errors import Invalid, RulesRefused
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.tests.support.api import Api
from bookings.tests.support.factories import CarFactory, LocationFactory, make_booking, make_desk, make_hold
from cars.models import Location, OpeningHours
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.days import clock_change, monday

pytestmark = pytest.mark.django_db
ANA = Person("Ana Reis", "ana@example.com")
PARIS = ZoneInfo("Europe/Paris")


def at(day, hour, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=PARIS)


def open_all_day(location):
    with as_owner():
        OpeningHours.objects.filter(location=location).update(opens=time(0), closes=time(23, 30))
        return Location.objects.get(pk=location.pk)


@pytest.fixture
def afternoon():
    """A car of a place where it is one or past one o'clock now, and its day: the database's clock cannot be set."""
    hours = 13 - datetime.now(UTC).hour
    zone = f"Etc/GMT{-hours:+d}" if hours else "Etc/GMT"
    car = CarFactory(location=LocationFactory(time_zone=zone), cut_off_hour=24)
    return car, car.location.today(datetime.now(UTC))


def book(car, days, moment, *, role=PUBLIC, hold=None, **details):
    asked = BookingRequest(car, days, ANA, details=Details(**details), language="en", hold=hold)
    with acting_as(role, **({"token": hold.token} if hold else {})):
        return create_booking(asked, at=moment)


def refused(call, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        call(*args, **kwargs)
    return {name: str(words[0]) for name, words in refusal.value.details["fields"].items()}


def change(booking, moment, role=PUBLIC, **what):
    details = Details(**{name: what.pop(name) for name in ("pickup_time", "return_time") if name in what})
    with acting_as(role, token=booking.secret if role == PUBLIC else ""):
        return change_booking(booking=booking, to=ChangeRequest(details=details, **what), at=moment).booking


@pytest.mark.parametrize("role", [PUBLIC, STAFF])
def test_no_car_is_picked_up_at_a_time_that_has_passed(role):
    day = monday()
    car, days = CarFactory(cut_off_hour=24), Days(day, day + timedelta(days=2))
    moment = at(day, 14, 10)
    passed = {"pickupTime": "It is past 14:00 already: choose a later time."}
    assert refused(book, car, days, moment, role=role, pickup_time=time(14)) == passed
    booking = book(car, days, moment, role=role, pickup_time=time(14, 10))
    assert refused(change, booking, moment, role, pickup_time=time(14)) == passed
    assert change(booking, moment, role, pickup_time=time(14, 30)).pickup_time == time(14, 30)
    assert change(booking, at(day, 16), role, return_time=time(12)).pickup_time == time(14, 30)


@pytest.mark.parametrize(("role", "begins"), [(PUBLIC, time(14, 30)), (STAFF, time(14, 10))])
def test_today_a_rental_begins_at_the_next_half_hour_unless_told_and_at_the_counter_now(role, begins):
    day = monday()
    car = CarFactory(cut_off_hour=24)
    booking = book(car, Days(day, day), at(day, 14, 10), role=role)
    assert (booking.pickup_time, booking.return_time) == (begins, time(18))


def test_once_it_is_over_for_today_only_the_counter_gives_a_car():
    day = monday()
    days, evening = Days(day, day + timedelta(days=1)), at(day, 18, 5)
    with pytest.raises(RulesRefused) as late:
        book(CarFactory(cut_off_hour=24), days, evening)
    assert [reason.code for reason in late.value.details["reasons"]] == ["over_for_today"]
    assert book(CarFactory(cut_off_hour=24), days, evening, role=STAFF).pickup_time == time(18, 5)


def test_a_booking_moved_to_today_begins_at_the_next_half_hour():
    day = monday()
    car = CarFactory(cut_off_hour=24)
    booking = book(car, Days(day + timedelta(days=3), day + timedelta(days=4)), at(day, 9))
    moved = change(booking, at(day, 14, 10), STAFF, days=Days(day, day + timedelta(days=1)))
    assert moved.pickup_time == time(14, 30)


@pytest.mark.parametrize("role", [PUBLIC, STAFF])
def test_the_hour_that_the_clocks_skip_is_none(role):
    night = clock_change(forward=True)
    home = open_all_day(LocationFactory())
    car = CarFactory(location=home)
    days = Days(night, night + timedelta(days=2))
    moment = at(night - timedelta(days=5), 9)
    skipped = "The clocks go forward that night: there is no 02:30."
    assert refused(book, car, days, moment, role=role, pickup_time=time(2, 30)) == {"pickupTime": skipped}
    until = Days(night - timedelta(days=2), night)
    assert refused(book, car, until, moment, role=role, return_time=time(2, 30)) == {"returnTime": skipped}
    booking = book(car, days, moment, role=role, pickup_time=time(3))
    assert refused(change, booking, moment, role, pickup_time=time(2, 30)) == {"pickupTime": skipped}
    madeira = LocationFactory(time_zone="Atlantic/Madeira")
    assert madeira.shows(night, time(2, 30))
    assert not madeira.shows(night, time(1, 30))


def test_what_cannot_be_is_not_offered():
    day, night = monday(), clock_change(forward=True)
    LocationFactory()
    with acting_as(STAFF):
        (place,) = Location.with_hours()
    halves = [time(10), time(14), time(14, 30), time(18)]
    assert offered(place, day, halves, at=at(day, 14, 10)) == halves[2:]
    assert offered(place, day, halves, at=at(day - timedelta(days=1), 14, 10)) == halves
    assert offered(place, night, [time(3), time(2, 30), time(1)], at=at(day, 1)) == [time(1), time(3)]
    assert usual_pickup(place, day, at(day, 14, 10)) == time(14, 30)
    assert usual_pickup(place, day, at(day, 8)) == time(10)


@pytest.mark.parametrize(
    ("hour", "minute", "found"),
    [(17, 59, []), (18, 0, []), (18, 1, ["over_for_today"]), (23, 59, ["over_for_today"])],
)
def test_a_day_without_a_time_left_is_not_offered(hour, minute, found):
    day = monday()
    car, days, moment = CarFactory(cut_off_hour=24), Days(day, day + timedelta(days=1)), at(day, hour, minute)
    with acting_as(PUBLIC):
        assert [reason.code for reason in rules.reasons(car, days, moment)] == found
        assert [car.pk for car in free_cars(days, AsOf(moment))] == ([] if found else [car.pk])


@pytest.mark.parametrize("length", [1, 2])
@pytest.mark.parametrize(("hour", "minute"), [(9, 0), (17, 29), (17, 59), (18, 1), (23, 9)])
def test_what_is_shown_as_free_today_can_be_had_without_naming_a_time(hour, minute, length):
    """And what is not is refused for the day, not for a time that nobody named."""
    day = monday()
    car, days, moment = CarFactory(cut_off_hour=24), Days.starting(day, length), at(day, hour, minute)
    with acting_as(PUBLIC):
        shown = [reason.code for reason in rules.reasons(car, days, moment)]
        assert [one.pk for one in free_cars(days, AsOf(moment))] == ([] if shown else [car.pk])
    if shown:
        with pytest.raises(RulesRefused) as refusal:
            book(car, days, moment)
        assert [reason.code for reason in refusal.value.details["reasons"]] == shown
    else:
        assert book(car, days, moment).pk


def test_the_page_offers_and_takes_what_can_be(client, afternoon):
    car, day = afternoon
    hold = make_hold(car=car, start=day, length=1)
    url = reverse("details", args=[hold.token])
    form = client.get(url).context["form"]
    pick_ups = [value for value, _label in form.fields["pickup_time"].widget.choices]
    returns = [value for value, _label in form.fields["return_time"].widget.choices]
    # In the first minute of the hour one o'clock itself is not past.
    assert "13:00" <= pick_ups[0] < returns[0] < pick_ups[-1] == returns[-1] == "18:00"
    typed = {"full_name": "Ana Reis", "email": "ana@example.com", "return_time": "18:00"}
    answer = client.post(url, typed | {"pickup_time": "10:00"})
    assert answer.status_code == 422
    assert (
        '<a href="#pickup_time">It is past 10:00 already: choose a later time.</a>' in answer.content.decode()
    )
    assert client.post(url, typed | {"pickup_time": pick_ups[0]}).status_code == 303


def test_the_api_and_staff_are_told_the_same(afternoon):
    car, day = afternoon
    booking = make_booking(car=car, start=day)
    for caller in (Api(bearer=booking.secret), Api(user=make_desk())):
        answer = caller.patch(f"/api/bookings/{booking.pk}", {"pickupTime": "11:00"})
        assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (
            422,
            ["pickupTime"],
        )


def test_a_manager_who_makes_an_exception_may_write_down_what_was():
    day = monday()
    car = CarFactory(cut_off_hour=24)
    asked = BookingRequest(
        car, Days(day, day), ANA, details=Details(pickup_time=time(10)), language="en", override="picked up"
    )
    with acting_as(STAFF):
        assert create_booking(asked, at=at(day, 14)).pickup_time == time(10)


@pytest.fixture
def with_a_break():
    """A car of a place that closes from twelve to two, and a day in a week."""
    car = CarFactory()
    with as_owner():
        hours = OpeningHours.objects.filter(location=car.location)
        hours.update(opens=time(9), closes=time(12))
        OpeningHours.objects.bulk_create(
            OpeningHours(location=car.location, weekday=n, opens=time(14, 15), closes=time(18))
            for n in range(7)
        )
        return Location.objects.get(pk=car.location_id), monday()


def test_no_car_changes_hands_during_a_break(with_a_break):
    place, day = with_a_break
    now = datetime.now(UTC)
    with acting_as(PUBLIC):
        for moment, open_then in (
            (time(9), True),
            (time(12), True),
            (time(12, 30), False),
            (time(14, 15), True),
            (time(18, 30), False),
        ):
            said = problem_of(Handover("returnTime", place, day, moment), now)
            assert (said == "") == open_then
            if said:
                assert said == f"{place.name} is open 09:00–12:00 and 14:15–18:00 that day."


def test_times_are_offered_in_both_spans_of_a_day(with_a_break):
    place, day = with_a_break
    with acting_as(PUBLIC):
        times = half_hours_at(place, day)
        assert times[0] == time(9)
        assert {time(12), time(14, 15), time(17, 45)} <= set(times)
        assert not [t for t in times if time(12) < t < time(14, 15)]
        assert usual_pickup(place, day, at(day, 12, 10)) == time(14, 15)
        assert usual_pickup(place, day, at(day, 18, 10)) == time(18, 30)
