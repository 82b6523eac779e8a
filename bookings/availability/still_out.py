"""A car that should be back and is not cannot be picked up today. The ledger does not know it: a late return claims nothing.

It binds the public; staff are warned and know better when it comes back.
"""

from datetime import datetime

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from bookings.availability.rules import Reason
from bookings.days import Days
from cars.models import Car, Location
from exodrive.rls import PUBLIC, current

LATE = "SELECT late_cars(%s)"


def is_back(at: datetime) -> Q:
    """Cars that are not late at the instant `at`."""
    return ~Q(pk__in=RawSQL(LATE, [at]))  # noqa: S611 - a constant


def still_out(car: Car, days: Days, at: datetime, pick_up: Location | None = None) -> list[Reason]:
    """Why the public cannot have the car today, while it is late. One query for a pick-up today, none for others."""
    if current().role != PUBLIC or days.start != (pick_up or car.location).today(at):
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s IN (SELECT late_cars(%s))", [car.pk, at])
        late = cursor.fetchone()[0]
    return [Reason("still_out", _("This car is not back yet: it cannot be picked up today."))] if late else []
