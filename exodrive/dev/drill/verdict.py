"""What was promised against what is there. Pure, so that its tests can show that it finds what is wrong."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from exodrive.dev.drill.provider import Mail, times_sent
from exodrive.dev.drill.site import Site
from exodrive.dev.drill.tally import Promise

BY_THE_HOUR = """
SELECT car_id, date, starts_at - before_minutes * interval '1 minute', ends_at + after_minutes * interval '1 minute'
FROM vehicle_assignments WHERE booking_id IS NOT NULL OR block_id IS NOT NULL OR departure_id IS NOT NULL
"""
LETTERS = ("booking_received", "new_booking")  # to the customer and to staff, of every booking


class Booked(NamedTuple):
    """A booking as the database has it."""

    id: str
    email: str
    car: int
    start: date
    end: date
    items: int  # in the inbox


class Hours(NamedTuple):
    """What has a car by the hour, of one local day: gaps included."""

    car: int
    day: date
    since: datetime
    until: datetime


@dataclass
class Found:
    """Everything that is left when the drill is over. `letters` says of each queued mail: booking, template.

    Bookings are those by the day; whoever has a car by the hour is in `hours`.
    """

    bookings: list[Booked] = field(default_factory=list)
    letters: dict[str, tuple[str, str]] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    hours: list[Hours] = field(default_factory=list)

    @classmethod
    def on(cls, site: Site, mails: list[Mail]) -> "Found":
        """Read a site's database. What the desk rents out is judged by itself (`exodrive.dev.drill.desk`)."""
        bookings = site.rows(
            "SELECT b.id::text, b.email, b.car_id, b.start_date, b.end_date,"
            " (SELECT count(*) FROM inbox_items i WHERE i.booking_id = b.id AND i.kind = 'new_booking')"
            " FROM bookings b WHERE b.status NOT IN ('cancelled', 'refunded') AND b.source <> 'staff'"
            " AND NOT EXISTS (SELECT 1 FROM rides r WHERE r.booking_id = b.id)"
        )
        letters = site.rows("SELECT id::text, booking_id::text, template FROM inbox_emails")
        return cls(
            [Booked(*row) for row in bookings],
            {row[0]: (row[1], row[2]) for row in letters},
            mails,
            [Hours(*row) for row in site.rows(BY_THE_HOUR)],
        )


def violations(promises: Iterable[Promise], found: Found) -> Iterator[str]:
    """One sentence for everything that is not as promised; none when all is well."""
    yield from _bookings(promises, found.bookings)
    yield from _days(found.bookings)
    yield from _hours(found)
    yield from _mails(found)


def _bookings(promises: Iterable[Promise], bookings: list[Booked]) -> Iterator[str]:
    made = Counter((booking.email, booking.car, booking.start, booking.end) for booking in bookings)
    for promise in promises:
        number = made[promise.email, promise.car, promise.start, promise.end]
        if number != 1:
            yield f"{promise.email} was promised one booking by {promise.way} and has {number}"
    for who, number in Counter(booking.email for booking in bookings).items():
        if number > 1:
            yield f"{who} asked once and has {number} bookings"
    for booking in bookings:
        if booking.items != 1:
            yield f"the booking of {booking.email} is in the inbox {booking.items} times"


def _days(bookings: list[Booked]) -> Iterator[str]:
    taken = Counter(
        (booking.car, booking.start + timedelta(days=n))
        for booking in bookings
        for n in range((booking.end - booking.start).days + 1)
    )
    for (car, day), number in taken.items():
        if number > 1:
            yield f"car {car} is booked {number} times on {day}"


def _hours(found: Found) -> Iterator[str]:
    """By the hour, no car is with two at one time, nor with anybody on a day that somebody has booked."""
    in_order = sorted(found.hours, key=lambda hours: (hours.car, hours.since))
    for one, other in pairwise(in_order):
        if one.car == other.car and other.since < one.until:
            yield f"car {one.car} is taken twice at {other.since:%Y-%m-%d %H:%M}"
    for booking in found.bookings:
        for hours in found.hours:
            if hours.car == booking.car and booking.start <= hours.day <= booking.end:
                yield f"car {booking.car} is booked and taken by the hour on {hours.day}"


def _mails(found: Found) -> Iterator[str]:
    yield from (
        f"a mail to {mail.to} was never queued" for mail in found.mails if mail.number not in found.letters
    )
    sent: Counter[tuple[str, str]] = Counter()
    for row, times in times_sent(found.mails).items():
        if letter := found.letters.get(row):
            sent[letter] += times
    for booking in found.bookings:
        for template in LETTERS:
            number = sent[booking.id, template]
            if number != 1:
                yield f"the mail {template} for the booking of {booking.email} was sent {number} times"
