"""What instead of days that cannot be had: looked up for a refusal, after its transaction is over."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from bookings.availability.alternatives import alternatives
from bookings.days import Days
from bookings.errors import DatesTaken, RulesRefused
from cars.models import Car
from cars.pricing.daily import Choices


@contextmanager
def with_alternatives(
    car: Car, days: Days, *, at: datetime, mine: Any = None, choices: Choices | None = None
) -> Iterator[None]:
    """Add `alternatives` to the details of a refusal of these days; those of the hold or booking `mine` count as free."""
    try:
        yield
    except (DatesTaken, RulesRefused) as refusal:
        refusal.details.setdefault("alternatives", alternatives(car, days, at=at, mine=mine, choices=choices))
        raise
