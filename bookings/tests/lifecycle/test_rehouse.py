"""Bookings in the way of something: which cars they could have, and that all of it happens or nothing."""

from functools import partial

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.availability.blocks import place_within
from bookings.days import Days
from bookings.errors import ChangedMeanwhile, DatesTaken, Forbidden
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.rehousing.offroad import set_status_within
from bookings.lifecycle.rehousing.rehouse import Move, rehouse
from bookings.lifecycle.rehousing.sisters import in_the_way, live_on, who_has
from bookings.models import Block, Booking, BookingChange
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_manager,
)
from bookings.tests.support.swapping import make_rental
from cars.models import Car
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.audit import find_drift
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return LocationFactory()


def listed(*cars, days=None):
    """What is in the way on these cars, by booking: the names of the cars it is offered, and the one proposed."""
    days = days or Days(in_days(0), in_days(30))
    with acting_as(STAFF):
        found = in_the_way(who_has([c.pk for c in cars], days), timezone.now(), avoiding=[c.pk for c in cars])
    return {one.booking.pk: ([car.pk for car in one.cars], one.proposed and one.proposed.pk) for one in found}


def seen(booking):
    with as_owner():
        return Booking.objects.get(pk=booking.pk)


def blocking(car, days):
    return partial(place_within, cars=[car], days=days, kind="maintenance", note="New tyres")


def moved_and_blocked(car, days, *moves):
    with acting_as(STAFF):
        asked = [Move(seen(booking), other) for booking, other in moves]
        return rehouse(asked, blocking(car, days), at=timezone.now(), on=[car.pk])


def test_the_bookings_move_and_the_act_goes_through_in_one_step(place):
    car, other = CarFactory(location=place), CarFactory(location=place, daily_rate="900.00")
    booking = make_booking(car=car)
    (block,) = moved_and_blocked(car, booking.days, (booking, other))
    now = seen(booking)
    assert (now.car_id, now.total, now.quote) == (other.pk, booking.total, booking.quote)
    assert block.days == booking.days
    with acting_as("exo_service"):
        assert find_drift() == []


