"""What comes back when a booking is cancelled: tiers by hours before the pick-up, frozen when it was booked."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bookings.models import Booking, StatusChange
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


def fee_owed(booking: Booking) -> Money:
    """What a cancelled booking costs: the tier of its moment when its customer cancelled, nothing when we did."""
    moves = StatusChange.objects.filter(booking=booking, to_status=Booking.Status.CANCELLED)
    move = moves.order_by("at").last()
    if move is None or move.actor_kind != StatusChange.Actor.CUSTOMER:
        return Money.zero(booking.currency)
    return fee(booking, move.at)
