"""Giving the keys: once, on the day or by somebody who means it, to one customer at a time; and undoing it in time."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.availability.holds import place_hold
from bookings.days import Days
from bookings.errors import (
    CarIsOut,
    DatesTaken,
    Forbidden,
    Invalid,
    InvalidTransition,
    RulesRefused,
    StatusChanged,
    TooEarly,
)
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.checklist import Checklist, HandOver
from bookings.lifecycle.keys.handover import hand_over, undo_hand_over
from bookings.lifecycle.transitions import cancel, take_back, transition
from bookings.models import Booking, CarAvailability, ExtraDay
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_extra,
    make_hold,
    make_manager,
)
from bookings.tests.support.swapping import swap
from cars.models import Extra
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db
NOTED = HandOver(odometer=45_010, fuel=8, licence_seen=True, deposit_taken=True, note="Scratch, left door")
EARLY = HandOver(early=True)
BACK = Checklist(odometer=45_210, fuel=6, damage=False)
QUARTER = timedelta(minutes=15)


def now(booking):
    with as_owner():
        return Booking.objects.select_related("car__location").get(pk=booking.pk)


def give(booking, record=HandOver(), **fields):  # noqa: B008 - frozen
    with acting_as(STAFF, user=fields.pop("by", None)):
        return hand_over(booking=booking, at=fields.pop("at", timezone.now()), record=record, **fields)


def undo(booking, at=None, **fields):
    with acting_as(STAFF, user=fields.pop("by", None)):
        return undo_hand_over(booking=booking, at=at or timezone.now(), **fields)


def ledger(booking):
    with as_owner():
        rows = CarAvailability.objects.filter(booking=booking).order_by("date")
        return [(row.date, row.status) for row in rows]


def booked(first, last):
    return [(in_days(n), "booked") for n in range(first, last + 1)]


def proven():
    with acting_as(SERVICE):
        return check_ledger() == []


def told(booking):
    with as_owner():
        return list(booking.events.values_list("kind", "actor_kind", "actor_id"))


def two_of_one_car():
    """The first is out and late; the second begins today."""
    car = CarFactory()
    first = make_booking(car=car, start=in_days(-5), length=3, status="active")
    second = make_booking(car=car, start=in_days(0), status="active")
    return give(first), second


def test_what_staff_note_at_the_hand_over_is_kept_and_who_did_it():
    booking, desk = make_booking(start=in_days(0), status="active"), make_desk()
    give(booking, NOTED, by=desk)
    kept = now(booking)
    assert (
        kept.pickup_odometer_km,
        kept.pickup_fuel_eighths,
        kept.licence_seen,
        kept.deposit_taken,
        kept.pickup_note,
        kept.out_from,
    ) == (45_010, 8, True, True, "Scratch, left door", None)
    assert told(booking) == [("handed_over", "staff", desk.pk)]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (HandOver(odometer=2_000_000), "odometer"),
        (HandOver(odometer=-1), "odometer"),
        (HandOver(fuel=9), "fuel"),
        (HandOver(note="x" * 2001), "note"),
    ],
)
def test_a_hand_over_that_makes_no_sense_gives_no_keys(record, field):
    booking = make_booking(start=in_days(0), status="upcoming")
    with pytest.raises(Invalid) as refusal:
        give(booking, record)
    assert list(refusal.value.details["fields"]) == [field]
    assert (now(booking).status, now(booking).handed_over_at) == ("upcoming", None)


# --- Early -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["upcoming", "active"])
def test_before_the_pick_up_day_somebody_has_to_mean_it(status):
    booking = make_booking(start=in_days(8), status=status)
    with pytest.raises(TooEarly) as refusal:
        give(booking)
    assert refusal.value.status == 409
    assert refusal.value.details == {"startDate": in_days(8).isoformat()}
    assert (now(booking).status, now(booking).handed_over_at) == (status, None)


def test_a_car_that_leaves_early_is_away_from_today_on():
    car = CarFactory(buffer_days=1)
    booking = give(make_booking(car=car, start=in_days(3), length=2, status="upcoming"), EARLY)
    assert (booking.status, booking.start_date, booking.out_from) == ("active", in_days(3), in_days(0))
    assert ledger(booking) == [*booked(0, 4), (in_days(5), "buffer")]
    assert proven()
    with acting_as(PUBLIC), pytest.raises(DatesTaken):
        place_hold(car=car, days=Days(in_days(1), in_days(2)), at=timezone.now())


@pytest.mark.parametrize("rival", ["booking", "block", "hold"])
def test_a_car_does_not_leave_early_on_days_of_somebody_else(rival):
    car = CarFactory()
    booking = make_booking(car=car, start=in_days(4), status="upcoming")
    if rival == "booking":
        make_booking(car=car, start=in_days(2), length=1)
    elif rival == "block":
        make_block(car=car, start=in_days(2))
    else:
        make_hold(car=car, start=in_days(2), length=1)
    with pytest.raises(DatesTaken, match="The car cannot leave early") as refusal:
        give(booking, EARLY)
    assert [reason.code for reason in refusal.value.details["reasons"]] == ["taken"]
    assert (now(booking).status, ledger(booking)) == ("upcoming", booked(4, 7))


def test_the_early_days_stay_when_the_rental_gets_longer_and_end_with_an_early_return():
    booking = give(make_booking(start=in_days(2), length=2, status="upcoming"), EARLY)
    with acting_as(STAFF):
        change_booking(
            booking=booking, to=ChangeRequest(days=Days(in_days(2), in_days(5))), at=timezone.now()
        )
        assert ledger(booking) == booked(0, 5)
        assert proven()
        back = take_back(booking=now(booking), at=timezone.now(), checklist=BACK)
    assert ledger(back) == booked(0, 0)
    assert proven()


def test_the_database_refuses_early_days_without_a_hand_over():
    booking = make_booking(status="upcoming")
    with as_owner(), pytest.raises(IntegrityError, match="out_early_is_handed_over_early"):
        Booking.objects.filter(pk=booking.pk).update(out_from=in_days(0))


# --- Undo ------------------------------------------------------------------------------------------------------------


def test_undoing_an_early_hand_over_makes_it_upcoming_again_and_stands_in_the_history():
    desk, booking = make_desk(), make_booking(start=in_days(3), length=2, status="upcoming")
    given = give(booking, EARLY, by=desk)
    undone = undo(given, by=desk, from_="active")
    assert (undone.status, undone.handed_over_at, undone.out_from) == ("upcoming", None, None)
    assert ledger(booking) == booked(3, 4)
    assert proven()
    with as_owner():
        last = booking.changes.last()
    assert (last.from_status, last.to_status, last.reason) == ("active", "upcoming", "hand_over_undone")
    assert told(booking) == [("handed_over", "staff", desk.pk), ("hand_over_undone", "staff", desk.pk)]


def test_undoing_one_on_the_day_takes_back_the_fact_and_no_status():
    booking = give(make_booking(start=in_days(0), status="upcoming"), NOTED)
    undone = undo(booking)
    assert (undone.status, undone.is_out, undone.pickup_odometer_km, undone.pickup_note) == (
        "active",
        False,
        None,
        "",
    )
    assert [kind for kind, *_ in told(booking)] == ["handed_over", "hand_over_undone"]
    assert give(undone).is_out


def test_a_hand_over_is_undone_for_a_quarter_of_an_hour():
    at = timezone.now()
    booking = give(make_booking(start=in_days(0), status="active"), at=at)
    with pytest.raises(InvalidTransition, match="15 minutes"):
        undo(booking, at + QUARTER + timedelta(seconds=1))
    assert not undo(booking, at + QUARTER).is_out
    with pytest.raises(InvalidTransition, match="no hand-over"):
        undo(booking)


def test_the_clock_of_the_database_counts_and_not_ours():
    at = timezone.now() - QUARTER - timedelta(minutes=1)
    early = make_booking(start=in_days(3, at), at=at - timedelta(days=1), status="upcoming")
    for booking in (
        give(make_booking(start=in_days(0, at), status="active"), at=at),
        give(early, EARLY, at=at),
    ):
        with pytest.raises(IntegrityError, match="the hand-over of booking"):
            undo(booking, at)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE bookings SET status = 'upcoming' WHERE id = %s",
        "UPDATE bookings SET handed_over_at = now() + interval '1 day' WHERE id = %s",
    ],
)
def test_raw_sql_neither_moves_it_back_nor_makes_it_young_again(sql):
    booking = give(make_booking(start=in_days(0), status="active"))
    with unchecked(), connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(sql, [booking.pk])


def test_what_is_back_is_not_undone():
    booking = give(make_booking(start=in_days(0), status="active"))
    with acting_as(STAFF):
        take_back(booking=booking, at=timezone.now(), checklist=BACK)
    with pytest.raises(StatusChanged):
        undo(booking, from_="active")
    with pytest.raises(InvalidTransition):
        undo(now(booking))
    with unchecked(), connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE bookings SET handed_over_at = NULL WHERE id = %s", [booking.pk])


# --- One customer at a time --------------------------------------------------------------------------------------------


def test_a_car_that_is_out_is_not_handed_over_again_and_the_other_booking_is_named():
    first, second = two_of_one_car()
    with pytest.raises(CarIsOut, match="Marta Oliveira still has this car") as refusal:
        give(second)
    assert refusal.value.booking == first
    assert refusal.value.details == {"bookingId": str(first.pk), "reference": first.reference}
    assert not now(second).is_out
    with acting_as(STAFF):
        take_back(booking=now(first), at=timezone.now(), checklist=BACK)
    assert give(second).is_out


def test_the_database_gives_the_keys_of_a_car_once():
    _first, second = two_of_one_car()
    with unchecked(), pytest.raises(IntegrityError, match="one_customer_has_the_car"), transaction.atomic():
        Booking.objects.filter(pk=second.pk).update(handed_over_at=timezone.now())


# --- Cancelling --------------------------------------------------------------------------------------------------------


def test_the_desk_does_not_cancel_what_is_being_driven():
    booking = give(make_booking(start=in_days(0), status="active"))
    with acting_as(STAFF, user=make_desk()):
        with pytest.raises(CarIsOut, match="Take it back first"):
            cancel(booking=booking, at=timezone.now())
        with pytest.raises(CarIsOut):
            transition(booking=booking, to="cancelled", at=timezone.now())
        with pytest.raises(Forbidden):
            cancel(booking=booking, at=timezone.now(), still_out=True)
    assert now(booking).status == "active"


def test_a_manager_may_and_the_car_is_out_until_it_is_back():
    booking = give(make_booking(start=in_days(0), status="active"))
    with acting_as(STAFF, user=make_manager()):
        with pytest.raises(CarIsOut):
            cancel(booking=booking, at=timezone.now())
        gone = cancel(booking=booking, at=timezone.now(), still_out=True)
    assert (gone.status, gone.is_out, gone.is_overdue(timezone.now())) == ("cancelled", True, True)
    assert ledger(booking) == []
    with pytest.raises(RulesRefused):  # nobody books it for today
        make_booking(car=booking.car, start=in_days(0))
    with pytest.raises(CarIsOut):
        give(make_booking(car=booking.car, start=in_days(1), status="upcoming"), EARLY)
    moves = len(list_of_moves(booking))
    with acting_as(STAFF):
        back = take_back(booking=now(booking), at=timezone.now(), checklist=BACK, from_="cancelled")
    assert (back.status, back.is_out, back.return_odometer_km) == ("cancelled", False, 45_210)
    assert len(list_of_moves(booking)) == moves
    assert proven()
    with acting_as(STAFF), pytest.raises(InvalidTransition):
        take_back(booking=now(booking), at=timezone.now(), checklist=BACK)


def list_of_moves(booking):
    with as_owner():
        return list(booking.changes.all())


def seats_taken(seat):
    with as_owner():
        days = ExtraDay.objects.filter(extra=seat, taken__gt=0).order_by("date")
        return list(days.values_list("date", "taken"))


def test_extras_are_away_from_the_day_on_which_the_car_leaves():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(2), length=2, status="upcoming", extras=((seat, 1),))
    given = give(booking, EARLY)
    assert seats_taken(seat) == [(in_days(n), 1) for n in range(4)]
    with pytest.raises(Invalid, match="is not left"):
        make_booking(start=in_days(1), length=1, extras=((seat, 1),))
    assert proven()
    undo(given)
    assert seats_taken(seat) == [(in_days(n), 1) for n in range(2, 4)]
    assert proven()


def test_a_car_does_not_leave_early_with_an_extra_that_somebody_else_has():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(2), length=2, status="upcoming", extras=((seat, 1),))
    make_booking(start=in_days(0), length=1, extras=((seat, 1),))
    with pytest.raises(Invalid, match=r"The car cannot leave early: .* is not left on these days") as refusal:
        give(booking, EARLY)
    assert list(refusal.value.details["fields"]) == ["extras"]
    kept = now(booking)
    assert (kept.status, kept.handed_over_at, kept.out_from) == ("upcoming", None, None)
    assert seats_taken(seat) == [(in_days(n), 1) for n in (0, 2, 3)]
    assert proven()


def test_an_extra_that_is_not_offered_any_more_leaves_with_its_booking():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(1), length=2, status="upcoming", extras=((seat, 1),))
    with as_owner():
        Extra.objects.filter(pk=seat.pk).update(is_offered=False)
    give(booking, EARLY)
    assert seats_taken(seat) == [(in_days(n), 1) for n in range(3)]


def test_a_change_of_what_left_early_keeps_the_early_days_counted():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(2), length=2, status="upcoming", extras=((seat, 1),))
    given = give(booking, EARLY)
    with acting_as(STAFF):
        longer = Days(booking.start_date, booking.end_date + timedelta(days=1))
        change_booking(booking=given, at=timezone.now(), to=ChangeRequest(days=longer))
    assert seats_taken(seat) == [(in_days(n), 1) for n in range(5)]
    assert proven()


def test_a_swap_of_a_car_that_left_early_is_proven_too():
    given = give(make_booking(start=in_days(3), length=4, status="upcoming"), EARLY)
    swap(given, CarFactory(), at=timezone.now() + timedelta(days=1))
    assert proven()
