"""The money on the page of a booking, and the mail with a link to pay."""

import pytest
from django.utils import timezone

from bookings.models import Booking, PaymentOperation
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.returns import back, out
from bookings.tests.support.site import text_of
from exodrive.rls import as_owner
from exodrive.tests.support.forging import unchecked
from inbox.models import InboxEmail
from inbox.tests.payments.conftest import now
from inbox.tests.support.letters import said

pytestmark = pytest.mark.django_db


def page_of(booking):
    return f"/staff/bookings/{booking.pk}/"


def panel(client, booking):
    """The words under "Money"."""
    return text_of(client.get(page_of(booking))).partition("Money")[2].partition("Price")[0]


def links():
    with as_owner():
        return list(InboxEmail.objects.filter(template="payment_link").values_list("status", flat=True))


def test_an_unpaid_booking_says_what_is_due(desk):
    text = panel(desk, make_booking(start=in_days(30)))
    assert "Due €960" in text
    assert "Paid" not in text
    assert "Given back" not in text
    assert "Record a payment…" in text


def test_a_booking_that_was_called_off_unpaid_has_no_panel(desk):
    booking = make_booking(start=in_days(30), status="cancelled")
    assert f"money-{booking.pk}" not in desk.get(page_of(booking)).content.decode()


def test_a_paid_one_tells_what_was_done_by_whom(desk, paid):
    booking, _payment = paid
    text = panel(desk, booking)
    assert "Paid €960 Deposit Planned" in text
    assert "Rental €960 · Test payment" in text
    assert "Asked for payment" in text
    assert "captured €960 (The payment provider)" in text


@pytest.mark.parametrize(
    ("who", "words"),
    [("desk", {"Release the deposit…"}), ("manager", {"Release the deposit…", "Capture the deposit…"})],
)
def test_only_what_is_legal_now_is_offered(client_of, held, who, words):
    booking, _deposit = held
    text = panel(client_of(who), booking)
    offered = {
        word for word in ("Release the deposit…", "Capture the deposit…", "Deposit returned…") if word in text
    }
    assert offered == words
    assert ("Refund…" in text) == (who == "manager")
    assert "Mail a link to pay" not in text


def test_the_code_and_the_reason_of_a_refusal_are_shown(desk, held):
    booking, deposit = held
    with as_owner():
        PaymentOperation.objects.create(
            payment=deposit,
            kind="capture",
            request_id="r-1",
            outcome="refused",
            code="instrument_declined",
            reason="Scratch",
            amount=300,
            actor_kind="staff",
            actor=desk.user,
        )
    text = panel(desk, booking)
    assert "Capture €300: Refused (Inès Laurent) · instrument_declined Scratch" in text


def test_the_panel_asks_the_database_as_often_for_many_payments_as_for_one(
    desk, held, django_assert_max_num_queries
):
    booking, _deposit = held
    desk.get(page_of(booking))
    with django_assert_max_num_queries(26):
        desk.get(page_of(booking))


def test_a_link_to_pay_is_mailed_and_the_booking_is_paid_online(desk, settings):
    settings.PAYMENT_METHODS = ["pick_up", "sandbox"]
    booking = make_booking(start=in_days(30))
    assert booking.payment_method == "pick_up"
    answer = desk.post(f"{page_of(booking)}payment-link/")
    assert (answer.status_code, answer.url) == (303, page_of(booking))
    assert "The link to pay is on its way to Marta Oliveira." in desk.get(answer.url).content.decode()
    after = now(booking)
    assert (after.payment_method, after.pay_until, after.status) == ("sandbox", None, "pending")
    assert links() == ["queued"]
    desk.post(f"{page_of(booking)}payment-link/")
    assert links() == ["queued"]
    assert "A link to pay is on its way already." in desk.get(answer.url).content.decode()


@pytest.mark.parametrize("why", ["paid", "only at the counter", "cancelled"])
def test_no_link_goes_out_for_nothing(desk, settings, recorded, why):
    booking = make_booking(start=in_days(30), status="cancelled" if why == "cancelled" else "pending")
    if why == "paid":
        recorded(booking)
    if why == "only at the counter":
        settings.PAYMENT_METHODS = ["pick_up", "transfer"]
    assert "Mail a link to pay" not in panel(desk, booking)
    answer = desk.post(f"{page_of(booking)}payment-link/")
    assert (answer.status_code, "There is nothing to pay." in answer.content.decode()) == (422, True)
    assert links() == []


def test_in_the_inbox_the_link_is_sent_without_leaving_it(desk):
    booking = make_booking(start=in_days(30))
    target = f"booking-{booking.pk}"
    answer = desk.htmx(
        f"{page_of(booking)}payment-link/", {"next": "/staff/inbox/?tab=pending"}, target=target
    )
    assert (answer.status_code, answer["HX-Reswap"]) == (200, "none")
    assert "The link to pay is on its way" in answer.content.decode()


def returned_unpaid(**fields):
    """Back, and nothing was paid for it."""
    return back(out(**fields))


def test_who_owes_something_after_the_return_can_be_mailed_where_to_pay(desk):
    booking = returned_unpaid()
    assert "Mail a link to pay" in panel(desk, booking)
    desk.post(f"{page_of(booking)}payment-link/")
    assert links() == ["queued"]
    assert "€600 is to be paid." in said(booking, "payment_link")


def test_nobody_is_offered_to_mail_who_has_no_address_or_was_erased(desk):
    booking = returned_unpaid()
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(erased_at=timezone.now())
    assert "Mail a link to pay" not in panel(desk, booking)
    by_phone = returned_unpaid()
    with unchecked():
        Booking.objects.filter(pk=by_phone.pk).update(email="", mailbox="")
    assert "Mail a link to pay" not in panel(desk, by_phone)
