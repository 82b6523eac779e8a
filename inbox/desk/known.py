"""Customers who have booked before, found by name, phone, email or reference."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError

from bookings.marks import hashes_in_force, is_marked, marks_on
from bookings.models import Booking, DoNotRent
from bookings.search import matching
from exodrive.mailboxes import canonical

SHORTEST, MOST, LOOKED_AT = 2, 5, 60


@dataclass(frozen=True)
class Known:
    """A customer by the last booking of theirs that matches."""

    booking: Booking
    marked: bool  # a manager has decided not to rent to them


def known_customers(typed: str) -> list[Known]:
    """The latest of those who match, each once. Two queries."""
    if len(typed) < SHORTEST:
        return []
    found = matching(Booking.objects.filter(erased_at=None), typed).select_related("car")
    latest: dict[object, Booking] = {}
    for booking in found.order_by("-created_at")[:LOOKED_AT]:
        latest.setdefault(booking.customer_id, booking)
    in_force = hashes_in_force()
    return [Known(booking, is_marked(booking, in_force)) for booking in list(latest.values())[:MOST]]


def marks_on_typed(typed: Mapping[str, str]) -> list[DoNotRent]:
    """Decisions not to rent to whoever is typed into a form that nobody has checked."""
    try:
        mailbox = canonical(typed.get("email", "")) if typed.get("email") else ""
    except ValidationError:
        mailbox = ""
    return marks_on(mailbox, typed.get("phone", ""))


def contact_of(pk: str) -> dict[str, str]:
    """What the form takes over from a booking: name, email, phone, language; nothing of one that is erased or is none."""
    try:
        booking = Booking.objects.filter(pk=pk, erased_at=None).first()
    except ValidationError:
        booking = None
    if booking is None:
        return {}
    names = ("full_name", "email", "phone", "language")
    return {name: getattr(booking, name) for name in names}
