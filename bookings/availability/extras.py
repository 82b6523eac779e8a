"""Extras of a booking: counted per day in the database, so that none is oversold."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Case, F, Max, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from bookings.days import Days
from bookings.errors import Invalid
from bookings.models import Booking
from cars.models import Extra, Location

Wanted = Iterable[tuple[Extra, int]]


def lock_extras(
    *, booking: Booking | None = None, extras: Wanted | None = None, days: Days | None = None
) -> None:
    """Lock every day of what the booking has and of the extras wanted, by extra and date, so that nobody deadlocks.

    Without `extras` they are the booking's own, without `days` its days. After the cars, before customer and booking.
    """
    wanted = None if extras is None else [extra.pk for extra, _quantity in extras]
    if booking is None and not wanted:
        return
    whose = booking.pk if booking else None
    start, end = (days.start, days.end) if days else (None, None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT lock_extra_days(%s, %s::bigint[], %s, %s)", [whose, wanted, start, end])


def book_extras(booking: Booking, extras: Wanted) -> None:
    """Make these the booking's extras on every day that it has the car, and free the others. Raises Invalid for one
    that is gone.

    In the booking's transaction, with days and places written; after an Invalid nothing of it may be kept. A customer
    does this for their own booking only.
    """
    wanted = {extra.pk: (extra, quantity) for extra, quantity in extras if quantity}
    quantities = [quantity for _extra, quantity in wanted.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT book_extras(%s, %s::bigint[], %s::integer[])", [booking.pk, list(wanted), quantities]
        )
        refused = cursor.fetchone()[0]
    if refused:
        raise Invalid.field("extras", _refusal(wanted[refused][0], booking.pick_up))


def _refusal(extra: Extra, place: Location) -> str:
    if extra.location_id not in (None, place.pk):
        words = _("%(extra)s cannot be had at %(place)s.")
        return words % {"extra": extra.text, "place": place.name}
    return _("%(extra)s is not left on these days.") % {"extra": extra.text}


def extras_follow(booking: Booking) -> None:
    """Count the booking's extras on the days it has the car now, as it is saved. Raises Invalid as `book_extras`.

    One query where they are counted so already.
    """
    if booking.extras.exclude(start_date=booking.kept_days.start).exists():
        book_extras(booking, extras_of(booking))


def give_extras_back(booking: Booking) -> None:
    """Forget the booking's extras and free their days."""
    book_extras(booking, ())


def extras_of(booking: Booking) -> list[tuple[Extra, int]]:
    """What the booking has, with how many, in ascending order of their ids. One query."""
    rows = booking.extras.select_related("extra").order_by("extra_id")
    return [(row.extra, row.quantity) for row in rows]


def extras_left(days: Days, place: Location | None, *, booking: Booking | None = None) -> QuerySet[Extra]:
    """Offered extras of a place that are left on every day; `left` says how many. None: of every place. One query.

    For a `booking`, what it has itself is left to it: on the days it has, and listed in any case. One query more.
    """
    had = extras_of(booking) if booking else []
    own = [
        When(pk=extra.pk, days__date__range=(booking.kept_days.start, booking.end_date), then=Value(quantity))
        for extra, quantity in had
        if booking
    ]
    on_days = Q(days__date__range=(days.start, days.end))
    others = F("days__taken") - Case(*own, default=Value(0)) if own else F("days__taken")
    offered = Q(Q(location=place) | Q(location=None), is_offered=True)
    return (
        Extra.objects.filter(offered | Q(pk__in=[extra.pk for extra, _quantity in had]))
        .annotate(left=F("stock") - Coalesce(Max(others, filter=on_days), 0))
        .filter(Q(left__gt=0) | Q(pk__in=[extra.pk for extra, _quantity in had]))
        .order_by("price", "pk")
    )
