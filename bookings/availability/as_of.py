"""When availability is judged, and whose own days do not count."""

from dataclasses import dataclass
from datetime import datetime

from bookings.models import Booking, Hold


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant that is judged, with a time zone, and the hold or booking whose own days count as free."""

    at: datetime
    ignoring: Hold | Booking | None = None
