"""Nobody came, and when a car came back, by the API. Every answer is checked against the OpenAPI document."""

from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.lifecycle.transitions import cancel
from bookings.tests.support.api import Api
from bookings.tests.support.factories import in_days, make_booking, make_desk, make_manager
from bookings.tests.support.returns import days_of, fresh, missed, out
from exodrive.rls import STAFF, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff():
    return Api(user=make_desk())


def test_a_no_show_is_cancelled_and_says_so(staff):
    booking = make_booking(start=in_days(-1), status="active")
    answer = staff.post(
        f"/api/bookings/{booking.pk}/no-show", {"from": "active", "reason": "No answer on the phone"}
    )
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert answer.json()["refund"]["amount"] == "0.00"
    shown = staff.get(f"/api/bookings/{booking.pk}").json()
    assert (shown["status"], shown["outcome"]) == ("cancelled", "no_show")


def test_it_is_for_staff_and_not_before_the_pick_up_time(staff):
    booking = make_booking(status="upcoming")
    address = f"/api/bookings/{booking.pk}/no-show"
    assert Api(bearer=booking.secret).post(address).status_code == 403
    early = staff.post(address)
    assert (early.status_code, early.json()["error"]["code"]) == (400, "invalid_transition")
    stale = staff.post(address, {"from": "active"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "status_changed")
    assert staff.get(f"/api/bookings/{booking.pk}").json()["outcome"] == ""


def test_a_no_show_is_undone_as_on_the_staff_pages(staff):
    booking = missed()
    address = f"/api/bookings/{booking.pk}/no-show/undo"
    assert Api(bearer=booking.secret).post(address).status_code == 403
    stale = staff.post(address, {"from": "active"})
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "status_changed")
    answer = staff.post(address, {"from": "cancelled"})
    assert (answer.status_code, answer.json()["status"], answer.json()["outcome"]) == (200, "active", "")
    assert [day for day, _status in days_of(booking)] == list(booking.days)
    again = staff.post(address)
    assert (again.status_code, again.json()["error"]["code"]) == (400, "invalid_transition")


def test_later_only_managers_undo_a_no_show_and_nobody_once_its_days_are_taken(staff):
    booking = missed(minutes_ago=16)
    address = f"/api/bookings/{booking.pk}/no-show/undo"
    assert staff.post(address).status_code == 403
    other = make_booking(car=booking.car, start=in_days(2), length=1, status="upcoming")
    manager = Api(user=make_manager())
    taken = manager.post(address)
    assert (taken.status_code, taken.json()["error"]["code"]) == (409, "dates_taken")
    with acting_as(STAFF):
        cancel(booking=other, at=timezone.now())
    assert manager.post(address).json()["status"] == "active"


def test_a_checklist_may_say_when_the_car_came_back(staff):
    booking = out(start=in_days(-3))
    came_back = booking.pickup_at + timedelta(hours=30)
    noted = {
        "returned": True,
        "odometer": 45_300,
        "fuel": 8,
        "damage": False,
        "returnedAt": came_back.isoformat(),
    }
    moved = staff.patch(f"/api/bookings/{booking.pk}/status", {"status": "completed", "checklist": noted})
    assert moved.status_code == 200
    assert fresh(booking).returned_at == came_back


@pytest.mark.parametrize(
    "wrong",
    [
        "2131-01-01T10:00:00Z",
        "2019-01-01T10:00:00+01:00",
        "2019-11-27T10:00:00",
        "0001-01-01T00:00:00+14:00",
        7,
    ],
)
def test_an_impossible_moment_is_a_422_that_names_it(staff, wrong):
    booking = out()
    noted = {"returned": True, "odometer": 45_300, "fuel": 8, "damage": False, "returnedAt": wrong}
    answer = staff.patch(f"/api/bookings/{booking.pk}/status", {"status": "completed", "checklist": noted})
    assert answer.status_code == 422
    assert list(answer.json()["error"]["details"]["fields"]) == ["checklist.returnedAt"]
    assert fresh(booking).status == "active"
