"""A manager corrects a mistyped name or address, as the customer says it on the phone."""

from datetime import timedelta

import pytest
from django.core import mail as post
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings.errors import ChangedMeanwhile, Forbidden, Invalid
from bookings.lifecycle.correct import correct_customer as verb
from bookings.lifecycle.request import Person
from bookings.models import Booking, BookingEvent, BookingProof, Customer, DataRequest
from bookings.privacy import ask
from bookings.tests.support.factories import make_booking, make_desk, move_to, prove
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.desk.actions import correct_customer
from inbox.tasks import send_mails

pytestmark = pytest.mark.django_db
RIGHT = {"full_name": "Marta Oliveira", "email": "marta.oliveira@example.com"}
WRONG = Person(RIGHT["full_name"], "martha@example.com")


def corrected(client, booking, **fields):
    return client.post(f"/staff/bookings/{booking.pk}/customer/", RIGHT | fields)


def fresh(booking):
    with as_owner():
        found = Booking.objects.select_related("customer", "link").get(pk=booking.pk)
        found.secret = found.token
        return found


def opens(booking):
    return Client().get(reverse("booking", args=[booking.secret])).status_code


def events(booking):
    with as_owner():
        return sorted(BookingEvent.objects.filter(booking=booking).values_list("kind", flat=True))


def test_another_address_is_another_customer_with_another_link(manager, silent_broker):
    booking, other = make_booking(who=WRONG), make_booking(who=WRONG)
    answer = corrected(manager, booking)
    assert (answer.status_code, answer.url) == (303, f"/staff/bookings/{booking.pk}/")
    now, untouched = fresh(booking), fresh(other)
    assert (now.email, now.mailbox, now.customer.email) == (RIGHT["email"],) * 3
    assert (opens(booking), opens(now), opens(other)) == (404, 200, 200)
    assert untouched.customer.email == untouched.email == "martha@example.com"
    assert events(booking) == ["address_corrected", "link_rotated"]
    assert "Email address corrected (Paul Moreau)" in manager.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("status", "template"),
    [("pending", "booking_received"), ("upcoming", "booking_confirmed"), ("active", "link_replaced")],
)
def test_the_new_address_gets_the_mail_that_the_old_one_got_in_vain(manager, silent_broker, status, template):
    booking = make_booking(who=WRONG)
    if status != "pending":
        move_to(booking, status)
    with as_owner():
        booking.emails.update(status="sent")
    corrected(manager, booking)
    with as_owner():
        (mail,) = booking.emails.filter(status="queued")
        assert (mail.template, mail.audience) == (template, "customer")
    post.outbox.clear()
    send_mails(str(mail.pk))
    (letter,) = post.outbox
    assert letter.to == [RIGHT["email"]]
    assert fresh(booking).secret in letter.body.replace("=\n", "")


def test_the_name_alone_changes_no_link_and_mails_nobody(manager, silent_broker):
    booking = make_booking(who=Person("Martha Olivera", RIGHT["email"]))
    with as_owner():
        mails = booking.emails.count()
    assert corrected(manager, booking).status_code == 303
    assert fresh(booking).full_name == RIGHT["full_name"]
    assert opens(booking) == 200
    assert events(booking) == ["name_corrected"]
    with as_owner():
        assert booking.emails.count() == mails
        assert booking.customer.full_name == "Martha Olivera"  # what other bookings were made with stays


def test_the_same_once_more_changes_nothing(manager, silent_broker):
    booking = make_booking(who=WRONG)
    corrected(manager, booking)
    before, noted = fresh(booking), events(booking)
    assert corrected(manager, booking).status_code == 303
    assert fresh(booking).secret == before.secret
    assert events(booking) == noted


def test_a_booking_that_waits_has_its_time_again_and_the_old_mail_proves_nothing(manager, silent_broker):
    booking = make_booking(who=WRONG)
    with acting_as(SERVICE):
        mailed = BookingProof.objects.get(booking=booking).mailed_token()
    with as_owner():
        BookingProof.objects.filter(booking=booking).update(due_at=timezone.now() + timedelta(minutes=5))
    corrected(manager, booking)
    with as_owner():
        now = BookingProof.objects.get(booking=booking)
    assert now.due_at > timezone.now() + timedelta(hours=1)
    assert now.proven_at is None
    Client().get(reverse("booking_proof", args=[booking.secret, mailed]))
    with as_owner():
        assert BookingProof.objects.get(booking=booking).proven_at is None


def test_what_was_asked_from_the_old_mailbox_is_forgotten(manager, silent_broker):
    booking = make_booking(who=WRONG)
    with acting_as(PUBLIC, token=booking.secret):
        ask("copy")
    with as_owner():
        assert DataRequest.objects.filter(booking=booking).exists()
    corrected(manager, booking)
    with as_owner():
        assert not DataRequest.objects.filter(booking=booking).exists()


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("full_name", "\u200b", "Enter the customer&#x27;s full name"),
        ("email", "", "Enter the customer&#x27;s email address"),
        ("email", "marta@[10.0.0.1]", "Enter an email address"),
    ],
)
def test_what_is_no_name_or_address_is_said_beside_the_field(manager, field, typed, words):
    booking = make_booking(who=WRONG)
    answer = corrected(manager, booking, **{field: typed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert fresh(booking).email == "martha@example.com"


def test_the_desk_corrects_nobody(desk):
    booking = make_booking(who=WRONG)
    assert corrected(desk, booking).status_code == 403
    assert "customer/" not in desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    with acting_as(STAFF, user=make_desk(email="other@example.com")), pytest.raises(Forbidden):
        verb(booking=booking, who=Person(**RIGHT))


def test_an_erased_booking_stays_erased(manager, silent_broker):
    booking = make_booking(who=WRONG)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(erased_at=timezone.now())
    assert corrected(manager, booking).status_code == 422
    with acting_as(STAFF), pytest.raises(Invalid):
        verb(booking=booking, who=Person(**RIGHT))
    with as_owner():
        assert not Customer.objects.filter(email=RIGHT["email"]).exists()


def test_what_the_old_mailbox_proved_is_no_proof_of_the_new_one(manager, silent_broker):
    booking = prove(make_booking(who=WRONG))
    with as_owner():
        booking.emails.filter(audience="customer").update(recipient="martha@example.com")
    corrected(manager, booking)
    with as_owner():
        assert BookingProof.objects.get(booking=booking).how == "staff"
        assert not booking.emails.exclude(recipient="").exists()


def test_while_the_old_mailbox_waits_to_be_erased_the_address_stays(manager, silent_broker):
    booking = make_booking(who=WRONG)
    with acting_as(PUBLIC, token=booking.secret):
        ask("erasure")
    with as_owner():
        DataRequest.objects.filter(booking=booking).update(outcome="waiting", confirmed_at=timezone.now())
    answer = corrected(manager, booking)
    assert answer.status_code == 422
    assert "wants their data deleted" in answer.content.decode()
    assert fresh(booking).email == "martha@example.com"
    assert corrected(manager, booking, email="martha@example.com").status_code == 303


def test_who_was_faster_is_not_written_over(manager, silent_broker):
    booking = make_booking(who=WRONG)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(full_name="Marta O.")
    with acting_as(STAFF), pytest.raises(ChangedMeanwhile):
        correct_customer(booking=booking, who=Person(**RIGHT))
