"""Blocks take days like bookings, never cover one, and move."""

import pytest
from django.utils import timezone

from bookings.availability.blocks import change_block, place_blocks, remove_block
from bookings.days import Days
from bookings.errors import DatesTaken, Invalid, NotFound
from bookings.models import Block, CarAvailability
from bookings.tests.support.factories import CarFactory, in_days, make_block, make_booking, make_hold
from exodrive.rls import STAFF, acting_as, as_owner

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
