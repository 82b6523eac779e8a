"""What a change did to a booking, in words: for its history and for the preview."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.lifecycle.pricing.adjusting import Adjustment
from bookings.lifecycle.request import Extras
from bookings.models import Booking, BookingChange
from bookings.ridden import ride_of
from cars.models import Car, Extra, Location
from cars.pricing.agreed import Pricing
from exodrive.i18n.formats import clock, listed_extras, money, span
from exodrive.money import Money
from inbox.desk.words.dispatch import driver_words
from inbox.desk.words.returned import RETURN_LABELS, of_charges, return_words
from inbox.desk.words.rides import hours_words, personal_labels, ride_labels, ride_words
from inbox.desk.words.swap import swap_words


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
        **ride_labels(),
        "car": _("Car"),
        "pick_up": _("Pick-up"),
        "drop_off": _("Return"),
        "extras": _("Extras"),
        "delivery": _("Bring the car to me"),
        "delivery_address": _("Address for the delivery"),
        "driver_age": _("Driver’s age"),
        **personal_labels(),
        "phone": _("Phone number"),
        "special_requests": _("Special requests"),
        "adjustment": _("Adjustment"),
        **RETURN_LABELS,
    }
    return [
        Difference(str(label), before.get(name, ""), after.get(name, ""))
        for name, label in labels.items()
        if before.get(name) != after.get(name)
    ]


def words_of(booking: Booking, extras: Extras) -> dict[str, str]:
    """A booking with its extras as far as it can be changed."""
    return {
        **_when_and_where(booking),
        "car": _car(booking.car),
        "extras": listed_extras((extra.text, quantity) for extra, quantity in extras),
        "delivery": _yes_no(booking.delivery),
        "delivery_address": booking.delivery_address or _("none"),
        "driver_age": str(booking.driver_age or "") or _("none"),
        "phone": booking.phone or _("none"),
        "special_requests": booking.special_requests or _("none"),
        "adjustment": _adjusted(Adjustment.on(booking.as_quoted)),
    }


def _when_and_where(booking: Booking) -> dict[str, str]:
    if booking.is_ride:
        ride, times = ride_of(booking), (booking.pickup_time, booking.return_time)
        hours = hours_words(booking.start_date, times[0], booking.end_date, times[1])
        said = {name: getattr(ride, name) or _("none") for name in personal_labels()}
        return {"hours": hours, "passengers": str(ride.passengers), "bags": str(ride.bags), **said}
    return {
        "days": span(booking.start_date, booking.end_date),
        "pick_up": _place(booking.pick_up, booking.pickup_time),
        "drop_off": _place(booking.drop_off, booking.return_time),
    }


def signed(difference: Money) -> str:
    """ "+€240", "−€240", "€0"."""
    sign = "+" if difference.amount > 0 else "\N{MINUS SIGN}" if difference.amount < 0 else ""
    return f"{sign}{money(abs(difference))}"


def sentences(changes: Iterable[BookingChange]) -> dict[Any, str]:
    """For each change what was different and what it cost, by its id. Three queries at most."""
    listed = list(changes)
    sides = [side for change in listed for side in (change.before, change.after)]
    known = Known.of(sides)
    return {change.pk: _sentence(change, known) for change in listed}


def _sentence(change: BookingChange, known: "Known") -> str:
    currency = change.booking.currency
    found = differences(_stored(change.before, known, currency), _stored(change.after, known, currency))
    parts = [f"{one.label}: {one.before} → {one.after}" for one in found]
    parts += swap_words(change.after.get("swap"))
    parts += driver_words(change.after.get("dispatch"))
    contact = {
        "phone": _("Phone number"),
        "special_requests": _("Special requests"),
        "delivery_address": _("Address for the delivery"),
        "driver_age": _("Driver’s age"),
        **personal_labels(),
    }
    parts += [contact[name] for name in change.after.get("contact", []) if name in contact]
    priced = {
        Pricing.ADDED: _("priced as usual"),
        Pricing.KEPT: _("price kept as booked"),
        Pricing.TODAY: _("today’s price for everything"),
    }
    if how := change.after.get("pricing"):
        parts.append(priced[Pricing(how)])
    parts += of_charges(change)
    if change.difference:
        parts.append(signed(change.difference_money))
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Known:
    """The rows that stored changes name, by id."""

    cars: Mapping[int, Car]
    places: Mapping[int, Location]
    extras: Mapping[int, Extra]

    @classmethod
    def of(cls, sides: Iterable[Mapping[str, Any]]) -> "Known":
        """Three queries, or none for nothing."""
        listed = list(sides)
        cars = {side["car"] for side in listed}
        places = {side[kind] for side in listed for kind in ("pick_up", "drop_off")}
        extras = {int(pk) for side in listed for pk in side.get("extras", ())}
        return cls(_named(Car, cars), _named(Location, places), _named(Extra, extras))


def _named(model: Any, ids: Collection[int]) -> Mapping[int, Any]:
    return model.objects.in_bulk(ids) if ids else {}


def _stored(side: Mapping[str, Any], known: Known, currency: str) -> dict[str, str]:
    had = [(known.extras.get(int(pk)), quantity) for pk, quantity in side.get("extras", {}).items()]
    return {
        **(ride_words(side) if "hours" in side else _of_a_rental(side, known)),
        "car": _car(known.cars.get(side["car"])),
        "extras": listed_extras((extra.text if extra else "?", quantity) for extra, quantity in had),
        "delivery": _yes_no(side.get("delivery", False)),
        "adjustment": _adjusted(Adjustment(Money(Decimal(side.get("adjustment", 0)), currency))),
        **return_words(side.get("return", {}), known.places.get(side["drop_off"])),
    }


def _of_a_rental(side: Mapping[str, Any], known: Known) -> dict[str, str]:
    days = Days.parse(*side["days"].split("/"))
    return {
        "days": span(days.start, days.end),
        "pick_up": _place(known.places.get(side["pick_up"]), time.fromisoformat(side["pickup_time"])),
        "drop_off": _place(known.places.get(side["drop_off"]), time.fromisoformat(side["return_time"])),
    }


def _adjusted(line: Adjustment) -> str:
    parts = [signed(line.amount) if line.amount else _("none"), line.reason]
    return ": ".join(filter(None, parts))


def _car(car: Car | None) -> str:
    return f"{car.name}, {car.plate}" if car else "?"


def _yes_no(value: bool) -> str:
    return _("Yes") if value else _("No")


def _place(place: Location | None, at: time) -> str:
    return f"{place.name if place else '?'}, {clock(at)}"
