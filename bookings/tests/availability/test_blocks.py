"""Blocks take days like bookings, never cover one, and move."""

from datetime import time, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.blocks import block_where_free, change_block, place_blocks, remove_block
from bookings.availability.hours.blocks import clock_of
from bookings.days import Days
from bookings.errors import ChangedMeanwhile, DatesTaken, Invalid, NotFound
from bookings.models import Block, CarAvailability
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_block,
    make_booking,
    make_hold,
)
from bookings.tests.support.rides import hold_hours, hours_on, make_ride
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.days import clock_change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def staff():
    with acting_as(STAFF):
        yield


def span(start, length):
    return Days.starting(in_days(start), length)


def place(*cars, start=5, length=3):
    return place_blocks(cars=cars, days=span(start, length), kind="maintenance", note="Service")


def blocked(car):
    with as_owner():
        rows = CarAvailability.objects.filter(car=car).order_by("date")
        return [(row.date, row.status) for row in rows]


def test_a_block_takes_its_days_and_no_buffer():
    car = CarFactory(buffer_days=2)
    place(car)
    assert blocked(car) == [(day, "blocked") for day in span(5, 3)]
    with pytest.raises(DatesTaken):
        make_booking(car=car, start=in_days(7), length=1)


def test_a_block_that_would_cover_bookings_is_refused_and_lists_them():
    car = CarFactory(buffer_days=1)
    first = make_booking(car=car, start=in_days(4), length=2)
    second = make_booking(car=car, start=in_days(7), length=1, status="upcoming")
    with pytest.raises(DatesTaken) as refusal:
        place(car)
    assert [b["reference"] for b in refusal.value.details["bookings"]] == [first.reference, second.reference]
    with as_owner():
        assert Block.objects.count() == 0


def test_a_held_day_cannot_be_blocked_and_a_lapsed_one_can():
    car = CarFactory()
    make_hold(car=car, start=in_days(6), length=1)
    with pytest.raises(DatesTaken):
        place(car)
    lapsed = CarFactory()
    make_hold(car=lapsed, start=in_days(6), length=1, at=timezone.now() - timezone.timedelta(minutes=16))
    assert place(lapsed)


def test_past_days_can_be_blocked():
    assert place(CarFactory(), start=-4)


def test_the_whole_fleet_is_blocked_one_each_or_not_at_all():
    cars = [CarFactory() for _ in range(3)]
    assert [block.car for block in place(*cars)] == cars
    make_booking(car=cars[2], start=in_days(20), length=1)
    with pytest.raises(DatesTaken):
        place(*cars, start=19)
    assert [len(blocked(car)) for car in cars] == [3, 3, 4]


def test_a_year_is_the_most_that_is_blocked_and_that_a_block_grows_to():
    car = CarFactory()
    with pytest.raises(Invalid, match="a year at most"):
        place(car, length=367)
    (block,) = place(car, length=366)
    with pytest.raises(Invalid, match="a year at most"):
        change_block(block=block, days=span(5, 367))
    assert len(blocked(car)) == 366


def test_a_block_from_before_that_limit_can_be_cut_short():
    block = make_block(car=CarFactory(), start=in_days(5), length=500)
    block = change_block(block=block, days=span(5, 400))
    with pytest.raises(Invalid):
        change_block(block=block, days=span(6, 400))
    assert len(blocked(block.car)) == 400


def test_a_block_ends_early_or_moves():
    car = CarFactory()
    (block,) = place(car)
    block = change_block(block=block, days=span(5, 1))
    assert blocked(car) == [(in_days(5), "blocked")]
    block = change_block(block=block, days=span(6, 2), note="Longer")
    assert blocked(car) == [(day, "blocked") for day in span(6, 2)]
    assert (block.note, block.kind) == ("Longer", "maintenance")


def test_a_block_that_cannot_move_stays_where_it_is():
    car = CarFactory()
    (block,) = place(car)
    make_booking(car=car, start=in_days(9), length=1)
    with pytest.raises(DatesTaken):
        change_block(block=block, days=span(5, 6))
    assert [day for day, status in blocked(car) if status == "blocked"] == list(span(5, 3))


def test_a_removed_block_frees_its_days():
    car = CarFactory()
    (block,) = place(car)
    remove_block(block=block)
    assert blocked(car) == []
    with pytest.raises(NotFound):
        remove_block(block=block)


# --- For hours --------------------------------------------------------------------------------------------------------

NINE, NOON = time(9), time(12)


