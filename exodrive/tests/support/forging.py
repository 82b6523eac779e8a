"""Damage done on purpose: what no commit lets through, written by tests about what would notice it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from exodrive.rls import as_owner

CHECKED_AT_COMMIT = [
    ("bookings", "booking_is_whole"),
    ("car_availability", "days_of_a_booking_come"),
    ("car_availability", "days_of_a_booking_change"),
    ("car_availability", "days_of_a_booking_go"),
    ("vehicle_assignments", "spans_of_a_booking_come"),
    ("vehicle_assignments", "spans_of_a_booking_change"),
    ("vehicle_assignments", "spans_of_a_booking_go"),
    ("departure_seats", "seats_of_a_booking_come"),
    ("departure_seats", "seats_of_a_booking_change"),
    ("departure_seats", "seats_of_a_booking_go"),
    ("rides", "ride_is_whole"),
    ("booking_segments", "segments_are_whole"),
    ("booking_segments", "segments_are_append_only"),
]


@contextmanager
def unchecked() -> Iterator[None]:
    """As the owner, without the checks at commit, and segments may change. What came before in this transaction is checked
    first."""
    with as_owner():
        _switch("DISABLE")
        yield
        _switch("ENABLE")


def _switch(how: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table, trigger in CHECKED_AT_COMMIT:
            cursor.execute(f"ALTER TABLE {table} {how} TRIGGER {trigger}")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
