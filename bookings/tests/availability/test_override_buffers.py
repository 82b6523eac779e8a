"""A manager's exception may take the gap after another booking, never its days and never what a visitor holds."""

import pytest
from django.utils import timezone

from bookings.availability.audit import check_ledger
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking
from bookings.tests.lifecycle.test_change import change, ledger, span
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold, make_manager
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    return CarFactory(buffer_days=2)


@pytest.fixture
def booking(car):
    """Days 10 to 12, and the gap on 13 and 14."""
    return make_booking(car=car, start=in_days(10), length=3)


def book(car, start, end, *, override=True):
    body = {
        "carId": car.pk,
        "startDate": in_days(start).isoformat(),
        "endDate": in_days(end).isoformat(),
        "customer": {"fullName": "Ana", "email": "ana@example.com"},
        "override": {"reason": "A regular waits for it"},
    }
    return Api(user=make_manager()).post("/api/bookings", body if override else body | {"override": None})


def drift():
    with acting_as(SERVICE):
        return check_ledger()


def test_the_gap_after_another_booking_is_taken_and_shrinks(car, booking):
    assert error(book(car, 14, 15, override=False)) == (409, "dates_taken")
    answer = book(car, 14, 15)
    assert answer.status_code == 201
    with as_owner():
        late = Booking.objects.get(pk=answer.json()["bookingId"])
    assert [day for _car, day, _status in ledger(late)] == [in_days(n) for n in (14, 15, 16, 17)]
    assert ledger(booking)[-1] == (car.pk, in_days(13), "buffer")
    assert drift() == []
    with acting_as(STAFF):
        cancel(booking=late, at=timezone.now())
    assert drift() == []


def test_neither_days_nor_what_a_visitor_holds_is_taken(car, booking):
    assert error(book(car, 12, 15)) == (409, "dates_taken")
    make_hold(car=car, start=in_days(20), length=2)
    assert error(book(car, 23, 24)) == (409, "dates_taken")
    assert error(book(car, 17, 18)) == (409, "dates_taken")  # its own gap would lie on the held days
    assert drift() == []


def test_a_booking_is_moved_into_a_gap_by_exception(car, booking):
    late = make_booking(car=car, start=in_days(18), length=1)
    change(late, role=STAFF, to=ChangeRequest(days=span(13, 2), override="A regular waits for it"))
    assert [day for _car, day, _status in ledger(booking)] == [in_days(n) for n in (10, 11, 12)]
    assert drift() == []
