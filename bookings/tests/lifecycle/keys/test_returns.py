"""Early, late and mistaken returns: what they cost, which days they need, and how they are corrected and undone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from bookings.errors import ChangedMeanwhile, DatesTaken, Forbidden, Invalid, InvalidTransition, StatusChanged
from bookings.lifecycle.checklist import Bill, Charge
from bookings.lifecycle.keys.returns import correct_return, mark_of, undo_return
from bookings.lifecycle.returning.odometer import Reading, is_doubtful, last_reading
from bookings.lifecycle.returning.proposals import proposals, unused_days
from bookings.models import Booking, BookingChange, Refund
from bookings.payments.settle import settle
from bookings.tests.support.cashier import as_provider, proven
from bookings.tests.support.factories import (
    in_days,
    make_booking,
    make_desk,
    make_manager,
    pay_at_the_counter,
)
from bookings.tests.support.returns import BACK, back, days_of, fresh, out
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db
NOW = timezone.now
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def proof():
    """Ledger and money are true after all of it."""
    yield
    with acting_as(SERVICE):
        assert find_drift() == []
    assert proven() == []


def eur(amount):
    return Money(Decimal(amount), "EUR")


def charge(kind="late_return", amount="40.00", proposed=None, made_of="2 h"):
    return Charge(kind, eur(amount), eur(proposed or amount), made_of)


def billed(*charges, less=None, why="", **facts):
    return replace(BACK, bill=Bill(charges, less, why), **facts)


def lines(booking):
    return {line.code: line.amount for line in fresh(booking).as_quoted.lines if line.code != "day"}


def corrected(booking, checklist, user=None, mark=None):
    with acting_as(STAFF, user=user):
        return correct_return(booking=booking, at=NOW(), checklist=checklist, mark=mark or mark_of(booking))


def undone(booking, **more):
    with acting_as(STAFF):
        return undo_return(booking=booking, at=more.pop("at", None) or NOW(), **more)


def revisions(booking):
    with as_owner():
        return list(BookingChange.objects.filter(booking=booking))


# --- When it came back ------------------------------------------------------------------------------------------------


def test_a_return_is_entered_for_an_earlier_day_and_frees_the_days_after_it():
    booking = out(start=in_days(-3))
    came_back = booking.pickup_at + DAY
    after = back(booking, replace(BACK, returned_at=came_back))
    assert (after.status, after.returned_at) == ("completed", came_back)
    assert [day for day, _status in days_of(booking)] == [in_days(-3), in_days(-2)]


@pytest.mark.parametrize("shift", [timedelta(minutes=-2), timedelta(days=30)])
def test_a_car_comes_back_neither_before_the_hand_over_nor_in_the_future(shift):
    booking = out()
    with pytest.raises(Invalid) as refusal:
        back(booking, replace(BACK, returned_at=booking.pickup_at + shift))
    assert list(refusal.value.details["fields"]) == ["returnedAt"]
    assert fresh(booking).status == "active"


def test_the_minute_of_the_hand_over_is_late_enough():
    booking = out(given=timedelta(seconds=40))
    after = back(booking, replace(BACK, returned_at=booking.pickup_at))
    assert after.returned_at == after.handed_over_at


# --- What it comes to -------------------------------------------------------------------------------------------------


def proposed(booking, came_back, **facts):
    with acting_as(STAFF):
        found = proposals(booking, replace(BACK, returned_at=came_back, **facts), NOW())
    return {one.kind: (one.amount, one.made_of.replace("\N{NO-BREAK SPACE}", " ")) for one in found}


def test_a_return_in_time_with_a_full_tank_and_few_kilometres_costs_nothing():
    booking = out(start=in_days(-8))
    assert proposed(booking, booking.return_at, fuel=8) == {}
    assert proposed(booking, booking.return_at + timedelta(minutes=59), fuel=8) == {}


def test_time_kilometres_and_fuel_are_proposed_at_the_prices_of_the_booking(settings):
    settings.FUEL_PRICE_PER_EIGHTH = Decimal("12.50")
    booking = out(start=in_days(-8))
    with as_owner():
        type(booking.car).objects.update(daily_rate="999.00", excess_km_price="9.00")
    found = proposed(fresh(booking), booking.return_at + 2 * HOUR, odometer=45_000 + 600 + 120, fuel=5)
    assert found == {
        "late_return": (eur("40.00"), "2 h"),
        "excess_km": (eur("60.00"), "120 km"),
        "fuel": (eur("37.50"), "3/8"),
    }


def test_without_readings_at_the_hand_over_or_a_price_of_fuel_neither_is_proposed():
    booking = out(start=in_days(-8))
    assert "fuel" not in proposed(booking, booking.return_at, fuel=0)
    with as_owner():
        Booking.objects.update(pickup_odometer_km=None, pickup_fuel_eighths=None)
    assert proposed(fresh(booking), booking.return_at, odometer=99_000, fuel=0) == {}


def test_what_staff_decided_stands_on_the_quote_in_the_total_and_in_the_history():
    booking = out()
    desk = make_desk()
    decided = billed(
        charge(),
        charge("excess_km", "50.00", "60.00", "120 km"),
        charge("fuel", "0.00", "37.50"),
        why="A regular",
    )
    after = back(booking, decided, user=desk)
    assert lines(booking) == {"late_return": eur("40.00"), "excess_km": eur("50.00")}
    assert after.total == booking.total + 90
    assert after.amount_due == after.total_money
    assert after.as_quoted.tax == booking.as_quoted.tax + eur("6.67") + eur("8.33")
    [change] = revisions(booking)
    assert (change.difference, change.reason, change.actor_id) == (90, "A regular", desk.pk)
    assert change.after["charges"] == [
        ["late_return", "40.00", "40.00"],
        ["excess_km", "50.00", "60.00"],
        ["fuel", "0.00", "37.50"],
    ]


def test_a_return_that_costs_nothing_leaves_price_and_history_alone():
    booking = out()
    after = back(booking)
    assert (after.quote, revisions(booking)) == (booking.quote, [])


@pytest.mark.parametrize(
    "nonsense", [charge("early_return"), charge("cleaning"), charge(amount="-1.00"), charge(amount="1e16")]
)
def test_a_charge_that_makes_no_sense_is_refused_and_nothing_is_taken_back(nonsense):
    booking = out()
    with pytest.raises(Invalid):
        back(booking, billed(nonsense))
    assert fresh(booking).status == "active"


# --- Early ------------------------------------------------------------------------------------------------------------


def less_of(booking):
    with acting_as(STAFF):
        return sum((one.amount.amount for one in unused_days(booking, NOW())), Decimal(0))


def test_an_early_return_is_not_recalculated_unless_a_manager_says_so():
    booking = out()  # six days since yesterday: four are unused
    assert less_of(booking) == -400
    assert back(booking).total == booking.total


def test_a_manager_takes_the_unused_days_off_and_what_was_paid_for_them_goes_back():
    booking = out()
    with acting_as(STAFF):
        pay_at_the_counter(booking, NOW())
    after = back(fresh(booking), billed(less=eur("-400.00")), user=make_manager())
    assert (after.total, lines(booking)) == (200, {"early_return": eur("-400.00")})
    with as_provider():
        settle(booking.pk, at=NOW())
        assert [refund.amount for refund in Refund.objects.all()] == [400]
    [change] = revisions(booking)
    assert change.difference == -400


def test_the_desk_takes_nothing_off():
    booking = out()
    with pytest.raises(Forbidden):
        back(booking, billed(less=eur("-400.00")), user=make_desk())
    assert fresh(booking).status == "active"


def test_what_was_shown_is_what_is_taken_off_or_it_is_asked_again():
    booking = out()
    with pytest.raises(ChangedMeanwhile):
        back(booking, billed(less=eur("-399.00")), user=make_manager())
    assert fresh(booking).status == "active"


def test_a_car_that_is_in_time_has_no_unused_days():
    booking = out(start=in_days(-5), length=6)
    assert less_of(booking) == 0


# --- Corrected --------------------------------------------------------------------------------------------------------


def test_a_return_is_corrected_with_old_and_new_in_the_history():
    booking = back(out(start=in_days(-4)), replace(BACK, damage=True, note="Scratch"))
    desk, came_back = make_desk(), booking.pickup_at + DAY
    now = replace(BACK, odometer=45_900, fuel=8, note="No scratch", returned_at=came_back)
    corrected(booking, now, user=desk)
    after = fresh(booking)
    found = (after.returned_at, after.return_odometer_km, after.return_fuel_eighths, after.return_damage)
    assert (found, after.return_note) == ((came_back, 45_900, 8, False), "No scratch")
    [change] = revisions(booking)
    sides = (change.before["return"], change.after["return"])
    assert [side["odometer"] for side in sides] == [45_210, 45_900]
    assert [side["damage"] for side in sides] == [True, False]
    assert (change.actor_id, change.reason, change.difference) == (desk.pk, "Scratch", 0)
    assert not change.is_of_the_rental  # so nobody is mailed about it


def test_the_days_follow_a_correction_to_and_fro():
    booking = back(out(start=in_days(-4), length=9))
    assert len(days_of(booking)) == 5
    corrected(booking, replace(BACK, returned_at=booking.pickup_at + DAY))
    assert len(days_of(booking)) == 2
    corrected(fresh(booking), replace(BACK, returned_at=NOW()))
    assert len(days_of(booking)) == 5


def test_a_later_return_needs_days_that_nobody_else_has():
    booking = out(start=in_days(-4), length=9)
    booking = back(booking, replace(BACK, returned_at=booking.pickup_at + DAY))
    make_booking(car=booking.car, start=in_days(0), length=1)
    with pytest.raises(DatesTaken, match="by now"):
        corrected(booking, replace(BACK, returned_at=NOW()))
    assert fresh(booking).returned_at == booking.returned_at
    assert len(days_of(booking)) == 2


def test_charges_follow_a_correction_instead_of_adding_up():
    booking = back(out(), billed(charge(), charge("excess_km", "60.00")))
    corrected(booking, billed(charge(amount="20.00"), returned_at=booking.returned_at), user=make_manager())
    assert lines(booking) == {"late_return": eur("20.00")}
    assert fresh(booking).total == 620


def test_the_desk_corrects_what_it_wants_but_gives_no_money_back():
    booking = back(out(), billed(charge()))
    with acting_as(STAFF):
        pay_at_the_counter(booking, NOW())
    desk, booking = make_desk(), fresh(booking)
    with pytest.raises(Forbidden):
        corrected(booking, replace(BACK, returned_at=booking.returned_at), user=desk)
    more = billed(charge(amount="60.00"), returned_at=booking.returned_at)
    assert corrected(booking, more, user=desk).total == 660
    with as_provider():
        settle(booking.pk, at=NOW())


def test_two_who_correct_the_same_return_do_not_write_over_each_other():
    booking = back(out())
    seen = mark_of(booking)
    corrected(booking, replace(BACK, odometer=45_300, returned_at=booking.returned_at))
    with pytest.raises(ChangedMeanwhile):
        corrected(booking, replace(BACK, odometer=45_400, returned_at=booking.returned_at), mark=seen)
    assert fresh(booking).return_odometer_km == 45_300


def test_only_a_car_that_is_back_has_a_return_to_correct():
    with pytest.raises(InvalidTransition):
        corrected(out(), BACK)
    booking = back(out())
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(Forbidden):
        correct_return(booking=booking, at=NOW(), checklist=BACK, mark=mark_of(booking))


# --- Undone -----------------------------------------------------------------------------------------------------------


def test_a_return_is_undone_with_its_days_and_its_price():
    booking = out()
    before = days_of(booking)
    after = back(booking, billed(charge()))
    undone(after, from_="completed")
    again = fresh(booking)
    assert (again.status, again.returned_at, again.return_odometer_km) == ("active", None, None)
    assert (again.quote, again.total, days_of(booking)) == (booking.quote, booking.total, before)
    with as_owner():
        last = booking.changes.last()
    assert (last.from_status, last.to_status, last.reason) == ("completed", "active", "undone")


def test_a_quarter_of_an_hour_later_it_can_only_be_corrected():
    booking = back(out())
    with pytest.raises(InvalidTransition):
        undone(booking, at=NOW() + timedelta(minutes=15))
    assert fresh(booking).status == "completed"


def test_nor_does_the_database_undo_it_later_or_for_others():
    sql = "UPDATE bookings SET status = 'active', returned_at = NULL"
    booking = back(out())
    with (
        acting_as(SERVICE),
        pytest.raises(IntegrityError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(status_changed_at=NOW() - timedelta(minutes=16))
    with (
        acting_as(STAFF),
        pytest.raises(IntegrityError) as refusal,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert refusal.value.__cause__.diag.constraint_name == "booking_status_machine"


def test_days_that_somebody_has_booked_since_are_not_taken_away():
    booking = back(out())
    other = make_booking(car=booking.car, start=in_days(2), length=2)
    with pytest.raises(DatesTaken):
        undone(booking)
    assert fresh(booking).status == "completed"
    assert len(days_of(other)) == 2


def test_a_car_that_is_out_again_is_not_with_two_people():
    booking = back(out(start=in_days(-3), length=3))
    other = make_booking(car=booking.car, start=in_days(0), length=2, status="active")
    with as_owner():
        Booking.objects.filter(pk=other.pk).update(handed_over_at=NOW())
    with pytest.raises(InvalidTransition, match=other.reference):
        undone(booking)


def test_a_stale_undo_says_who_was_faster():
    booking = back(out())
    undone(booking)
    with pytest.raises(StatusChanged):
        undone(booking, from_="completed")


# --- The odometer -----------------------------------------------------------------------------------------------------


def test_the_last_reading_is_the_newest_of_hand_over_and_return_before_then():
    booking = back(out(start=in_days(-6), length=3), replace(BACK, odometer=45_600))
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(returned_at=booking.return_at)
    other = out(car=booking.car, km=45_700, start=in_days(-1))
    with acting_as(STAFF):
        assert last_reading(other, NOW()) == Reading(45_700, other.handed_over_at)
        assert last_reading(other, other.pickup_at - HOUR) == Reading(45_600, booking.return_at)
        # Its own return is what is being corrected.
        assert last_reading(booking, booking.return_at) == Reading(45_000, booking.handed_over_at)


@pytest.mark.parametrize(
    ("km", "days", "doubtful"),
    [(45_000, 1, False), (44_999, 1, True), (47_000, 1, False), (47_001, 1, True), (49_000, 2, False)],
)
def test_less_than_before_and_too_far_for_the_time_are_doubtful(km, days, doubtful):
    last = Reading(45_000, NOW())
    assert is_doubtful(km, last.at + days * DAY, last) == doubtful
    assert not is_doubtful(km, last.at, None)
