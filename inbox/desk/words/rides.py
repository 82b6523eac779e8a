"""What a change did to a ride, in words."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from bookings.days import Days
from exodrive.i18n.formats import clock, day


def ride_labels() -> dict[str, str]:
    """What of a ride can be changed and is kept with its values."""
    return {"hours": _("Time"), "passengers": _("Passengers"), "bags": _("Bags")}


def personal_labels() -> dict[str, str]:
    """What of a ride a history names without its value."""
    return {
        "from_text": _("Pick-up address"),
        "to_text": _("Destination"),
        "flight_number": _("Flight number"),
        "sign_name": _("Name on the sign"),
    }


def ride_words(side: Mapping[str, Any]) -> dict[str, str]:
    """One side of a stored change. Its days and clock times are local, as the booking has them."""
    days = Days.parse(*side["days"].split("/"))
    begins, ends = (time.fromisoformat(side[name]) for name in ("pickup_time", "return_time"))
    return {
        "hours": hours_words(days.start, begins, days.end, ends),
        "passengers": str(side["passengers"]),
        "bags": str(side["bags"]),
    }


def hours_words(first: date, begins: time, last: date, ends: time) -> str:
    """ "Thu 11 Mar, 16:30 – 18:30"; with the other day where it ends on one."""
    until = clock(ends) if first == last else f"{day(last)}, {clock(ends)}"
    return f"{day(first)}, {clock(begins)} – {until}"
