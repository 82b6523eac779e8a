"""Every pair of statuses, who may move what, what a move does to the days, and what the database refuses by itself."""

import re
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from bookings.errors import Forbidden, Invalid, InvalidTransition, NotFound, StatusChanged
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.due import advance_due
from bookings.lifecycle.keys.handover import hand_over
from bookings.lifecycle.keys.undo import UNDOS
from bookings.lifecycle.request import Details
from bookings.lifecycle.transitions import TRANSITIONS, cancel, take_back, transition
from bookings.models import Booking, CarAvailability, StatusChange
from bookings.signals import booking_created
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    in_days,
    make_booking,
    make_desk,
    move_to,
)
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.forging import unchecked

pytestmark = pytest.mark.django_db
BACK = Checklist(odometer=45210, fuel=6, damage=False)
PAIRS = list(product(Booking.Status.values, repeat=2))
ALLOWED, UNDONE = (
    {(a, b) for a, targets in table.items() for b in targets} for table in (TRANSITIONS, UNDOS)
)


def status_of(booking):
    with as_owner():
        return Booking.objects.values_list("status", flat=True).get(pk=booking.pk)


def history(booking):
    with as_owner():
        return list(
            StatusChange.objects.filter(booking=booking).values_list("from_status", "to_status", "actor_kind")
        )


def ledger(booking):
    with as_owner():
        rows = CarAvailability.objects.filter(booking=booking).order_by("date")
        return [(row.date, row.status) for row in rows]


def handed_over(booking, at):
    booking.handed_over_at = at
    return booking


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_booking_moves_only_as_the_table_says(before, after):
    booking = make_booking(status=before)
    if (before, after) == ("cancelled", "refunded"):
        paid_and_given_back(booking)
    moves = len(history(booking))
    with acting_as(STAFF):
        if (before, after) in ALLOWED:
            assert transition(booking=booking, to=after, at=timezone.now()).status == after
            assert history(booking)[-1] == (before, after, "staff")
        else:
            with pytest.raises(InvalidTransition) as refusal:
                transition(booking=booking, to=after, at=timezone.now())
            assert refusal.value.status == 400
            assert status_of(booking) == before
            assert len(history(booking)) == moves


def paid_and_given_back(booking):
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(refunded=booking.total)


def test_nothing_is_refunded_that_nobody_paid():
    booking = make_booking(status="cancelled")
    with acting_as(STAFF), pytest.raises(InvalidTransition):
        transition(booking=booking, to="refunded", at=timezone.now())
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(refunded=100, paid=1)
    with acting_as(STAFF), pytest.raises(InvalidTransition):
        transition(booking=booking, to="refunded", at=timezone.now())


@pytest.mark.parametrize(("before", "after"), [pair for pair in PAIRS if pair[0] != pair[1]])
def test_the_database_refuses_the_same_moves_by_raw_sql(before, after):
    booking = make_booking(status=before)
    with unchecked(), connection.cursor() as cursor:
        if (before, after) in ALLOWED:
            cursor.execute("UPDATE bookings SET status = %s WHERE id = %s", [after, booking.pk])
            assert history(booking)[-1] == (before, after, "database")
        else:
            with pytest.raises(IntegrityError) as refusal, transaction.atomic():
                cursor.execute("UPDATE bookings SET status = %s WHERE id = %s", [after, booking.pk])
            assert refusal.value.__cause__.diag.constraint_name == "booking_status_machine"


def test_the_trigger_and_the_python_table_are_the_same():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'booking_status_rules'")
        source = cursor.fetchone()[0]
    table = source[source.index("NOT IN (") : source.index(") THEN\n    RAISE EXCEPTION 'a booking cannot")]
    assert set(re.findall(r"\('(\w+)', '(\w+)'\)", table)) == ALLOWED | UNDONE


def test_a_booking_begins_as_pending_whoever_writes_it():
    booking = make_booking()
    with as_owner():
        copy = Booking.objects.get(pk=booking.pk)
        copy.pk, copy.reference, copy.status = uuid.uuid4(), "EXO-OTHER1", "completed"
        with pytest.raises(IntegrityError, match="begins as pending"), transaction.atomic():
            copy.save(force_insert=True)


