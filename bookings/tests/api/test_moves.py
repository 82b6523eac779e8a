"""PATCH status, POST cancel and DELETE: moving a booking through its life."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from django.utils import timezone

from bookings.errors import InvalidTransition
from bookings.lifecycle.transitions import TRANSITIONS, cancel
from bookings.models import Booking, CarAvailability, StatusChange
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import (
    give_all_back,
    in_days,
    make_booking,
    make_desk,
    make_manager,
    move_to,
    pay_at_the_counter,
)
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
CHECKLIST = {"returned": True, "odometer": 48210, "fuel": 7, "damage": False, "note": "Clean"}
NOTHING_BACK = {"amount": "0.00", "currency": "EUR"}


@pytest.fixture
def desk():
    return make_manager(full_name="Inès Laurent")


@pytest.fixture
def staff(desk):
    return Api(bearer=staff_token(desk))


def move(api, booking, status, **more):
    return api.patch(f"/api/bookings/{booking.pk}/status", {"status": status, **more})


def status_of(booking):
    with as_owner():
        return Booking.objects.values_list("status", flat=True).get(pk=booking.pk)


def days_of(booking):
    with as_owner():
        return CarAvailability.objects.filter(booking=booking).count()


def paid_cancelled_and_back(booking):
    """Only then it can be refunded."""
    at = timezone.now()
    with acting_as(STAFF):
        pay_at_the_counter(booking, at)
        cancel(booking=booking, at=at)
        give_all_back(booking, at)


def test_a_booking_is_refunded_only_once_all_that_was_paid_is_back(staff):
    booking = make_booking()
    with acting_as(STAFF):
        pay_at_the_counter(booking, timezone.now())
        cancel(booking=booking, at=timezone.now())
    assert error(move(staff, booking, "refunded")) == (400, "invalid_transition")
    with acting_as(STAFF):
        give_all_back(booking, timezone.now())
    assert move(staff, booking, "refunded").status_code == 200


@pytest.mark.parametrize(("before", "after"), list(product(Booking.Status.values, repeat=2)))
def test_only_allowed_moves_are_made(staff, before, after):
    booking = make_booking() if (before, after) == ("cancelled", "refunded") else make_booking(status=before)
    if booking.status != before:
        paid_cancelled_and_back(booking)
    response = move(staff, booking, after, early=after == "active")
    if after in TRANSITIONS.get(before, set()):
        assert (response.status_code, response.json()["status"]) == (200, after)
        assert status_of(booking) == after
    else:
        assert error(response) == (400, "invalid_transition")
        assert status_of(booking) == before


def test_active_says_that_the_keys_were_given_and_completed_that_the_car_is_back(staff):
    booking, before = make_booking(start=in_days(0), status="upcoming"), timezone.now()
    active = move(staff, booking, "active").json()
    assert active["returnedAt"] is None
    assert timedelta(0) <= datetime.fromisoformat(active["handedOverAt"]) - before < timedelta(seconds=20)
    completed = move(staff, booking, "completed", checklist=CHECKLIST).json()
    assert completed["handedOverAt"] == active["handedOverAt"]
    assert datetime.fromisoformat(completed["returnedAt"]) > datetime.fromisoformat(active["handedOverAt"])
    with as_owner():
        kept = Booking.objects.get(pk=booking.pk)
    assert (kept.return_odometer_km, kept.return_fuel_eighths, kept.return_damage, kept.return_note) == (
        48210,
        7,
        False,
        "Clean",
    )


def test_the_checklist_is_optional(staff):
    booking = make_booking(status="active")
    assert move(staff, booking, "completed").json()["status"] == "completed"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"returned": False}, "checklist.returned"),
        ({"odometer": -1}, "checklist.odometer"),
        ({"odometer": 10**12}, "checklist.odometer"),
        ({"fuel": 9}, "checklist.fuel"),
        ({"fuel": "7"}, "checklist.fuel"),
        ({"damage": "no"}, "checklist.damage"),
        ({"damage": 0}, "checklist.damage"),
        ({"odometer": 9_000_000}, "checklist.odometer"),
        ({"damage": True, "note": " "}, "checklist.note"),
    ],
)
def test_a_wrong_checklist_moves_nothing(staff, change, field):
    booking = make_booking(status="active")
    response = move(staff, booking, "completed", checklist=CHECKLIST | change)
    assert error(response) == (422, "invalid")
    assert list(response.json()["error"]["details"]["fields"]) == [field]
    assert status_of(booking) == "active"


def test_a_stale_from_says_who_moved_it_when_and_where_to(staff):
    booking = make_booking()
    assert move(staff, booking, "upcoming", **{"from": "pending"}).status_code == 200
    response = move(staff, booking, "cancelled", **{"from": "pending"})
    assert error(response) == (409, "status_changed")
    details = response.json()["error"]["details"]
    assert (details["by"], details["status"]) == ("Inès Laurent", "upcoming")
    assert datetime.fromisoformat(details["at"]).utcoffset() == timedelta(0)
    assert status_of(booking) == "upcoming"


def test_a_stale_from_comes_before_an_impossible_move(staff):
    booking = make_booking(status="cancelled")
    assert error(move(staff, booking, "active", **{"from": "upcoming"})) == (409, "status_changed")
    assert error(move(staff, booking, "active", **{"from": "cancelled"})) == (400, "invalid_transition")


def test_the_history_says_who_and_why(staff, desk):
    booking = make_booking()
    move(staff, booking, "upcoming", reason="Called the customer")
    with as_owner():
        change = StatusChange.objects.filter(booking=booking).last()
    assert (change.actor_kind, change.actor_id, change.reason) == ("staff", desk.pk, "Called the customer")


@pytest.mark.parametrize("how", ["POST", "DELETE"])
@pytest.mark.parametrize("who", ["customer", "staff"])
def test_cancelling_frees_the_days(staff, how, who):
    booking = make_booking(status="upcoming")
    api = staff if who == "staff" else Api(bearer=booking.secret)
    path = f"/api/bookings/{booking.pk}"
    response = api.post(f"{path}/cancel") if how == "POST" else api.delete(path)
    assert response.status_code == 200
    assert response.json() == {"status": "cancelled", "refund": NOTHING_BACK}
    assert (status_of(booking), days_of(booking)) == ("cancelled", 0)
    with as_owner():
        assert StatusChange.objects.filter(booking=booking).last().actor_kind == who


def test_a_reason_can_be_given(staff):
    booking = make_booking()
    staff.post(f"/api/bookings/{booking.pk}/cancel", {"reason": "Double booked elsewhere", "from": "pending"})
    with as_owner():
        assert StatusChange.objects.filter(booking=booking).last().reason == "Double booked elsewhere"


def test_a_stale_from_cancels_nothing(staff):
    booking = make_booking(status="upcoming")
    response = staff.post(f"/api/bookings/{booking.pk}/cancel", {"from": "pending"})
    assert error(response) == (409, "status_changed")
    assert status_of(booking) == "upcoming"


def test_a_customer_who_cancels_twice_gets_the_same_answer_and_staff_are_told():
    booking = make_booking()
    customer, path = Api(bearer=booking.secret), f"/api/bookings/{booking.pk}/cancel"
    assert customer.post(path).json() == customer.post(path).json()
    assert error(Api(user=make_desk()).post(path)) == (400, "invalid_transition")


def test_a_customer_cannot_cancel_once_the_pick_up_day_has_begun():
    booking = make_booking(start=in_days(0), length=2, status="upcoming")
    response = Api(bearer=booking.secret).post(f"/api/bookings/{booking.pk}/cancel")
    assert error(response) == (403, "forbidden")
    assert status_of(booking) == "upcoming"


@pytest.mark.parametrize(
    ("status", "refusal"), [("active", (403, "forbidden")), ("completed", (400, "invalid_transition"))]
)
def test_a_customer_cannot_cancel_a_rental_that_began(status, refusal):
    booking = make_booking(status=status)
    response = Api(bearer=booking.secret).post(f"/api/bookings/{booking.pk}/cancel")
    assert error(response) == refusal
    assert status_of(booking) == status


def test_a_customer_cannot_cancel_what_became_active_a_moment_ago():
    booking = make_booking(status="upcoming")
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(status="active")
    with acting_as(PUBLIC, token=booking.secret), pytest.raises(InvalidTransition):
        cancel(booking=booking, at=timezone.now())


def test_staff_cancel_an_active_rental(staff):
    booking = move_to(make_booking(), "active")
    assert staff.delete(f"/api/bookings/{booking.pk}").json()["status"] == "cancelled"


CHECKOUT = {"odometer": 48010, "fuel": 8, "licenceSeen": True, "depositTaken": False, "note": "Clean"}


def test_what_was_noted_at_the_hand_over_is_kept(staff):
    booking = make_booking(start=in_days(0), status="upcoming")
    assert move(staff, booking, "active", checkout=CHECKOUT).status_code == 200
    with as_owner():
        kept = Booking.objects.get(pk=booking.pk)
    assert (
        kept.pickup_odometer_km,
        kept.pickup_fuel_eighths,
        kept.licence_seen,
        kept.deposit_taken,
        kept.pickup_note,
    ) == tuple(CHECKOUT.values())


def test_a_wrong_checkout_gives_no_keys(staff):
    booking = make_booking(start=in_days(0), status="upcoming")
    response = move(staff, booking, "active", checkout=CHECKOUT | {"odometer": 9_000_000})
    assert error(response) == (422, "invalid")
    assert list(response.json()["error"]["details"]["fields"]) == ["checkout.odometer"]
    assert status_of(booking) == "upcoming"


def test_a_program_has_to_mean_an_early_hand_over_too(staff):
    booking = make_booking(start=in_days(3), status="upcoming")
    response = move(staff, booking, "active")
    assert error(response) == (409, "too_early")
    assert response.json()["error"]["details"] == {"startDate": in_days(3).isoformat()}
    assert move(staff, booking, "active", early=True).json()["startDate"] == in_days(3).isoformat()
    assert days_of(booking) == 7


def test_a_car_that_is_out_is_neither_handed_over_again_nor_cancelled_by_accident(staff):
    first = make_booking(start=in_days(-3), length=3, status="upcoming")
    second = make_booking(car=first.car, start=in_days(0), status="upcoming")
    assert move(staff, first, "active").status_code == 200
    response = move(staff, second, "active")
    assert error(response) == (409, "car_is_out")
    assert response.json()["error"]["details"] == {"bookingId": str(first.pk), "reference": first.reference}
    path = f"/api/bookings/{first.pk}"
    assert error(staff.post(f"{path}/cancel")) == (409, "car_is_out")
    assert error(staff.delete(path)) == (409, "car_is_out")
    assert error(move(staff, first, "cancelled")) == (409, "car_is_out")
    clerk = Api(bearer=staff_token(make_desk()))
    assert error(clerk.post(f"{path}/cancel", {"carStaysOut": True})) == (403, "forbidden")
    assert status_of(first) == "active"
    assert staff.post(f"{path}/cancel", {"carStaysOut": True}).json()["status"] == "cancelled"
