"""What a return costs is paid like the rental, after it: on the page, by the API, and nothing of a booking that is over."""

from dataclasses import replace
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from bookings.errors import Invalid
from bookings.lifecycle.checklist import Bill, Charge
from bookings.models import Booking, Payment
from bookings.payments import checkout
from bookings.payments.audit import check_money
from bookings.payments.sandbox import bank
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import in_days, make_booking, pay_at_the_counter
from bookings.tests.support.paying import again, agree, begin, pay
from bookings.tests.support.returns import BACK, back, fresh, out
from bookings.tests.support.site import text_of
from exodrive.money import Money
from exodrive.rls import SERVICE, STAFF, acting_as, as_owner
from inbox.templatetags.staff import payment_words

pytestmark = pytest.mark.django_db
COSTS = Money(Decimal(40), "EUR")


@pytest.fixture
def returned():
    """Paid at the counter, out, and back too late: 40 are due."""
    booking = out()
    with acting_as(STAFF):
        pay_at_the_counter(booking, timezone.now())
    bill = Bill((Charge("late_return", COSTS, COSTS, "2 h"),))
    done = back(booking, replace(BACK, bill=bill))
    done.secret = booking.secret
    assert done.amount_due == COSTS
    return done


def page_of(booking, part="booking_payment"):
    return reverse(part, args=[booking.secret])


def due(booking):
    with acting_as(SERVICE, actor="customer"):
        return checkout.due(fresh(booking), timezone.now())


def proven():
    with acting_as(SERVICE, actor="provider"):
        return check_money()


def test_the_customer_pays_what_the_return_costs(returned):
    payment = begin(returned)
    assert (payment.purpose, payment.money) == ("rental", COSTS)
    agree(payment)
    paid = again(returned)
    assert (paid.status, paid.payment_status, paid.amount_due.amount) == ("completed", "paid", 0)
    assert proven() == []


def test_the_booking_page_leads_to_paying_and_says_nothing_of_cancelling_or_deposits(client, returned):
    words = text_of(client.get(page_of(returned, "booking")))
    assert "Pay €40" in words
    page = client.get(page_of(returned))
    words = text_of(page)
    assert page.status_code == 200
    assert "Pay €40" in words
    for untrue in ("if you cancel", "Free cancellation", "near the pick-up", "At pick-up", "Your details 3"):
        assert untrue not in words
    assert 'class="steps"' not in page.content.decode()
    answer = client.post(page_of(returned), {"method": "sandbox"})
    assert answer.status_code == 303
    assert "/sandbox/" in answer["Location"]


def test_what_is_paid_and_what_is_due_stands_on_every_page(client, returned):
    words = "€600 is paid, €40 is still to be paid."
    assert f"The car is back. {words}" in " ".join(text_of(client.get(page_of(returned, "booking"))).split())
    assert words in text_of(client.get(page_of(returned)))
    assert payment_words(fresh(returned)) == "€40 due"
    agree(begin(returned))
    assert payment_words(fresh(returned)) == "Paid"


def test_nobody_chooses_to_pay_at_a_pick_up_that_was(client, returned):
    answer = client.post(page_of(returned), {"method": "pick_up"})
    assert answer.status_code == 422
    with acting_as(SERVICE), pytest.raises(Invalid, match="Choose one of the methods"):
        checkout.choose_offline(returned, "pick_up")


def test_a_transfer_can_still_be_chosen(client, returned, settings):
    settings.PAYMENT_METHODS = ["sandbox", "pick_up", "transfer"]
    settings.BANK_ACCOUNT = "IBAN PT50 0000"
    assert "IBAN PT50 0000" in text_of(client.get(page_of(returned)))
    assert client.post(page_of(returned), {"method": "transfer"}).status_code == 303
    assert again(returned).payment_method == "transfer"


def test_where_nothing_can_be_chosen_the_page_leads_back(client, returned, settings):
    settings.PAYMENT_METHODS = ["pick_up"]
    assert client.get(page_of(returned))["Location"] == page_of(returned, "booking")


def test_the_api_begins_it_too(returned):
    body = {"method": "sandbox"}
    answer = Api(bearer=returned.secret).post(f"/api/bookings/{returned.pk}/payments", body)
    assert answer.status_code == 201
    with as_owner():
        assert Payment.objects.get(pk=answer.json()["paymentId"]).money == COSTS
    deposit = Api(bearer=returned.secret).post(
        f"/api/bookings/{returned.pk}/payments", body | {"purpose": "deposit"}
    )
    assert error(deposit) == (422, "invalid")


def erased(booking):
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(erased_at=timezone.now())
    return again(booking)


def test_of_an_erased_booking_nothing_is_asked_for(returned):
    open_page = begin(returned)
    gone = erased(returned)
    assert due(gone) == ""
    with pytest.raises(Invalid, match="There is nothing to pay"):
        begin(gone)
    with acting_as(SERVICE), pytest.raises(Invalid, match="This booking is over"):
        checkout.choose_offline(gone, "transfer")
    bank.approve(open_page.pk)
    with acting_as(SERVICE, actor="customer"):
        checkout.complete(open_page.pk, at=timezone.now())
    assert again(open_page).captured == 0


@pytest.mark.parametrize("status", ["cancelled", "refunded"])
def test_of_a_booking_that_was_called_off_nothing_is_asked_for(status):
    booking = make_booking(start=in_days(-9), status="cancelled")
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(status=status)
    assert due(booking) == ""
    with pytest.raises(Invalid, match="There is nothing to pay"):
        begin(booking)


def test_no_deposit_is_asked_for_once_the_car_is_back(returned):
    with as_owner():
        Booking.objects.filter(pk=returned.pk).update(deposit_status="failed", deposit=Decimal(500))
    agree(begin(returned))
    assert due(returned) == ""


def test_a_return_without_charges_leaves_nothing_to_pay(client):
    booking = out()
    pay(booking)
    done = back(booking)
    done.secret = booking.secret
    assert client.get(page_of(done))["Location"] == page_of(done, "booking")
    assert "Pay €" not in text_of(client.get(page_of(done, "booking")))