@pytest.mark.parametrize(
    "sql", ["UPDATE booking_status_changes SET reason = 'x'", "DELETE FROM booking_status_changes"]
)
@pytest.mark.parametrize("role", [PUBLIC, STAFF, SERVICE, "owner"])
def test_audit_rows_are_never_changed_or_deleted(sql, role):
    booking = make_booking()
    before = history(booking)
    with acting_as(role), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert history(booking) == before


@pytest.mark.parametrize("role", [PUBLIC, STAFF, SERVICE])
def test_nobody_writes_the_history_by_hand(role):
    booking = make_booking()
    with acting_as(role), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        StatusChange.objects.create(
            booking=booking, to_status="completed", actor_kind="staff", at=timezone.now()
        )


def test_the_history_names_who_moved_it_and_why():
    booking, desk = make_booking(), make_desk()
    with acting_as(STAFF, user=desk):
        transition(booking=booking, to="cancelled", at=timezone.now(), reason="Car broke down")
    with as_owner():
        last = StatusChange.objects.filter(booking=booking).last()
    assert (last.actor_id, last.actor_kind, last.reason) == (desk.pk, "staff", "Car broke down")


def test_a_customer_cannot_pretend_to_be_staff_in_the_history():
    booking = make_booking()
    with acting_as(PUBLIC, token=booking.secret, actor="staff"):
        cancel(booking=booking, at=timezone.now())
    assert history(booking)[-1] == ("pending", "cancelled", "customer")


def test_a_stale_from_is_a_conflict_even_where_the_move_is_illegal():
    booking = make_booking(status="completed", start=in_days(-5), length=2)
    desk = make_desk()
    with acting_as(STAFF, user=desk), pytest.raises(StatusChanged) as refusal:
        transition(booking=booking, to="upcoming", at=timezone.now(), from_="pending")
    assert refusal.value.status == 409
    assert refusal.value.details["status"] == "completed"


def test_a_conflict_says_who_moved_it():
    booking, desk = make_booking(), make_desk(full_name="Inès Laurent")
    with acting_as(STAFF, user=desk):
        transition(booking=booking, to="upcoming", at=timezone.now(), from_="pending")
        with pytest.raises(StatusChanged) as refusal:
            transition(booking=booking, to="upcoming", at=timezone.now(), from_="pending")
    assert refusal.value.details["by"] == "Inès Laurent"


@pytest.mark.parametrize(
    "verb",
    [
        lambda booking, at: transition(booking=booking, to="completed", at=at),
        lambda booking, at: cancel(booking=booking, at=at),
        lambda booking, at: hand_over(booking=booking, at=at),
        lambda booking, at: take_back(booking=handed_over(booking, at), at=at, checklist=BACK),
        lambda booking, at: change_booking(
            booking=booking, at=at, to=ChangeRequest(details=Details(phone="+33 1"))
        ),
    ],
)
def test_no_verb_goes_on_when_the_car_was_changed_meanwhile(verb):
    """Only the car that the booking had when it was read is locked."""
    booking, other = make_booking(start=in_days(0), status="active"), CarFactory()
    with unchecked():
        Booking.objects.filter(pk=booking.pk).update(car=other)
    before = ledger(booking)
    with acting_as(STAFF), pytest.raises(StatusChanged):
        verb(booking, timezone.now())
    assert (status_of(booking), ledger(booking)) == ("active", before)


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"odometer": 2_000_000}, ["odometer"]),
        ({"odometer": 9_000_000, "damage": True}, ["odometer", "note"]),
        ({"odometer": -1}, ["odometer"]),
        ({"fuel": 9}, ["fuel"]),
        ({"fuel": -1}, ["fuel"]),
        ({"damage": True, "note": " \n"}, ["note"]),
        ({"note": "x" * 2001}, ["note"]),
    ],
)
def test_a_checklist_that_makes_no_sense_returns_no_car(wrong, fields):
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        booking = hand_over(booking=booking, at=timezone.now())
        with pytest.raises(Invalid) as refusal:
            take_back(booking=booking, at=timezone.now(), checklist=replace(BACK, **wrong))
    assert list(refusal.value.details["fields"]) == fields
    assert status_of(booking) == "active"


