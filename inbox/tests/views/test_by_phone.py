"""A booking by phone, without an email address: nobody is mailed, until an address is added."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bookings import privacy
from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest, Details, Person
from bookings.models import Booking, Customer, DataRequest
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import CarFactory, in_days, make_booking, move_to
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.actions import replace_link
from inbox.mail.letters import compose
from inbox.mail.queue import deliver
from inbox.models import InboxEmail
from inbox.tests.views.test_new_booking import body

pytestmark = pytest.mark.django_db
PHONE = "06 12 34 56 78"
ADDRESS = {"full_name": "Yusuf Demir", "email": "yusuf@example.com"}


def by_phone(**fields):
    day = fields.pop("start", in_days(3))
    request = BookingRequest(
        car=CarFactory(),
        days=Days(day, day),
        who=Person("Yusuf Demir", ""),
        details=Details(phone=PHONE),
        language="en",
        **fields,
    )
    with acting_as(STAFF):
        return create_booking(request, at=timezone.now())


def mails_to_customer(booking):
    with as_owner():
        return list(booking.emails.filter(audience="customer").values_list("template", flat=True))


def test_nothing_that_happens_to_it_is_mailed(desk, silent_broker):
    booking = by_phone()
    move_to(booking, "upcoming")
    move_to(booking, "cancelled")
    assert mails_to_customer(booking) == []


def test_an_address_that_is_added_gets_the_link_and_every_mail_from_then_on(manager, silent_broker):
    booking = by_phone()
    assert "Add an email address" in body(manager.get(f"/staff/bookings/{booking.pk}/"))
    old = booking.secret
    page = manager.post(f"/staff/bookings/{booking.pk}/customer/", ADDRESS, follow=True)
    assert "The link to the booking is on its way to yusuf@example.com." in body(page)
    assert Client().get(reverse("booking", args=[old])).status_code == 404
    move_to(booking, "upcoming")
    assert mails_to_customer(booking) == ["booking_received", "booking_confirmed"]
    with as_owner():
        assert Booking.objects.select_related("customer").get().customer.email == "yusuf@example.com"


def test_the_name_alone_is_corrected_without_an_address(manager, silent_broker):
    booking = by_phone()
    form = {"full_name": "Youssef Demir", "email": ""}
    assert manager.post(f"/staff/bookings/{booking.pk}/customer/", form).status_code == 303
    with as_owner():
        now = Booking.objects.get(pk=booking.pk)
    assert (now.full_name, now.email, mails_to_customer(booking)) == ("Youssef Demir", "", [])


def test_an_address_is_never_taken_away_again(manager):
    booking = make_booking()
    answer = manager.post(f"/staff/bookings/{booking.pk}/customer/", {"full_name": "Marta", "email": ""})
    assert answer.status_code == 422


def test_a_new_link_goes_to_nobody(manager):
    booking = by_phone()
    with acting_as(STAFF), pytest.raises(Invalid):
        replace_link(booking=booking)
    assert manager.post(f"/staff/bookings/{booking.pk}/link/").status_code == 422
    assert "Replace the link" not in body(manager.get(f"/staff/bookings/{booking.pk}/"))


def test_its_own_page_promises_no_mail():
    booking = by_phone()
    text = flat(Client().get(reverse("booking", args=[booking.secret])))
    assert booking.reference in text
    assert "We sent this page" not in text
    assert "A copy of my data" not in text
    assert "call us" in text


def test_nobody_asks_by_its_link_for_data_that_no_mailbox_can_confirm():
    booking = by_phone()
    with acting_as(PUBLIC, token=booking.secret):
        assert privacy.ask("copy") is False
    with as_owner():
        assert not DataRequest.objects.exists()


def test_the_mail_to_staff_names_the_phone(silent_broker):
    booking = by_phone()
    with acting_as(SERVICE):
        mail = InboxEmail.objects.select_related("booking__car__location", "booking__link", "booking__proof")
        letter = compose(mail.get(booking=booking), ["desk@example.com"], at=timezone.now())
    assert PHONE in letter.body
    assert "Email" not in letter.body


def test_a_mail_that_was_queued_all_the_same_reaches_nobody(silent_broker, mailoutbox):
    booking = by_phone()
    with as_owner():
        mail = InboxEmail.objects.create(
            booking=booking, template="new_link", audience="customer", language="en"
        )
    with acting_as(SERVICE):
        assert not deliver(mail.pk, at=timezone.now())
    assert mailoutbox == []


def test_the_api_books_by_phone_for_staff_alone_and_answers_null(desk):
    car, day = CarFactory(), f"{in_days(3)}"
    sent = {
        "carId": car.pk,
        "startDate": day,
        "endDate": day,
        "customer": {"fullName": "Yusuf", "phone": PHONE},
    }
    assert error(Api().post("/api/bookings", sent)) == (422, "invalid")
    made = Api(user=desk.user).post("/api/bookings", sent)
    assert made.status_code == 201
    found = Api(user=desk.user).get(f"/api/bookings/{made.json()['bookingId']}")
    assert found.json()["customer"] == {"fullName": "Yusuf", "email": None, "phone": PHONE}


def test_a_person_without_a_mailbox_is_copied_and_erased_by_their_phone(capsys, silent_broker):
    booking, other = by_phone(), make_booking(phone=PHONE)
    with acting_as(SERVICE, actor="job"):
        tables = privacy.personal_data("0612345678")
    assert [row["reference"] for row in tables["bookings"]] == [booking.reference]
    with pytest.raises(CommandError):
        call_command("erase_customer", PHONE, "--yes")
    move_to(booking, "cancelled")
    call_command("erase_customer", PHONE, "--yes")
    assert "Erased." in capsys.readouterr().out
    with as_owner():
        gone, stays = Booking.objects.get(pk=booking.pk), Booking.objects.get(pk=other.pk)
        assert (gone.phone, gone.full_name) == ("", gone.reference)
        assert stays.phone == PHONE
        assert Customer.objects.filter(erased_at=None).count() == 1
    again = by_phone(start=in_days(9))
    assert again.customer_id != gone.customer_id


def test_retention_erases_who_has_no_mailbox_too(settings, silent_broker):
    booking = by_phone()
    move_to(booking, "cancelled")
    with as_owner():
        Customer.objects.update(created_at=timezone.now() - timedelta(days=400))
        days = {"start_date": in_days(-300), "end_date": in_days(-299)}
        Booking.objects.filter(pk=booking.pk).update(**days)
    settings.RETENTION_BOOKINGS_DAYS = 200
    with acting_as(SERVICE, actor="job"):
        assert privacy.erase_due(timezone.now()) == 1
