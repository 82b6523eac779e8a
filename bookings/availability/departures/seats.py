"""Seats in their ledger: taking, taking over, keeping and giving them back. A row for every seat that exists is the promise.

A lapsed hold's seats are free the moment it lapses; whoever takes them next takes them over. All verbs must run in a
transaction that the caller lets fail.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.rules import Reason
from bookings.errors import DatesTaken, HoldExpired
from bookings.models import Booking, DepartureSeat, Hold, TourDeparture

SEAT_LOCKS = 8  # the first key of every advisory lock on a departure, as 7 is of cars
FREE = Q(booking=None) & (Q(hold=None) | Q(expires_at__lte=Now()))
# Materialized, so that the seats are chosen once: joined, a subquery with a limit may be asked again for every row. Without
# SKIP LOCKED, which would say "sold out" while a rival that is about to fail has the seats.
TAKE = """
WITH free AS MATERIALIZED (
  SELECT departure_id, seat FROM departure_seats
  WHERE departure_id = %(departure)s AND booking_id IS NULL AND (hold_id IS NULL OR expires_at <= now())
    AND EXISTS (SELECT FROM tour_departures WHERE id = %(departure)s AND status = 'open')
  ORDER BY seat LIMIT %(seats)s FOR UPDATE
)
UPDATE departure_seats SET booking_id = %(booking)s, hold_id = %(hold)s, expires_at = %(expires_at)s
WHERE (departure_id, seat) IN (SELECT departure_id, seat FROM free)
"""


def lock_departure(pk: Any) -> None:
    """Serialise buyers of one departure until the transaction ends; after the locks of cars and extras."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [SEAT_LOCKS, pk])


def take_seats(owner: Booking | Hold, departure: TourDeparture, seats: int) -> None:
    """Take so many of the free seats. Raises DatesTaken where fewer are left; then nothing may be kept."""
    lock_departure(departure.pk)
    held = isinstance(owner, Hold)
    values = {
        "departure": departure.pk,
        "seats": seats,
        "booking": None if held else owner.pk,
        "hold": owner.pk if held else None,
        "expires_at": owner.expires_at if isinstance(owner, Hold) else None,
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        got = cursor.rowcount
    if got < seats:
        raise DatesTaken(reasons=[sold_out(got)])


def take_seats_over(hold: Hold, booking: Booking) -> None:
    """Turn a live hold's seats into the booking's without a gap. Raises HoldExpired."""
    lock_departure(hold.departure_id)
    if _live(hold).update(booking=booking, hold=None, expires_at=None) != hold.seats:
        raise HoldExpired


def keep_seats(hold: Hold, until: datetime) -> None:
    """Let a live hold's seats lapse later. Raises HoldExpired."""
    lock_departure(hold.departure_id)
    if _live(hold).update(expires_at=until) != hold.seats:
        raise HoldExpired


def release_seats(owner: Booking | Hold, departure: Any) -> None:
    """Give all seats of a booking or a hold back."""
    lock_departure(departure)
    owned = {"booking" if isinstance(owner, Booking) else "hold": owner.pk}
    DepartureSeat.objects.filter(departure=departure, **owned).update(
        booking=None, hold=None, expires_at=None
    )


def free_seats(departures: Any) -> dict[Any, int]:
    """How many seats are left of each, by id. One query."""
    rows = DepartureSeat.objects.filter(departure__in=departures).order_by().values_list("departure")
    left = dict(rows.annotate(left=Count("pk", filter=FREE)))
    return {departure.pk: left.get(departure.pk, 0) for departure in departures}


def sold_out(left: int) -> Reason:
    """Fewer seats are left than are wanted."""
    if not left:
        return Reason("sold_out", _("This departure is sold out."))
    words = ngettext("Only %(n)d seat is left.", "Only %(n)d seats are left.", left)
    return Reason("sold_out", words % {"n": left})


def _live(hold: Hold) -> QuerySet[DepartureSeat]:
    return DepartureSeat.objects.filter(hold=hold, expires_at__gt=Now())
