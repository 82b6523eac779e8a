"""When availability is judged, by whose rules, and whose own days do not count."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bookings.availability.rules import WEB_RULES, Rule
from bookings.models import Booking, Hold
from exodrive.rls import STAFF, current


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant that is judged, with a time zone, and the hold or booking whose own days count as free.

    `at_counter`: asked by staff, whom the rules of the web do not bind.
    """

    at: datetime
    ignoring: Hold | Booking | None = None
    at_counter: bool = False

    @classmethod
    def by_asker(cls, at: datetime, ignoring: Hold | Booking | None = None) -> Self:
        """At the counter when the identity in force is staff's."""
        return cls(at, ignoring, current().role == STAFF)

    @property
    def passed(self) -> Collection[Rule]:
        """Rules that are not asked."""
        return WEB_RULES if self.at_counter else ()
