"""What comes back when a booking is cancelled: tiers by hours before the pick-up, frozen when it was booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from bookings.lifecycle.returning.recorded import AT_WISH
from bookings.models import Booking, Payment, Refund, StatusChange
from exodrive.money import Money

ALL = Decimal(100)


@dataclass(frozen=True, slots=True)
class Tier:
    """So much comes back, in per cent of the price, until that instant (UTC)."""

    until: datetime
    percent: Decimal


def tiers(booking: Booking) -> list[Tier]:
    """From the most to the least; after the last one nothing comes back. None where cancelling is always free."""
    pick_up = booking.pickup_at
    if frozen := booking.terms.get("tiers"):
        found = [Tier(pick_up - timedelta(hours=hours), Decimal(percent)) for hours, percent in frozen]
        return sorted(found, key=lambda tier: tier.until)
    until = booking.free_cancellation_until
    return [Tier(until, ALL)] if until else []


def fee(booking: Booking, at: datetime) -> Money:
    """What is owed of the price when it is cancelled then."""
    steps = tiers(booking)
    if not steps:
        return Money.zero(booking.currency)
    back = next((step.percent for step in steps if at < step.until), Decimal(0))
    return (booking.total_money * (ALL - back) / ALL).rounded()


def refund_if_cancelled(booking: Booking, at: datetime) -> Money:
    """What comes back of what is paid when the customer cancels then."""
    zero = Money.zero(booking.currency)
    return max(booking.paid_money - fee(booking, at), zero)


def refund_if_customer_cancels(booking: Booking, at: datetime) -> Money:
    """The same, and nothing once its customer can cancel no more."""
    return (
        refund_if_cancelled(booking, at) if booking.customer_may_cancel(at) else Money.zero(booking.currency)
    )


def fee_owed(booking: Booking) -> Money:
    """What a cancelled booking costs: the tier of its moment when its customer cancelled, nothing when we did."""
    move = _cancelling(booking)
    by_customer = move is not None and move.actor_kind == StatusChange.Actor.CUSTOMER
    if move is None or not (by_customer or booking.terms.get(AT_WISH)):
        return Money.zero(booking.currency)
    return fee(booking, move.at)


def given_back(booking: Booking) -> Money:
    """What goes back because a booking was cancelled: promised since, or going to be. As exo_service.

    What was paid when it was over already goes back whole, whatever cancelling costs. The booking's row is locked, as by
    `settle`, which promises: nothing is counted twice or missed.
    """
    zero = Money.zero(booking.currency)
    with transaction.atomic():
        Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        move = _cancelling(booking)
        if move is None:
            return zero
        charges = Payment.objects.filter(booking=booking, kind="charge", purpose=Payment.Purpose.RENTAL)
        late = [row for row in charges if paid_after(row, move)]
        whole = Money.sum((row.kept for row in late), booking.currency)
        kept = Money.sum((row.kept for row in charges if row not in late), booking.currency)
        counted = [*Refund.LIVE, Refund.State.DONE]
        refunds = Refund.objects.filter(payment__in=charges, state__in=counted, created_at__gte=move.at)
        promised = Money.sum((row.money for row in refunds.select_related("payment")), booking.currency)
        return promised + whole + max(kept - fee_owed(booking), zero)


def paid_after(payment: Payment, cancelling: StatusChange) -> bool:
    """Whether its money came only when the booking was over. Both are told by the clock under the booking's lock."""
    return not payment.operations.filter(captured__gt=0, updated_at__lt=cancelling.at).exists()


def _cancelling(booking: Booking) -> StatusChange | None:
    moves = StatusChange.objects.filter(booking=booking, to_status=Booking.Status.CANCELLED)
    return moves.order_by("at").last()
