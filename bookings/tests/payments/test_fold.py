"""What providers say, in any order, late and twice, ends in one truth; what is not about this payment moves nothing."""

from decimal import Decimal
from itertools import permutations
from uuid import uuid4

import pytest
from django.utils import timezone

from bookings.errors import Invalid
from bookings.lifecycle.transitions import cancel
from bookings.models import Booking, Payment, Refund
from bookings.payments import deposits
from bookings.payments.audit import check_money
from bookings.payments.ledger import fold
from bookings.payments.provider import InvalidState, RefundSnapshot, RefundState, Snapshot, State
from bookings.payments.refunds import send_refund
from bookings.payments.sandbox import bank
from bookings.payments.sandbox.provider import Sandbox
from bookings.payments.settle import settle
from bookings.tests.support.cashier import (
    as_provider,
    come_to_rest,
    handle_reports,
    mails,
    now,
    pay,
    proven,
    refund,
    report,
)
from bookings.tests.support.examples import taken_back
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as
from inbox.models import InboxItem

pytestmark = pytest.mark.django_db
SUMS = ("state", "authorized", "captured", "refunded", "refunding", "voided", "problem")


def eur(amount):
    return Money(Decimal(str(amount)), "EUR")


def told(state, *, authorized=0, captured=0, refunded=0, voided=0, refunds=(), **more):
    """A snapshot in euros."""
    return Snapshot(
        state,
        authorized=eur(authorized or captured),
        captured=eur(captured),
        refunded=eur(refunded),
        voided=eur(voided),
        refunds=tuple(
            RefundSnapshot(ref, RefundState.DONE, eur(amount), failure="") for ref, amount in refunds
        ),
        **more,
    )


@pytest.fixture
def booking():
    """1 000 to pay, 500 as a deposit."""
    car = CarFactory(daily_rate="250.00", weekend_rate="250.00", deposit="500.00")
    return make_booking(car=car, start=in_days(30), length=4)


def payment_of(booking, kind="charge", amount="1000"):
    with as_provider():
        return Payment.objects.create(
            booking=booking,
            purpose="rental" if kind == "charge" else "deposit",
            kind=kind,
            provider="sandbox",
            amount=Decimal(amount),
            currency="EUR",
        )


def take_in(payment, *snapshots):
    with as_provider():
        for snapshot in snapshots:
            fold(payment.pk, snapshot, at=timezone.now())
        payment.refresh_from_db()
    return payment


def steps(payment):
    with as_provider():
        return payment.operations.count()


def sums(payment):
    return tuple(getattr(payment, name) for name in SUMS)


CHARGE = {
    "approved": told(State.ACTION_REQUIRED, next_url="https://pay.invalid/1"),
    "pending": told(State.PROCESSING),
    "completed": told(State.CAPTURED, captured=1000),
    "partly": told(State.CAPTURED, captured=1000, refunded=300, refunds=[("r1", 300)]),
    "refunded": told(State.REFUNDED, captured=1000, refunded=1000, refunds=[("r1", 300), ("r2", 700)]),
}
HOLD = {
    "approved": told(State.ACTION_REQUIRED),
    "held": told(State.AUTHORIZED, authorized=500),
    "captured": told(State.CAPTURED, authorized=500, captured=200, voided=300),
    "returned": told(
        State.REFUNDED, authorized=500, captured=200, voided=300, refunded=200, refunds=[("r", 200)]
    ),
}
RELEASED = {
    "approved": told(State.ACTION_REQUIRED),
    "checked": told(State.PROCESSING),
    "held": told(State.AUTHORIZED, authorized=500),
    "expired": told(State.EXPIRED, authorized=500, voided=500),
}


def ends(payment, stories):
    """How a payment ends for each order in which its provider's words arrive."""
    found = {}
    for order in permutations(stories):
        with taken_back():
            found[order] = sums(take_in(payment, *(stories[name] for name in order)))
            with as_provider():
                assert check_money() == [], order
    return found


