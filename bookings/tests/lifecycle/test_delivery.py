"""A car that is brought needs an address, which is shown wherever the branch would be."""

import re

import pytest
from django.core import mail as post
from django.urls import reverse
from django.utils import timezone

from bookings.errors import Invalid
from bookings.lifecycle.change import change_booking
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.models import Booking
from bookings.privacy import erase, personal_data
from bookings.tests.support.api import Api
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_hold, prove
from bookings.tests.support.site import MARTA, text_of
from cars.models import Fee
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.models import InboxEmail
from inbox.tasks import send_mails

pytestmark = pytest.mark.django_db
HOTEL = "Hotel Miramar, Rua do Sol 1, Porto"
BROUGHT = Details(delivery=True, delivery_address=HOTEL)


@pytest.fixture(autouse=True)
def fee():
    with as_owner():
        Fee.objects.create(name="Delivery", kind="delivery", amount="60.00")


def letters(booking, audience):
    with as_owner():
        waiting = InboxEmail.objects.filter(booking=booking, audience=audience, status="queued")
        ids = [str(mail.pk) for mail in waiting.order_by("created_at")]
    post.outbox.clear()
    send_mails(*ids)
    return post.outbox


def changed(booking, **fields):
    with acting_as(PUBLIC, token=booking.secret):
        return change_booking(
            booking=booking, to=ChangeRequest(details=Details(**fields)), at=booking.created_at
        ).booking


@pytest.mark.parametrize("fields", [{"delivery": True}, {"delivery": True, "delivery_address": " \u200b "}])
def test_without_an_address_nothing_is_brought(fields):
    car = CarFactory()
    asked = BookingRequest(
        car, Booking(start_date=in_days(3), end_date=in_days(5)).days, Person("M O", "m@example.com")
    )
    with acting_as(PUBLIC), pytest.raises(Invalid) as refusal:
        create_booking(BookingRequest(car, asked.days, asked.who, Details(**fields)), at=timezone.now())
    assert list(refusal.value.details["fields"]) == ["deliveryAddress"]
    with pytest.raises(Invalid):
        changed(make_booking(), **fields)


def test_an_address_without_delivery_is_refused_too():
    with pytest.raises(Invalid):
        changed(make_booking(), delivery_address=HOTEL)


def test_the_form_asks_for_it_at_the_field_and_keeps_what_was_typed(client):
    hold = make_hold()
    url = reverse("details", args=[hold.token])
    typed = {**MARTA, "pickup_time": "10:00", "return_time": "18:00", "delivery": "on"}
    page = client.post(url, typed)
    assert page.status_code == 422
    assert "Enter the address where we bring the car" in text_of(page)
    (field,) = re.findall(r'<input[^>]*name="delivery_address"[^>]*>', page.content.decode())
    assert 'aria-invalid="true"' in field
    shown = client.post(url, typed | {"delivery_address": HOTEL, "price": "1"})
    agreed = re.search(r'name="agreed" id="agreed" value="([^"]*)"', shown.content.decode())[1]
    assert client.post(url, typed | {"delivery_address": HOTEL, "agreed": agreed}).status_code == 303
    with as_owner():
        assert Booking.objects.get().delivery_address == HOTEL


def test_the_address_stands_where_the_branch_would(client):
    booking = make_booking(details=BROUGHT)
    page = client.get(reverse("booking", args=[booking.secret]))
    words = text_of(page)
    assert f"We bring the car to: {HOTEL}" in words
    assert booking.pick_up.address not in words
    file = client.get(reverse("booking_ics", args=[booking.secret])).content.decode().replace("\r\n ", "")
    assert "LOCATION:Hotel Miramar\\, Rua do Sol 1\\, Porto" in file


def test_staff_read_it_and_a_stranger_s_mailbox_does_not():
    make_desk()
    booking = make_booking(details=BROUGHT)
    (ours,) = letters(booking, "staff")
    assert HOTEL in ours.body
    (first,) = letters(booking, "customer")
    everything = first.message().as_bytes().replace(b"=\n", b"")
    assert b"Miramar" not in everything
    assert "At the address you gave" in first.body
    prove(booking)
    with acting_as(STAFF):
        from bookings.lifecycle.transitions import transition

        transition(booking=booking, to=Booking.Status.UPCOMING, at=timezone.now())
    (confirmed,) = letters(booking, "customer")
    assert HOTEL in confirmed.body


def test_it_goes_with_the_delivery_and_its_change_is_written_down():
    booking = make_booking(details=BROUGHT)
    there = changed(booking, delivery_address="Rua da Lua 2, Porto")
    assert there.delivery_address == "Rua da Lua 2, Porto"
    with as_owner():
        assert booking.revisions.get().after["contact"] == ["delivery_address"]
    back = changed(booking, delivery=False)
    assert (back.delivery, back.delivery_address) == (False, "")


def test_a_booking_from_before_keeps_its_delivery_without_an_address():
    booking = make_booking(details=BROUGHT)
    with as_owner():
        Booking.objects.update(delivery_address="")
    with as_owner():
        booking = Booking.objects.select_related("car__location", "link").get()
        booking.secret = booking.token
    assert changed(booking, phone="+351 912 000 111").delivery


def test_by_the_api(client):
    booking = make_booking()
    api = Api(bearer=booking.secret)
    path = f"/api/bookings/{booking.pk}"
    refused = api.patch(path, {"delivery": True})
    assert refused.status_code == 422
    assert list(refused.json()["error"]["details"]["fields"]) == ["deliveryAddress"]
    body = api.patch(path, {"delivery": True, "deliveryAddress": HOTEL}).json()
    assert (body["delivery"], body["deliveryAddress"]) == (True, HOTEL)


def test_it_is_in_the_copy_and_goes_with_the_rest():
    booking = make_booking(details=BROUGHT, who=Person("Ida Holm", "ida@example.com"))
    with acting_as(SERVICE, actor="job"):
        assert personal_data("ida@example.com")["bookings"][0]["delivery_address"] == HOTEL
        with as_owner():
            Booking.objects.filter(pk=booking.pk).update(start_date=in_days(-9), end_date=in_days(-6))
    with acting_as(STAFF):
        from bookings.lifecycle.transitions import cancel

        cancel(booking=booking, at=timezone.now())
    with acting_as(SERVICE, actor="job"):
        erase("ida@example.com")
    with as_owner():
        assert Booking.objects.get(pk=booking.pk).delivery_address == ""
