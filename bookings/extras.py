"""Extras of a booking: counted per day in the database, so that none is oversold."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.errors import Invalid
from bookings.models import Booking
from cars.models import Extra, Location


def take_extras(booking: Booking, extras: Iterable[tuple[Extra, int]]) -> None:
    """Count the extras on every day of the booking, in ascending order of their ids. Raises Invalid for what is gone.

    In the booking's transaction, after its car is locked.
    """
    with connection.cursor() as cursor:
        for extra, quantity in sorted(extras, key=lambda pair: pair[0].pk):
            if not quantity:
                continue
            cursor.execute(
                "SELECT take_extra(%s, %s, %s, %s, %s)",
                [booking.pk, extra.pk, booking.start_date, booking.end_date, quantity],
            )
            if not cursor.fetchone()[0]:
                words = _("%(extra)s is not left on these days.") % {"extra": extra.text}
                raise Invalid.field("extras", words)


def give_extras_back(booking: Booking) -> None:
    """Forget the booking's extras and free their days."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT give_extras_back(%s)", [booking.pk])


def extras_left(days: Days, place: Location) -> QuerySet[Extra]:
    """Offered extras of a place that are left on every day; `left` says how many. One query."""
    on_days = Q(days__date__range=(days.start, days.end))
    busiest = Coalesce(Max("days__taken", filter=on_days), 0)
    return (
        Extra.objects.filter(Q(location=place) | Q(location=None), is_offered=True)
        .annotate(left=F("stock") - busiest)
        .filter(left__gt=0)
        .order_by("price", "pk")
    )
