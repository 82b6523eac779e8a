"""Another car in the middle of a rental: what was driven stays, the rest goes on, the broken car is kept off the road."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.availability.blocks import MAX_DAYS_BLOCKED
from bookings.days import Days
from bookings.errors import (
    ChangedMeanwhile,
    DatesTaken,
    Forbidden,
    Invalid,
    InvalidTransition,
    NotFound,
    RulesRefused,
    StatusChanged,
)
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.keys.swap import Swap, swap_car
from bookings.lifecycle.request import Person
from bookings.lifecycle.transitions import cancel, take_back
from bookings.models import Block, Booking, BookingChange, BookingSegment
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
)
from bookings.tests.support.swapping import days_of, make_rental, swap
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
TODAY = 0


@pytest.fixture(autouse=True)
def proof():
    """Whatever was done, the ledger agrees with its claimants."""
    yield
    with acting_as(SERVICE):
        assert find_drift() == []


def spread(car, first, last, status="booked"):
    return [(car.pk, in_days(n), status) for n in range(first, last + 1)]


def staff(verb, **what):
    with acting_as(STAFF):
        return verb(at=timezone.now(), **what)


def fields_of(refusal):
    return list(refusal.value.details["fields"])


# --- The days --------------------------------------------------------------------------------------------------


def test_the_old_cars_days_stay_and_the_rest_goes_on_with_the_new_car_and_its_buffer():
    old, new = CarFactory(buffer_days=2), CarFactory(buffer_days=1)
    booking = make_rental(car=old)
    swapped = swap(booking, new)
    assert days_of(booking) == spread(old, -3, -1) + spread(new, 0, 4) + spread(new, 5, 5, "buffer")
    assert (swapped.since, swapped.former) == (in_days(0), old)
    assert (swapped.booking.car, swapped.booking.buffer_days) == (new, 1)
    assert (swapped.booking.start_date, swapped.booking.end_date) == (booking.start_date, booking.end_date)
    with as_owner():
        segment = BookingSegment.objects.get()
        assert (segment.booking, segment.car, segment.car_name) == (booking, old, old.name)
        assert segment.days == Days(in_days(-3), in_days(-1))


def test_the_new_car_needs_only_the_rest_free_wherever_it_stands_and_whatever_its_rules_say():
    other_place = CarFactory().location
    new = CarFactory(location=other_place, min_days=20, pickup_weekdays=1, dropoff_weekdays=1)
    make_block(car=new, start=in_days(-3), length=3)
    booking = make_rental()
    assert swap(booking, new).booking.car == new


def test_a_day_of_the_rest_that_somebody_has_refuses_it_and_nothing_is_changed():
    new, booking = CarFactory(), make_rental()
    make_booking(car=new, start=in_days(4), length=2)
    before = days_of(booking)
    with pytest.raises(DatesTaken):
        swap(booking, new, block_until=in_days(9))
    assert days_of(booking) == before
    with as_owner():
        assert not BookingSegment.objects.exists()
        assert not Block.objects.exists()
        assert not BookingChange.objects.exists()


def test_on_the_pick_up_day_the_whole_booking_moves():
    booking, new = make_rental(begins=0, length=4), CarFactory()
    swap(booking, new)
    assert days_of(booking) == spread(new, 0, 3)
    with as_owner():
        assert not BookingSegment.objects.exists()


def test_a_car_that_was_handed_over_early_is_swapped_for_all_of_its_days():
    booking, new = make_rental(begins=2, length=4), CarFactory()
    assert swap(booking, new, block_until=in_days(3)).since == in_days(2)
    assert days_of(booking) == spread(new, 2, 5)


def test_a_second_swap_makes_a_second_segment_and_one_of_the_same_day_none():
    booking, first, second, third = make_rental(), CarFactory(), CarFactory(), CarFactory()
    old = booking.car
    later = timezone.now() + timedelta(days=2)
    booking = swap(booking, first).booking
    booking = swap(booking, second, at=later).booking
    booking = swap(booking, third, at=later).booking
    assert days_of(booking) == spread(old, -3, -1) + spread(first, 0, 1) + spread(third, 2, 4)
    with as_owner():
        booking = Booking.objects.get()
        names = [(turn.car_name, turn.days.start, turn.days.end) for turn in booking.turns]
        assert names == [
            (old.name, in_days(-3), in_days(-1)),
            (first.name, in_days(0), in_days(1)),
            (third.name, in_days(2), in_days(4)),
        ]


def test_swapping_back_is_another_swap():
    booking, new = make_rental(), CarFactory()
    old = booking.car
    booking = swap(booking, new).booking
    booking = swap(booking, old, at=timezone.now() + timedelta(days=1)).booking
    assert days_of(booking) == spread(old, -3, -1) + spread(new, 0, 0) + spread(old, 1, 4)
    with as_owner():
        assert booking.days_on(old.pk, in_days(-2)) == Days(in_days(-3), in_days(-1))
        assert booking.days_on(old.pk, in_days(2)) == Days(in_days(1), in_days(4))


def test_the_price_stays_as_it_was_booked():
    booking = make_rental()
    swapped = swap(booking, CarFactory(daily_rate="999.00", deposit="5000.00", included_km_per_day=1)).booking
    assert (swapped.quote, swapped.total, swapped.deposit) == (booking.quote, booking.total, booking.deposit)
    with as_owner():
        assert BookingChange.objects.get().difference == 0


# --- Odometer and fuel -------------------------------------------------------------------------------------------


def test_the_readings_of_the_old_car_go_with_its_days_and_those_of_the_new_one_with_the_booking():
    booking, new = make_rental(), CarFactory()
    with as_owner():
        Booking.objects.update(pickup_odometer_km=44_000, pickup_fuel_eighths=8)
    swapped = swap(booking, new, odometer=45_120, fuel=3, new_odometer=9_000, new_fuel=7).booking
    assert (swapped.pickup_odometer_km, swapped.pickup_fuel_eighths) == (9_000, 7)
    with as_owner():
        segment = BookingSegment.objects.get()
        assert (segment.pickup_odometer_km, segment.pickup_fuel_eighths) == (44_000, 8)
        assert (segment.return_odometer_km, segment.return_fuel_eighths) == (45_120, 3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"odometer": -1}, "odometer"),
        ({"odometer": 2_000_000}, "odometer"),
        ({"fuel": 9}, "fuel"),
        ({"new_odometer": 2_000_000}, "newOdometer"),
        ({"new_fuel": 9}, "newFuel"),
        ({"reason": " \u200b"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_readings_that_cannot_be_and_a_missing_reason_are_refused_by_name(wrong, field):
    booking = make_rental()
    with pytest.raises(Invalid) as refusal:
        swap(booking, CarFactory(), **wrong)
    assert fields_of(refusal) == [field]


# --- Who may, and when ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["pending", "upcoming", "cancelled"])
def test_only_the_car_of_a_rental_that_is_under_way_is_swapped(status):
    booking = make_booking(status=status)
    with pytest.raises(InvalidTransition, match="under way"):
        swap(booking, CarFactory())


def test_nor_one_that_is_back_or_was_never_handed_over():
    over = make_booking(start=in_days(-3), length=6, status="completed")
    with pytest.raises(InvalidTransition, match="under way"):
        swap(over, CarFactory())
    with pytest.raises(InvalidTransition, match="change the booking instead"):
        swap(make_booking(start=in_days(-1), length=4, status="active"), CarFactory())


def test_an_overdue_booking_is_extended_first():
    booking, new = make_rental(begins=-5, length=4), CarFactory()
    with pytest.raises(InvalidTransition, match="later return day"):
        swap(booking, new)
    longer = ChangeRequest(days=Days(booking.start_date, in_days(1)))
    booking = staff(change_booking, booking=booking, to=longer).booking
    swap(booking, new)
    assert days_of(booking)[-2:] == spread(new, 0, 1)


def test_the_same_car_one_in_the_workshop_and_one_that_is_still_out_are_refused():
    booking = make_rental()
    late = make_rental(car=CarFactory(), begins=-5, length=2, who=Person("Bo", "bo@example.com"))
    for car, words in (
        (booking.car, "has this car already"),
        (CarFactory(status="maintenance"), "not offered"),
        (late.car, f"still out with {late.reference}"),
    ):
        with pytest.raises(Invalid, match=words) as refusal:
            swap(booking, car)
        assert fields_of(refusal) == ["carId"]


def test_a_driver_who_is_too_young_needs_a_manager():
    booking, new = make_rental(driver_age=25), CarFactory(minimum_age=30)
    with pytest.raises(Invalid) as refusal:
        swap(booking, new)
    assert fields_of(refusal) == ["driverAge"]
    with pytest.raises(Forbidden):
        swap(booking, new, user=make_desk(), exception=True)
    assert swap(booking, new, user=make_manager(), exception=True).booking.car == new


def test_who_looked_at_another_status_or_another_car_is_told_so():
    booking, new = make_rental(), CarFactory()
    with acting_as(STAFF):
        asked = Swap(car=new, reason="R", odometer=1, fuel=1)
        with pytest.raises(StatusChanged):
            swap_car(booking=booking, to=asked, at=timezone.now(), from_="upcoming")
    with pytest.raises(ChangedMeanwhile):
        swap(booking, new, instead_of=CarFactory().pk)
    assert swap(booking, new, instead_of=booking.car_id).booking.car == new


def test_a_booking_that_is_gone_is_not_found():
    booking = make_rental()
    booking.pk = make_hold().pk
    with pytest.raises(NotFound):
        swap(booking, CarFactory())


# --- The old car ---------------------------------------------------------------------------------------------------


def test_the_old_car_is_blocked_in_the_same_step_with_the_reason():
    booking = make_rental()
    (block,) = swap(booking, CarFactory(), block_until=in_days(6)).blocked.blocks
    assert (block.car, block.days, block.kind) == (booking.car, Days(in_days(0), in_days(6)), "maintenance")
    assert block.note == "Gearbox broke"


def test_without_a_last_day_others_may_have_it_at_once():
    booking = make_rental()
    assert swap(booking, CarFactory()).blocked.blocks == []
    make_booking(car=booking.car, start=in_days(1), length=2)


def test_what_stands_in_the_way_is_listed_and_every_day_around_it_is_blocked():
    old = CarFactory(buffer_days=1)
    booking = make_rental(car=old)
    other = make_booking(car=old, start=in_days(7), length=2, who=Person("Bo", "bo@example.com"))
    make_hold(car=old, start=in_days(12), length=1)
    blocked = swap(booking, CarFactory(), block_until=in_days(14)).blocked
    assert [block.days for block in blocked.blocks] == [
        Days(in_days(0), in_days(6)),
        Days(in_days(10), in_days(11)),
        Days(in_days(14), in_days(14)),
    ]
    assert (blocked.in_the_way, blocked.held) == ([other], True)


@pytest.mark.parametrize("last", [-1, MAX_DAYS_BLOCKED])
def test_a_block_into_the_past_or_for_more_than_a_year_is_refused_and_so_is_the_swap(last):
    booking = make_rental()
    with pytest.raises(Invalid):
        swap(booking, CarFactory(), block_until=in_days(last))
    assert days_of(booking) == spread(booking.car, -3, 4)


# --- What follows a swap -------------------------------------------------------------------------------------------


@pytest.fixture
def swapped():
    """A rental of eight days, swapped on its fourth."""
    booking = make_rental()
    return swap(booking, CarFactory(buffer_days=1)).booking


def test_a_change_of_days_moves_only_the_end_on_the_present_car(swapped):
    with as_owner():
        old = BookingSegment.objects.get().car
    make_booking(car=old, start=in_days(2), length=1, who=Person("Bo", "bo@example.com"))
    for last in (6, 1):
        wanted = ChangeRequest(days=Days(in_days(-3), in_days(last)))
        swapped = staff(change_booking, booking=swapped, to=wanted).booking
        rest = spread(swapped.car, 0, last) + spread(swapped.car, last + 1, last + 1, "buffer")
        assert days_of(swapped) == spread(old, -3, -1) + rest
    for wrong in (Days(in_days(-2), in_days(4)), Days(in_days(-3), in_days(-1))):
        with pytest.raises(Invalid):
            staff(change_booking, booking=swapped, to=ChangeRequest(days=wrong))


def test_an_extension_is_refused_by_who_has_the_present_car_and_not_by_who_had_it_before():
    new = CarFactory(max_days=8)
    make_block(car=new, start=in_days(-2), length=2)
    booking = swap(make_rental(), new).booking
    longer = ChangeRequest(days=Days(in_days(-3), in_days(6)))
    with pytest.raises(RulesRefused) as refusal:
        staff(change_booking, booking=booking, to=longer)
    assert [reason.code for reason in refusal.value.details["reasons"]] == ["max_days"]


def test_the_car_of_a_rental_that_is_out_is_swapped_and_never_changed():
    booking = make_rental()
    with pytest.raises(Invalid, match="swap it") as refusal:
        staff(change_booking, booking=booking, to=ChangeRequest(car=CarFactory()))
    assert fields_of(refusal) == ["carId"]


def test_an_early_return_frees_what_is_left_of_the_present_car(swapped):
    done = staff(take_back, booking=swapped, checklist=Checklist(9_300, 4, damage=False))
    with as_owner():
        old = BookingSegment.objects.get().car
    assert days_of(done) == spread(old, -3, -1) + spread(done.car, 0, 0) + spread(done.car, 1, 1, "buffer")


def test_cancelling_frees_the_days_on_every_car_and_keeps_what_was_driven(swapped):
    with acting_as(STAFF, user=make_manager()):
        cancel(booking=swapped, at=timezone.now(), reason="Went home", still_out=True)
    assert days_of(swapped) == []
    with as_owner():
        assert BookingSegment.objects.count() == 1


def test_history_keeps_it_and_the_customer_is_told(swapped):
    with as_owner():
        change = BookingChange.objects.get()
        assert (change.reason, change.actor_kind) == ("Gearbox broke", "staff")
        assert change.before["car"] != change.after["car"] == swapped.car_id
        assert change.after["swap"]["since"] == in_days(0).isoformat()
        assert InboxEmail.objects.filter(template="booking_changed").count() == 1