def test_the_longest_way_a_car_can_have_gone_is_believed():
    booking = make_booking(start=in_days(0), status="active")
    with acting_as(STAFF):
        back = replace(BACK, odometer=1_999_999)
        transition(booking=booking, to="completed", at=timezone.now(), record=back)
    assert status_of(booking) == "completed"


@pytest.mark.parametrize("wanted", ["upcoming", "active", "completed", "refunded"])
def test_the_database_lets_customers_only_cancel(wanted):
    route = {"upcoming": "pending", "active": "upcoming", "completed": "active", "refunded": "cancelled"}
    booking = make_booking(status=route[wanted])
    if wanted == "refunded":
        paid_and_given_back(booking)
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(DatabaseError):
        transition(booking=booking, to=wanted, at=timezone.now())
    assert status_of(booking) == route[wanted]


def test_customers_cancel_until_the_pick_up_day_begins_where_the_car_is():
    car = CarFactory(location=LocationFactory(time_zone="Pacific/Auckland"))
    booking = make_booking(car=car, start=in_days(5), status="upcoming")
    midnight = car.location.instant(booking.start_date, datetime.min.time())
    with acting_as(PUBLIC, token=booking.secret):
        with pytest.raises(Forbidden):
            cancel(booking=booking, at=midnight)
        assert cancel(booking=booking, at=midnight - timedelta(seconds=1)).status == "cancelled"


def test_a_cancellation_posted_twice_answers_with_the_cancelled_booking():
    booking = make_booking()
    with acting_as(PUBLIC, token=booking.secret):
        booking = cancel(booking=booking, at=timezone.now())
        assert cancel(booking=booking, at=timezone.now()).status == "cancelled"
    assert len(history(booking)) == 2


def test_cancelling_frees_the_days_with_their_buffer():
    booking = make_booking(car=CarFactory(buffer_days=2))
    assert len(ledger(booking)) == 6
    with acting_as(STAFF):
        cancel(booking=booking, at=timezone.now(), reason="asked")
    assert ledger(booking) == []


def test_confirming_books_the_days():
    booking = make_booking(car=CarFactory(buffer_days=1), status="upcoming")
    assert [status for _, status in ledger(booking)] == ["booked"] * 4 + ["buffer"]


def test_handing_over_an_upcoming_booking_makes_it_active():
    booking, at = make_booking(start=in_days(0), status="upcoming"), timezone.now()
    with acting_as(STAFF):
        booking = hand_over(booking=booking, at=at, from_="upcoming")
    assert (booking.status, booking.handed_over_at) == ("active", at)


def test_handing_over_an_active_booking_records_the_fact_once():
    booking, at = make_booking(start=in_days(0), status="active"), timezone.now()
    with acting_as(STAFF):
        booking = hand_over(booking=booking, at=at, from_="active")
        assert (booking.status, booking.handed_over_at) == ("active", at)
        with pytest.raises(InvalidTransition):
            hand_over(booking=booking, at=at)


def test_taking_back_needs_the_hand_over_and_keeps_the_checklist():
    booking, at = make_booking(start=in_days(-2), length=3, status="active"), timezone.now()
    checklist = Checklist(odometer=48_210, fuel=6, damage=True, note="Scratch, left door")
    with acting_as(STAFF):
        with pytest.raises(InvalidTransition):
            take_back(booking=booking, at=at, checklist=checklist)
        booking = hand_over(booking=booking, at=at)
        booking = take_back(booking=booking, at=at, checklist=checklist, from_="active")
    found = (
        booking.return_odometer_km,
        booking.return_fuel_eighths,
        booking.return_damage,
        booking.return_note,
    )
    assert (booking.status, booking.returned_at, found) == (
        "completed",
        at,
        (48_210, 6, True, "Scratch, left door"),
    )


