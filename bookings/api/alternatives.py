"""What instead of days that cannot be had: looked up for a refusal, after its transaction is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bookings.availability.alternatives import alternatives
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from cars.models import Car
from cars.pricing.daily import PricingOptions


@contextmanager
def with_alternatives(
    car: Car, days: Days, *, at: datetime, ignoring: Any = None, choices: PricingOptions | None = None
) -> Iterator[None]:
    """Add `alternatives` to the details of a refusal of these days; those that `ignoring` claimed count as free."""
    try:
        yield
    except (DatesTaken, RulesRefused) as refusal:
        refusal.details.setdefault(
            "alternatives", alternatives(car, days, at=at, ignoring=ignoring, choices=choices)
        )
        raise
