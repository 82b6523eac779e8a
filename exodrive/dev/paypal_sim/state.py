"""What the simulator knows: orders, authorisations, captures and refunds, and PayPal's clock."""

import secrets
import string
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from exodrive.dev.paypal_sim.faults import Faults

VALID, HONOUR = timedelta(days=29), timedelta(days=3)  # of an authorisation
OPEN = ("CREATED", "PARTIALLY_CAPTURED")
Emit = Callable[[str, str, dict[str, Any]], None]


def new_id() -> str:
    """Seventeen letters and digits, as PayPal's."""
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(17))


@dataclass
class Amount:
    """A sum in a currency, with as many decimals as PayPal counts with."""

    value: Decimal
    currency: str

    def as_json(self, value: Decimal | None = None) -> dict[str, str]:
        """Of another value, if given, in the same currency."""
        digits = 0 if self.currency in ("HUF", "JPY", "TWD") else 2
        return {
            "currency_code": self.currency,
            "value": f"{self.value if value is None else value:.{digits}f}",
        }


@dataclass
class Order:
    """`unit` is what was sent of its one purchase unit, `context` the experience context."""

    id: str
    intent: str
    unit: dict[str, Any]
    amount: Amount
    context: dict[str, Any]
    with_source: bool
    status: str
    created: datetime
    updated: datetime
    declines: bool = False  # the payer's instrument


@dataclass
class Authorization:
    """`parent`: of a reauthorisation, the first one. `superseded`: a younger one is captured from now."""

    id: str
    order: Order
    amount: Amount
    created: datetime
    updated: datetime
    expires: datetime
    parent: str = ""
    status: str = "CREATED"
    superseded: bool = False


@dataclass
class Capture:
    """Money taken, of an order or of an authorisation."""

    id: str
    order: Order
    amount: Amount
    status: str
    created: datetime
    updated: datetime
    final: bool = True
    authorization: str = ""
    reason: str = ""


@dataclass
class Refund:
    """Money given back."""

    id: str
    capture: Capture
    amount: Amount
    created: datetime
    custom_id: str
    invoice_id: str
    note: str = ""
    status: str = "COMPLETED"


@dataclass
class State:
    """Guarded by `lock`; `now` may be set ahead by `advance`."""

    emit: Emit
    faults: Faults
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: threading.RLock = field(default_factory=threading.RLock)
    ahead: timedelta = timedelta()
    orders: dict[str, Order] = field(default_factory=dict)
    authorizations: dict[str, Authorization] = field(default_factory=dict)
    captures: dict[str, Capture] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)

    def now(self) -> datetime:
        """PayPal's, in UTC and whole seconds."""
        return (self.clock() + self.ahead).astimezone(UTC).replace(microsecond=0)

    def of_order(self, order: Order) -> tuple[list[Authorization], list[Capture], list[Refund]]:
        """Its payments, oldest first."""
        return (
            [each for each in self.authorizations.values() if each.order is order],
            [each for each in self.captures.values() if each.order is order],
            [each for each in self.refunds.values() if each.capture.order is order],
        )

    def taken(self, order: Order) -> Decimal:
        """What was captured of it."""
        _, captures, _ = self.of_order(order)
        return sum((each.amount.value for each in captures if each.status != "DECLINED"), Decimal())

    def given_back(self, capture: Capture) -> Decimal:
        """What was refunded of it."""
        return sum(
            (each.amount.value for each in self.refunds.values() if each.capture is capture), Decimal()
        )