def test_a_charge_ends_the_same_in_every_order_of_what_is_said_about_it(booking):
    found = ends(payment_of(booking), CHARGE)
    assert len(found) == 120
    assert set(found.values()) == {("refunded", 1000, 1000, 1000, 0, 0, "")}


@pytest.mark.parametrize(
    ("story", "end"),
    [(HOLD, ("refunded", 500, 200, 200, 0, 300, "")), (RELEASED, ("expired", 500, 0, 0, 0, 500, ""))],
    ids=["captured", "released"],
)
def test_a_hold_ends_the_same_in_every_order_of_what_is_said_about_it(booking, story, end):
    assert set(ends(payment_of(booking, "hold", "500"), story).values()) == {end}


def test_the_same_words_twice_move_nothing_and_tell_nobody_again(booking):
    payment = take_in(payment_of(booking), CHARGE["completed"], CHARGE["partly"])
    before, letters, done = sums(payment), mails(booking), steps(payment)
    again = take_in(payment, *CHARGE.values(), *CHARGE.values())
    assert sums(again) == ("refunded", 1000, 1000, 1000, 0, 0, "")
    assert before != sums(again)
    assert mails(booking) == letters + type(letters)(refund_sent=1)
    assert steps(payment) == done + 1


def test_a_late_pending_after_completed_changes_nothing(booking):
    payment = take_in(payment_of(booking), CHARGE["completed"])
    before = sums(payment), steps(payment), mails(booking)
    take_in(payment, CHARGE["pending"], CHARGE["approved"])
    assert (sums(payment), steps(payment), mails(booking)) == before
    assert now(booking).payment_status == "paid"


@pytest.mark.parametrize("end", ["failed", "cancelled", "expired"])
def test_money_that_moves_after_all_beats_an_end(booking, end):
    payment = take_in(payment_of(booking), told(State(end)), CHARGE["completed"])
    assert sums(payment)[:3] == ("captured", 1000, 1000)
    assert proven() == []


# --- What is not about this payment -------------------------------------------------------------------------------


def settled(booking):
    with as_provider():
        settle(booking.pk, at=timezone.now())
    return now(booking)


FOREIGN = {
    "another currency": Snapshot(
        State.CAPTURED,
        *(Money(Decimal(amount), "USD") for amount in ("1000", "1000", "0", "0")),
    ),
    "somebody else's payment": told(State.CAPTURED, captured=1000, payment_id=uuid4()),
}


@pytest.mark.parametrize("what", FOREIGN)
def test_a_snapshot_in_or_about_moves_nothing(booking, what):
    payment = take_in(payment_of(booking), FOREIGN[what])
    assert sums(payment) == ("created", 0, 0, 0, 0, 0, "mismatch")
    assert settled(booking).status == "pending"
    with as_provider():
        assert InboxItem.objects.filter(booking=booking, kind="payment", status="pending").count() == 1
    assert mails(booking) == {}
    assert proven() == []


@pytest.mark.parametrize("captured", [1, "999.99", 1001])
def test_another_amount_is_taken_in_and_confirms_nothing(booking, captured):
    payment = take_in(payment_of(booking), told(State.CAPTURED, captured=captured))
    assert (payment.captured, payment.problem) == (Decimal(str(captured)), "mismatch")
    after = settled(booking)
    assert (after.status, after.paid) == ("pending", Decimal(str(captured)))
    with as_provider():
        assert not Refund.objects.exists()  # people decide, not we
    assert proven() == []


def test_the_right_amount_confirms(booking):
    take_in(payment_of(booking), CHARGE["completed"])
    assert settled(booking).status == "upcoming"


# --- Holds --------------------------------------------------------------------------------------------------------


