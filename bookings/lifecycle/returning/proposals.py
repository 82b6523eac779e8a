"""What the facts of a return come to, before staff decide: time, kilometres, fuel, unused days. Writes nothing."""

from collections.abc import Iterator
from copy import copy
from datetime import datetime, timedelta

from django.conf import settings

from bookings.lifecycle.checklist import Charge, Checklist
from bookings.lifecycle.returning.bill import EARLY, less_for_early_return
from bookings.models import Booking
from cars.pricing.late import hours_begun, late_charge, usual_day
from exodrive.money import Money


def proposals(booking: Booking, seen: Checklist, at: datetime) -> list[Charge]:
    """At the prices of the booking. Kilometres and fuel only where the hand-over wrote down what the car had."""
    found = [*_late(booking, seen.returned_at or at), *_kilometres(booking, seen), *_fuel(booking, seen)]
    return [charge for charge in found if charge.amount.amount > 0]


def unused_days(booking: Booking, came_back: datetime) -> list[Charge]:
    """What days after the return would take off the price (negative); nothing for a car that is not early."""
    back = copy(booking)
    back.returned_at = came_back
    amount = less_for_early_return(back)
    return [Charge(EARLY, amount, amount)] if amount else []


def _late(booking: Booking, came_back: datetime) -> Iterator[Charge]:
    late = max(came_back - booking.return_at, timedelta())
    amount = late_charge(late, usual_day(booking.as_quoted))
    yield Charge("late_return", amount, amount, f"{hours_begun(late)}\N{NO-BREAK SPACE}h")


def _kilometres(booking: Booking, seen: Checklist) -> Iterator[Charge]:
    quote, driven = booking.as_quoted, _driven(booking, seen)
    beyond = driven - quote.included_km if driven is not None else 0
    if beyond > 0:
        amount = (quote.excess_km_price * beyond).rounded()
        yield Charge("excess_km", amount, amount, f"{beyond}\N{NO-BREAK SPACE}km")


def _driven(booking: Booking, seen: Checklist) -> int | None:
    """Kilometres with all its cars; None where one of them left unread."""
    former = [(one.pickup_odometer_km, one.return_odometer_km) for one in booking.former_segments]
    readings = [*former, (booking.pickup_odometer_km, seen.odometer)]
    return (
        None
        if any(out is None for out, _back in readings)
        else sum(back - (out or 0) for out, back in readings)
    )


def _fuel(booking: Booking, seen: Checklist) -> Iterator[Charge]:
    had = booking.pickup_fuel_eighths
    missing = had - seen.fuel if had is not None and booking.in_catalogue_currency else 0
    if missing > 0:
        amount = Money(settings.FUEL_PRICE_PER_EIGHTH * missing, booking.currency).rounded()
        yield Charge("fuel", amount, amount, f"{missing}/8")
