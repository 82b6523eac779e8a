"""What staff see when they give a car away and when it comes back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _

from exodrive.money import Money
from exodrive.text import tidy

# No car that is rented out gets as far: more is a slip of the finger, and would be charged as kilometres driven.
MAX_ODOMETER = 1_999_999
MAX_FUEL = 8
MAX_NOTE = 2000


@dataclass(frozen=True, slots=True)
class HandOver:
    """The keys were given."""


@dataclass(frozen=True, slots=True)
class AtWish:
    """The customer asked staff to cancel: what comes back follows the terms, as if they had done it themselves."""


@dataclass(frozen=True, slots=True)
class NoShow:
    """Nobody came for the car."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a return costs beside the rental: one of `cars.pricing.quote.CHARGES`, with what it was made of ("3 h").

    `proposed` is what the facts came to, where staff decided otherwise. Amounts contain their tax.
    """

    kind: str
    amount: Money
    proposed: Money
    made_of: str = ""


@dataclass(frozen=True, slots=True)
class Bill:
    """What staff decided about the money of a return. `less` is what the days after it take off the price (negative), as
    shown to whoever decided it; `why` they decided otherwise than proposed.
    """

    charges: tuple[Charge, ...] = ()
    less: Money | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Checklist:
    """What staff note when a car comes back: odometer in km, fuel in eighths of a tank, damage yes or no.

    `returned_at` (an instant) is when it came back; None is now. `transition` refuses one that makes no sense.
    """

    odometer: int
    fuel: int
    damage: bool
    note: str = ""
    returned_at: datetime | None = None
    bill: Bill = field(default_factory=Bill)

    def __post_init__(self) -> None:
        object.__setattr__(self, "note", tidy(self.note))

    @property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with it, as sentences by field."""
        found = {
            "odometer": _outside(self.odometer, MAX_ODOMETER),
            "fuel": "" if 0 <= self.fuel <= MAX_FUEL else _("Fuel is 0 to 8 eighths."),
            "note": _("Describe the damage") if self.damage and not self.note.strip() else "",
        }
        if len(self.note) > MAX_NOTE:
            found["note"] = _("At most %(limit_value)d characters.") % {"limit_value": MAX_NOTE}
        return {name: [sentence] for name, sentence in found.items() if sentence}


def _outside(number: int, most: int) -> str:
    if number < 0:
        return str(MinValueValidator.message % {"limit_value": 0})
    return str(MaxValueValidator.message % {"limit_value": most}) if number > most else ""
