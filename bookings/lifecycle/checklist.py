"""What staff see when they give a car away and when it comes back."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from exodrive.i18n.formats import kilometres
from exodrive.money import Money
from exodrive.text import tidy

# No car that is rented out gets as far: more is a slip of the finger, and would be charged as kilometres driven.
MAX_ODOMETER = 1_999_999
MAX_FUEL = 8
MAX_NOTE = 2000


@dataclass(frozen=True, slots=True)
class HandOver:
    """The keys were given. What staff note then: odometer in km, fuel in eighths of a tank, whether they saw the driving
    licence and took the deposit, marks on the car; None for what nobody noted.

    `early`: it is meant, although the pick-up day has not come.
    """

    odometer: int | None = None
    fuel: int | None = None
    licence_seen: bool | None = None
    deposit_taken: bool | None = None
    note: str = ""
    early: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "note", tidy(self.note))

    @property
    def problems(self) -> dict[str, list[str]]:
        """What is wrong with it, as sentences by field."""
        found = {
            "odometer": _outside(self.odometer or 0, MAX_ODOMETER),
            "fuel": "" if 0 <= (self.fuel or 0) <= MAX_FUEL else _("Fuel is 0 to 8 eighths."),
            "note": _too_long(self.note),
        }
        return {name: [sentence] for name, sentence in found.items() if sentence}


@dataclass(frozen=True, slots=True)
class CallOff:
    """Staff cancel. `wished`: the customer asked for it, so that what comes back follows the terms, as if they had done it
    themselves. `still_out`: a manager knows that the customer has the car.
    """

    wished: bool = False
    still_out: bool = False


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
            "note": _("Describe the damage")
            if self.damage and not self.note.strip()
            else _too_long(self.note),
        }
        return {name: [sentence] for name, sentence in found.items() if sentence}


@dataclass(frozen=True, slots=True)
class TakenBack(Checklist):
    """The same, from a customer who has the car: refused when they have not, also since a moment ago."""


def _outside(number: int, most: int) -> str:
    if number < 0:
        return _("At least %(limit_value)s.") % {"limit_value": kilometres(0)}
    return _("At most %(limit_value)s.") % {"limit_value": kilometres(most)} if number > most else ""


def _too_long(note: str) -> str:
    return (
        _("At most %(limit_value)d characters.") % {"limit_value": MAX_NOTE} if len(note) > MAX_NOTE else ""
    )
