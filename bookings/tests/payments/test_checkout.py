"""A customer pays with the sandbox: agreed, declined, twice, late, for a booking that is over."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from bookings.errors import Invalid
from bookings.lifecycle.due import expire_unpaid
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment, PaymentOperation, Refund, StatusChange
from bookings.payments import checkout
from bookings.payments.audit import check_money
from bookings.payments.manual import record_payment
from bookings.payments.provider import Declined
from bookings.payments.reconciler import reconcile
from bookings.payments.refunds import ask_refund, send_refund
from bookings.payments.sandbox import bank
from bookings.tests.payments.conftest import BACK
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db


def start(booking, purpose="rental"):
    with acting_as(SERVICE, actor="provider"):
        return checkout.start(booking, method="sandbox", purpose=purpose, back=BACK, at=timezone.now())


def agree(payment):
    bank.approve(payment.pk)
    with acting_as(SERVICE, actor="provider"):
        return checkout.complete(payment.pk, at=timezone.now())


def taken_there(payment):
    """The provider has the money, and we have not heard of it."""
    with bank.changing(payment.pk) as (order, _done):
        bank.take(order)


def come_back(payment):
    with acting_as(SERVICE, actor="provider"):
        return checkout.complete(payment.pk, at=timezone.now())


def now(row):
    with acting_as(SERVICE, actor="provider"):
        return type(row).objects.get(pk=row.pk)


def proven():
    with acting_as(SERVICE, actor="provider"):
        return check_money()


def test_a_paid_booking_is_confirmed_by_itself():
    booking = make_booking(start=in_days(30))
    assert (booking.payment_method, booking.pay_until) == (
        "sandbox",
        booking.created_at + timedelta(minutes=30),
    )
    payment = start(booking)
    assert (payment.state, payment.money) == ("action_required", booking.total_money)
    assert payment.next_url.endswith(f"/sandbox/{payment.pk}/")
    agree(payment)
    paid = now(booking)
    assert (paid.status, paid.payment_status, paid.paid) == ("upcoming", "paid", booking.total)
    assert not paid.amount_due
    with acting_as(SERVICE, actor="provider"):
        moves = StatusChange.objects.filter(booking=booking, to_status="upcoming")
        assert [move.actor_kind for move in moves] == ["provider"]
    assert proven() == []


def test_whoever_comes_back_it_is_the_payment_that_confirms():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    bank.approve(payment.pk)
    with acting_as(SERVICE, actor="customer"):
        checkout.complete(payment.pk, at=timezone.now())
        move = StatusChange.objects.get(booking=booking, to_status="upcoming")
    assert move.actor_kind == "provider"


def test_a_second_click_gets_the_same_payment():
    booking = make_booking(start=in_days(30))
    assert start(booking).pk == start(booking).pk


def test_coming_back_without_having_agreed_changes_nothing_and_leaves_one_operation():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    with acting_as(SERVICE, actor="provider"):
        for _ in range(5):
            checkout.complete(payment.pk, at=timezone.now())
        asked = PaymentOperation.objects.filter(payment=payment, kind="complete")
        assert [one.outcome for one in asked] == ["started"]
    assert now(booking).status == "pending"


def declined_booking():
    """Its total ends in 1 of the smallest unit."""
    return make_booking(
        car=CarFactory(daily_rate="240.01", weekend_rate="240.01"), start=in_days(30), length=1
    )


def test_a_declined_payment_keeps_the_days_and_may_be_tried_again():
    booking = declined_booking()
    payment = start(booking)
    with pytest.raises(Declined):
        agree(payment)
    after = now(booking)
    assert (after.status, after.payment_status) == ("pending", "failed")
    assert now(payment).failure == "instrument_declined"
    with pytest.raises(Declined):
        agree(payment)
    with acting_as(SERVICE, actor="provider"):
        asked = PaymentOperation.objects.filter(payment=payment, kind="complete")
        assert [one.outcome for one in asked] == ["refused", "refused"]
    assert proven() == []


def test_money_for_a_booking_that_was_over_goes_back():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    with acting_as(SERVICE, actor="job"):
        assert expire_unpaid(timezone.now() + timedelta(hours=3)) == 1
    taken_there(payment)
    come_back(payment)
    with acting_as(SERVICE, actor="provider"):
        refund = Refund.objects.get()
        send_refund(refund.pk, at=timezone.now())
        reconcile(timezone.now() + timedelta(minutes=2))
        assert InboxItem.objects.filter(booking=booking, kind="payment", status="pending").exists()
    after, row = now(booking), now(payment)
    assert (after.status, after.payment_status, after.paid) == ("refunded", "refunded", 0)
    assert (row.state, row.problem) == ("refunded", "days_gone")
    assert proven() == []


def test_what_a_customer_agrees_to_too_late_is_not_taken_at_all():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    with acting_as(SERVICE, actor="job"):
        assert expire_unpaid(timezone.now() + timedelta(hours=3)) == 1
    agree(payment)
    assert (now(payment).state, now(payment).captured, now(booking).status) == ("cancelled", 0, "cancelled")
    assert bank.find(payment.pk).captured == 0
    assert proven() == []


def test_a_page_that_is_agreed_to_after_the_booking_was_paid_otherwise_takes_nothing():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    with acting_as(STAFF):
        record_payment(booking=now(booking), amount=booking.total_money, means="cash", at=timezone.now())
    agree(payment)
    assert (now(payment).captured, now(booking).paid) == (0, booking.total)


def test_a_refund_that_staff_grant_is_not_owed_again():
    booking = make_booking(start=in_days(30))
    payment = agree(start(booking))
    with acting_as(STAFF):
        ask_refund(payment_id=payment.pk, amount=Money(Decimal(100), "EUR"), reason="Late hand-over")
    with acting_as(SERVICE, actor="provider"):
        reconcile(timezone.now() + timedelta(minutes=2))
    after = now(booking)
    assert (after.refunded, after.paid, after.amount_due) == (100, booking.total - 100, Money.zero("EUR"))
    assert proven() == []


def test_nobody_keeps_a_car_for_ever_by_opening_pages():
    booking = make_booking(start=in_days(30))
    most = booking.created_at + timedelta(minutes=120)
    for minutes in range(0, 300, 20):
        with acting_as(SERVICE, actor="provider"):
            at = booking.created_at + timedelta(minutes=minutes)
            checkout.start(booking, method="sandbox", purpose="rental", back=BACK, at=at)
        assert now(booking).pay_until <= most


def test_what_is_being_checked_is_not_started_again():
    booking = make_booking(
        car=CarFactory(daily_rate="240.02", weekend_rate="240.02"), start=in_days(30), length=1
    )
    payment = agree(start(booking))
    assert (payment.state, now(booking).payment_status) == ("processing", "processing")
    with acting_as(SERVICE, actor="provider"):
        assert checkout.due(Booking.objects.get(pk=booking.pk), timezone.now()) == ""
    with pytest.raises(Invalid):
        start(booking)


def test_what_is_paid_a_moment_before_the_window_ends_is_not_cancelled():
    booking = make_booking(start=in_days(30))
    agree(start(booking))
    with acting_as(SERVICE, actor="job"):
        assert expire_unpaid(timezone.now() + timedelta(hours=3)) == 0


def test_an_open_page_keeps_the_days_five_minutes_longer_than_itself():
    booking = make_booking(start=in_days(30))
    payment = start(booking)
    assert now(booking).pay_until == payment.next_until + timedelta(minutes=5)


def test_a_customer_who_cancels_in_time_gets_all_of_it_back():
    booking = make_booking(start=in_days(30))
    agree(start(booking))
    with acting_as(PUBLIC, token=booking.secret):
        cancel(booking=now_public(booking), at=timezone.now())
    with acting_as(SERVICE, actor="provider"):
        later = timezone.now() + timedelta(minutes=2)
        reconcile(later)  # promises
        reconcile(later + timedelta(minutes=2))  # sends, and moves the booking
        reconcile(later + timedelta(minutes=4))
    after = now(booking)
    assert (after.status, after.payment_status) == ("refunded", "refunded")
    assert proven() == []


def now_public(booking):
    return Booking.objects.select_related("car__location").get(pk=booking.pk)


def test_a_second_payment_goes_back_and_is_shown_to_staff():
    booking = make_booking(start=in_days(30))
    first = start(booking)
    with acting_as(SERVICE, actor="provider"):
        Payment.objects.filter(pk=first.pk).update(next_until=timezone.now())
    second = start(booking)
    assert second.pk != first.pk
    taken_there(second)
    agree(first)
    come_back(second)
    after = now(booking)
    assert (after.status, now(second).problem) == ("upcoming", "paid_twice")
    with acting_as(SERVICE, actor="provider"):
        assert [refund.amount for refund in Refund.objects.all()] == [booking.total]
    assert proven() == []


def test_a_method_that_is_not_offered_is_refused():
    booking = make_booking(start=in_days(30))
    with acting_as(SERVICE, actor="provider"), pytest.raises(Invalid):
        checkout.start(booking, method="paypal", purpose="rental", back=BACK, at=timezone.now())


def test_nothing_is_asked_for_twice_once_it_is_paid():
    booking = make_booking(start=in_days(30))
    agree(start(booking))
    with pytest.raises(Invalid):
        start(booking)


def test_whoever_chooses_the_counter_waits_for_staff():
    booking = make_booking(start=in_days(30))
    with acting_as(SERVICE, actor="provider"):
        checkout.choose_offline(booking, "pick_up")
    with acting_as(SERVICE, actor="job"):
        assert expire_unpaid(timezone.now() + timedelta(days=2)) == 0
    assert now(booking).payment_method == "pick_up"
