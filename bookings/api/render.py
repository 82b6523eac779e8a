"""From models to what the API answers. No queries: callers fetch cars with locations, bookings with places and extras."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from pydantic import BaseModel

from bookings.api.booking_schemas import (
    BookedExtraOut,
    BookingCreatedOut,
    BookingOut,
    CancelledOut,
    ChangedOut,
    CustomerOut,
    SegmentOut,
)
from bookings.api.payment_schemas import PaymentOut
from bookings.api.render_rides import ride_out
from bookings.api.schemas import (
    AlternativeOut,
    BlockOut,
    CarOut,
    CarRefOut,
    DayOut,
    ExtraOut,
    HoldOut,
    LineItemOut,
    LocationOut,
    MoneyOut,
    QuoteOut,
    ReasonOut,
)
from bookings.availability.alternatives import Alternative
from bookings.availability.calendar import DayState
from bookings.availability.hours.blocks import clock_of
from bookings.availability.rules import Reason
from bookings.lifecycle.change import Change, Extras
from bookings.lifecycle.pricing.agreed import Agreed, held_price
from bookings.lifecycle.rides.price import price_of_held
from bookings.models import Block, Booking, Hold, Payment
from bookings.payments.terms import refund_if_customer_cancels
from bookings.tokens import booking_url
from cars.models import Car, Extra, Location
from cars.pricing.daily import Quote
from cars.pricing.tariff import usual_options
from exodrive.errors import plain
from exodrive.money import Money, catalogue_price


def money_out(money: Money) -> MoneyOut:
    """An amount as text, with its own currency."""
    return MoneyOut(**money.as_json)


def quote_out(quote: Quote) -> QuoteOut:
    """A quote with labels in the reader's language."""
    lines = [
        LineItemOut(
            code=line.code,
            label=line.label,
            quantity=line.quantity,
            unit_price=money_out(line.unit_price),
            tax=money_out(line.tax),
            amount=money_out(line.amount),
        )
        for line in quote.lines
    ]
    return QuoteOut(
        lines=lines,
        total=money_out(quote.total),
        tax=money_out(quote.tax),
        deposit=money_out(quote.deposit),
    )


def location_out(location: Location) -> LocationOut:
    """A place."""
    return LocationOut(id=location.pk, name=location.name, time_zone=location.time_zone)


def car_out(car: Car, total: Money | None = None) -> CarOut:
    """A car of the catalogue, with the price of days when some were asked for."""
    return CarOut(
        id=car.pk,
        slug=car.slug,
        name=car.name,
        seats=car.seats,
        doors=car.doors,
        gearbox=car.gearbox,
        fuel=car.fuel,
        power_kw=car.power_kw,
        daily_rate=money_out(car.daily_rate_money),
        total_price=None if total is None else money_out(total),
        deposit=money_out(car.deposit_money),
        location=location_out(car.location),
    )


def reason_out(reason: Reason) -> ReasonOut:
    """Why not."""
    return ReasonOut(code=reason.code, message=str(reason.message))


def extra_out(extra: Extra, left: int) -> ExtraOut:
    """An extra, and how many are left."""
    return ExtraOut(
        id=extra.pk,
        name=extra.text,
        price=money_out(catalogue_price(extra.price)),
        per=extra.per,
        left=left,
        max_per_booking=extra.max_per_booking,
    )


def alternative_out(other: Alternative) -> AlternativeOut:
    """What instead."""
    return AlternativeOut(
        kind=other.kind,
        car_id=other.car.pk,
        start=other.days.start,
        end=other.days.end,
        quote=quote_out(other.quote),
    )


def hold_out(hold: Hold) -> HoldOut:
    """A hold with its secret and its price."""
    is_ride = hold.is_ride
    price = price_of_held(hold, timezone.now()) if is_ride else held_price(hold, usual_options(hold.car))
    return HoldOut(id=hold.pk, token=hold.token, expires_at=hold.expires_at, quote=quote_out(price))


def block_out(block: Block) -> BlockOut:
    """A block with its car."""
    since, until = [f"{at:%H:%M}" for at in clock_of(block)] or (None, None)
    return BlockOut(
        id=block.pk,
        car=CarRefOut(id=block.car.pk, slug=block.car.slug, name=block.car.name),
        start_date=block.start_date,
        end_date=block.end_date,
        start_time=since,
        end_time=until,
        kind=block.kind,
        note=block.note,
    )


