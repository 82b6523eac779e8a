"""What the database itself refuses, whoever asks: the history of money changed, currencies mixed, sums that cannot be."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from bookings.models import Payment, PaymentOperation
from bookings.payments import checkout
from bookings.payments.sandbox import bank
from bookings.tests.payments.conftest import BACK
from bookings.tests.support.factories import in_days, make_booking
from exodrive.rls import OWNER, PUBLIC, SERVICE, STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db
MONEY = ("payments", "payment_operations", "refunds", "provider_events", "sandbox_orders")


@pytest.fixture
def paid():
    """A rental that was paid for."""
    booking = make_booking(start=in_days(30))
    with acting_as(SERVICE, actor="provider"):
        payment = checkout.start(booking, method="sandbox", purpose="rental", back=BACK, at=timezone.now())
        bank.approve(payment.pk)
        return checkout.complete(payment.pk, at=timezone.now())


def refuses(sql, *, by, match, token=None):
    with (
        acting_as(by, token=token),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match=match),
        transaction.atomic(),
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("table", MONEY)
@pytest.mark.parametrize("privilege", ["SELECT", "INSERT", "UPDATE", "DELETE"])
def test_the_public_role_has_no_right_to_money_not_even_to_one_column(table, privilege):
    ask = "any_column_privilege" if privilege != "DELETE" else "table_privilege"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"SELECT has_{ask}('exo_public', %s, %s)", [table, privilege])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize("by", [STAFF, SERVICE])
@pytest.mark.parametrize("table", ["payments", "payment_operations", "refunds"])
def test_nobody_who_works_here_deletes_money(paid, by, table):
    refuses(f"DELETE FROM {table}", by=by, match="permission denied")


OPERATIONS = {
    "deleted": "DELETE FROM payment_operations",
    "given another sum": "UPDATE payment_operations SET captured = captured + 1",
    "given another outcome": "UPDATE payment_operations SET outcome = 'refused' WHERE outcome = 'done'",
    "opened again": "UPDATE payment_operations SET outcome = 'started', finished_at = NULL WHERE outcome = 'done'",
    "given another reason": "UPDATE payment_operations SET reason = 'x'",
    "said to be somebody else's": "UPDATE payment_operations SET actor_kind = 'staff'",
}


@pytest.mark.parametrize("how", OPERATIONS)
def test_what_was_done_with_a_payment_is_never(paid, how):
    """Not even by the owner of the schema."""
    refuses(OPERATIONS[how], by=OWNER, match="never changed or deleted")
    with as_owner():
        assert paid.operations.filter(outcome="done").count() == 2  # started, paid


def test_an_operation_gets_its_outcome_once(paid):
    with acting_as(SERVICE, actor="provider"):
        asked = PaymentOperation.objects.create(
            payment=paid, kind="void", request_id="void-1", actor_kind="job"
        )
        mine = PaymentOperation.objects.filter(pk=asked.pk)
        mine.update(outcome="unknown")
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            mine.update(outcome="started")
        mine.update(outcome="refused", finished_at=timezone.now())
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
            mine.update(outcome="done")


def test_operations_are_written_down_in_ones_own_name(paid):
    def write(kind):
        with transaction.atomic():
            PaymentOperation.objects.create(
                payment=paid, kind="observe", request_id=f"observe-{kind}", actor_kind=kind
            )

    for role, kind in ((STAFF, "customer"), (STAFF, "provider"), (SERVICE, "staff"), (SERVICE, "database")):
        with acting_as(role), pytest.raises(DatabaseError, match="row-level security"):
            write(kind)
    with acting_as(STAFF):
        write("staff")
    with acting_as(SERVICE):
        write("provider")


def test_a_payment_is_in_the_currency_of_its_booking():
    booking = make_booking(start=in_days(30))
    facts = {"booking": booking, "purpose": "rental", "kind": "charge", "provider": "manual", "amount": 5}
    with acting_as(SERVICE):
        with pytest.raises(DatabaseError, match="currency of its booking"), transaction.atomic():
            Payment.objects.create(**facts, currency="USD")
        assert Payment.objects.create(**facts, currency="EUR").currency == "EUR"


@pytest.mark.parametrize(
    "change",
    ["currency = 'USD'", "amount = amount + 1", "purpose = 'deposit'", "kind = 'hold'", "provider = 'x'"],
)
def test_a_payment_stays_what_it_is(paid, change):
    refuses(f"UPDATE payments SET {change}", by=SERVICE, match="stays what it is")


IMPOSSIBLE = {
    "refunded_within_captured": "refunding = captured + 1",
    "captured_within_authorized": "captured = authorized + 1",
    "payment_sums_not_below_zero": "refunded = -1",
}


@pytest.mark.parametrize("rule", IMPOSSIBLE)
def test_sums_that_cannot_be_are_refused(paid, rule):
    refuses(f"UPDATE payments SET {IMPOSSIBLE[rule]}", by=SERVICE, match=rule)


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-5)])
def test_a_payment_is_of_something(amount):
    booking = make_booking(start=in_days(30))
    with acting_as(SERVICE), pytest.raises(DatabaseError, match="payment_of_something"), transaction.atomic():
        Payment.objects.create(
            booking=booking, purpose="rental", kind="charge", provider="manual", amount=amount, currency="EUR"
        )


def test_the_public_makes_no_booking_that_is_paid():
    """The columns that tell of money may come with a new booking, but only as nothing."""
    booking = make_booking(start=in_days(30))
    for column, value in {
        "paid": "1",
        "payment_status": "'paid'",
        "deposit_status": "'held'",
        "deposit_kept": "1",
        "pay_until": "now() + interval '9 days'",
    }.items():
        columns = {"id": "gen_random_uuid()", "reference": "'EXO-ZZZZZZ'", column: value}
        names = [field.column for field in type(booking)._meta.concrete_fields]
        chosen = ", ".join(columns.get(name, name) for name in names)
        sql = f"INSERT INTO bookings ({', '.join(names)}) SELECT {chosen} FROM bookings"
        refuses(sql, by=PUBLIC, token=booking.secret, match="row-level security")
