"""What the calendar says of hours on a car: it has room for days only."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.hours.blocks import clock_of
from bookings.models import Block
from exodrive.i18n import formats


def how_often(spans: int) -> str:
    """Of a service day: "2 times, taken by the hour"."""
    times = ngettext("%(n)d time", "%(n)d times", spans) % {"n": spans}
    taken = _("taken by the hour")
    return f"{times}, {taken}"


def begins(block: Block, day: date) -> str:
    """Of a block for hours, on one of its days: "09:00", or "…" after the first."""
    clock = clock_of(block)
    return formats.clock(clock[0]) if clock and block.start_date == day else "…"


def blocked(block: Block) -> str:
    """ "Blocked", with its times where it is for some hours of one day."""
    clock = clock_of(block)
    if not clock or block.start_date != block.end_date:
        return _("Blocked")
    return _("Blocked %(hours)s") % {"hours": formats.hours_of_day([clock])}
