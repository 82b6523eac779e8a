"""A swap of cars in the words of the staff: what it will do, what it did, and what its history keeps."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.blocks import Blocked
from bookings.days import ONE_DAY
from bookings.lifecycle.keys.swap import Swapped
from bookings.models import Booking
from exodrive.i18n.formats import day, money, span
from inbox.desk.words.readings import reading


def foretold(booking: Booking, at: datetime) -> list[str]:
    """What a swap at the instant `at` would do, whichever car is chosen."""
    since = max(booking.pick_up.today(at), booking.car_since)
    words = {"car": booking.car.name, "name": booking.full_name, "days": span(since, booking.end_date)}
    cars = _("%(name)s has the other car %(days)s, instead of the %(car)s.") % words
    if since > booking.car_since:
        until = {**words, "yesterday": day(since - ONE_DAY)}
        cars = _("%(name)s has the other car %(days)s; the %(car)s was theirs until %(yesterday)s.") % until
    price = _("The price stays %(price)s, with the kilometres that were booked.")
    return [cars, price % {"price": money(booking.total_money)}]


def done_words(swapped: Swapped) -> str:
    """What became of both cars."""
    booking = swapped.booking
    words = _("%(name)s goes on with the %(car)s.") % {"name": booking.full_name, "car": booking.car.name}
    return " ".join([words, *_of_the_old_car(swapped.former.name, swapped.blocked)])


def _of_the_old_car(name: str, blocked: Blocked) -> Iterator[str]:
    for block in blocked.blocks:
        days = span(block.start_date, block.end_date)
        yield _("%(car)s is blocked %(days)s.") % {"car": name, "days": days}
    if blocked.in_the_way:
        others = {"car": name, "references": ", ".join(other.reference for other in blocked.in_the_way)}
        yield _("These bookings have the %(car)s on some of those days: %(references)s.") % others
    if blocked.held:
        words = _(
            "Somebody is booking the %(car)s for some of those days just now: look again in a few minutes."
        )
        yield words % {"car": name}


def swap_words(swap: Mapping[str, Any] | None) -> list[str]:
    """Since when there was another car, how both stood, and for how long the old one was blocked; none for no swap."""
    if swap is None:
        return []
    readings = [
        (_("old car at pick-up: %(reading)s"), reading(swap["pickup_odometer"], swap["pickup_fuel"])),
        (_("old car now: %(reading)s"), reading(swap["odometer"], swap["fuel"])),
        (_("new car: %(reading)s"), reading(swap["new_odometer"], swap["new_fuel"])),
    ]
    blocked = [span(*(date.fromisoformat(end) for end in days.split("/"))) for days in swap["blocked"]]
    return [
        _("from %(day)s") % {"day": day(date.fromisoformat(swap["since"]))},
        *(words % {"reading": said} for words, said in readings if said),
        *(_("old car blocked %(days)s") % {"days": days} for days in blocked),
    ]
