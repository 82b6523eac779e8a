"""Nobody is told again what is not so any more; and a press says what it will send."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.errors import InvalidTransition
from bookings.lifecycle import transitions
from bookings.lifecycle.request import Person
from bookings.models import Booking, BookingLink, Payment
from bookings.tests.support.factories import CarFactory, in_days, make_booking, move_to
from bookings.tests.support.swapping import make_rental, swap
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.html import flat
from inbox.desk.actions import send_again
from inbox.mail.letters import compose
from inbox.mail.truth import is_true
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
STATUSES = tuple(Booking.Status.values)
TRUE_WHILE = {
    "new_booking": {"pending", "upcoming", "active"},
    "booking_received": {"pending"},
    "booking_confirmed": {"upcoming", "active"},
    "booking_changed": {"pending", "upcoming", "active", "completed"},
    "ride_driver": {"upcoming", "active"},
    "booking_cancelled": {"cancelled", "refunded"},
    "new_link": set(STATUSES),
    "link_replaced": set(STATUSES),
    "payment_link": {"pending", "upcoming", "active", "completed"},
}
OF_PAYMENTS = [
    ("payment_receipt", {"kind": "charge", "captured": 10}, True),
    ("payment_receipt", {"kind": "charge", "captured": 10, "refunded": 10}, False),
    ("refund_sent", {"kind": "charge", "captured": 10, "refunded": 5}, True),
    ("refund_sent", {"kind": "charge", "captured": 10}, False),
    ("payment_failed", {"kind": "charge", "state": "failed"}, True),
    ("deposit_held", {"kind": "hold", "state": "authorized", "authorized": 10}, True),
    ("deposit_held", {"kind": "hold", "state": "voided", "authorized": 10, "voided": 10}, False),
    ("deposit_released", {"kind": "hold", "state": "voided", "authorized": 10, "voided": 10}, True),
    ("deposit_released", {"kind": "hold", "state": "authorized", "authorized": 10}, False),
    ("deposit_captured", {"kind": "hold", "authorized": 10, "captured": 10}, True),
    ("deposit_link", {"kind": "hold"}, False),
]


def mail_of(booking, template, **more):
    with as_owner():
        return booking.emails.create(template=template, audience="customer", language="en", **more)


@pytest.mark.parametrize("template", TRUE_WHILE)
def test_a_letter_is_true_in_some_statuses_only(template):
    booking = Booking(status="pending", total=Decimal(100), currency="EUR")
    booking.link = BookingLink(expires_at=timezone.now() + timedelta(days=1))
    true = set()
    for status in STATUSES:
        booking.status = status
        if is_true(InboxEmail(booking=booking, template=template), timezone.now()):
            true.add(status)
    assert true == TRUE_WHILE[template]


@pytest.mark.parametrize(("template", "sums", "true"), OF_PAYMENTS)
def test_a_letter_about_money_is_true_of_its_payment(template, sums, true):
    booking = Booking(status="upcoming", total=Decimal(100), currency="EUR")
    payment = Payment(booking=booking, amount=10, currency="EUR", **sums)
    assert is_true(InboxEmail(booking=booking, payment=payment, template=template), timezone.now()) is true


def test_every_letter_about_a_booking_has_its_truth():
    known = {*TRUE_WHILE, *(template for template, _sums, _true in OF_PAYMENTS)}
    assert known == set(InboxEmail.Template.values) - {"data_copy", "data_erasure", "mailbox_code"}


def test_a_link_that_has_ended_is_not_sent_again():
    booking = make_booking()
    mail = mail_of(booking, "new_link")
    with as_owner():
        booking.link.expires_at = timezone.now() - timedelta(hours=1)
        booking.link.save()
    with acting_as(STAFF), pytest.raises(InvalidTransition):
        send_again(email=mail, at=timezone.now())


def test_what_a_completed_rental_comes_to_is_sent_again_while_its_link_opens(desk):
    booking = make_booking(start=in_days(-2), length=2, status="completed")
    mail = mail_of(booking, "booking_changed", status="sent", claimed_at=timezone.now(), delivery="bounced")
    page, sending = f"/staff/bookings/{booking.pk}/", f"/staff/mails/{mail.pk}/sending/"
    assert sending in desk.get(page).content.decode()
    assert desk.post(sending).status_code == 303
    with as_owner():
        again = booking.emails.exclude(pk=mail.pk).get(template="booking_changed")
        letter = compose(again, ["marta@example.com"], at=timezone.now())
        assert "What your rental comes to, Marta" in letter.body
        assert "This is your booking now." not in letter.body
        BookingLink.objects.filter(booking=booking).update(expires_at=timezone.now())
    assert sending not in desk.get(page).content.decode()
    assert desk.post(sending).status_code == 400


def test_the_page_offers_only_what_is_true_and_the_verb_refuses_the_rest(desk):
    booking = make_booking(status="upcoming")
    with as_owner():
        received, confirmed = (
            booking.emails.get(template=name) for name in ("booking_received", "booking_confirmed")
        )
    page = desk.get(f"/staff/bookings/{booking.pk}/").content.decode()
    assert f"/staff/mails/{confirmed.pk}/sending/" in page
    assert f"/staff/mails/{received.pk}/sending/" not in page
    answer = desk.post(f"/staff/mails/{received.pk}/sending/")
    assert answer.status_code == 400
    assert "This email is not true of the booking any more. Nothing was sent." in flat(answer)
    with as_owner():
        assert booking.emails.filter(template="booking_received").count() == 1


def test_the_admin_says_which_were_not_sent(desk):
    booking = make_booking()
    mail = mail_of(booking, "booking_confirmed")
    sent = {"action": "resend", "index": "0", "_selected_action": [mail.pk]}
    answer = desk.post("/admin/inbox/inboxemail/", sent, follow=True)
    assert "This email is not true of the booking any more." in flat(answer)
    with as_owner():
        assert booking.emails.filter(template="booking_confirmed").count() == 1


def told(response):
    found = re.search(r'<ul class="tells.*?</ul>', flat(response))[0]
    return re.findall(r"<li><b>(.*?)</b>\s*–\s*(.*?)\s*</li>", found)


def test_a_press_says_what_it_will_send_and_sends_it(desk):
    booking = make_booking(who=Person("Marta Oliveira", "marta@example.com"), language="pt")
    said = dict(told(desk.get(f"/staff/bookings/{booking.pk}/")))
    assert said == {
        "Mark upcoming": "Marta gets the email “Booking confirmed” in Portuguese.",
        "Cancel": "Marta gets the email “Booking cancelled” in Portuguese.",
        "Change": "Marta gets the email “Booking changed” in Portuguese.",
    }
    with acting_as(STAFF, user=desk.user):
        transitions.transition(booking=booking, to="upcoming", at=timezone.now())
        transitions.cancel(booking=booking, at=timezone.now())
    with as_owner():
        sent = set(booking.emails.values_list("template", flat=True))
    assert sent == {"booking_received", "new_booking", "booking_confirmed", "booking_cancelled"}


def test_a_no_show_its_undoing_and_a_swap_say_what_they_send_and_send_it(desk):
    booking = make_booking(start=in_days(-1), length=3, status="active", who=Person("Marta", "m@example.com"))
    page = f"/staff/bookings/{booking.pk}/"
    assert dict(told(desk.get(page)))["No-show"] == "Marta gets the email “Booking cancelled” in English."
    desk.post(f"{page}no-show/", {"from": "active"})
    assert mail_of(booking, "booking_cancelled")
    said = dict(told(desk.get(page)))
    assert said["Undo the no-show"] == "Marta gets the email “Booking confirmed” in English."
    rental = make_rental(who=Person("Luc", "luc@example.com"))
    said = dict(told(desk.get(f"/staff/bookings/{rental.pk}/")))
    assert said["Swap car"] == "Luc gets the email “Booking changed” in English."
    swap(rental, CarFactory())
    assert mail_of(rental, "booking_changed")


def test_what_sends_nothing_says_so(desk):
    booking = make_booking(start=in_days(0), status="upcoming")
    assert dict(told(desk.get(f"/staff/bookings/{booking.pk}/")))["Hand over car"] == "no email."
    over = move_to(make_booking(), "cancelled")
    with as_owner():
        Booking.objects.filter(pk=over.pk).update(erased_at=timezone.now())
    page = desk.get(f"/staff/bookings/{over.pk}/")
    assert "gets the email" not in flat(page)
