"""Nobody knows what the provider did: it did it and the answer was lost, it does not answer, or we died before writing
it down. Whoever asks again asks with the same request id, and the money moves once."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from bookings.models import Payment, PaymentOperation
from bookings.payments import deposits, refunds
from bookings.payments.provider import Misconfigured, OutcomeUnknown, RateLimited
from bookings.payments.sandbox import bank
from bookings.payments.sandbox.provider import Sandbox
from bookings.tests.support.cashier import (
    as_provider,
    come_back,
    come_to_rest,
    mails,
    now,
    pay,
    proven,
    refund,
    start,
)
from bookings.tests.support.factories import CarFactory, in_days, make_booking
from exodrive.money import Money
from exodrive.rls import STAFF, acting_as

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[3]
NEVER = 10**6


@pytest.fixture
def lose(monkeypatch):
    """`lose("refund")`: the provider does it, and so many answers do not reach us; the request ids it was asked with."""

    def lose(verb, *, answers=1, error=OutcomeUnknown, does=True):
        real, asked = getattr(Sandbox, verb), []

        def lossy(self, *args, request_id, **kwargs):
            asked.append(request_id)
            lost = len(asked) <= answers
            told = real(self, *args, request_id=request_id, **kwargs) if does or not lost else None
            if lost:
                raise error("timeout")
            return told

        monkeypatch.setattr(Sandbox, verb, lossy)
        return asked

    return lose


@pytest.fixture
def booking():
    """1 000 to pay, 500 as a deposit."""
    car = CarFactory(daily_rate="250.00", weekend_rate="250.00", deposit="500.00")
    return make_booking(car=car, start=in_days(30), length=4)


@pytest.fixture
def held(booking):
    """Its deposit, held."""
    pay(booking)
    with as_provider():
        Payment.objects.filter(purpose="deposit").update(due_at=timezone.now())
    come_to_rest()
    with as_provider():
        payment = Payment.objects.get(purpose="deposit")
    assert payment.state == "authorized"
    return payment


def outcomes(payment, kind):
    with as_provider():
        return list(
            PaymentOperation.objects.filter(payment=payment, kind=kind).values_list("outcome", flat=True)
        )


def staff_asks(verb, payment, *args, **kwargs):
    with acting_as(STAFF):
        return verb(payment.pk, *args, at=timezone.now(), **kwargs)


# --- Done, and the answer lost --------------------------------------------------------------------------------------


def test_a_charge_whose_answer_was_lost_is_made_once(booking, lose):
    asked = lose("complete")
    payment = start(booking)
    bank.approve(payment.pk)
    with pytest.raises(OutcomeUnknown):
        come_back(payment)
    assert bank.find(payment.pk).captured == 1000  # taken, and we do not know
    assert (now(payment).captured, now(booking).status) == (0, "pending")
    assert outcomes(payment, "complete") == ["unknown"]
    come_back(payment)
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert (now(payment).captured, now(booking).status) == (1000, "upcoming")
    assert outcomes(payment, "complete") == ["done"]
    assert mails(booking)["payment_receipt"] == 1
    assert proven() == []


def test_the_reconciler_finds_a_charge_whose_customer_never_came_back(booking, lose):
    asked = lose("complete", answers=2)
    payment = start(booking)
    bank.approve(payment.pk)
    with pytest.raises(OutcomeUnknown):
        come_back(payment)
    come_to_rest()
    assert len(asked) == 3
    assert len(set(asked)) == 1
    assert (now(payment).captured, now(booking).status) == (1000, "upcoming")
    assert mails(booking)["payment_receipt"] == 1
    assert proven() == []


def test_a_capture_whose_answer_was_lost_is_made_once(held, lose):
    asked = lose("capture")
    amount = Money(held.amount / 5 * 2, "EUR")
    with pytest.raises(OutcomeUnknown):
        staff_asks(deposits.capture_deposit, held, amount, reason="A scratch")
    assert (now(held).captured, bank.find(held.pk).captured) == (0, 200)
    come_to_rest()
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert (now(held).captured, now(held).voided, bank.find(held.pk).captured) == (200, 300, 200)
    assert outcomes(held, "capture") == ["done"]
    assert proven() == []


def test_while_nobody_knows_another_amount_is_not_captured(held, lose):
    from bookings.errors import Invalid

    lose("capture", answers=NEVER)
    with pytest.raises(OutcomeUnknown):
        staff_asks(deposits.capture_deposit, held, Money(held.amount / 5, "EUR"), reason="A scratch")
    with pytest.raises(Invalid, match="not answered"):
        staff_asks(deposits.capture_deposit, held, Money(held.amount, "EUR"), reason="A dent")
    assert bank.find(held.pk).captured == 100


def test_a_release_whose_answer_was_lost_is_made_once(held, booking, lose):
    asked = lose("void")
    with pytest.raises(OutcomeUnknown):
        staff_asks(deposits.release, held)
    assert now(held).state == "authorized"
    come_to_rest()
    assert len(set(asked)) == 1
    assert (now(held).state, now(held).voided) == ("voided", 500)
    assert mails(booking)["deposit_released"] == 1
    assert proven() == []


def test_a_refund_whose_answer_was_lost_is_made_once(booking, lose):
    asked = lose("refund", answers=2)
    payment = pay(booking)
    promised = refund(payment, "400")
    with as_provider(), pytest.raises(OutcomeUnknown):
        refunds.send_refund(promised.pk, at=timezone.now())
    assert (now(payment).refunding, now(payment).refunded) == (400, 0)
    assert outcomes(payment, "refund") == ["unknown"]
    come_to_rest()
    assert len(asked) == 3
    assert len(set(asked)) == 1
    assert (now(payment).refunding, now(payment).refunded) == (0, 400)
    assert bank.refunded(bank.find(payment.pk)) == 400
    assert mails(booking)["refund_sent"] == 1
    assert proven() == []


def test_a_hold_whose_answer_was_lost_is_placed_once(booking, lose):
    pay(booking)
    asked = lose("start")
    with as_provider():
        Payment.objects.filter(purpose="deposit").update(due_at=timezone.now())
    come_to_rest()
    with as_provider():
        payment = Payment.objects.get(purpose="deposit")
    assert len(asked) == 2
    assert len(set(asked)) == 1
    assert (payment.state, payment.authorized) == ("authorized", 500)
    assert mails(booking)["deposit_held"] == 1
    assert proven() == []


# --- Not asked at all -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [RateLimited, OutcomeUnknown])
def test_while_the_provider_cannot_be_asked_nothing_is_lost_and_nothing_is_refused(booking, lose, error):
    """Its circuit is open, or it turns callers away: the payment waits, and is made once when it can be asked again."""
    payment = start(booking)
    bank.approve(payment.pk)
    lose("complete", answers=4, error=error, does=False)
    for _time in range(3):
        with pytest.raises(error):
            come_back(payment)
    assert (now(payment).state, now(payment).failure) == ("action_required", "")
    assert outcomes(payment, "complete") == ["unknown"]
    assert mails(booking) == {}
    come_to_rest()
    assert (now(payment).captured, now(booking).status) == (1000, "upcoming")
    assert mails(booking) == {"payment_receipt": 1}
    assert proven() == []


def test_a_provider_that_refuses_our_keys_is_asked_again_after_somebody_mended_them(booking, lose):
    payment = start(booking)
    bank.approve(payment.pk)
    lose("complete", error=Misconfigured, does=False)
    with pytest.raises(Misconfigured):
        come_back(payment)
    come_back(payment)
    assert (now(payment).captured, now(booking).status) == (1000, "upcoming")
    assert proven() == []


def test_what_has_no_outcome_after_an_hour_is_shown_to_people(held, lose):
    lose("void", answers=NEVER)
    with pytest.raises(OutcomeUnknown):
        staff_asks(deposits.release, held)
    come_to_rest(timezone.now() + timedelta(minutes=30))
    assert now(held).problem == ""
    come_to_rest(timezone.now() + timedelta(minutes=61))
    assert now(held).problem == "unknown"
    assert proven() == []


# --- Killed ---------------------------------------------------------------------------------------------------------

DIES = """
import pytest  # the settings of tests
import os, signal, sys
import django
django.setup()
from django.utils import timezone
from bookings.payments import checkout, deposits, refunds
from bookings.payments.sandbox.provider import Sandbox
from exodrive.money import Money
from exodrive.rls import SERVICE, STAFF, acting_as
verb, key = sys.argv[1:]
real = getattr(Sandbox, verb)
def dies(self, *args, **kwargs):
    real(self, *args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(Sandbox, verb, dies)
at = timezone.now()
role = SERVICE if verb in ("complete", "refund") else STAFF
with acting_as(role, actor="provider"):
    if verb == "complete":
        checkout.complete(key, at=at)
    elif verb == "refund":
        refunds.send_refund(key, at=at)
    elif verb == "void":
        deposits.release(key, at=at)
    else:
        from decimal import Decimal
        deposits.capture_deposit(key, Money(Decimal(200), "EUR"), reason="A scratch", at=at)
"""


def die_in(verb, key):
    """A process of its own asks the provider, which does it, and is killed before it can write that down."""
    url = urlsplit(os.environ["DATABASE_OWNER_URL"])
    here = urlunsplit(url._replace(path=f"/{connection.settings_dict['NAME']}"))
    urls = dict.fromkeys(("DATABASE_URL", "DATABASE_OWNER_URL"), here)
    environment = {
        **os.environ,
        **urls,
        "PAYMENTS_SANDBOX": "1",
        "DJANGO_SETTINGS_MODULE": "exodrive.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", DIES, verb, str(key)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_after_the_money_was_taken_costs_no_money(booking):
    payment = start(booking)
    bank.approve(payment.pk)
    die_in("complete", payment.pk)
    assert (bank.find(payment.pk).captured, now(payment).captured) == (1000, 0)
    assert outcomes(payment, "complete") == ["started"]
    come_to_rest()
    assert (now(payment).captured, now(booking).status) == (1000, "upcoming")
    assert len(bank.find(payment.pk).requests) == 1
    assert mails(booking) == {"payment_receipt": 1}
    assert proven() == []


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_after_a_refund_gives_back_once(booking):
    payment = pay(booking)
    asked = refund(payment, "400")
    die_in("refund", asked.pk)
    assert (len(bank.find(payment.pk).refunds), now(payment).refunded) == (1, 0)
    come_to_rest()
    assert (len(bank.find(payment.pk).refunds), now(payment).refunded) == (1, 400)
    assert mails(booking)["refund_sent"] == 1
    assert proven() == []


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("verb", "captured", "voided", "letter"),
    [("capture", 200, 300, "deposit_captured"), ("void", 0, 500, "deposit_released")],
)
def test_a_process_killed_with_a_deposit_in_its_hands_drops_nothing(
    booking, held, verb, captured, voided, letter
):
    die_in(verb, held.pk)
    order = bank.find(held.pk)
    assert (order.captured, order.voided) == (captured, voided)
    assert now(held).state == "authorized"
    come_to_rest()
    after = now(held)
    assert (after.captured, after.voided) == (captured, voided)
    assert outcomes(held, verb) == ["done"]
    assert mails(booking)[letter] == 1
    assert proven() == []
