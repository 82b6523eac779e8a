"""Changing a booking: days swapped in one step, priced as of today, said first, written down."""

from datetime import UTC, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.days import Days
from bookings.errors import DatesTaken, Forbidden, Invalid, RulesRefused
from bookings.lifecycle.change import change_booking, change_until
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.pricing.repricing import price_today
from bookings.lifecycle.request import Details
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, BookingChange, BookingExtra, BookingLink, CarAvailability, ExtraDay
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_hold,
    make_manager,
)
from cars.models import Car, Extra, Fee, OpeningHours, Season
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support import days
from exodrive.tests.support.money import eur

pytestmark = pytest.mark.django_db


def span(start, length):
    return Days.starting(in_days(start), length)


def ledger(booking):
    with as_owner():
        rows = CarAvailability.objects.filter(booking=booking).order_by("date")
        return [(row.car_id, row.date, row.status) for row in rows]


def change(booking, *, role=PUBLIC, user=None, at=None, **fields):
    with acting_as(role, token=booking.secret if role == PUBLIC else None, user=user):
        mine = Booking.objects.get(pk=booking.pk)
        mine.secret = booking.secret
        return change_booking(booking=mine, at=at or timezone.now(), **fields)


def revisions(booking):
    with as_owner():
        return list(BookingChange.objects.filter(booking=booking))


@pytest.mark.parametrize("status", ["pending", "upcoming"])
@pytest.mark.parametrize("role", [PUBLIC, STAFF])
def test_days_move_in_one_step_with_their_buffer_and_status(role, status):
    car = CarFactory(buffer_days=1)
    booking = make_booking(car=car, start=in_days(10), length=3, status=status)
    # Overlaps what it has: its own days do not stand in its way.
    done = change(booking, role=role, to=ChangeRequest(days=span(11, 4)))
    core = "pending" if status == "pending" else "booked"
    assert ledger(booking) == [(car.pk, day, core) for day in span(11, 4)] + [(car.pk, in_days(15), "buffer")]
    assert (done.before.total, done.after.total, done.difference) == (eur(720), eur(960), eur(240))
    with as_owner():
        saved = Booking.objects.get(pk=booking.pk)
    assert (saved.days, saved.total, saved.status) == (span(11, 4), 960, status)


def test_a_preview_prices_and_changes_nothing():
    booking = make_booking(start=in_days(10), length=3)
    before = ledger(booking)
    assert change(booking, to=ChangeRequest(days=span(20, 2)), preview=True).difference == eur(-240)
    assert ledger(booking) == before
    assert revisions(booking) == []


def test_another_car_is_priced_by_its_rate():
    booking = make_booking(start=in_days(10), length=2)
    other = CarFactory(daily_rate="100.00")
    assert change(booking, to=ChangeRequest(car=other)).difference == eur(-280)
    assert {row[0] for row in ledger(booking)} == {other.pk}


def test_booked_days_keep_their_price_and_added_ones_cost_todays():
    booking = make_booking(start=in_days(10), length=3)
    with as_owner():
        Car.objects.update(daily_rate="300.00", deposit="9000.00", included_km_per_day=50)
    longer = change(booking, to=ChangeRequest(days=span(10, 5)))
    assert longer.difference == eur(2 * 300)
    assert (longer.after.deposit, longer.after.included_km) == (longer.before.deposit, 3 * 200 + 2 * 50)
    shorter = change(booking, to=ChangeRequest(days=span(11, 3)))
    assert shorter.after.total == eur(2 * 240 + 300)
    assert change(booking, to=ChangeRequest(days=span(20, 3))).after.total == eur(900)


def test_an_extra_that_is_kept_keeps_its_price():
    with as_owner():
        seat = Extra.objects.create(
            name="Child seat", price=Decimal(5), per="day", stock=9, max_per_booking=3
        )
    booking = make_booking(start=in_days(10), length=2, details=Details(extras=((seat, 1),)))
    with as_owner():
        Extra.objects.update(price="8.00")
        Fee.objects.create(name="Cleaning", kind="cleaning", amount="40.00")
        dearer = Extra.objects.get()
    assert change(booking, to=ChangeRequest(details=Details(extras=((dearer, 2),)))).difference == eur(16)


def test_staff_swap_a_car_for_nothing_and_its_added_days_cost_what_the_new_one_does():
    booking, other = (
        make_booking(start=in_days(10), length=2),
        CarFactory(daily_rate="100.00", deposit="1.00"),
    )
    desk = {"role": STAFF, "user": make_manager()}
    swap = change(booking, **desk, to=ChangeRequest(car=other), preview=True)
    assert swap.after == swap.before
    assert change(booking, **desk, to=ChangeRequest(car=other, days=span(10, 3))).difference == eur(100)


