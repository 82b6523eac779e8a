"""Who changed what, for those who meet a change of somebody else."""

from django.db import connection

from bookings.models import Booking
from exodrive.models import User
from exodrive.rls import STAFF, current


def last_change(booking: Booking, name: str) -> tuple[str, str]:
    """The kind of whoever changed this of a booking last, and their name for staff; both "" when nobody did.

    `name` is a field of `Details`, "days" or "car".
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, actor FROM last_change(%s, %s)", [booking.pk, name])
        kind, actor = cursor.fetchone() or ("", None)
    if actor is None or current().role != STAFF:
        return kind, ""
    return kind, str(User.objects.filter(pk=actor).first() or "")
