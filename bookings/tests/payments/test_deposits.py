"""The life of a deposit: planned, held, held for longer, released or kept, and what people are told of it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from bookings.errors import Forbidden, Invalid
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.transitions import cancel, take_back, transition
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments import checkout, deposits, manual
from bookings.payments.reconciler import reconcile
from bookings.payments.sandbox import bank
from bookings.payments.settle import settle
from bookings.tests.support.cashier import (
    as_provider,
    come_back,
    come_to_rest,
    mails,
    now,
    pay,
    proven,
    start,
)
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_desk, make_manager
from exodrive.money import Money
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def eur(amount):
    return Money(Decimal(str(amount)), "EUR")


@pytest.fixture
def clock(monkeypatch):
    """`clock(then)`: it is then, for us and for the provider."""

    def set_to(then):
        monkeypatch.setattr(timezone, "now", lambda: then)
        return then

    return set_to


@pytest.fixture(autouse=True)
def lead(settings):
    """A day before the pick-up, three days after the return."""
    settings.DEPOSIT_HOLD_LEAD, settings.DEPOSIT_RELEASE_AFTER = timedelta(hours=24), timedelta(hours=72)
    settings.DEPOSIT_AT_ONCE = timedelta(days=3)


def rented(days=30, deposit="500.00", length=4):
    """A booking with a deposit, not paid yet."""
    return make_booking(car=CarFactory(deposit=deposit), start=in_days(days), length=length)


def deposit_of(booking):
    with as_provider():
        return Payment.objects.get(booking=booking, purpose="deposit")


def run_jobs(at):
    with acting_as(SERVICE, actor="job"):
        reconcile(at)


def move(booking, to, at):
    with acting_as(STAFF):
        mine = Booking.objects.select_related("car__location").get(pk=booking.pk)
        return transition(booking=mine, to=to, at=at)


def is_shown_to_staff(booking):
    with as_provider():
        return InboxItem.objects.filter(booking=booking, kind="payment", status="pending").exists()


@pytest.fixture
def held(clock):
    """A booking whose deposit is held and whose car is out."""
    booking = rented()
    pay(booking)
    at = clock(deposit_of(booking).due_at)
    run_jobs(at)
    assert deposit_of(booking).state == "authorized"
    move(booking, "active", clock(booking.pickup_at))
    return booking


# --- Planned and held -----------------------------------------------------------------------------------------------


def test_a_deposit_is_planned_when_the_rental_is_paid_for_and_only_once():
    booking = rented()
    start(booking)
    with as_provider():
        assert not Payment.objects.filter(purpose="deposit").exists()
    pay(booking)
    with as_provider():
        settle(booking.pk, at=timezone.now())
    payment = deposit_of(booking)
    assert (payment.state, payment.kind, payment.money) == ("scheduled", "hold", eur(500))
    assert payment.due_at == booking.pickup_at - timedelta(hours=24)
    assert now(booking).deposit_status == "planned"
    assert mails(booking)["deposit_held"] == 0
    assert proven() == []


def test_without_a_deposit_nothing_is_planned():
    pay(rented(deposit="0"))
    come_to_rest()
    with as_provider():
        assert not Payment.objects.filter(purpose="deposit").exists()


def test_a_deposit_is_held_without_the_customer_when_its_time_comes(clock):
    booking = rented()
    pay(booking)
    due = deposit_of(booking).due_at
    run_jobs(clock(due - MINUTE))
    assert deposit_of(booking).state == "scheduled"
    run_jobs(clock(due))
    run_jobs(clock(due + MINUTE))
    payment = deposit_of(booking)
    assert (payment.state, payment.held) == ("authorized", eur(500))
    assert payment.honor_until == due + bank.HONORED
    after = now(booking)
    assert (after.deposit_status, after.deposit_until) == ("held", payment.honor_until)
    assert after.paid == booking.total  # a hold is not paid
    assert mails(booking) == {"payment_receipt": 1, "deposit_held": 1}
    assert proven() == []


def test_the_deposit_of_a_pick_up_within_three_days_is_held_at_once(client):
    booking = rented(days=2)
    payment = start(booking)
    bank.approve(payment.pk)
    assert client.get(f"/pay/back/{payment.pk}/").status_code == 200
    assert (deposit_of(booking).state, now(booking).deposit_status) == ("authorized", "held")
    assert proven() == []


def test_a_customer_who_has_to_agree_is_asked_once_and_can(clock):
    """The bank wants a step more: 500.03."""
    booking = rented(deposit="500.03")
    pay(booking)
    due = deposit_of(booking).due_at
    run_jobs(clock(due))
    run_jobs(clock(due + 5 * MINUTE))
    assert mails(booking) == {"payment_receipt": 1, "deposit_link": 1}
    with as_provider():
        assert checkout.due(Booking.objects.get(pk=booking.pk), due) == "deposit"
    asked = start(now(booking), "deposit", at=due + 5 * MINUTE)
    assert (asked.kind, asked.money) == ("hold", eur("500.03"))
    bank.approve(asked.pk)
    come_back(asked, due + 6 * MINUTE)
    assert now(booking).deposit_status == "held"
    run_jobs(clock(due + 9 * MINUTE))
    assert mails(booking) == {"payment_receipt": 1, "deposit_link": 1, "deposit_held": 1}
    with as_provider():
        assert Payment.objects.filter(booking=booking, state="authorized").count() == 1
    assert proven() == []


def test_a_deposit_that_is_declined_asks_the_customer_to_come(clock):
    booking = rented(deposit="500.01")
    pay(booking)
    run_jobs(clock(deposit_of(booking).due_at))
    assert mails(booking) == {"payment_receipt": 1, "deposit_link": 1}
    assert now(booking).deposit_status == "failed"
    assert is_shown_to_staff(booking)
    assert proven() == []


def test_a_deposit_that_was_left_in_cash_is_not_held_a_second_time(clock):
    booking = rented()
    pay(booking)
    due = deposit_of(booking).due_at
    with acting_as(STAFF):
        mine = Booking.objects.get(pk=booking.pk)
        manual.record_payment(
            booking=mine, amount=eur(500), means="cash", purpose="deposit", at=timezone.now()
        )
    run_jobs(clock(due))
    with as_provider():
        held = Payment.objects.filter(booking=booking, state="authorized")
        assert [row.provider for row in held] == ["manual"]
    assert mails(booking)["deposit_link"] == 0
    assert proven() == []


# --- Longer, and its end ---------------------------------------------------------------------------------------------


def test_a_hold_is_renewed_when_its_guarantee_ends_while_the_car_is_out(held, clock):
    until = deposit_of(held).honor_until
    run_jobs(clock(until - MINUTE))
    assert deposit_of(held).honor_until == until
    run_jobs(clock(until))
    run_jobs(clock(until + MINUTE))
    renewed = deposit_of(held)
    assert (renewed.state, renewed.honor_until) == ("authorized", until + bank.HONORED)
    with as_provider():
        assert PaymentOperation.objects.filter(payment=renewed, kind="reauthorize").count() == 1
    assert now(held).deposit_until == renewed.honor_until
    assert mails(held)["deposit_held"] == 1
    with acting_as(STAFF, user=make_manager()):
        deposits.capture_deposit(renewed.pk, eur(200), reason="A scratch", at=until + 2 * MINUTE)
    assert (deposit_of(held).captured, bank.find(renewed.pk).captured) == (200, 200)
    assert proven() == []


def test_staff_are_told_two_days_before_a_hold_ends_and_it_is_over_on_its_last_day(held, clock):
    ends = deposit_of(held).expires_at
    run_jobs(clock(ends - timedelta(hours=49)))
    assert deposit_of(held).problem == ""
    assert not is_shown_to_staff(held)
    run_jobs(clock(ends - timedelta(hours=48)))
    assert deposit_of(held).problem == "deposit_ends"
    assert is_shown_to_staff(held)
    assert deposit_of(held).state == "authorized"
    come_to_rest(clock(ends))
    payment = deposit_of(held)
    assert (payment.state, payment.held, payment.voided) == ("expired", eur(0), 500)
    assert now(held).deposit_status == "released"
    with pytest.raises(Invalid), acting_as(STAFF, user=make_manager()):
        deposits.capture_deposit(payment.pk, eur(200), reason="A scratch", at=ends)
    assert proven() == []


# --- Back ------------------------------------------------------------------------------------------------------------


def give_back(booking, at, *, damage):
    with acting_as(STAFF):
        mine = Booking.objects.select_related("car__location").get(pk=booking.pk)
        note = "A deep scratch" if damage else ""
        mine.handed_over_at = mine.handed_over_at or at
        Booking.objects.filter(pk=mine.pk).update(handed_over_at=at)
        mine.refresh_from_db()
        take_back(booking=mine, at=at, checklist=Checklist(12_000, 8, damage, note))


def test_after_a_clean_return_the_deposit_is_released_three_days_later(held, clock):
    back = clock(held.pickup_at + timedelta(hours=30))
    give_back(held, back, damage=False)
    run_jobs(clock(back + timedelta(hours=72) - MINUTE))
    assert deposit_of(held).state == "authorized"
    assert mails(held)["deposit_released"] == 0
    run_jobs(clock(back + timedelta(hours=72)))
    run_jobs(clock(back + timedelta(hours=73)))
    assert (deposit_of(held).state, deposit_of(held).voided) == ("voided", 500)
    assert now(held).deposit_status == "released"
    assert mails(held)["deposit_released"] == 1
    assert proven() == []


def test_a_return_that_is_written_down_days_later_leaves_people_their_time(held, clock):
    back = clock(held.pickup_at + timedelta(hours=30))
    give_back(held, back, damage=False)
    written = back + timedelta(days=2)
    with as_owner():
        Booking.objects.filter(pk=held.pk).update(status_changed_at=written)
    run_jobs(clock(written + timedelta(hours=72) - MINUTE))
    assert deposit_of(held).state == "authorized"
    run_jobs(clock(written + timedelta(hours=72)))
    assert deposit_of(held).state == "voided"
    assert proven() == []


def test_after_damage_the_deposit_waits_for_people(held, clock):
    back = clock(held.pickup_at + timedelta(hours=30))
    give_back(held, back, damage=True)
    run_jobs(clock(back + timedelta(days=10)))
    assert deposit_of(held).state == "authorized"
    assert mails(held)["deposit_released"] == 0


def test_only_a_manager_keeps_money_of_a_deposit_and_says_why(held):
    payment, at = deposit_of(held), timezone.now()
    for user, reason, error in (
        (make_desk(), "A scratch", Forbidden),
        (make_manager(), " ", Invalid),
        (make_manager(), "x" * 301, Invalid),
    ):
        with acting_as(STAFF, user=user), pytest.raises(error):
            deposits.capture_deposit(payment.pk, eur(200), reason=reason, at=at)
    assert deposit_of(held).captured == 0
    manager = make_manager()
    with acting_as(STAFF, user=manager):
        deposits.capture_deposit(payment.pk, eur(200), reason="A scratch", at=at)
    with as_provider():
        done = PaymentOperation.objects.get(payment=payment, kind="capture")
    assert (done.reason, done.actor_kind, done.actor_id) == ("A scratch", "staff", manager.pk)
    after = now(held)
    assert (after.deposit_status, after.deposit_kept, after.paid) == ("captured", 200, held.total)
    assert mails(held)["deposit_captured"] == 1
    assert mails(held)["deposit_released"] == 0
    assert proven() == []


def test_what_was_kept_can_be_given_back_by_managers_alone(held):
    from bookings.payments.refunds import ask_refund

    payment, at = deposit_of(held), timezone.now()
    with acting_as(STAFF, user=make_manager()):
        deposits.capture_deposit(payment.pk, eur(200), reason="A scratch", at=at)
    with acting_as(STAFF, user=make_desk()), pytest.raises(Forbidden):
        ask_refund(payment_id=payment.pk, amount=eur(200), reason="It was there before")
    with acting_as(STAFF, user=make_manager()):
        ask_refund(payment_id=payment.pk, amount=eur(200), reason="It was there before")
    come_to_rest(at)
    assert deposit_of(held).refunded == 200
    assert (now(held).deposit_kept, now(held).paid) == (0, held.total)
    assert proven() == []


@pytest.mark.parametrize("is_held", [True, False])
def test_a_cancelled_booking_gives_its_deposit_back(clock, is_held):
    booking = rented()
    pay(booking)
    if is_held:
        run_jobs(clock(deposit_of(booking).due_at))
    with acting_as(PUBLIC, token=booking.secret):
        mine = Booking.objects.select_related("car__location").get(pk=booking.pk)
        cancel(booking=mine, at=timezone.now())
    come_to_rest(timezone.now() + timedelta(days=1))
    payment = deposit_of(booking)
    assert payment.state == ("voided" if is_held else "cancelled")
    assert payment.held == eur(0)
    assert mails(booking)["deposit_released"] == int(is_held)
    assert proven() == []


def test_nobody_but_the_browser_that_paid_is_led_to_the_booking():
    booking = rented(days=2)
    payment = pay(booking)
    page = Client().get(f"/pay/back/{payment.pk}/")
    assert booking.secret not in page.content.decode()
    assert page.status_code == 200
