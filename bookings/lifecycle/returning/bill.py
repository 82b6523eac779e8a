"""What a return costs beside the rental: charges as lines of the quote, and days that an early return takes off it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.extras import extras_of
from bookings.days import Days
from bookings.errors import ChangedMeanwhile, Invalid
from bookings.events import actor_kind, log_event
from bookings.lifecycle.change_details import in_short
from bookings.lifecycle.checklist import Bill, Charge
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.pricing.repricing import rental_of
from bookings.lifecycle.returning.recorded import last_day
from bookings.models import Booking, BookingChange
from bookings.signals import booking_changed
from cars.pricing.adjust import with_adjustment
from cars.pricing.agreed import reprice
from cars.pricing.quote import Quote
from cars.pricing.tariff import tariff_of
from exodrive.db.amounts import AmountField
from exodrive.money import Money
from exodrive.rls import current

EARLY = "early_return"
OF_RETURNS = ("late_return", "excess_km", "fuel", EARLY)  # in the order in which they are asked about

MOST = 10**AmountField.WHOLE


def as_rented(quote: Quote) -> Quote:
    """The quote without what its return added or took off."""
    return replace(quote, lines=tuple(line for line in quote.lines if line.code not in OF_RETURNS))


def is_billed(booking: Booking) -> bool:
    """Whether its return has changed the price: without the return it would be another one."""
    quote = booking.as_quoted
    return as_rented(quote).total != quote.total


def less_for_early_return(booking: Booking) -> Money:
    """What the days after the return would take off the price, negative; nothing where they would not.

    What they cost is told as of a change: what stays keeps its price. For a booking whose return is recorded or about to be.
    """
    agreed, last, nothing = as_rented(booking.as_quoted), last_day(booking), Money.zero(booking.currency)
    if last >= booking.end_date or not booking.in_catalogue_currency:
        return nothing
    was = rental_of(booking, extras_of(booking))
    now = replace(was, days=tuple(Days(booking.start_date, last)))
    shorter = reprice(agreed, was, now, tariff_of(booking.start_date, booking.end_date, booking.car))
    return min(max(shorter.total, nothing) - agreed.total, nothing)


def write_bill(booking: Booking, bill: Bill, at: datetime, was: dict[str, Any] | None = None) -> None:
    """Write what a return costs on a locked booking, in place of what it cost before, and say so in the history.

    `was` is what `told` said before the facts were corrected. Raises Invalid for amounts that make no sense,
    ChangedMeanwhile when an early return takes something else off by now, Forbidden where the desk gives money back.
    """
    quote, price = booking.as_quoted, _billed(booking, bill)
    if price == quote and not (was or bill.charges):
        return
    if price.total < quote.total and (bill.less or booking.paid_money > price.total):
        refuse_desk()
    before = was or told(booking)
    if price != quote:
        booking.quote, booking.total = price.as_json(), price.total.amount
        booking.save(update_fields=["quote", "total"])
    after = told(booking) | {
        "contact": [],
        "charges": [_in_short(charge) for charge in bill.charges],
        "corrected": was is not None,
    }
    write_change(booking, (before, after), price.total - quote.total, bill.why, at)


def _billed(booking: Booking, bill: Bill) -> Quote:
    price = as_rented(booking.as_quoted)
    for charge in bill.charges:
        if charge.kind not in OF_RETURNS or charge.kind == EARLY or charge.amount.amount < 0:
            raise Invalid(_("A return costs nothing of that kind."))
        price = with_adjustment(price, charge.amount, charge.made_of, charge.kind)
    if price.total.amount >= MOST:
        raise Invalid(_("That is more than a booking can cost."))
    if bill.less:
        if bill.less != less_for_early_return(booking):
            raise ChangedMeanwhile
        price = with_adjustment(price, bill.less, "", EARLY)
    return price


def told(booking: Booking) -> dict[str, Any]:
    """The booking in short, with how it came back; what staff noted is kept out of it."""
    came_back = booking.returned_at
    return in_short(booking, extras_of(booking)) | {
        "return": {
            "at": came_back.isoformat() if came_back else "",
            "odometer": booking.return_odometer_km,
            "fuel": booking.return_fuel_eighths,
            "damage": booking.return_damage,
        }
    }


def _in_short(charge: Charge) -> list[str]:
    return [charge.kind, str(charge.amount.amount), str(charge.proposed.amount)]


def write_change(
    booking: Booking, sides: tuple[dict[str, Any], dict[str, Any]], difference: Money, why: str, at: datetime
) -> None:
    """A line of the history, `sides` before and after; whoever follows changes hears of it."""
    before, after = sides
    change = BookingChange(
        booking=booking,
        actor_kind=actor_kind(),
        actor_id=current().user_id or None,
        before=before,
        after=after,
        difference=difference.amount,
        reason=why,
        created_at=at,
    )
    change.save(force_insert=True)
    booking_changed.send(Booking, booking=booking, change=change)
    log_event(
        "booking_changed", booking_id=str(booking.pk), difference=str(difference.amount), actor=actor_kind()
    )
