"""How PostgreSQL would search."""

from django.db import connection

from bookings.models import Booking
from bookings.search import Search
from exodrive.rls import STAFF, acting_as


def plan_of_search(typed):
    """The plan of finding bookings by key. A test has too few rows for an index unless reading all of them is forbidden."""
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        found, params = Search.of(typed).few(Booking.objects.values_list("pk"), "id")
        cursor.execute(f"EXPLAIN WITH {found} SELECT * FROM found, whole", params)
        return "\n".join(line for (line,) in cursor.fetchall())