def test_a_move_is_written_in_the_history_and_mailed(place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    moved_and_blocked(car, booking.days, (booking, other))
    with as_owner():
        change = BookingChange.objects.get(booking=booking)
        assert (change.before["car"], change.after["car"], change.difference) == (car.pk, other.pk, 0)
        assert InboxEmail.objects.filter(booking=booking, template="booking_changed").exists()
    assert mail.outbox == []


def test_when_one_cannot_move_nothing_happens(place):
    car, other, full = (CarFactory(location=place) for _ in range(3))
    first = make_booking(car=car, start=in_days(3), length=2)
    second = make_booking(car=car, start=in_days(8), length=2)
    make_block(car=full, start=in_days(8))
    with pytest.raises(DatesTaken, match=second.reference):
        moved_and_blocked(car, Days(in_days(3), in_days(9)), (first, other), (second, full))
    assert [seen(booking).car_id for booking in (first, second)] == [car.pk, car.pk]
    with as_owner():
        assert Block.objects.filter(car=car).count() == BookingChange.objects.count() == 0


def test_when_the_act_fails_nobody_has_moved(place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    first, second = make_booking(car=car, length=2), make_booking(car=car, start=in_days(9), length=2)
    with pytest.raises(DatesTaken):
        moved_and_blocked(car, Days(first.start_date, second.end_date), (first, other))
    assert seen(first).car_id == car.pk


def test_a_booking_that_was_changed_since_is_not_moved(place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    old = seen(booking)
    with acting_as(STAFF):
        longer = ChangeRequest(days=Days(booking.start_date, in_days(9)))
        change_booking(booking=old, to=longer, at=timezone.now())
    with acting_as(STAFF), pytest.raises(DatesTaken, match=booking.reference):
        rehouse([Move(old, other)], lambda: None, at=timezone.now())
    assert seen(booking).car_id == car.pk


def test_a_preview_takes_everything_back(place):
    car, other = CarFactory(location=place), CarFactory(location=place)
    booking = make_booking(car=car)
    with acting_as(STAFF):
        rehouse(
            [Move(seen(booking), other)],
            blocking(car, booking.days),
            at=timezone.now(),
            on=[car.pk],
            preview=True,
        )
    assert seen(booking).car_id == car.pk
    with as_owner():
        assert not Block.objects.exists()


def test_the_best_car_is_of_the_same_place_then_as_large_then_as_dear(place):
    elsewhere = LocationFactory(agency=place.agency)
    car = CarFactory(location=place, seats=4)
    far = CarFactory(location=elsewhere, seats=4)
    large = CarFactory(location=place, seats=7)
    dear = CarFactory(location=place, seats=4, daily_rate="300.00")
    near = CarFactory(location=place, seats=4, daily_rate="250.00")
    booking = make_booking(car=car)
    assert listed(car) == {booking.pk: ([near.pk, dear.pk, large.pk], near.pk)}
    for one in (near, dear, large):
        make_block(car=one, start=booking.start_date)
    assert listed(car) == {booking.pk: ([far.pk], far.pk)}


def test_a_car_that_the_booking_could_not_have_is_not_offered(place):
    car = CarFactory(location=place, seats=4)
    booking = make_booking(car=car, driver_age=27)
    CarFactory(location=place, seats=2)
    CarFactory(location=place, minimum_age=30)
    CarFactory(location=place, min_days=10)
    CarFactory(location=place, status="maintenance")
    CarFactory(location=LocationFactory(time_zone="Atlantic/Madeira"))
    assert listed(car) == {booking.pk: ([], None)}


def test_two_bookings_of_the_same_days_are_not_given_one_car(place):
    cars = [CarFactory(location=place), CarFactory(location=place)]
    one, two = (make_booking(car=car) for car in cars)
    free = CarFactory(location=place)
    assert sorted(proposed or 0 for _cars, proposed in listed(*cars).values()) == [0, free.pk]
    second = CarFactory(location=place)
    assert {proposed for _cars, proposed in listed(*cars).values()} == {free.pk, second.pk}
    assert set(listed(*cars)) == {one.pk, two.pk}


def test_whoever_has_fewest_cars_to_choose_from_is_asked_first(place):
    cars = [CarFactory(location=place, seats=4), CarFactory(location=place, seats=7)]
    small, large = (make_booking(car=car) for car in cars)
    van = CarFactory(location=place, seats=7, daily_rate="240.00")
    estate = CarFactory(location=place, seats=5, daily_rate="990.00")
    found = listed(*cars)
    assert (found[large.pk][1], found[small.pk][1]) == (van.pk, estate.pk)


def test_one_car_takes_several_bookings_one_after_the_other_with_its_gap(place):
    car, free = CarFactory(location=place), CarFactory(location=place, buffer_days=1)
    first = make_booking(car=car, start=in_days(3), length=2)
    next_day = make_booking(car=car, start=in_days(5), length=2)
    later = make_booking(car=car, start=in_days(9), length=2)
    proposed = {pk: car for pk, (_cars, car) in listed(car).items()}
    assert list(proposed.values()).count(free.pk) == 2
    assert proposed[later.pk] == free.pk
    assert None in (proposed[first.pk], proposed[next_day.pk])


def test_a_rental_whose_car_is_out_is_listed_and_not_moved(place):
    rental = make_rental(car=CarFactory(location=place))
    CarFactory(location=place)
    assert listed(rental.car) == {rental.pk: ([], None)}


def test_what_is_in_the_way_takes_as_many_queries_for_many_bookings(place):
    car = CarFactory(location=place)
    counts = []
    for n in range(3):
        CarFactory(location=place)
        make_booking(car=car, start=in_days(3 + 3 * n), length=2)
        with CaptureQueriesContext(connection) as queries:
            listed(car)
        counts.append(len(queries))
    assert counts[0] == counts[2]


def set_status(car, status, by, **more):
    with acting_as(STAFF, user=by):
        act = partial(set_status_within, car=car, status=status, at=timezone.now(), **{"keep": False} | more)
        return rehouse([], act, at=timezone.now(), on=[car.pk])


def test_a_car_is_not_retired_while_bookings_count_on_it_unless_they_are_to_stay(place):
    car, boss = CarFactory(location=place), make_manager()
    make_booking(car=car)
    with pytest.raises(DatesTaken):
        set_status(car, "retired", boss)
    assert set_status(car, "retired", boss, keep=True).status == Car.Status.RETIRED


def test_a_rental_that_is_out_counts_on_its_car_also_when_it_is_overdue(place):
    rental = make_rental(car=CarFactory(location=place), begins=-9, length=3)
    with acting_as(STAFF):
        assert list(live_on(rental.car, timezone.now())) == [rental]


def test_the_desk_retires_no_car_and_nobody_one_whose_status_they_have_not_seen(place):
    car = CarFactory(location=place)
    with pytest.raises(Forbidden):
        set_status(car, "retired", make_desk())
    boss = make_manager()
    set_status(car, "maintenance", boss)
    with pytest.raises(ChangedMeanwhile):
        set_status(car, "retired", boss)


def test_a_car_that_is_late_itself_is_offered_last(place):
    car, free = CarFactory(location=place), CarFactory(location=place, daily_rate="900.00")
    late = make_rental(car=CarFactory(location=place), begins=-6, length=3)
    booking = make_booking(car=car, start=in_days(3), length=2)
    assert listed(car) == {booking.pk: ([free.pk, late.car.pk], free.pk)}
