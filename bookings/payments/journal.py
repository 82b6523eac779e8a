"""What was done with a payment: written down before the provider is asked, given its outcome once."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bookings.models import Payment, PaymentOperation
from exodrive.rls import STAFF, current


@dataclass(frozen=True, slots=True)
class Sums:
    """What has happened to the money of a payment since its beginning."""

    authorized: Decimal
    captured: Decimal
    refunded: Decimal
    voided: Decimal

    @classmethod
    def of(cls, row: Any) -> "Sums":
        """Those of a payment or of an operation."""
        return cls(row.authorized, row.captured, row.refunded, row.voided)

    def __sub__(self, other: "Sums") -> "Sums":
        return Sums(
            self.authorized - other.authorized,
            self.captured - other.captured,
            self.refunded - other.refunded,
            self.voided - other.voided,
        )

    @classmethod
    def refund(cls, amount: Decimal) -> "Sums":
        """So much given back, and nothing else."""
        return cls(Decimal(0), Decimal(0), amount, Decimal(0))

    def __bool__(self) -> bool:
        return any((self.authorized, self.captured, self.refunded, self.voided))


def new_operation(
    payment: Payment, kind: str, request_id: str, *, amount: Decimal | None = None, reason: str = ""
) -> PaymentOperation:
    """An operation in the name of whoever acts now; not saved."""
    ident, staff = current(), current().role == STAFF
    actor = ident.actor if ident.actor in ("customer", "provider") else "job"
    return PaymentOperation(
        payment=payment,
        kind=kind,
        request_id=request_id,
        amount=amount,
        reason=reason,
        actor_kind="staff" if staff else actor,
        actor_id=int(ident.user_id) if staff and ident.user_id else None,
    )


def finish(
    operation: PaymentOperation | None,
    outcome: str,
    *,
    at: datetime,
    code: str = "",
    moved: Sums | None = None,
) -> bool:
    """Give an operation its outcome; False when it has one already, or there is none."""
    if operation is None:
        return False
    sums = {} if moved is None else {name: getattr(moved, name) for name in moved.__slots__}
    over = at if outcome not in PaymentOperation.OPEN else None
    mine = PaymentOperation.objects.filter(pk=operation.pk, outcome__in=PaymentOperation.OPEN)
    return bool(mine.update(outcome=outcome, code=code[:100], finished_at=over, **sums))