def test_taken_days_leave_the_booking_as_it_was():
    car = CarFactory()
    booking = make_booking(car=car, start=in_days(10), length=2)
    make_hold(car=car, start=in_days(13), length=1)
    before = ledger(booking)
    with pytest.raises(DatesTaken):
        change(booking, to=ChangeRequest(days=span(12, 2)))
    assert ledger(booking) == before
    assert revisions(booking) == []


def test_rules_are_checked_again_and_staff_may_override_with_a_reason():
    booking = make_booking(car=CarFactory(max_days=3), start=in_days(10), length=2)
    with pytest.raises(RulesRefused) as refusal:
        change(booking, to=ChangeRequest(days=span(10, 5)))
    assert [r.code for r in refusal.value.details["reasons"]] == ["max_days"]
    change(
        booking,
        role=STAFF,
        user=make_manager(),
        to=ChangeRequest(days=span(10, 5), override="Regular customer"),
    )
    (revision,) = revisions(booking)
    assert (revision.actor_kind, revision.reason) == ("staff", "Regular customer")


def test_customers_change_days_until_the_cut_off_and_contact_after_it():
    booking = make_booking(start=in_days(10), length=2, status="upcoming")
    cut_off = booking.pickup_at - timedelta(hours=48)
    change(booking, to=ChangeRequest(days=span(11, 2)), at=cut_off - timedelta(hours=24))
    late = booking.pickup_at + timedelta(hours=24) - timedelta(hours=47)
    with pytest.raises(Forbidden):
        change(booking, to=ChangeRequest(days=span(12, 2)), at=late)
    change(
        booking, to=ChangeRequest(details=Details(phone="+33 6 12", special_requests="Child seat")), at=late
    )
    change(booking, role=STAFF, to=ChangeRequest(days=span(12, 2)), at=late)


def test_staff_extend_a_rental_that_has_begun_and_cannot_move_its_start():
    booking = make_booking(start=in_days(-1), length=3, status="active")
    done = change(booking, role=STAFF, to=ChangeRequest(days=span(-1, 5)))
    assert done.difference == eur(480)
    assert len(ledger(booking)) == 5
    with pytest.raises(Invalid):
        change(booking, role=STAFF, to=ChangeRequest(days=span(0, 4)))


def test_a_customer_changes_nothing_of_a_rental_that_has_begun():
    booking = make_booking(start=in_days(-1), length=3, status="active")
    with pytest.raises(Forbidden):
        change(booking, to=ChangeRequest(days=span(-1, 5)))


@pytest.mark.parametrize("status", ["completed", "cancelled", "refunded"])
def test_what_has_ended_stays(status):
    booking = make_booking(
        start=in_days(-3) if status == "completed" else in_days(5), length=2, status=status
    )
    with pytest.raises(Invalid):
        change(booking, role=STAFF, to=ChangeRequest(details=Details(phone="1")))


def test_contact_alone_keeps_the_frozen_price():
    booking = make_booking(start=in_days(10), length=2)
    with as_owner():
        Car.objects.filter(pk=booking.car_id).update(daily_rate="999.00")
    assert change(booking, to=ChangeRequest(details=Details(phone="+33 1"))).difference == eur(0)
    with as_owner():
        booking = Booking.objects.get(pk=booking.pk)
        assert (booking.total, price_today(booking).total) == (480, eur(1998))


def test_another_place_to_return_adds_the_one_way_fee():
    there = LocationFactory()
    booking = make_booking(start=in_days(10), length=2)
    with as_owner():
        Fee.objects.create(name="One-way", kind="one_way", amount="90.00")
    done = change(booking, to=ChangeRequest(details=Details(drop_off=there, return_time=time(12))))
    assert done.difference == eur(90)
    assert [line.code for line in done.after.lines] == ["day", "fee_one_way"]


def test_moving_the_pick_up_moves_free_cancellation_by_the_terms_as_booked(settings):
    booking = make_booking(start=in_days(10), length=2)
    settings.FREE_CANCELLATION_HOURS = 5
    done = change(booking, to=ChangeRequest(days=span(12, 2)))
    assert booking.free_cancellation_until is not None
    assert done.booking.free_cancellation_until == done.booking.pickup_at - timedelta(hours=48)


@pytest.mark.parametrize("forward", [True, False])
def test_hours_before_the_pick_up_are_real_ones_on_the_day_of_a_clock_change(forward, settings):
    settings.CHANGE_CUTOFF_HOURS = 24
    change_day = days.clock_change(forward=forward)
    booking = make_booking(start=change_day, length=1, at=days.noon(change_day - timedelta(days=5)))
    pickup_at = booking.pickup_at.astimezone(UTC)
    assert booking.free_cancellation_until == pickup_at - timedelta(hours=48)
    assert booking.free_cancellation_until.astimezone(days.PARIS).time() == time(9 if forward else 11)
    assert change_until(booking) == pickup_at - timedelta(hours=24)


