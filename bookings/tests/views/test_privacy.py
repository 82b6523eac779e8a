"""Customers ask for a copy of their data or for its erasure, and confirm from their mailbox."""

import json
import re
import zipfile
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import privacy
from bookings.models import Booking, DataRequest
from bookings.payments.refunds import ask_refund
from bookings.tests.support.factories import MARTA, Person, in_days, make_booking, make_desk, move_to
from bookings.tests.support.paying import pay
from bookings.tests.support.site import text_of
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, acting_as, as_owner
from exodrive.tests.support.forging import unchecked
from exodrive.tests.support.mutants import without
from inbox.mail import queue
from inbox.mail.letters import compose
from inbox.models import InboxEmail, InboxItem
from inbox.retention import forget_what_is_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox_on(settings):
    """Payments that were made by the sandbox are refunded and captured by it."""
    settings.PAYMENTS_SANDBOX = True


@pytest.fixture
def booked():
    return make_booking()


@pytest.fixture
def over():
    return make_booking(start=in_days(-9), status="completed")


def ask(booking, part):
    return Client().post(reverse(part, args=[booking.secret]), follow=True)


def mailed_link(booking, template):
    """The link as it stands in the mail that the worker would send."""
    with as_owner():
        email = InboxEmail.objects.get(booking=booking, template=template)
    with acting_as(SERVICE):
        email = InboxEmail.objects.select_related("booking__car__location", "booking__link").get(pk=email.pk)
        body = compose(email, ["x@example.com"], at=timezone.now()).body
    (link,) = re.findall(rf"{settings.SITE_URL}(\S+)", body)
    return link


def later(booking, **delta):
    with as_owner():
        then = timezone.now() - timedelta(**delta)
        DataRequest.objects.filter(booking=booking).update(
            asked_at=then, expires_at=then + privacy.LINK_LASTS
        )


def test_the_buttons_stand_on_the_booking_page(client, booked):
    words = text_of(client.get(reverse("booking", args=[booked.secret])))
    assert "A copy of my data" in words
    assert "Delete my data" in words


def test_asking_mails_a_link_and_changes_nothing(booked):
    page = ask(booked, "booking_erasure")
    assert "We have sent an email to the address of the booking." in text_of(page)
    assert re.fullmatch(r"/en/data/[\w-]{22}/", mailed_link(booked, "data_erasure"))
    with as_owner():
        assert Booking.objects.get(pk=booked.pk).full_name == "Marta Oliveira"


@pytest.mark.parametrize(
    ("part", "template"), [("booking_copy", "data_copy"), ("booking_erasure", "data_erasure")]
)
def test_one_mail_of_a_kind_in_five_minutes(booked, part, template):
    ask(booked, part)
    first = mailed_link(booked, template)
    assert "We have just sent an email about this." in text_of(ask(booked, part))
    later(booked, minutes=6)
    assert "We have sent an email" in text_of(ask(booked, part))
    with as_owner():
        assert InboxEmail.objects.filter(booking=booked, template=template).count() == 2
    assert Client().get(first).status_code == 404  # the newest link only


def test_the_copy_comes_from_the_mailed_link_only(client, booked):
    other = make_booking(start=in_days(30))
    ask(booked, "booking_copy")
    link = mailed_link(booked, "data_copy")
    page = client.get(link)
    assert (page.status_code, "Download your data" in text_of(page)) == (200, True)
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "Marta" not in text_of(page)
    answer = client.post(link)
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "oliveira" not in answer.headers["Content-Disposition"]
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        bookings = json.loads(archive.read("bookings.json"))
    assert {row["reference"] for row in bookings} == {booked.reference, other.reference}
    with as_owner():
        assert [(event.kind, event.actor_kind) for event in booked.events.all()] == [
            ("copy_given", "customer")
        ]
    assert client.post(link).status_code == 200


def test_the_copy_of_who_has_paid_shows_amounts_in_their_currency(booked):
    payment = pay(booked)
    with acting_as(SERVICE, actor="provider"):
        ask_refund(payment_id=payment.pk, amount=Money(Decimal("12.34"), "EUR"), reason="Rain")
    with acting_as(SERVICE):
        packed = privacy.zip_of(privacy.personal_data(booked.email), at=timezone.now())
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        page = archive.read("index.html").decode()
        assert json.loads(archive.read("refunds.json"))[0]["amount"] == 12.34
    assert "€12.34" in page


def test_the_bookings_own_link_gets_no_copy(booked):
    ask(booked, "booking_copy")
    assert Client().post(reverse("data_request", args=[booked.secret])).status_code == 404
    with acting_as(PUBLIC, token=booked.secret):
        assert privacy.confirmed_copy() is None