@pytest.fixture
def held(booking):
    """The deposit of a booking that is paid for."""
    pay(booking)
    with as_provider():
        payment = Payment.objects.get(booking=booking, purpose="deposit")
        Payment.objects.filter(pk=payment.pk).update(due_at=timezone.now())
    come_to_rest()
    payment = now(payment)
    assert (payment.state, payment.held) == ("authorized", eur(500))
    return payment


def capture(payment, amount):
    with acting_as(STAFF):
        return deposits.capture_deposit(payment.pk, eur(amount), reason="A scratched rim", at=timezone.now())


def booking_of(payment):
    with as_provider():
        return Booking.objects.get(pk=payment.booking_id)


def test_two_hundred_of_five_hundred_are_captured_and_the_rest_is_released(held):
    after = capture(held, 200)
    assert sums(after) == ("captured", 500, 200, 0, 0, 300, "")
    assert after.held == eur(0)
    assert bank.find(held.pk).voided == 300
    booking = booking_of(held)
    assert (booking.deposit_status, booking.deposit_kept, booking.paid) == ("captured", 200, 1000)
    assert proven() == []


@pytest.mark.parametrize("amount", ["500.01", "1000", "0", "-1", "0.001"])
def test_more_than_is_held_is_refused_before_anybody_is_asked(held, amount):
    with pytest.raises(Invalid):
        capture(held, amount)
    assert sums(now(held)) == ("authorized", 500, 0, 0, 0, 0, "")
    assert bank.find(held.pk).captured == 0
    with as_provider():
        assert not held.operations.filter(kind="capture").exists()


def test_a_second_capture_is_refused(held):
    capture(held, 200)
    with pytest.raises(Invalid):
        capture(held, 200)
    assert now(held).captured == 200


def test_the_provider_refuses_more_than_is_held_as_well(held):
    from bookings.payments.operations import told_to_provider

    with as_provider(), pytest.raises(InvalidState):
        Sandbox().capture(
            told_to_provider(Payment.objects.get(pk=held.pk)), eur(501), final=True, request_id="x"
        )


def test_a_hold_is_released_once_however_often_it_is_asked_for(held):
    for _time in range(2):
        with acting_as(STAFF):
            try:
                deposits.release(held.pk, at=timezone.now())
            except Invalid:
                pass  # there is nothing to release any more
    assert sums(now(held)) == ("voided", 500, 0, 0, 0, 500, "")
    assert mails(booking_of(held))["deposit_released"] == 1
    assert proven() == []


def test_the_provider_lets_a_hold_be_released_twice(held):
    from bookings.payments.operations import told_to_provider

    with as_provider():
        asked = told_to_provider(Payment.objects.get(pk=held.pk))
        first = Sandbox().void(asked, request_id="void-1")
        second = Sandbox().void(asked, request_id="void-2")
    assert first == second
    assert (first.state, first.voided) == (State.VOIDED, eur(500))


# --- Refunds ------------------------------------------------------------------------------------------------------


def test_a_refund_made_in_the_providers_dashboard_is_filed(booking):
    payment = pay(booking)
    with bank.changing(payment.pk) as (order, _done):
        bank.give_back(order, eur(120), "made-in-the-dashboard")
    report(payment)
    handle_reports()
    with as_provider():
        filed = Refund.objects.get()
    assert (filed.amount, filed.external, filed.state) == (120, True, "done")
    assert sums(now(payment)) == ("partially_refunded", 1000, 1000, 120, 0, 0, "")
    assert now(booking).payment_status == "partially_refunded"
    report(payment)
    handle_reports()
    with as_provider():
        assert Refund.objects.count() == 1
    assert mails(booking)["refund_sent"] == 1
    assert proven() == []


def test_a_refund_that_is_only_told_as_a_sum_is_filed_too(booking):
    payment = take_in(payment_of(booking), CHARGE["completed"])
    for _time in range(2):
        take_in(payment, told(State.PARTIALLY_REFUNDED, captured=1000, refunded=50))
    with as_provider():
        assert [(one.amount, one.external) for one in Refund.objects.all()] == [(50, True)]
    assert (payment.refunded, proven()) == (50, [])


