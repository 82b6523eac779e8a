"""Extras, delivery and the driver's age on the staff page that changes a booking, and in its history."""

import re

import pytest

from bookings.lifecycle.request import Details
from bookings.tests.support.factories import (
    CarFactory,
    LocationFactory,
    extras_of,
    in_days,
    make_booking,
    make_extra,
)
from cars.models import Fee
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.mail.letters import compose
from inbox.models import InboxEmail
from inbox.tests.views.test_change import body, change, changes_of, now, page_of, typed

pytestmark = pytest.mark.django_db


@pytest.fixture
def seat():
    return make_extra(max_per_booking=2)


@pytest.fixture
def booking(seat):
    return make_booking(start=in_days(5), length=2, details=Details(extras=((seat, 1),)))


def history_of(desk, booking):
    return re.search(r'<ol class="log.*?</ol>', body(desk.get(f"/staff/bookings/{booking.pk}/")), re.S)[0]


def test_more_of_an_extra_is_shown_first_then_done_and_stands_in_the_history(desk, booking, seat):
    two = {f"extra_{seat.pk}": "2"}
    shown = body(desk.post(page_of(booking), typed(booking, **two)))
    assert re.search(r"<dt>Extras</dt>.*?Child seat</s><br>Child seat × 2", flat(shown))
    assert "+€10" in shown
    assert extras_of(booking) == [(seat.pk, 1)]
    assert change(desk, booking, **two).status_code == 303
    assert (extras_of(booking), now(booking).total) == ([(seat.pk, 2)], 500)
    assert "Extras: Child seat → Child seat × 2; +€10" in history_of(desk, booking)


def test_the_same_price_is_a_change_all_the_same_and_the_mail_names_the_extras(desk, booking, seat):
    box = make_extra(name="Roof box")
    assert change(desk, booking, **{f"extra_{seat.pk}": "0", f"extra_{box.pk}": "1"}).status_code == 303
    assert "Extras: Child seat → Roof box" in history_of(desk, booking)
    with as_owner():
        email = InboxEmail.objects.get(booking=booking, template="booking_changed")
    with acting_as(SERVICE):
        email = InboxEmail.objects.get(pk=email.pk)
        letter = compose(email, ["marta@example.com"], at=booking.created_at)
    assert "Roof box" in letter.body
    assert "The price stays the same." in letter.body


def test_none_left_is_said_in_words(desk, booking, seat):
    make_booking(start=in_days(5), length=1, details=Details(extras=((seat, 1),)))
    refused = desk.post(page_of(booking), typed(booking, **{f"extra_{seat.pk}": "2"}))
    assert (refused.status_code, "Child seat: only 1 left on these days." in body(refused)) == (422, True)
    make_booking(start=in_days(9), length=1, details=Details(extras=((seat, 2),)))
    moved = typed(booking, start=in_days(9), end=in_days(10), **{f"extra_{seat.pk}": "1"})
    refused = desk.post(page_of(booking), moved)
    assert (refused.status_code, "Child seat is not left on these days." in body(refused)) == (422, True)
    assert changes_of(booking) == []


def test_delivery_and_the_age_change_the_price_and_the_history_keeps_the_age_to_itself(desk, booking, seat):
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")
        Fee.objects.create(name="Young driver", kind="young_driver", amount="10.00", per="day", below_age=30)
    options = {f"extra_{seat.pk}": "1", "delivery": "on", "driver_age": "97"}
    unsaid = desk.post(page_of(booking), typed(booking, **options))
    assert (unsaid.status_code, "Enter the address where we bring the car" in body(unsaid)) == (422, True)
    options["delivery_address"] = "Rua do Sol 1, Porto"
    assert change(desk, booking, **options).status_code == 303
    saved = now(booking)
    assert (saved.delivery, saved.driver_age, saved.total) == (True, 97, 550)
    history = history_of(desk, booking)
    assert "Bring the car to me: No → Yes; Address for the delivery; Driver’s age; +€60" in history
    assert "97" not in re.sub(r"<[^>]*>", "", history)  # no day, hour or minute is 97


def test_another_car_and_place_drop_what_is_not_had_there_in_words(desk):
    car, sister = CarFactory(), CarFactory(location=LocationFactory(name="Nice"))
    seat = make_extra(location=car.location)
    booking = make_booking(car=car, start=in_days(5), length=2, details=Details(extras=((seat, 1),)))
    there = {"car": sister.pk, "pick_up": sister.location_id, "drop_off": sister.location_id}
    refused = desk.post(page_of(booking), typed(booking, **there, **{f"extra_{seat.pk}": "1"}))
    assert (refused.status_code, "Child seat cannot be had at Nice." in body(refused)) == (422, True)
    assert change(desk, booking, **there, **{f"extra_{seat.pk}": "0"}).status_code == 303
    assert extras_of(booking) == []


def test_a_form_without_extras_leaves_them(desk, booking, seat):
    assert change(desk, booking, phone="+33 1").status_code == 303
    assert extras_of(booking) == [(seat.pk, 1)]
