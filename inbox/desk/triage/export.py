"""A list of the inbox as a file for spreadsheets: all of its rows, not one page of them."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from bookings.models import Booking
from exodrive.models import User
from exodrive.rls import STAFF, acting_as
from inbox.desk.listing import bookings_of
from inbox.desk.query import Query

AT_ONCE = 500  # rows
BOM = "\ufeff"  # without it Excel reads UTF-8 as something else
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # a cell that begins like these is calculated


class Echo:
    """What csv writes to, which only hands it back."""

    def write(self, line: str) -> str:
        """The line itself."""
        return line


def lines(query: Query, at: datetime, staff: User) -> Iterator[str]:
    """The file, line by line, as that member of staff and in the reader's language."""
    return _lines(query, at, staff, get_language() or settings.LANGUAGE_CODE)


def _lines(query: Query, at: datetime, staff: User, language: str) -> Iterator[str]:
    """It is sent when the request is over, and with it whoever asked."""
    with acting_as(STAFF, user=staff), override(language):
        writer = csv.writer(Echo())
        yield BOM + writer.writerow([cell(name) for name in _head()])
        rows: QuerySet[Booking] = bookings_of(query, at)
        for booking in rows.iterator(chunk_size=AT_ONCE):
            yield writer.writerow([cell(value) for value in _row(booking)])


def cell(value: Any) -> str:
    """A value as a spreadsheet reads it; a text that would be a formula begins with an apostrophe."""
    if isinstance(value, Decimal | int | date | datetime | time):
        return value.isoformat(" ") if isinstance(value, datetime) else _plain(value)
    text = str(value)
    bare = normalize("NFKC", text).lstrip(" \ufeff")  # what some programs read it as
    return f"'{text}" if text.startswith(FORMULA) or bare.startswith(FORMULA) else text


def _plain(value: Decimal | int | date | time) -> str:
    return value.strftime("%H:%M") if isinstance(value, time) else str(value)


def _head() -> list[str]:
    return [
        _("Reference"),
        _("Status"),
        _("Name"),
        _("Email"),
        _("Phone"),
        _("Car"),
        _("Plate"),
        _("Pick-up"),
        _("Pick-up time"),
        _("Where"),
        _("Return"),
        _("Return time"),
        _("Return to"),
        _("Total"),
        _("Paid"),
        _("Currency"),
        _("Payment"),
        _("Assigned to"),
        _("Booked (UTC)"),
    ]


def _row(booking: Booking) -> Iterable[Any]:
    triage = getattr(booking, "triage", None)
    yield booking.reference
    yield booking.get_status_display()
    yield from (booking.full_name, booking.email, booking.phone)
    yield from (booking.car.name, booking.car.plate)
    yield from (booking.start_date, booking.pickup_time, booking.delivery_address or booking.pick_up.name)
    yield from (booking.end_date, booking.return_time, booking.drop_off.name)
    yield from (booking.total_money.rounded().amount, booking.paid, booking.currency)
    yield booking.get_payment_status_display()
    yield (triage and triage.assigned_to) or ""
    yield booking.created_at.replace(microsecond=0, tzinfo=None)