def test_what_is_on_its_way_is_not_counted_as_given_back(booking):
    """Some providers count a refund that is pending as refunded already."""
    payment = take_in(payment_of(booking), CHARGE["completed"])
    pending = RefundSnapshot("r1", RefundState.PENDING, eur(400))
    on_its_way = Snapshot(State.CAPTURED, eur(1000), eur(1000), eur(400), eur(0), refunds=(pending,))
    take_in(payment, on_its_way)
    assert (payment.refunded, payment.refunding, payment.kept) == (0, 400, eur(600))
    assert proven() == []
    take_in(payment, told(State.CAPTURED, captured=1000, refunded=400, refunds=[("r1", 400)]))
    assert (payment.refunded, payment.refunding) == (400, 0)
    assert proven() == []


def test_a_refund_that_fails_is_ours_again_and_somebody_is_told(booking, monkeypatch):
    payment = pay(booking)
    monkeypatch.setattr(Sandbox, "refund", refuse_refunds)
    asked = refund(payment, "400")
    assert now(payment).refunding == 400
    with as_provider():
        after = send_refund(asked.pk, at=timezone.now())
    assert sums(after) == ("captured", 1000, 1000, 0, 0, 0, "refund_failed")
    assert after.kept == eur(1000)
    assert (now(asked).state, now(asked).failure) == ("failed", "refund_time_limit_exceeded")
    with as_provider():
        assert [one.outcome for one in after.operations.filter(kind="refund")] == ["refused"]
        assert InboxItem.objects.filter(booking=booking, kind="payment", status="pending").exists()
    assert mails(booking)["refund_sent"] == 0
    assert proven() == []


def refuse_refunds(self, payment, amount, *, reason, request_id):
    raise InvalidState("refund_time_limit_exceeded")


def test_a_refund_that_was_made_in_the_dashboard_meanwhile_is_seen_and_the_rest_follows(booking):
    """No event told us: the provider refuses to give back more than is left, and its word is looked for."""
    payment = pay(booking)
    with acting_as(STAFF):
        cancel(booking=now(booking), at=timezone.now())
    with as_provider():
        settle(booking.pk, at=timezone.now())
    with bank.changing(payment.pk) as (order, _done):
        bank.give_back(order, eur(300), "made-in-the-dashboard")
    come_to_rest()
    with as_provider():
        told = sorted((one.amount, one.state, one.external) for one in Refund.objects.all())
    assert told == [(300, "done", True), (700, "done", False), (1000, "failed", False)]
    assert (now(payment).refunded, now(booking).status) == (1000, "refunded")
    assert proven() == []


def test_a_refund_that_never_works_is_not_asked_for_again_and_again(booking, monkeypatch):
    """A cancelled booking owes money that its provider does not give back: people do, not the reconciler every minute."""
    pay(booking)
    monkeypatch.setattr(Sandbox, "refund", refuse_refunds)
    with acting_as(STAFF):
        cancel(booking=now(booking), at=timezone.now())
    come_to_rest()
    with as_provider():
        assert [one.state for one in Refund.objects.all()] == ["failed"]
    assert now(booking).status == "cancelled"
    assert proven() == []


def test_a_refund_that_comes_back_after_it_was_sent_is_shown_to_people(booking):
    payment = pay(booking)
    asked = refund(payment, "400")
    with as_provider():
        send_refund(asked.pk, at=timezone.now())
    sent = now(asked)
    bounced = RefundSnapshot(sent.ref, RefundState.FAILED, eur(400), failure="account_closed")
    take_in(payment, Snapshot(State.CAPTURED, eur(1000), eur(1000), eur(0), eur(0), refunds=(bounced,)))
    assert payment.problem == "refund_failed"
    assert proven() == []