@pytest.mark.parametrize(("start", "moved"), [(40, 30), (5, 0)])
def test_the_link_lives_on_when_the_return_moves_later(start, moved):
    booking = make_booking(start=in_days(10), length=2)
    with as_owner():
        before = BookingLink.objects.get(booking=booking).expires_at
    change(booking, to=ChangeRequest(days=span(start, 2)))
    with as_owner():
        assert BookingLink.objects.get(booking=booking).expires_at - before == timedelta(days=moved)


def test_every_change_is_written_down_without_anything_personal():
    booking = make_booking(start=in_days(10), length=2)
    change(booking, to=ChangeRequest(days=span(11, 2), details=Details(phone="+351 999")))
    (revision,) = revisions(booking)
    assert (revision.actor_kind, revision.difference) == ("customer", Decimal(0))
    assert revision.before["days"] == span(10, 2).isoformat
    assert revision.after["days"] == span(11, 2).isoformat
    assert revision.after["contact"] == ["phone"]
    assert "999" not in str(revision.after)


# --- Extras --------------------------------------------------------------------------------------------------


def make_extra(**fields):
    with as_owner():
        made = Extra.objects.create(**{"name": "Roof box", "price": "25.00", "stock": 1, **fields})
        return Extra.objects.get(pk=made.pk)


def test_extras_are_counted_on_every_day_and_priced():
    box = make_extra(stock=2, max_per_booking=2, per="day")
    booking = make_booking(start=in_days(5), length=3, details=Details(extras=((box, 2),)))
    assert (booking.total, booking.as_quoted.lines[-1].quantity) == (870, 6)
    with as_owner():
        assert list(ExtraDay.objects.values_list("taken", flat=True)) == [2, 2, 2]


def test_an_extra_that_is_gone_refuses_the_whole_booking():
    box = make_extra()
    make_booking(start=in_days(5), length=3, details=Details(extras=((box, 1),)))
    with pytest.raises(Invalid, match="Roof box is not left"):
        make_booking(start=in_days(7), length=3, details=Details(extras=((box, 1),)))
    with as_owner():
        assert Booking.objects.count() == 1
    assert make_booking(start=in_days(8), length=3, details=Details(extras=((box, 1),))).pk


def test_extras_follow_the_days_and_are_free_again_after_a_cancellation():
    box = make_extra()
    booking = make_booking(start=in_days(5), length=2, details=Details(extras=((box, 1),)))
    change(booking, to=ChangeRequest(days=span(9, 3)))
    with as_owner():
        taken = dict(ExtraDay.objects.values_list("date", "taken"))
        assert {day for day, n in taken.items() if n} == set(span(9, 3))
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=Booking.objects.get(), at=timezone.now())
    with as_owner():
        assert set(ExtraDay.objects.values_list("taken", flat=True)) == {0}
        assert BookingExtra.objects.count() == 0


def test_a_season_that_came_later_is_in_the_price_as_of_today():
    booking = make_booking(start=in_days(10), length=2)
    with as_owner():
        Season.objects.create(name="Summer", start_date=in_days(0), end_date=in_days(40), percent=150)
    with as_owner():
        booking = Booking.objects.get(pk=booking.pk)
        assert (booking.total, price_today(booking).total) == (480, eur(720))


def short_day(booking, day):
    """The booking's place, which was open from 10 to 18, is open from 11 to 16 on that weekday."""
    with as_owner():
        hours = OpeningHours.objects.filter(location=booking.car.location, weekday=day.weekday())
        assert hours.update(opens=time(11), closes=time(16)) == 1


def test_usual_times_follow_to_the_hours_of_the_new_days():
    booking = make_booking(start=in_days(10), length=3)
    short_day(booking, in_days(13))
    done = change(booking, to=ChangeRequest(days=span(10, 4)))
    assert (done.booking.pickup_time, done.booking.return_time) == (time(10), time(16))
    done = change(booking, to=ChangeRequest(days=span(13, 2)))
    assert (done.booking.pickup_time, done.booking.return_time) == (time(11), time(18))


def test_a_time_that_was_chosen_stays_and_is_held_against_the_hours_of_its_new_day():
    booking = make_booking(start=in_days(10), length=3)
    change(booking, to=ChangeRequest(details=Details(return_time=time(17))))
    short_day(booking, in_days(13))
    with pytest.raises(Invalid) as refusal:
        change(booking, to=ChangeRequest(days=span(10, 4)))
    assert "is open from 11:00 to 16:00" in str(refusal.value.details["fields"]["returnTime"][0])
    assert change(booking, to=ChangeRequest(days=span(11, 4))).booking.return_time == time(17)
