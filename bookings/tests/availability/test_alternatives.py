"""What is shown: calendar days, free cars, alternatives; and that showing never disagrees with booking."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.alternatives import alternatives, nearest_ranges, next_free_of, sister_cars
from bookings.availability.as_of import AsOf
from bookings.availability.calendar import day_states
from bookings.availability.free_cars import free_cars
from bookings.availability.ledger import reasons
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Person
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
    move_to,
)
from bookings.views.date_selection import pick
from cars.catalogue import catalogue
from cars.models import Car, ClosedDay, OpeningHours
from exodrive.rls import PUBLIC, acting_as, as_owner
from exodrive.tests.support.money import eur

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public():
    with acting_as(PUBLIC):
        yield


def span(start, length):
    return Days.starting(in_days(start), length)


def states(car, start, length, **options):
    days = span(start, length)
    found = day_states(car, days.start, days.end, as_of=AsOf(timezone.now(), **options))
    return "".join({"free": ".", "booked": "x", "past": "-"}[day.state] for day in found)


def test_the_calendar_shows_bookings_holds_blocks_and_buffers_as_taken():
    car = CarFactory(buffer_days=1)
    make_booking(car=car, start=in_days(3), length=2)
    make_hold(car=car, start=in_days(7), length=1)
    make_block(car=car, start=in_days(10))
    assert states(car, 2, 10) == ".xxx.xx.x."


def test_days_past_and_beyond_the_horizon_cannot_be_chosen():
    assert states(CarFactory(), -2, 2) == "--"
    assert states(CarFactory(), 364, 3) == "..-"


def test_the_holders_own_days_are_free_to_them():
    hold = make_hold(start=in_days(3), length=2)
    assert states(hold.car, 2, 4) == ".xx."
    assert states(hold.car, 2, 4, ignoring=hold) == "...."


def test_cancelled_and_lapsed_days_are_free_again():
    car = CarFactory()
    move_to(make_booking(car=car, start=in_days(3), length=2), "cancelled")
    make_hold(car=car, start=in_days(6), length=2, at=timezone.now() - timedelta(minutes=16))
    assert states(car, 2, 7) == "......."


def test_free_cars_leaves_out_taken_hidden_and_refusing_cars():
    free = CarFactory()
    taken = CarFactory()
    make_booking(car=taken, start=in_days(5), length=1)
    CarFactory(status="maintenance")
    CarFactory(min_days=5)
    CarFactory(max_days=2)
    too_close = CarFactory(buffer_days=2)
    make_booking(car=too_close, start=in_days(7), length=1)
    assert set(free_cars(span(3, 3), AsOf(timezone.now()))) == {free}
    assert too_close in free_cars(span(2, 3), AsOf(timezone.now()))


def test_free_cars_knows_the_locations_own_day():
    at = timezone.now().replace(hour=12, minute=30)
    early, late = CarFactory(location=LocationFactory(time_zone="America/Los_Angeles")), CarFactory()
    today = early.location.today(at)
    assert set(free_cars(Days(today, today), AsOf(at))) == {early}
    assert late.location.today(at) == today


def test_searching_asks_the_same_number_of_questions_however_many_cars(django_assert_num_queries):
    for _ in range(6):
        make_booking(car=CarFactory(), start=in_days(5))
    catalogue()
    with django_assert_num_queries(2):
        list(free_cars(span(3, 3), AsOf(timezone.now())))


def test_the_nearest_free_ranges_lie_on_both_sides():
    car = CarFactory(buffer_days=1)
    make_booking(car=car, start=in_days(10), length=4)
    wanted = span(11, 2)
    assert nearest_ranges(car, wanted, as_of=AsOf(timezone.now())) == [span(7, 2), span(15, 2)]


def test_no_range_is_offered_that_a_rule_forbids():
    car = CarFactory()
    make_booking(car=car, start=in_days(1), length=3)
    assert nearest_ranges(car, span(1, 2), as_of=AsOf(timezone.now().replace(hour=13))) == [span(4, 2)]


def test_next_free_days_of_many_cars_come_in_a_fixed_number_of_queries(django_assert_num_queries):
    cars = [CarFactory(), CarFactory(buffer_days=2), CarFactory()]
    make_booking(car=cars[0], start=in_days(3), length=4)
    make_booking(car=cars[1], start=in_days(3), length=4)
    catalogue()
    with django_assert_num_queries(2):
        found = next_free_of(cars, span(4, 2), at=timezone.now())
    assert found == {cars[0].pk: span(7, 2), cars[1].pk: span(9, 2), cars[2].pk: span(4, 2)}


def test_sister_cars_are_near_then_similar_then_cheap():
    here, there = LocationFactory(), LocationFactory()
    car = CarFactory(location=here, seats=4, daily_rate=200)
    far = CarFactory(location=there, seats=4, daily_rate=200)
    dear = CarFactory(location=here, seats=4, daily_rate=300)
    small = CarFactory(location=here, seats=2, daily_rate=200)
    near = CarFactory(location=here, seats=4, daily_rate=210)
    assert sister_cars(car, span(3, 2), AsOf(timezone.now())) == [near, dear, small]
    make_booking(car=near, start=in_days(3))
    assert sister_cars(car, span(3, 2), AsOf(timezone.now())) == [dear, small, far]


def test_alternatives_are_days_first_then_cars_each_with_its_price():
    car, sister = CarFactory(), CarFactory(daily_rate=100)
    make_booking(car=car, start=in_days(10), length=4)
    found = alternatives(car, span(10, 2), as_of=AsOf(timezone.now()))
    assert [(a.kind, a.car, a.days, a.quote.total) for a in found] == [
        ("dates", car, span(8, 2), eur(480)),
        ("dates", car, span(14, 2), eur(480)),
        ("car", sister, span(10, 2), eur(200)),
    ]


def test_a_taken_day_and_a_broken_rule_are_said_together():
    car = CarFactory(min_days=3)
    make_booking(car=car, start=in_days(4), length=3)
    found = reasons(car, span(5, 1), as_of=AsOf(timezone.now()))
    assert [r.code for r in found] == ["min_days", "taken"]
    with pytest.raises(DatesTaken) as refusal:
        book(car, span(5, 1))
    assert [r.code for r in refusal.value.details["reasons"]] == ["min_days", "taken"]
    with pytest.raises(RulesRefused) as rule:
        book(car, span(20, 1))
    assert [r.code for r in rule.value.details["reasons"]] == ["min_days"]


def test_only_the_buffer_in_the_way_is_dates_taken_as_well():
    car = CarFactory(buffer_days=2)
    make_booking(car=car, start=in_days(10), length=2)
    with pytest.raises(DatesTaken) as refusal:
        book(car, span(7, 2))
    assert [r.code for r in refusal.value.details["reasons"]] == ["buffer"]
    assert book(car, span(6, 2)).pk


def book(car, days):
    who = Person("Marta Oliveira", "marta@example.com")
    car = Car.objects.select_related("location").get(pk=car.pk)
    return create_booking(BookingRequest(car=car, days=days, who=who, language="en"), at=timezone.now())


@pytest.mark.parametrize("seed", range(12))
def test_showing_never_disagrees_with_booking(seed, rounds):
    """Random ledgers and rules: the calendar and the search say free exactly when the claim succeeds."""
    chance = random.Random(seed)
    car = CarFactory(
        buffer_days=chance.choice([None, 0, 1, 2]),
        min_days=chance.choice([None, 1, 2]),
        max_days=chance.choice([None, 3, 6]),
        horizon_days=chance.choice([None, 15, 30]),
        lead_time_hours=chance.choice([None, 0, 30, 72]),
        cut_off_hour=chance.choice([None, 0, 12, 24]),
        pickup_weekdays=chance.choice([None, 0b0101011, 0b1111101]),
        dropoff_weekdays=chance.choice([None, 0b1100111]),
        location=LocationFactory(
            time_zone=chance.choice(["Europe/Paris", "Pacific/Auckland", "America/New_York"])
        ),
    )
    with as_owner():
        for _ in range(3):
            ClosedDay.objects.create(
                date=in_days(chance.randint(0, 20)), location=chance.choice([None, car.location])
            )
        OpeningHours.objects.filter(location=car.location, weekday=chance.randint(0, 6)).delete()
    for _ in range(rounds(14, 60)):
        days = span(chance.randint(-1, 20), chance.randint(1, 7))
        at = timezone.now()
        car = Car.objects.get(pk=car.pk)
        shown = not reasons(car, days, as_of=AsOf(at))
        assert shown == (car in free_cars(days, AsOf(at)))
        calendar = day_states(car, days.start, days.end, as_of=AsOf(at))
        try:
            book(car, days)
        except (DatesTaken, RulesRefused):
            assert not shown
        else:
            assert shown
            assert all(day.is_free for day in calendar)


@pytest.mark.parametrize(
    ("start", "end", "day", "expected"),
    [
        (None, None, 5, (5, None, False)),
        (5, None, 8, (5, 8, False)),
        (5, None, 5, (5, 5, False)),
        (5, None, 4, (4, None, False)),
        (5, 8, 6, (6, None, False)),
        (5, None, 12, (12, None, True)),  # the 10th is booked
        (5, None, 9, (5, 9, False)),
        (11, None, 38, (11, 38, False)),
        (11, None, 39, (39, None, True)),  # 29 days
    ],
)
def test_the_pick_rule(start, end, day, expected):
    def on(n):
        return None if n is None else in_days(n)

    picked = pick(on(start), on(end), on(day), blocked={in_days(10)}, longest=28)
    assert (picked.start, picked.end, bool(picked.note)) == (on(expected[0]), on(expected[1]), expected[2])