def garage(*cars, start=5, length=1, days=None, clock=(NINE, NOON)):
    return place_blocks(cars=cars, days=days or span(start, length), kind="maintenance", clock=clock)


def proven():
    with acting_as(SERVICE):
        return check_ledger() == []


def test_a_block_for_hours_leaves_the_rest_of_the_day_to_hours_only():
    car = CarFactory()
    (block,) = garage(car)
    assert blocked(car) == [(in_days(5), "service")]
    assert clock_of(block) == (NINE, NOON)
    with pytest.raises(DatesTaken):
        make_booking(car=car, start=in_days(5), length=1)
    with pytest.raises(DatesTaken):
        garage(car, clock=(time(11, 30), time(13)))
    garage(car, clock=(NOON, time(13)))
    assert proven()


def test_a_block_for_hours_of_several_days_begins_and_ends_by_the_clock():
    car = CarFactory()
    garage(car, length=3, clock=(time(17), time(8)))
    assert blocked(car) == [(day, "service") for day in span(5, 3)]
    assert proven()


def test_until_midnight_leaves_the_day_that_begins_alone():
    car = CarFactory()
    (block,) = garage(car, clock=(time(20), time(0)))
    assert (block.days, clock_of(block)) == (span(5, 1), (time(20), time(0)))
    assert blocked(car) == [(in_days(5), "service")]
    assert proven()


def test_each_car_is_blocked_by_the_clock_of_its_place():
    here, there = CarFactory(), CarFactory(location=LocationFactory(time_zone="Atlantic/Madeira"))
    blocks = {block.car_id: block for block in garage(here, there)}
    assert [clock_of(block) for block in blocks.values()] == [(NINE, NOON)] * 2
    assert blocks[there.pk].starts_at - blocks[here.pk].starts_at == timedelta(hours=1)
    assert proven()


def test_a_block_becomes_one_for_hours_and_one_for_days_again():
    car = CarFactory()
    (block,) = place(car, length=1)
    block = change_block(block=block, clock=(NINE, NOON))
    assert blocked(car) == [(in_days(5), "service")]
    block = change_block(block=block, days=span(6, 1))
    assert (blocked(car), clock_of(block)) == ([(in_days(6), "service")], (NINE, NOON))
    block = change_block(block=block, clock=())
    assert blocked(car) == [(in_days(6), "blocked")]
    assert proven()


def test_somebody_who_has_not_seen_its_hours_changes_nothing():
    (seen,) = garage(CarFactory())
    change_block(block=seen, clock=(NINE, time(13)))
    with pytest.raises(ChangedMeanwhile):
        change_block(block=seen, clock=(NINE, time(14)))
    assert proven()


def test_a_block_for_hours_that_is_removed_frees_the_day():
    car = CarFactory()
    (block,) = garage(car)
    remove_block(block=block)
    assert blocked(car) == []
    make_booking(car=car, start=in_days(5), length=1)
    assert proven()


def test_rides_in_the_way_are_listed_and_those_at_other_times_are_not():
    car = CarFactory()
    ride = make_ride(car, hours_on(in_days(5), "10:00"))
    for clock in ((NINE, NOON), ()):
        with pytest.raises(DatesTaken) as refusal:
            garage(car, clock=clock)
        assert [b["reference"] for b in refusal.value.details["bookings"]] == [ride.reference]
    garage(car, clock=(NOON, time(13)))
    assert proven()


def test_a_held_ride_is_said_where_days_are_blocked_as_far_as_they_are_free():
    car = CarFactory()
    hold_hours(car, hours_on(in_days(6)))
    with transaction.atomic():
        done = block_where_free(car=car, days=span(5, 3), kind="maintenance", note="", by_id=None)
    assert ([block.days for block in done.blocks], done.held) == ([span(5, 1), span(7, 1)], True)


@pytest.mark.parametrize(("clock", "field"), [((NOON, NINE), "endTime"), ((NOON, NOON), "endTime")])
def test_times_that_make_no_sense_are_refused(clock, field):
    with pytest.raises(Invalid) as refusal:
        garage(CarFactory(), clock=clock)
    assert list(refusal.value.details["fields"]) == [field]


def test_a_time_that_clocks_skip_is_refused():
    day = clock_change(forward=True)
    with pytest.raises(Invalid) as refusal:
        garage(CarFactory(), days=Days(day, day), clock=(time(2, 30), NOON))
    assert list(refusal.value.details["fields"]) == ["startTime"]
