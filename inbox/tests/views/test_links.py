"""What staff do with a customer's link: see that it is opened, replace it, protect it."""

import re

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.lifecycle.idempotency import Idempotency
from bookings.links.lookup import request_new_link
from bookings.models import Booking, BookingEvent, BookingLink, Hold, IdempotencyKey
from bookings.tests.support.factories import make_booking, make_hold
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner
from inbox.mail import queue as mail_queue

pytestmark = pytest.mark.django_db


def public_page(booking):
    return reverse("booking", args=[booking.secret])


def body(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def with_new_link(booking):
    with as_owner():
        fresh = Booking.objects.select_related("link").get(pk=booking.pk)
        fresh.secret = fresh.token
        return fresh


def test_the_page_says_how_often_the_link_was_opened(desk):
    booking = make_booking()
    assert "Not opened yet." in body(desk.get(f"/staff/bookings/{booking.pk}/"))
    Client().get(public_page(booking))
    assert "Opened 1 time, last on" in body(desk.get(f"/staff/bookings/{booking.pk}/"))
    Client().get(public_page(booking))
    assert "Opened 2 times, last on" in body(desk.get(f"/staff/bookings/{booking.pk}/"))


def test_a_manager_replaces_the_link_and_the_old_one_is_dead_at_once(manager, silent_broker):
    booking = make_booking()
    Client().get(public_page(booking))
    answer = manager.post(f"/staff/bookings/{booking.pk}/link/")
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    new = with_new_link(booking)
    assert new.secret != booking.secret
    assert Client().get(public_page(booking)).status_code == 404
    assert Client().get(public_page(new)).status_code == 200
    with as_owner():
        mail = booking.emails.get(template="link_replaced")
        assert (mail.audience, mail.language, mail.status) == ("customer", "en", "queued")
        (event,) = BookingEvent.objects.filter(booking=booking)
        assert (event.kind, event.actor_kind, event.actor_id) == ("link_rotated", "staff", manager.user.pk)
    assert "Link replaced (Paul Moreau)" in body(manager.get(f"/staff/bookings/{booking.pk}/"))


def test_nothing_that_led_to_the_old_link_leads_to_the_new_one(manager, silent_broker):
    from bookings.lifecycle.create import create_booking
    from bookings.lifecycle.request import BookingRequest, Person

    hold = make_hold()
    key = Idempotency.of("k" * 20, {"a": 1})
    with acting_as(PUBLIC, token=hold.token):
        booking = create_booking(
            BookingRequest(
                car=hold.car,
                days=hold.days,
                who=Person("Marta Oliveira", "marta@example.com"),
                hold=hold,
                language="en",
            ),
            at=hold.created_at,
            idempotency=key,
        )
    held_page = reverse("details", args=[hold.token])
    assert booking.secret in Client().get(held_page).url
    manager.post(f"/staff/bookings/{booking.pk}/link/")
    assert with_new_link(booking).secret not in str(Client().get(held_page).headers)
    with as_owner():
        assert not Hold.objects.filter(booking=booking).exists()
        assert not IdempotencyKey.objects.filter(booking=booking).exists()


@pytest.mark.parametrize(("who", "status"), [("desk", 403), ("only_staff_flag", 403), ("anonymous", 302)])
def test_only_managers_replace_links(client_of, who, status):
    booking = make_booking()
    assert client_of(who).post(f"/staff/bookings/{booking.pk}/link/").status_code == status
    assert with_new_link(booking).secret == booking.secret


def test_the_button_is_for_managers(desk, manager):
    page = f"/staff/bookings/{make_booking().pk}/"
    assert "Replace the link" not in body(desk.get(page))
    assert "Replace the link" in body(manager.get(page))


def test_the_desk_sets_a_pin(desk):
    booking = make_booking()
    url = f"/staff/bookings/{booking.pk}/pin/"
    wrong = desk.post(url, {"pin": "12"})
    assert (wrong.status_code, "Enter a PIN of 4 to 8 digits" in body(wrong)) == (422, True)
    assert desk.htmx(url, {"pin": "12"}).status_code == 422
    assert desk.post(url, {"pin": "2468"}).status_code == 303
    assert Client().get(public_page(booking)).status_code == 403
    assert "It asks for a PIN." in body(desk.get(f"/staff/bookings/{booking.pk}/"))


def test_a_forgotten_pin_is_replaced_with_the_link(desk):
    booking = make_booking()
    desk.post(f"/staff/bookings/{booking.pk}/pin/", {"pin": "2468"})
    with acting_as(PUBLIC):
        request_new_link(email=booking.email, reference=booking.reference)
    new = with_new_link(booking)
    assert Client().get(public_page(booking)).status_code == 404
    assert Client().get(public_page(new)).status_code == 404  # nobody has been told
    with as_owner():
        email = booking.emails.get(template="new_link")
    with acting_as(SERVICE):
        assert mail_queue.deliver(email.pk, at=timezone.now())
    assert new.secret in post.outbox[0].body
    assert Client().get(public_page(new)).status_code == 200
    with as_owner():
        assert BookingLink.objects.get(booking=booking).pin_hash == ""


def test_asking_for_the_link_of_a_booking_without_pin_keeps_it():
    booking = make_booking()
    with acting_as(PUBLIC):
        request_new_link(email=booking.email, reference=booking.reference)
    assert with_new_link(booking).secret == booking.secret
