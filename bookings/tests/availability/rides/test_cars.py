"""The car of a ride: chosen so that rides gather, never twice at once, and as many as there are."""

import random
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.hours.spans import claim_spans
from bookings.availability.rides.cars import assign, free_cars, that_can_be_had
from bookings.availability.rides.wish import Wish
from bookings.errors import DatesTaken
from bookings.lifecycle.keys.handover import hand_over
from bookings.models import Block, VehicleAssignment
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_block, make_booking
from bookings.tests.support.racing import all_at_once, tally
from bookings.tests.support.rides import block_hours, hold_hours, hours_on, let_lapse, overlapping_spans
from cars.models import Car
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db(transaction=True)
DAY = 10  # days from now


@pytest.fixture
def service():
    return make_service(kind="hourly", location=LocationFactory())


@pytest.fixture
def saloon():
    return make_class()


def cars_of(car_class, service, n):
    cars = [CarFactory(location=service.location) for _ in range(n)]
    with as_owner():
        Car.objects.filter(pk__in=[car.pk for car in cars]).update(car_class=car_class)
    return cars


def wish(service, car_class, begins="10:00", minutes=60, *, day=DAY, gaps=(0, 0)):
    return Wish(service, car_class, hours_on(in_days(day), begins, minutes, gaps=gaps))


def ride(wanted):
    """Book it as staff would: the id of the car. Raises DatesTaken."""

    def take(car):
        days = wanted.hours.days(car.location.zone)
        block = Block(car=car, start_date=days.start, end_date=days.end)
        block.hours = wanted.hours
        block.save()
        claim_spans(block)
        return car.pk

    with acting_as(STAFF), transaction.atomic():
        return assign(wanted, timezone.now(), take)


def free(wanted):
    with acting_as(STAFF):
        return free_cars(wanted, timezone.now())


def test_rides_that_do_not_overlap_gather_on_one_car(service, saloon):
    cars_of(saloon, service, 10)
    had = {ride(wish(service, saloon, f"{hour:02}:00")) for hour in range(8, 18)}
    assert len(had) == 1


def test_the_smaller_hole_comes_first(service, saloon):
    near, far = cars_of(saloon, service, 2)
    for car, clock in ((near, "08:00"), (near, "12:00"), (far, "08:00"), (far, "19:00")):
        block_hours(car, hours_on(in_days(DAY), clock))
    assert free(wish(service, saloon, "10:00")) == [near.pk, far.pk]
    assert free(wish(service, saloon, "11:30")) == [far.pk]
    assert free(wish(service, saloon, "14:00")) == [far.pk, near.pk]


def test_what_is_taken_is_not_offered(service, saloon):
    rented, blocked, driven, lapsed, elsewhere, other, away = cars_of(saloon, service, 7)
    make_booking(car=rented, start=in_days(DAY), length=2)
    make_block(car=blocked, start=in_days(DAY))
    block_hours(driven, hours_on(in_days(DAY), "09:00", 55, gaps=(0, 10)))
    let_lapse(hold_hours(lapsed, hours_on(in_days(DAY), "10:00")))
    with as_owner():
        Car.objects.filter(pk=elsewhere.pk).update(location=LocationFactory())
        Car.objects.filter(pk=other.pk).update(car_class=make_class())
        Car.objects.filter(pk=away.pk).update(status="maintenance")
    assert free(wish(service, saloon)) == [lapsed.pk]
    assert free(wish(service, saloon, "10:05")) == [driven.pk, lapsed.pk]


def test_a_gap_reaches_over_midnight(service, saloon):
    (car,) = cars_of(saloon, service, 1)
    block_hours(car, hours_on(in_days(DAY), "22:00", 115, gaps=(0, 30)))
    late = wish(service, saloon, "00:10", day=DAY + 1)
    assert free(late) == []
    with pytest.raises(DatesTaken):
        ride(late)
    assert free(wish(service, saloon, "00:25", day=DAY + 1)) == [car.pk]


