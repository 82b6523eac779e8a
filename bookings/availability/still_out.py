"""A car that should be back and is not cannot be picked up today. The ledger does not know it: a late return claims nothing.

It binds the public; staff are warned and know better when it comes back. Refusals, searches and calendars ask here.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bookings.availability.rules import Reason
from bookings.days import Days
from cars.models import Car, Location
from exodrive.rls import PUBLIC, current

STILL_OUT = "still_out"
LATE = "SELECT late_cars(%s)"


def is_back(at: datetime) -> Q:
    """Cars that are not late at the instant `at`."""
    return ~Q(pk__in=RawSQL(LATE, [at]))  # noqa: S611 - a constant


def late_cars(at: datetime) -> list[int]:
    """Ids of the cars that are late at the instant `at`, whoever asks. One query."""
    with connection.cursor() as cursor:
        cursor.execute(LATE, [at])
        return [pk for (pk,) in cursor.fetchall()]


def still_out(car: Car, days: Days, at: datetime, pick_up: Location | None = None) -> list[Reason]:
    """Why the public cannot have the car today, while it is late. One query for a pick-up today, none for others."""
    if not is_binding() or days.start != (pick_up or car.location).today(at):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT late_cars(%s))", [car.pk, at])
        late = cursor.fetchone()[0]
    return [not_back()] if late else []


def late_days(cars: Iterable[Car], first: date, at: datetime) -> dict[int, date]:
    """The day on which each late car cannot be picked up: today at its place. One query; none when all begin later."""
    today = {car.pk: car.location.today(at) for car in cars}
    if not is_binding() or all(day < first for day in today.values()):
        return {}
    return {pk: today[pk] for pk in late_cars(at) if pk in today}


def is_binding() -> bool:
    """Whether whoever asks cannot know when a late car comes back."""
    return current().role == PUBLIC


def not_back() -> Reason:
    """What is said of a late car's day."""
    return Reason(STILL_OUT, _("This car is not back yet: it cannot be picked up today."))
