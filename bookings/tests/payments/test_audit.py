"""`check_money` is silent about healthy money and names every sum that is wrong; `check_ledger` counts it too."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings.models import Booking, Payment
from bookings.payments import audit, checkout
from bookings.payments.sandbox import bank
from bookings.tests.payments.conftest import BACK
from bookings.tests.support.cashier import as_provider, pay
from bookings.tests.support.factories import in_days, make_booking
from exodrive.models import JobRun
from exodrive.rls import SERVICE, acting_as, as_owner
from exodrive.tests.support.forging import unchecked
from inbox.audit import find_drift

pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(service: None) -> Payment:
    """A booking's rental, paid for with the sandbox."""
    booking = make_booking(start=in_days(30))
    payment = checkout.start(booking, method="sandbox", purpose="rental", back=BACK, at=timezone.now())
    bank.approve(payment.pk)
    return checkout.complete(payment.pk, at=timezone.now())


def run(sql: str) -> None:
    """Past every rule of the database."""
    with unchecked(), connection.cursor() as cursor:
        cursor.execute(sql)


DAMAGE = {
    "a capture that nobody asked for": ("UPDATE payments SET authorized = 2 * authorized", "authorized"),
    "an operation lost": (
        "ALTER TABLE payment_operations DISABLE TRIGGER operations_go_forward;"
        " DELETE FROM payment_operations WHERE captured > 0;"
        " ALTER TABLE payment_operations ENABLE TRIGGER operations_go_forward",
        "captured",
    ),
    "a refund that nobody made": ("UPDATE payments SET refunded = 1 WHERE captured > 0", "refunded"),
    "money on its way back for no reason": (
        "UPDATE payments SET refunding = 1 WHERE captured > 0",
        "being refunded",
    ),
    "a booking that does not know": ("UPDATE bookings SET paid = 0, payment_status = 'unpaid'", "paid"),
    "a booking that says failed": ("UPDATE bookings SET payment_status = 'failed'", "payment_status"),
}


def test_paid_money_has_nothing_to_say(paid: Payment) -> None:
    assert paid.state == "captured"
    assert audit.check_money() == find_drift() == []


@pytest.mark.parametrize("what", DAMAGE)
def test_damaged_money_is_named_and_counts_as_drift(paid: Payment, what: str) -> None:
    sql, name = DAMAGE[what]
    run(sql)
    found = audit.check_money()
    assert any(f": {name} " in line for line in found), found
    assert find_drift() == found


def test_a_booking_that_claims_money_without_a_payment_is_named() -> None:
    booking = make_booking(start=in_days(30))
    run(f"UPDATE bookings SET paid = 5 WHERE id = '{booking.pk}'")
    with acting_as(SERVICE):
        assert audit.check_money() == [f"booking {booking.reference}: paid 5.00, its payments 0"]


def test_what_moved_between_two_looks_is_no_difference(paid: Payment, monkeypatch: Any) -> None:
    looks = iter([["payment a: captured 5, its operations 0", "still wrong"], ["still wrong", "a newer one"]])
    monkeypatch.setattr(audit, "_payments", lambda: next(looks))
    assert audit.check_money() == ["still wrong"]


@pytest.mark.parametrize("command", ["check_money", "check_ledger"])
def test_the_commands_say_no_with_their_exit_code(paid: Payment, command: str) -> None:
    out = StringIO()
    call_command(command, stdout=out)
    assert out.getvalue().strip() == "Differences: 0"
    run("UPDATE bookings SET paid = 0")
    said = StringIO()
    with pytest.raises(CommandError) as failure:
        call_command(command, stdout=said)
    assert failure.value.returncode == 1
    assert f"booking {Booking.objects.get().reference}: paid 0" in said.getvalue()
    with as_owner():
        assert list(JobRun.objects.order_by("pk").values_list("name", "count")) == [
            (command, 0),
            (command, 1),
        ]


def test_the_reconciler_by_hand_says_how_many_of_what(
    service: None, settled: Callable[[Any], Any], monkeypatch: Any
) -> None:
    booking = make_booking(start=in_days(30))
    payment = checkout.start(booking, method="sandbox", purpose="rental", back=BACK, at=timezone.now())
    bank.approve(payment.pk)
    later = timezone.now() + timedelta(minutes=2)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    out = StringIO()
    call_command("reconcile_payments", stdout=out)
    assert settled(booking).payment_status == "paid"
    assert out.getvalue().startswith("Reconciled: ")
    assert "sessions 1" in out.getvalue()


def test_the_proof_asks_as_often_for_many_payments_as_for_one():
    def asked():
        with as_provider(), CaptureQueriesContext(connection) as queries:
            assert audit.check_money() == []
        return len(queries)

    pay(make_booking(start=in_days(30)))
    once = asked()
    for start in (40, 50):
        pay(make_booking(start=in_days(start)))
    assert asked() == once
