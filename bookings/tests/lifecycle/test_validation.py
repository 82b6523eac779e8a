"""What no door lets through: the verbs refuse it whoever asks, and say which field."""

import pytest
from django.utils import timezone

from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from cars.models import Extra
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db

MANY = tuple((Extra(pk=n), 1) for n in range(1, 52))
DETAILS = [
    ({"phone": "1" * 41}, "phone"),
    ({"phone": "+33 1\nBcc: everybody"}, "phone"),
    ({"special_requests": "x" * 2001}, "specialRequests"),
    ({"driver_age": 15}, "driverAge"),
    ({"driver_age": 121}, "driverAge"),
    ({"extras": MANY}, "extras"),
    ({"extras": ((Extra(pk=1), 100),)}, "extras"),
    ({"extras": ((Extra(pk=1), -1),)}, "extras"),
]


def asked(person=("Ana Reis", "ana@example.com"), **fields):
    car, days = CarFactory(), Days(in_days(5), in_days(7))
    return BookingRequest(car, days, Person(*person), **{"language": "en", **fields})


def refused(verb, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        verb(*args, at=timezone.now(), **kwargs)
    return set(refusal.value.details["fields"])


@pytest.mark.parametrize(
    ("person", "field"),
    [
        (("", "ana@example.com"), "fullName"),
        ((" ", "ana@example.com"), "fullName"),
        (("A" * 201, "ana@example.com"), "fullName"),
        (("Ana\r\nBcc: everybody", "ana@example.com"), "fullName"),
        (("Ana Reis", "ana"), "email"),
        (("Ana Reis", "ana@example.com\n"), "email"),
        (("Ana Reis", f"{'a' * 250}@example.com"), "email"),
    ],
)
def test_nobody_books_under_such_a_name_or_address(person, field):
    with acting_as(PUBLIC):
        assert refused(create_booking, asked(person)) == {f"customer.{field}"}
    with as_owner():
        assert not Booking.objects.exists()


@pytest.mark.parametrize(("said", "field"), DETAILS)
def test_a_new_booking_takes_no_such_detail(said, field):
    name = "customer.phone" if field == "phone" else field
    with acting_as(PUBLIC):
        assert refused(create_booking, asked(details=Details(**said))) == {name}


@pytest.mark.parametrize(
    ("said", "field"),
    [({"language": "xx"}, "language"), ({"source": "carrier pigeon"}, "source")],
)
def test_a_new_booking_has_a_language_and_a_source_that_exist(said, field):
    with acting_as(PUBLIC):
        assert refused(create_booking, asked(**said)) == {field}


@pytest.mark.parametrize(("said", "field"), DETAILS)
def test_a_change_takes_no_such_detail(said, field):
    booking = make_booking()
    with acting_as(PUBLIC, token=booking.secret):
        to = ChangeRequest(details=Details(**said))
        assert refused(change_booking, booking=booking, to=to) == {field}
    with as_owner():
        after = Booking.objects.get(pk=booking.pk)
    assert (after.phone, after.special_requests, after.driver_age) == (booking.phone, "", None)


def test_a_reason_has_its_limit_too():
    booking = make_booking(start=in_days(5))
    with acting_as(STAFF):
        assert refused(create_booking, asked(override="x" * 501)) == {"override.reason"}
        to = ChangeRequest(days=Days(in_days(9), in_days(10)), override="x" * 501)
        assert refused(change_booking, booking=booking, to=to) == {"override.reason"}


def test_everything_that_is_wrong_is_named_at_once():
    person, details = ("", "ana"), Details(phone="1" * 41, driver_age=3)
    with acting_as(PUBLIC):
        assert refused(create_booking, asked(person, details=details)) == {
            "customer.fullName",
            "customer.email",
            "customer.phone",
            "driverAge",
        }
