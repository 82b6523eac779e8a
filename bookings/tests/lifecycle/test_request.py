"""A field of a booking request that is new must not be forgotten where forgetting it is silent."""

from dataclasses import fields, replace
from datetime import time

import pytest

from bookings.api.inputs.bookings import BookingPatch
from bookings.days import Days
from bookings.forms.details import TYPED, DetailsForm
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import COLUMNS, DETAILS, BookingRequest, Details, Person
from bookings.models import Booking
from bookings.tests.support.factories import CarFactory, LocationFactory, in_days, make_hold
from cars.models import Extra
from exodrive.rls import PUBLIC, acting_as
from exodrive.tests.support.money import eur
from inbox.forms.change import StaffChangeForm

NOT_ASKED_FOR = {
    *("payment_method", "visitor", "network"),  # nobody can say it yet
    "agreed",  # a retry is answered with the booking there is, at its price
}


@pytest.fixture
def asked(db):
    return BookingRequest(
        CarFactory(), Days(in_days(5), in_days(7)), Person("Ana Reis", "ana@example.com"), language="en"
    )


@pytest.fixture
def other(db):
    """Another value for every field."""
    place, extra = LocationFactory(), Extra(pk=7)
    return {
        BookingRequest: {
            "car": CarFactory(),
            "days": Days(in_days(5), in_days(8)),
            "who": Person("Ana Reis", "other@example.com"),
            "language": "pt",
            "source": "api",
            "details": Details(delivery=True, delivery_address="Rua do Sol 1, Porto"),
            "hold": make_hold(),
            "override": "They are friends",
            "adjustment": Adjustment(eur(-5), "They are friends"),
            "confirmed": True,
            "silent": True,
        },
        Person: {"full_name": "Ana Rey", "email": "other@example.com"},
        Details: {
            "phone": "+351 912 000 418",
            "special_requests": "A child seat",
            "pick_up": place,
            "drop_off": place,
            "pickup_time": time(10, 30),
            "return_time": time(11, 30),
            "extras": ((extra, 1),),
            "delivery": True,
            "delivery_address": "Rua do Sol 2, Porto",
            "driver_age": 24,
        },
    }


def test_whatever_is_asked_for_makes_another_request(asked, other):
    """Else a retry with something else in it would be answered with the first booking."""
    parts = {BookingRequest: None, Person: "who", Details: "details"}
    for kind, name in parts.items():
        assert other[kind].keys() == {field.name for field in fields(kind)} - NOT_ASKED_FOR, kind
        for field, value in other[kind].items():
            part = replace(getattr(asked, name) if name else asked, **{field: value})
            changed = replace(asked, **{name: part}) if name else part
            with acting_as(PUBLIC):
                assert changed.canonical != asked.canonical, field


def test_whatever_is_typed_is_carried_to_other_days():
    """When a hold is over, the next details page is filled in with it."""
    assert set(DetailsForm.base_fields) - set(TYPED) == {"key"}


def test_whatever_can_be_asked_for_can_be_typed_sent_and_changed():
    offered_with_the_days = {"extras", "delivery", "delivery_address", "driver_age"}
    assert set(DetailsForm.base_fields) >= DETAILS - offered_with_the_days
    assert set(StaffChangeForm.base_fields) >= DETAILS - offered_with_the_days
    sent = {name.removesuffix("_location_id") for name in BookingPatch.model_fields}
    assert sent >= DETAILS


def test_every_detail_is_a_column_or_kept_elsewhere():
    columns = {field.name for field in Booking._meta.get_fields()}
    assert set(COLUMNS) <= columns
    assert DETAILS - set(COLUMNS) == {"pick_up", "drop_off", "extras"}