def payment_out(payment: Payment) -> PaymentOut:
    """A payment as its customer and staff see it."""
    return PaymentOut(
        id=payment.pk,
        purpose=payment.purpose,
        kind=payment.kind,
        method=payment.provider,
        state=payment.state,
        amount=money_out(payment.money),
        captured=money_out(payment.of(payment.captured)),
        refunded=money_out(payment.of(payment.refunded)),
        next_url=payment.next_url or None,
    )


def booking_out(booking: Booking, payments: Iterable[Payment], extras: Extras | None = None) -> BookingOut:
    """A booking as its customer and staff see it; with other extras than it has, as it would be."""
    booked = [(row.extra_id, row.quantity) for row in booking.extras.all()] if extras is None else []
    booked += [(extra.pk, quantity) for extra, quantity in extras or ()]
    return BookingOut(
        id=booking.pk,
        reference=booking.reference,
        kind=booking.kind,
        status=booking.status,
        outcome=booking.outcome,
        payment_status=booking.payment_status,
        car=CarRefOut(id=booking.car.pk, slug=booking.car.slug, name=booking.car.name),
        segments=[SegmentOut.of(turn) for turn in booking.turns],
        start_date=booking.start_date,
        end_date=booking.end_date,
        pickup_time=f"{booking.pickup_time:%H:%M}",
        return_time=f"{booking.return_time:%H:%M}",
        customer=CustomerOut(full_name=booking.full_name, email=booking.email or None, phone=booking.phone),
        special_requests=booking.special_requests,
        pick_up_location=location_out(booking.pick_up),
        drop_off_location=location_out(booking.drop_off),
        extras=[BookedExtraOut(id=pk, quantity=quantity) for pk, quantity in sorted(booked)],
        delivery=booking.delivery,
        delivery_address=booking.delivery_address,
        driver_age=booking.driver_age,
        language=booking.language,
        quote=quote_out(booking.as_quoted),
        payments=[payment_out(payment) for payment in payments],
        amount_due=money_out(booking.amount_due),
        refund_if_cancelled_now=money_out(refund_if_customer_cancels(booking, timezone.now())),
        ride=ride_out(booking) if booking.is_ride else None,
        handed_over_at=booking.handed_over_at,
        returned_at=booking.returned_at,
        created_at=booking.created_at,
    )


def changed_out(change: Change, payments: Iterable[Payment]) -> ChangedOut:
    """A booking after a change, or as it would be."""
    shown = dict(booking_out(change.booking, payments, change.extras))
    return ChangedOut(**shown, price_difference=money_out(change.difference))


def booking_created_out(booking: Booking) -> BookingCreatedOut:
    """A new booking with its secret address."""
    return BookingCreatedOut(
        booking_id=booking.pk,
        reference=booking.reference,
        status=booking.status,
        booking_url=booking_url(booking.token, booking.language),
        quote=quote_out(booking.as_quoted),
        keep_until=booking.prove_by,
    )


def cancelled_out(booking: Booking, refund: Money) -> CancelledOut:
    """A cancelled booking, and what goes back."""
    return CancelledOut(status=booking.status, refund=money_out(refund))


def day_out(state: DayState) -> DayOut:
    """One day of a calendar."""
    reason = reason_out(state.reason) if state.reason else None
    return DayOut(date=state.date, available=state.is_free, reason=reason)


def details_out(details: Any) -> Any:
    """The details of a refusal as JSON, with reasons and alternatives in their documented shapes."""
    if isinstance(details, dict):
        return {key: details_out(value) for key, value in details.items()}
    if isinstance(details, list | tuple):
        return [details_out(item) for item in details]
    if isinstance(details, Reason):
        return _json(reason_out(details))
    if isinstance(details, Quote):
        return _json(quote_out(details))
    if isinstance(details, Agreed):
        said = {"total": details.total, "deposit": details.deposit}
        return {name: amount.as_json for name, amount in said.items() if amount}
    if isinstance(details, Alternative):
        return _json(alternative_out(details))
    return plain(details)


def _json(out: BaseModel) -> dict[str, Any]:
    return out.model_dump(mode="json", by_alias=True)