def test_an_early_return_frees_the_later_days_and_moves_the_buffer_up():
    start = in_days(-2)
    booking = make_booking(car=CarFactory(buffer_days=2), start=start, length=6, status="active")
    with acting_as(STAFF):
        transition(booking=booking, to="completed", at=timezone.now())
    days = [start + timedelta(days=n) for n in range(5)]
    assert ledger(booking) == [(d, "booked") for d in days[:3]] + [(d, "buffer") for d in days[3:]]
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).end_date == start + timedelta(days=5)


def test_a_late_return_claims_nothing_more():
    booking = make_booking(start=in_days(-5), length=2, status="active")
    before = ledger(booking)
    with acting_as(STAFF):
        transition(booking=booking, to="completed", at=timezone.now())
    assert ledger(booking) == before


def test_overdue_is_an_active_booking_after_its_last_day():
    booking = make_booking(start=in_days(-3), length=2, status="active")
    assert booking.is_overdue(timezone.now())
    assert not booking.is_overdue(timezone.now() - timedelta(days=2))


DST = [
    # zone, pick-up day, the last instant of the day before there (UTC), offset changes on that very day
    ("Europe/Paris", "2027-03-28", datetime(2027, 3, 27, 22, 59, 59, tzinfo=UTC)),
    ("Europe/Paris", "2027-10-31", datetime(2027, 10, 30, 21, 59, 59, tzinfo=UTC)),
    ("America/New_York", "2027-03-14", datetime(2027, 3, 14, 4, 59, 59, tzinfo=UTC)),
    ("America/New_York", "2027-11-07", datetime(2027, 11, 7, 3, 59, 59, tzinfo=UTC)),
    ("Pacific/Auckland", "2027-09-26", datetime(2027, 9, 25, 11, 59, 59, tzinfo=UTC)),
    ("Pacific/Auckland", "2027-04-04", datetime(2027, 4, 3, 10, 59, 59, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "day", "eve"), DST)
def test_the_pick_up_day_begins_at_local_midnight_around_clock_changes(zone, day, eve):
    car = CarFactory(location=LocationFactory(time_zone=zone))
    start = datetime.fromisoformat(day).date()
    booked_at = eve - timedelta(days=3)
    booking = make_booking(car=car, start=start, length=2, at=booked_at, status="upcoming")
    with acting_as(SERVICE):
        assert advance_due(eve) == {}
        assert advance_due(eve + timedelta(seconds=1)) == {"active": 1}
        assert advance_due(eve + timedelta(seconds=1)) == {}
    assert history(booking)[-1] == ("upcoming", "active", "job")


def test_a_request_nobody_confirmed_is_cancelled_after_its_pick_up_day():
    at = timezone.now()
    booking = make_booking(start=in_days(2), length=1)
    midnight_after = booking.pick_up.instant(booking.start_date + timedelta(days=1), datetime.min.time())
    with acting_as(SERVICE):
        assert advance_due(at) == {}
        assert advance_due(midnight_after - timedelta(seconds=1)) == {}
        assert advance_due(midnight_after) == {"cancelled": 1}
    with as_owner():
        assert StatusChange.objects.filter(booking=booking).last().reason == "never_confirmed"
    assert ledger(booking) == []


def test_a_job_never_completes_a_booking():
    booking = make_booking(start=in_days(-9), length=2, status="active")
    with acting_as(SERVICE):
        assert advance_due(timezone.now()) == {}
    assert status_of(booking) == "active"


def test_a_failing_receiver_takes_the_booking_with_it():
    def fail(**kwargs):
        raise RuntimeError("inbox is broken")

    car = CarFactory()
    booking_created.connect(fail)
    try:
        with pytest.raises(RuntimeError):
            make_booking(car=car)
    finally:
        booking_created.disconnect(fail)
    with as_owner():
        assert (Booking.objects.count(), CarAvailability.objects.count()) == (0, 0)


def test_staff_cannot_see_moves_of_bookings_that_do_not_exist():
    booking = make_booking()
    other = Booking(pk="00000000-0000-0000-0000-000000000001", car=booking.car, status="pending")
    with acting_as(STAFF), pytest.raises(NotFound):
        transition(booking=other, to="upcoming", at=timezone.now())


def test_statuses_in_the_factory_reach_every_status():
    assert [
        move_to(make_booking(), status).status for status in Booking.Status.values
    ] == Booking.Status.values