@pytest.mark.parametrize(
    ("part", "template"), [("booking_copy", "data_copy"), ("booking_erasure", "data_erasure")]
)
def test_the_link_works_for_a_day(client, over, part, template):
    ask(over, part)
    link = mailed_link(over, template)
    later(over, hours=25)
    assert client.get(link).status_code == 404
    assert client.post(link).status_code == 404
    with as_owner():
        assert Booking.objects.get(pk=over.pk).full_name == "Marta Oliveira"


def test_the_copys_link_ends_for_who_asks_the_database_itself(booked):
    ask(booked, "booking_copy")
    token = mailed_link(booked, "data_copy").split("/")[-2]

    def copy():
        with acting_as(PUBLIC, token=token):
            return privacy.confirmed_copy()

    assert copy()["bookings"]
    later(booked, hours=25)
    assert copy() is None
    with without("bookings/sql/functions/confirm_copy.sql", " AND expires_at > now()"):
        assert copy()["bookings"]  # the control: nothing else would have kept it


def test_an_erasure_happens_on_confirmation_and_not_on_a_look(client, over):
    ask(over, "booking_erasure")
    link = mailed_link(over, "data_erasure")
    assert "Delete your data" in text_of(client.get(link))
    with as_owner():
        assert Booking.objects.get(pk=over.pk).full_name == "Marta Oliveira"
    page = client.post(link)
    assert (page.status_code, "Your data is deleted" in text_of(page)) == (200, True)
    with as_owner():
        assert Booking.objects.get(pk=over.pk).full_name == over.reference
    assert "Your data is deleted" in text_of(client.post(link))
    assert Client().get(reverse("booking", args=[over.secret])).status_code == 404


def test_an_erasure_that_has_to_wait_reaches_staff_and_then_happens_by_itself(client, booked):
    ask(booked, "booking_erasure")
    link = mailed_link(booked, "data_erasure")
    page = text_of(client.post(link))
    assert "We will delete your data later" in page
    assert f"while booking {booked.reference} is not over" in page
    client.post(link)
    with as_owner():
        (item,) = InboxItem.objects.filter(booking=booked, kind="erasure")
        assert item.status == "pending"
    staff = Client()
    staff.force_login(make_desk())
    assert "The customer wants their data deleted." in text_of(staff.get(f"/staff/bookings/{booked.pk}/"))
    assert "Erasure asked for" in text_of(staff.get("/staff/inbox/"))

    move_to(booked, "cancelled")  # does not answer it
    with as_owner():
        assert InboxItem.objects.get(pk=item.pk).status == "pending"
    with acting_as(SERVICE):
        assert forget_what_is_over(timezone.now())["people"] == 1
    with as_owner():
        assert Booking.objects.get(pk=booked.pk).full_name == booked.reference
        assert InboxItem.objects.get(pk=item.pk).status == "done"
        assert DataRequest.objects.get(booking=booked).outcome == "done"


def test_a_link_with_a_pin_asks_for_it_first(booked):
    from bookings.links.pins import set_pin

    with acting_as(PUBLIC, token=booked.secret):
        set_pin(booking=booked, pin="2468")
    assert Client().post(reverse("booking_copy", args=[booked.secret])).status_code == 403
    with as_owner():
        assert not DataRequest.objects.exists()


def test_nobody_asks_without_a_booking():
    assert Client().post(reverse("booking_copy", args=["A" * 22])).status_code == 404
    assert Client().get(reverse("data_request", args=["A" * 22])).status_code == 404


def test_an_erased_customer_gets_no_mail(client, over):
    from inbox.mail import queue as mail_queue

    ask(over, "booking_erasure")
    client.post(mailed_link(over, "data_erasure"))
    with acting_as(SERVICE):
        (email,) = mail_queue.queue(Booking.objects.get(pk=over.pk), "booking_changed")
        assert mail_queue.deliver(email.pk, at=timezone.now()) is False
        assert InboxEmail.objects.get(pk=email.pk).error == "NoRecipient"


def test_a_request_is_about_the_mailbox_that_its_link_was_mailed_to(booked):
    """Also when the booking's address has been corrected since."""
    ask(booked, "booking_copy")
    with as_owner():
        email = InboxEmail.objects.get(booking=booked, template="data_copy")
    with unchecked():
        Booking.objects.filter(pk=booked.pk).update(email="new@example.com", mailbox="new@example.com")
    theirs = make_booking(who=Person("New", "new@example.com"))
    with acting_as(SERVICE):
        email = InboxEmail.objects.select_related("booking__link").get(pk=email.pk)
        assert queue._recipients(email) == [MARTA.email]
        request = DataRequest.objects.get(booking=booked)
        token = request.mailed_token()
    with acting_as(PUBLIC, token=token):
        tables = privacy.confirmed_copy()
    assert theirs.reference not in json.dumps(tables)
