"""What the JSON API takes and answers about payments."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from bookings.api.inputs.bookings import In, MoneyIn
from bookings.api.inputs.types import SAID
from bookings.api.schemas import MoneyOut, Out, one_of
from bookings.models import Payment, Refund
from bookings.payments.refunds import MAX_REASON
from exodrive.money import Money
from exodrive.text import tidy

PurposeText = Annotated[str, one_of(*Payment.Purpose.values)]
PaymentStateText = Annotated[str, one_of(*Payment.State.values)]
RefundStateText = Annotated[str, one_of(*Refund.State.values)]
KindText = Annotated[str, one_of(*Payment.Kind.values)]
Reason = Annotated[
    str, Field(pattern=SAID, max_length=MAX_REASON), AfterValidator(lambda text: tidy(text).strip())
]
Method = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$", examples=["paypal"])]


class PaymentIn(In):
    """How to pay, and what for. The amount is never sent: what is due is the server's."""

    method: Method = Field(description="One that the site offers and that is paid at once, like `paypal`")
    purpose: Literal["rental", "deposit"] = "rental"


class AmountIn(In):
    """(A part of) a payment, and why: the customer is told."""

    amount: MoneyIn
    reason: Reason

    @property
    def money(self) -> Money:
        """The amount as sent."""
        return Money(Decimal(self.amount.amount), self.amount.currency)


class PaymentOut(Out):
    """A payment: a charge, or a hold of the deposit. Sums are from its beginning until now."""

    id: UUID
    purpose: PurposeText
    kind: KindText
    method: str = Field(
        description="Who took it, like `paypal`; `manual`: staff, at the counter or by transfer"
    )
    state: PaymentStateText
    amount: MoneyOut = Field(description="What was asked for")
    captured: MoneyOut = Field(description="What was taken, before refunds")
    refunded: MoneyOut
    next_url: str | None = Field(description="Where the customer pays, while they have to")


class PaymentStartedOut(Out):
    """A payment that waits for its customer at `nextUrl`; null when there is nothing left to do."""

    payment_id: UUID
    next_url: str | None


class RefundOut(Out):
    """Money on its way back."""

    refund_id: UUID
    state: RefundStateText
    amount: MoneyOut
