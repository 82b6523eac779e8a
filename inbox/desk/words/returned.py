"""How a car came back and what that cost, in words for the history."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import PLACES, Block, Booking, BookingChange
from cars.models import Location
from cars.pricing.quote import LABELS
from exodrive.i18n.formats import instant, kilometres, money
from exodrive.money import Money
from inbox.desk.words.readings import fuel_level

RETURN_LABELS = {
    "returned_at": gettext_lazy("Taken back"),
    "odometer": gettext_lazy("Odometer"),
    "fuel": gettext_lazy("Fuel"),
    "damage": gettext_lazy("Damage"),
}


def return_words(side: Mapping[str, Any], place: Location | None) -> dict[str, str]:
    """What one side of a change tells of the return, on the clock of the place; nothing of a change before it."""
    if not side:
        return {}
    none, damage = _("none"), {True: _("Yes"), False: _("No")}
    zone: Any = place.zone if place else UTC
    return {
        "returned_at": instant(datetime.fromisoformat(side["at"]), zone) if side["at"] else none,
        "odometer": none if side["odometer"] is None else kilometres(side["odometer"]),
        "fuel": none if side["fuel"] is None else fuel_level(side["fuel"]),
        "damage": damage.get(side["damage"], none),
    }


def of_charges(change: BookingChange) -> list[str]:
    """What was charged, and what was proposed where that is something else; and that the note was another."""
    found = [_charge(change, *one) for one in change.after.get("charges", ())]
    if change.after.get("corrected") and change.reason:
        found.append(_("the note, which was:"))
    return found


def _charge(change: BookingChange, kind: str, charged: str, proposed: str) -> str:
    amounts = [Money(Decimal(amount), change.booking.currency) for amount in (charged, proposed)]
    words = {"what": LABELS[kind], "amount": money(amounts[0]), "proposed": money(amounts[1])}
    if amounts[0] == amounts[1]:
        return _("%(what)s: %(amount)s") % words
    return _("%(what)s: %(amount)s (%(proposed)s proposed)") % words


def block_after_return(pk: str, at: datetime) -> dict[str, Any]:
    """What a block of the car begins with that came back with damage: today there, and what was noted."""
    try:
        booking = Booking.objects.select_related("car__location").prefetch_related(PLACES).get(pk=UUID(pk))
    except (ValueError, Booking.DoesNotExist):
        return {}
    today = booking.drop_off.today(at)
    note = " ".join(booking.return_note.split())[: Block._meta.get_field("note").max_length]
    return {
        "car": [str(booking.car_id)],
        "start": today,
        "end": today,
        "kind": Block.Kind.MAINTENANCE,
        "note": note,
    }