@pytest.mark.parametrize(("role", "days", "had"), [(PUBLIC, 0, 1), (PUBLIC, 1, 2), (STAFF, 0, 2)])
def test_a_car_that_is_not_back_yet_drives_nobody_today(service, saloon, role, days, had):
    """Staff know better when it comes back."""
    late, here = cars_of(saloon, service, 2)
    rental = make_booking(car=late, start=in_days(-4), length=2, status="active")
    with acting_as(STAFF):
        hand_over(booking=rental, at=timezone.now() - timedelta(hours=1))
    wanted = wish(service, saloon, "12:00", day=days)
    with acting_as(role):
        found = free_cars(wanted, timezone.now())
        assert len(found) == had
        assert here.pk in found
        assert that_can_be_had([wanted], timezone.now()) == [wanted]
    block_hours(here, hours_on(in_days(days), "12:00"))
    with acting_as(role):
        assert that_can_be_had([wanted], timezone.now()) == ([wanted] if had == 2 else [])


def test_nobody_is_told_yes_without_a_car(service, saloon):
    with pytest.raises(DatesTaken) as refused:
        ride(wish(service, saloon))
    assert [reason.code for reason in refused.value.details["reasons"]] == ["sold_out"]


def test_as_many_have_a_car_of_the_class_as_there_are_cars(service, saloon, rounds):
    cars = cars_of(saloon, service, 3)
    for n in range(rounds(2, 20)):
        wanted = wish(service, saloon, day=DAY + n)
        results = all_at_once([lambda wanted=wanted: ride(wanted)] * 12)
        assert tally(results) == {"won": 3, "dates_taken": 9}
        assert {one for one in results if isinstance(one, int)} == {car.pk for car in cars}
    assert overlapping_spans() == 0


def test_control_a_choice_that_claims_nothing_gives_one_car_to_many(service, saloon):
    cars_of(saloon, service, 3)

    def only_look():
        with acting_as(STAFF), transaction.atomic():
            return assign(wish(service, saloon), timezone.now(), lambda car: car.pk)

    assert tally(all_at_once([only_look] * 12)) == {"won": 12}


def test_two_classes_at_once_never_wait_for_each_other(service, saloon, rounds):
    other = make_class()
    for car_class in (saloon, other):
        cars_of(car_class, service, 2)
    for n in range(rounds(2, 20)):
        both = [wish(service, one, day=DAY + n) for one in (saloon, other)]
        results = all_at_once([lambda wanted=wanted: ride(wanted) for wanted in both * 6])
        assert tally(results) == {"won": 4, "dates_taken": 8}


def test_whatever_is_asked_each_ride_that_was_promised_has_its_car(service, saloon, rounds):
    """Random rides of any length, over midnight too, among rentals and blocks."""
    chance = random.Random(7)
    cars = cars_of(saloon, service, 3)
    make_booking(car=cars[0], start=in_days(DAY + 1), length=2)
    block_hours(cars[1], hours_on(in_days(DAY), "12:00", 180))
    promised = 0
    for _ in range(rounds(25, 250)):
        begins = f"{chance.randrange(24):02}:{chance.choice((0, 15, 30, 45)):02}"
        gaps = (chance.choice((0, 30)), chance.choice((0, 30)))
        minutes = chance.choice((30, 60, 240, 480))
        asked = wish(service, saloon, begins, minutes, day=DAY + chance.randrange(3), gaps=gaps)
        try:
            car = ride(asked)
        except DatesTaken:
            assert free(asked) == []
            continue
        promised += 1
        assert car in {one.pk for one in cars}
        with as_owner():
            had = VehicleAssignment.objects.filter(car=car, starts_at__lt=asked.hours.ends_at)
            assert had.filter(ends_at__gt=asked.hours.starts_at).exists()
    assert promised > 5
    assert overlapping_spans() == 0
    with as_owner():
        assert check_ledger() == []


def test_the_choice_is_one_statement_for_any_number_of_cars(service, saloon, django_assert_num_queries):
    cars_of(saloon, service, 3)
    with acting_as(STAFF), django_assert_num_queries(1):
        assert len(free_cars(wish(service, saloon, minutes=26 * 60), timezone.now())) == 3
