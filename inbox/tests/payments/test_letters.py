"""What letters say about money, whenever they are written: before, while and after it moves."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments import manual, refunds
from bookings.payments.journal import new_operation
from bookings.payments.provider import State
from bookings.payments.sandbox import bank
from bookings.tests.support.cashier import as_provider, come_back, come_to_rest, now, pay, start
from bookings.tests.support.factories import in_days, make_booking
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.tests.support.letters import booked, cancelled, letter, said, taken_in, told

pytestmark = pytest.mark.django_db
AT_PICK_UP = "You pay at pick-up"
BANK = "Your bank may take up to ten days"


@pytest.fixture
def in_steps(settings):
    """All of it until three days before the pick-up, half of it until a day before, then nothing."""
    settings.CANCELLATION_TIERS = ((72, 100), (24, 50))
    settings.FREE_CANCELLATION_HOURS = 72


# --- What comes back ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize(
    ("ahead", "by", "back"), [(30, "customer", "€1,000"), (2, "customer", "€500"), (2, "staff", "€1,000")]
)
def test_what_comes_back_is_said_however_fast_it_was(ahead, by, back):
    booking = booked(ahead)
    pay(booking)
    cancelled(booking, by)
    words = f"We send {back} back the way you paid."
    assert words in said(booking, "booking_cancelled")
    come_to_rest()
    assert now(booking).refunded == Decimal(back.strip("€").replace(",", ""))
    assert words in said(booking, "booking_cancelled")


def test_where_nothing_comes_back_nothing_is_promised(settings):
    settings.CANCELLATION_TIERS = ((72, 100), (60, 50))
    booking = booked(2)
    pay(booking)
    cancelled(booking)
    come_to_rest()
    assert now(booking).paid == 1000
    text = said(booking, "booking_cancelled")
    assert "We send" not in text
    assert "You have not been charged" not in text


TOO_LATE = "We send €1,000 back the way you paid."


@pytest.mark.usefixtures("in_steps")
def test_what_was_paid_too_late_goes_back_whole_although_cancelling_cost_something():
    booking = booked(2)
    payment = start(booking)
    cancelled(booking)
    with bank.changing(payment.pk) as (order, _done):
        bank.take(order)  # the provider has it already
    come_back(payment)
    come_to_rest()
    assert (now(payment).problem, now(payment).state) == ("days_gone", "refunded")
    assert TOO_LATE in said(booking, "booking_cancelled")


@pytest.mark.usefixtures("in_steps")
def test_what_was_paid_too_late_is_promised_whole_before_it_goes_back():
    booking = booked(2)
    payment = start(booking)
    cancelled(booking)
    taken_in(payment, told(State.CAPTURED, captured="1000"))
    with as_provider():
        assert not Refund.objects.exists()
    assert TOO_LATE in said(booking, "booking_cancelled")


# --- Why a deposit was kept --------------------------------------------------------------------------------------


def held_deposit(booking):
    with as_owner():
        payment = Payment.objects.create(
            booking=booking, purpose="deposit", kind="hold", provider="sandbox", amount=500, currency="EUR"
        )
    return taken_in(payment, told(State.AUTHORIZED, authorized="500"))


def asked_to_keep(payment, reason, outcome):
    with acting_as(STAFF):
        key = f"capture-{reason}"
        operation = new_operation(payment, "capture", key, amount=Decimal(100), reason=reason)
        operation.outcome = outcome
        operation.save(force_insert=True)


@pytest.mark.parametrize("outcome", ["started", "unknown", "done"])
def test_the_customer_is_told_why_although_the_providers_report_came_first(outcome):
    payment = held_deposit(booked())
    asked_to_keep(payment, "A scratch", outcome)
    asked_to_keep(payment, "Too much", "refused")
    taken_in(payment, told(State.CAPTURED, authorized="500", captured="100", voided="400"))
    with as_provider():
        assert not PaymentOperation.objects.filter(kind="capture", captured__gt=0).exists()
    text = said(payment.booking, "deposit_captured", payment)
    assert "We have kept €100 of the deposit" in text
    assert "This is why: A scratch" in text
    assert "Too much" not in text


def test_what_was_kept_elsewhere_has_no_reason():
    payment = held_deposit(booked())
    taken_in(payment, told(State.CAPTURED, authorized="500", captured="100", voided="400"))
    assert "This is why" not in said(payment.booking, "deposit_captured", payment)


# --- What cancelling costs ---------------------------------------------------------------------------------------

LETTERS_OF_A_BOOKING = ["booking_received", "booking_confirmed", "booking_changed"]


@pytest.mark.usefixtures("in_steps")
@pytest.mark.parametrize("template", LETTERS_OF_A_BOOKING)
def test_steps_of_the_terms_are_said_as_long_as_they_are_to_come(template):
    booking = booked()
    with as_provider():
        pick_up = now(booking).pickup_at
    whole, half = "You get €1,000 back if you cancel before", "You get €500 back if you cancel before"
    over = "nothing comes back if you cancel"
    for hours, expected in ((100, [whole, half]), (48, [half]), (12, [])):
        text = said(booking, template, at=pick_up - timedelta(hours=hours))
        assert [words for words in (whole, half) if words in text] == expected
        assert "After that cancelling costs" not in text
    assert over not in said(booking, template, at=pick_up)  # nobody cancels a car that is out


@pytest.mark.parametrize("template", LETTERS_OF_A_BOOKING)
def test_one_step_is_said_with_what_it_costs_after(template):
    text = said(booked(), template)
    assert "After that cancelling costs €1,000." in text
    assert "You get" not in text


# --- How it is paid ----------------------------------------------------------------------------------------------


def method(booking, name):
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(payment_method=name, pay_until=None)


def test_who_has_paid_is_not_told_to_pay_at_pick_up():
    booking = booked()
    pay(booking)
    method(booking, "pick_up")
    text = said(booking, "booking_received")
    assert "Paid. We confirm your booking by email." in text
    assert AT_PICK_UP not in text
    assert "Nothing is charged" not in text


def test_who_has_paid_a_part_is_told_the_rest():
    booking = booked()
    with acting_as(STAFF):
        manual.record_payment(
            booking=now(booking), amount=Money(Decimal(300), "EUR"), means="cash", at=timezone.now()
        )
    text = said(booking, "booking_received")
    assert "€300 is paid, €700 is still to be paid." in text
    assert AT_PICK_UP not in text


@pytest.mark.parametrize("proven", [True, False])
def test_who_pays_by_transfer_is_told_the_account(settings, proven):
    settings.BANK_ACCOUNT = "FR76 3000"
    booking = booked() if proven else make_booking(start=in_days(30))
    method(booking, "transfer")
    text = said(booking, "booking_received")
    assert "You pay by bank transfer. FR76 3000" in text
    assert AT_PICK_UP not in text
    assert ("If you did not book" in text) is not proven


def test_who_pays_online_and_has_not_is_not_told_to_pay_at_pick_up():
    booking = booked()
    method(booking, "sandbox")
    assert AT_PICK_UP not in said(booking, "booking_received")


@pytest.mark.parametrize("proven", [True, False])
def test_who_pays_at_pick_up_is_told_so(proven):
    booking = booked() if proven else make_booking(start=in_days(30))
    method(booking, "pick_up")
    assert f"{AT_PICK_UP}; nothing is charged before." in said(booking, "booking_received")


@pytest.mark.parametrize(("means", "by_bank"), [("cash", False), ("terminal", False), ("transfer", True)])
def test_money_that_was_handed_back_waits_for_no_bank(means, by_bank):
    booking, amount = booked(), Money(Decimal(300), "EUR")
    with acting_as(STAFF):
        payment = manual.record_payment(booking=now(booking), amount=amount, means=means, at=timezone.now())
        owed = refunds.ask_refund(payment_id=payment.pk, amount=amount, reason="Good will")
        manual.refund_given(owed.pk, at=timezone.now())
    message, text = letter(booking, "refund_sent", payment), said(booking, "refund_sent", payment)
    assert (BANK in text, "on its way" in message.subject, "We have sent you" in text) == (by_bank,) * 3
    assert ("We gave it back at the counter. Good will" in text) is not by_bank
    assert "€300" in message.subject


def test_money_that_a_provider_sent_back_may_take_its_time():
    payment = pay(booked())
    with acting_as(STAFF):
        amount = Money(Decimal(100), "EUR")
        refunds.ask_refund(payment_id=payment.pk, amount=amount, reason="Good will")
    come_to_rest()
    with as_provider():
        assert Refund.objects.get().state == "done"
    assert BANK in said(payment.booking, "refund_sent", payment)
