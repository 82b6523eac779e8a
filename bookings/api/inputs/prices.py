"""What bodies may say about a price, which is the server's: the one shown, staff's way of pricing, managers' adjustment."""

from decimal import Decimal
from typing import Literal

from bookings.api.inputs.body import In
from bookings.api.inputs.types import Amount, Currency, Why
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.pricing.agreed import Agreed
from exodrive.money import Money


class MoneyIn(In):
    """An amount in its currency."""

    amount: Amount
    currency: Currency


AGREED = (
    "What your customer was shown and agreed to. The price is the server's all the same: where it is another, the answer is"
    " 409 `price_changed`"
)


class Agreeing(In):
    """A body that may say at which price."""

    agreed_total: MoneyIn | None

    @property
    def agreed(self) -> Agreed | None:
        """The price to agree to, None when any will do."""
        said = self.agreed_total
        return Agreed(Money(Decimal(said.amount), said.currency).rounded()) if said else None


class AdjustmentIn(In):
    """So much more to pay, or less when negative, tax included, in the booking's currency; the customer reads the reason."""

    amount: MoneyIn
    reason: Why


class Adjusting(In):
    """A body with which managers may adjust a price."""

    adjustment: AdjustmentIn | None

    @property
    def adjusts(self) -> Adjustment | None:
        """What is sent, null as an amount of 0; None when nothing is said."""
        said = self.adjustment
        if said is None:
            return None
        return Adjustment(Money(Decimal(said.amount.amount), said.amount.currency), said.reason)


PricingText = Literal["added", "kept", "today"]
