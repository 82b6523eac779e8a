"""PINs of links. The database holds the wall (`app_booking_id()`) and counts wrong tries (`try_pin`); here they are hashed.

A PIN's proof is the SHA-256 of what Django's preferred password hasher makes of it. The database keeps the hasher's
name, rounds and salt beside the proof, so that only somebody who knows the PIN, or typed it once, can show the proof.
"""

import hashlib
import re
from dataclasses import dataclass

from django.contrib.auth.hashers import get_hasher
from django.db import connection
from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingError, TooManyRequests
from bookings.models import Booking
from exodrive.staff.journal import Kind, say

PIN = re.compile(r"[0-9]{4,8}")
HEADER = "X-Booking-Pin"


class PinRequired(BookingError):
    """The link has a PIN, and it was not shown or not right."""

    code, status = "pin_required", 401
    message = _("This booking is protected by a PIN.")


class PinWrong(PinRequired):
    """The same code, other words."""

    message = _("This PIN is not right")


@dataclass(frozen=True, slots=True)
class Lock:
    """How a link stands: whether it opens for the identity in force, and how many seconds the next try must wait."""

    salt: str
    is_open: bool
    wait: int

    @property
    def has_pin(self) -> bool:
        """Whether the link asks for one."""
        return self.salt != ""


def look_at_link(*, count: bool = False) -> Lock | None:
    """The lock of the identity's link, None when it opens nothing. `count` it as an opening of the booking page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT salt, is_open, wait FROM open_link(%s)", [count])
        salt, is_open, wait = cursor.fetchone()
    return None if is_open is None else Lock(salt, is_open, wait)


def enter_pin(pin: str, lock: Lock) -> str:
    """The proof that opens the link. Raises PinWrong, and TooManyRequests while the link makes callers wait.

    A PIN in another format than ours is wrong as well, and costs nothing.
    """
    if not PIN.fullmatch(pin):
        raise PinWrong
    if lock.wait:
        raise _wait(lock.wait)
    proof = proof_of(pin, lock.salt)
    with connection.cursor() as cursor:
        cursor.execute("SELECT fits, wait FROM try_pin(%s)", [proof])
        fits, wait = cursor.fetchone()
    if fits:
        return proof
    raise _wait(wait) if wait else PinWrong()


def set_pin(*, booking: Booking, pin: str) -> str:
    """Protect the booking's link with another PIN and answer its proof; browsers that knew the last one are out."""
    encoded = get_hasher().encode(pin, get_hasher().salt())
    salt, proof = encoded.rpartition("$")[0], _digest(encoded)
    _store(booking, salt, proof)
    say(Kind.PIN_SET, booking_id=booking.pk)
    return proof


def remove_pin(*, booking: Booking) -> None:
    """The link alone opens the booking again."""
    _store(booking, "", "")
    say(Kind.PIN_REMOVED, booking_id=booking.pk)


def proof_of(pin: str, salt: str) -> str:
    """What the database compares, for a stored `salt` (hasher, rounds, salt)."""
    hasher = get_hasher(salt.partition("$")[0])
    made = hasher.decode(f"{salt}$")
    rounds = {"iterations": made["iterations"]} if "iterations" in made else {}
    return _digest(hasher.encode(pin, made["salt"], **rounds))


def _store(booking: Booking, salt: str, proof: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_link_pin(%s, %s, %s)", [booking.pk, salt, proof])


def _digest(encoded: str) -> str:
    return hashlib.sha256(encoded.encode()).hexdigest()


def _wait(seconds: int) -> TooManyRequests:
    refusal = TooManyRequests(_("Too many wrong PINs. Wait before you try again, or ask for a new link."))
    refusal.retry_after = seconds
    return refusal
