"""Nobody came: when it may be said, which days it keeps, what comes back, and what the database refuses by itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from bookings.errors import DatesTaken, Forbidden, Invalid, InvalidTransition, StatusChanged
from bookings.lifecycle.keys.no_show import no_show, undo_no_show
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, StatusChange
from bookings.payments.terms import fee_owed
from bookings.tests.support.cashier import proven
from bookings.tests.support.factories import (
    CarFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
    pay_at_the_counter,
)
from bookings.tests.support.returns import days_of, fresh, out
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)


def nobody_came(booking, at=None, **more):
    with acting_as(STAFF):
        return no_show(booking=booking, at=at or booking.pickup_at + SOON, **more)


@pytest.mark.parametrize("status", ["upcoming", "active"])
def test_a_no_show_is_cancelled_with_its_outcome_and_keeps_the_days_until_today(status):
    booking = make_booking(car=CarFactory(buffer_days=2), start=in_days(0), length=5, status=status)
    over = nobody_came(booking, from_=status)
    assert (over.status, over.outcome, over.kept_until) == ("cancelled", "no_show", in_days(0))
    assert days_of(booking) == [(in_days(0), "booked")]
    with acting_as(SERVICE):
        assert find_drift() == []


def test_the_days_from_tomorrow_are_free_and_today_is_not():
    booking = make_booking(start=in_days(0), length=5, status="active")
    nobody_came(booking)
    assert make_booking(car=booking.car, start=in_days(1), length=4).status == "pending"
    with pytest.raises(DatesTaken):
        make_booking(car=booking.car, start=in_days(0), length=1, at=booking.created_at)


def test_who_did_not_come_for_days_keeps_no_day_after_the_last_one():
    booking = make_booking(start=in_days(-6), length=3, status="active")
    over = nobody_came(booking, booking.pickup_at + timedelta(days=5))
    assert over.kept_until == booking.end_date
    assert len(days_of(booking)) == 3
    with acting_as(SERVICE):
        assert find_drift() == []


def test_extras_go_back_to_the_shelf():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(0), status="active", extras=((seat, 1),))
    nobody_came(booking)
    with acting_as(SERVICE):
        assert find_drift() == []
    assert make_booking(start=in_days(1), length=2, extras=((seat, 1),)).status == "pending"


def test_nobody_is_missed_before_the_pick_up_time():
    booking = make_booking(start=in_days(0), status="active")
    with pytest.raises(InvalidTransition):
        nobody_came(booking, booking.pickup_at - SOON)
    assert fresh(booking).status == "active"


@pytest.mark.parametrize("status", ["pending", "completed", "cancelled"])
def test_only_a_confirmed_booking_that_waits_can_be_a_no_show(status):
    booking = make_booking(start=in_days(0), status=status)
    with pytest.raises(InvalidTransition):
        nobody_came(booking)
    assert fresh(booking).outcome == ""


def test_who_has_the_car_came():
    booking = out()
    with pytest.raises(InvalidTransition):
        nobody_came(booking)


def test_customers_do_not_say_so_of_themselves():
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(Forbidden):
        no_show(booking=booking, at=booking.pickup_at + SOON)


def test_a_stale_form_moves_nothing():
    booking = make_booking(start=in_days(0), status="active")
    with pytest.raises(StatusChanged):
        nobody_came(booking, from_="upcoming")


def test_what_comes_back_follows_the_terms_as_if_the_customer_had_cancelled():
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        pay_at_the_counter(booking, booking.pickup_at)
    nobody_came(fresh(booking))
    with acting_as(SERVICE):
        assert fee_owed(fresh(booking)) == booking.total_money
    assert proven() == []


def test_the_history_says_why():
    booking = make_booking(start=in_days(0), status="active")
    nobody_came(booking)
    with as_owner():
        last = StatusChange.objects.filter(booking=booking).last()
    assert (last.to_status, last.actor_kind, last.reason) == ("cancelled", "staff", "no_show")


BY_SQL = {
    "of a booking that goes on": "UPDATE bookings SET outcome = 'no_show', kept_until = start_date",
    "without a day": "UPDATE bookings SET status = 'cancelled', outcome = 'no_show'",
    "beyond the booking": "UPDATE bookings SET status = 'cancelled', outcome = 'no_show', kept_until = end_date + 1",
    "with all its days": "UPDATE bookings SET status = 'cancelled', outcome = 'no_show', kept_until = start_date",
}


@pytest.mark.parametrize("what", BY_SQL)
def test_the_database_refuses_a_no_show_that_makes_no_sense(what):
    make_booking(start=in_days(0), status="active")
    walls = {"a_no_show_is_cancelled_and_keeps_days", "booking_has_its_days"}
    with acting_as(STAFF), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        _commit(BY_SQL[what])
    assert refusal.value.__cause__.diag.constraint_name in walls


# --- Undone -----------------------------------------------------------------------------------------------------------


def somebody_came(booking, at=None, **more):
    with acting_as(STAFF):
        return undo_no_show(booking=booking, at=at or timezone.now(), **more)


def test_undone_it_is_active_with_its_days_its_gap_its_extras_and_its_terms():
    seat = make_extra(stock=1, per="day")
    booking = make_booking(
        car=CarFactory(buffer_days=2), start=in_days(0), length=4, status="active", extras=((seat, 1),)
    )
    had, terms = days_of(booking), fresh(booking).terms
    nobody_came(booking)
    again = somebody_came(fresh(booking), from_="cancelled")
    assert (again.status, again.outcome, again.kept_until) == ("active", "", None)
    assert days_of(booking) == had
    assert fresh(booking).terms == terms
    assert extras_of(booking) == [(seat.pk, 1)]
    with acting_as(SERVICE):
        assert find_drift() == []


def test_undone_it_is_in_the_history_and_the_customer_is_told_that_the_booking_stands():
    booking = make_booking(start=in_days(0), status="active")
    nobody_came(booking)
    somebody_came(fresh(booking))
    with as_owner():
        last = StatusChange.objects.filter(booking=booking).last()
        mails = list(booking.emails.filter(audience="customer").values_list("template", flat=True))
    assert (last.from_status, last.to_status, last.reason) == ("cancelled", "active", "no_show_undone")
    assert last.actor_kind == "staff"
    assert mails.count("booking_confirmed") == 2


def test_days_or_extras_that_somebody_has_by_now_stay_theirs():
    seat = make_extra(stock=1)
    booking = make_booking(start=in_days(0), length=4, status="active", extras=((seat, 1),))
    nobody_came(booking)
    other = make_booking(start=in_days(1), length=2, extras=((seat, 1),))
    with pytest.raises(Invalid):
        somebody_came(fresh(booking))
    with acting_as(STAFF):
        cancel(booking=other, at=timezone.now())
    make_booking(car=booking.car, start=in_days(2), length=1)
    with pytest.raises(DatesTaken):
        somebody_came(fresh(booking))
    assert (fresh(booking).status, days_of(booking)) == ("cancelled", [(in_days(0), "booked")])


def test_what_is_no_no_show_is_not_undone_nor_by_customers_nor_on_a_stale_form():
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        cancel(booking=booking, at=timezone.now())
    with pytest.raises(InvalidTransition):
        somebody_came(fresh(booking))
    missed = make_booking(start=in_days(0), status="active")
    nobody_came(missed)
    with acting_as(PUBLIC, token=missed.secret), pytest.raises(Forbidden):
        undo_no_show(booking=missed, at=timezone.now())
    with pytest.raises(StatusChanged):
        somebody_came(fresh(missed), from_="active")


def test_the_database_lets_nothing_but_a_no_show_be_active_again():
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        cancel(booking=booking, at=timezone.now())
    with acting_as(STAFF), pytest.raises(IntegrityError) as refusal, transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(status="active")
    assert refusal.value.__cause__.diag.constraint_name == "booking_status_machine"


def _commit(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_public_writes_no_outcome():
    booking = make_booking(start=in_days(0), status="upcoming")
    denied = pytest.raises(DatabaseError, match="permission denied")
    with acting_as(PUBLIC, token=booking.secret), denied, transaction.atomic():
        Booking.objects.filter(pk=booking.pk).update(outcome="no_show")
