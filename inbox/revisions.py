"""What a change did to a booking, in words: for its history and for the preview."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.models import Booking, BookingChange
from cars.models import Car, Location
from exodrive.formats import clock, money, span


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed."""

    label: str
    before: str
    after: str


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Difference]:
    """What two descriptions (`words_of`) have different, in their order."""
    labels = {
        "days": _("Days"),
        "car": _("Car"),
        "pick_up": _("Pick-up"),
        "drop_off": _("Return"),
        "phone": _("Phone number"),
        "special_requests": _("Special requests"),
    }
    return [
        Difference(label, before.get(name, ""), after.get(name, ""))
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def words_of(booking: Booking) -> dict[str, str]:
    """A booking as far as it can be changed."""
    return {
        "days": span(booking.start_date, booking.end_date),
        "car": _car(booking.car),
        "pick_up": _place(booking.pick_up, booking.pickup_time),
        "drop_off": _place(booking.drop_off, booking.return_time),
        "phone": booking.phone or _("none"),
        "special_requests": booking.special_requests or _("none"),
    }


def signed(amount: Decimal) -> str:
    """ "+€240", "−€240", "€0"."""
    sign = "+" if amount > 0 else "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}{money(abs(amount))}"


def sentences(changes: Iterable[BookingChange]) -> dict[Any, str]:
    """For each change what was different and what it cost, by its id. Two queries at most."""
    listed = list(changes)
    sides = [side for change in listed for side in (change.before, change.after)]
    cars = Car.objects.in_bulk({side["car"] for side in sides}) if sides else {}
    place_ids = {side[kind] for side in sides for kind in ("pick_up", "drop_off")}
    places = Location.objects.in_bulk(place_ids) if place_ids else {}
    return {change.pk: _sentence(change, cars, places) for change in listed}


def _sentence(change: BookingChange, cars: Mapping[int, Car], places: Mapping[int, Location]) -> str:
    found = differences(_stored(change.before, cars, places), _stored(change.after, cars, places))
    parts = [f"{one.label}: {one.before} → {one.after}" for one in found]
    contact = {"phone": _("Phone number"), "special_requests": _("Special requests")}
    parts += [contact[name] for name in change.after.get("contact", []) if name in contact]
    if change.difference:
        parts.append(signed(change.difference))
    return "; ".join(parts)


def _stored(
    side: Mapping[str, Any], cars: Mapping[int, Car], places: Mapping[int, Location]
) -> dict[str, str]:
    days = Days.parse(*side["days"].split("/"))
    return {
        "days": span(days.start, days.end),
        "car": _car(cars.get(side["car"])),
        "pick_up": _place(places.get(side["pick_up"]), time.fromisoformat(side["pickup_time"])),
        "drop_off": _place(places.get(side["drop_off"]), time.fromisoformat(side["return_time"])),
    }


def _car(car: Car | None) -> str:
    return f"{car.name}, {car.plate}" if car else "?"


def _place(place: Location | None, at: time) -> str:
    return f"{place.name if place else '?'}, {clock(at)}"
