"""A swap of cars in the words of the staff: what it will do, what it did, and what its history keeps."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.days import ONE_DAY
from bookings.lifecycle.swap import Swapped
from bookings.models import Booking
from exodrive.i18n.formats import day, money, span
from inbox.desk.readings import reading


def foretold(booking: Booking, at: datetime) -> list[str]:
    """What a swap at the instant `at` would do, whichever car is chosen."""
    since = max(booking.pick_up.today(at), booking.car_since)
    words = {
        "car": booking.car.name,
        "name": booking.full_name,
        "yesterday": day(since - ONE_DAY),
        "days": span(since, booking.end_date),
        "price": money(booking.total_money),
    }
    first = (
        _("%(name)s has the other car %(days)s; the %(car)s was theirs until %(yesterday)s.")
        if since > booking.car_since
        else _("%(name)s has the other car %(days)s, instead of the %(car)s.")
    )
    price = _("The price stays %(price)s, with the kilometres that were booked. The customer gets an email.")
    return [first % words, price % words]


def done_words(swapped: Swapped) -> str:
    """What became of both cars."""
    booking, former, blocked = swapped.booking, swapped.former, swapped.blocked
    said = [_("%(name)s goes on with the %(car)s.") % {"name": booking.full_name, "car": booking.car.name}]
    for block in blocked.blocks:
        days = span(block.start_date, block.end_date)
        said.append(_("%(car)s is blocked %(days)s.") % {"car": former.name, "days": days})
    if blocked.in_the_way:
        others = ", ".join(other.reference for other in blocked.in_the_way)
        said.append(
            _("These bookings have the %(car)s on some of those days: %(references)s.")
            % {"car": former.name, "references": others}
        )
    if blocked.held:
        words = _(
            "Somebody is booking the %(car)s for some of those days just now: look again in a few minutes."
        )
        said.append(words % {"car": former.name})
    return " ".join(said)


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
