"""Many rows at once, as the owner: copies of one car and of one booking, with their days in the ledger."""

from datetime import timedelta
from typing import Any

from bookings.models import Booking
from cars.models import Car


def _columns(model: Any, own: set[str]) -> str:
    return ", ".join(f.column for f in model._meta.concrete_fields if f.column not in own)


def untouched(cursor: Any, *tables: str) -> None:
    """For the rest of the test's transaction no trigger, which judges one row at a time, looks at these tables."""
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def cars(cursor: Any, *, model: Car, count: int) -> None:
    """`count` cars like `model`, named 001 and so on."""
    same = _columns(Car, {"id", "slug", "plate", "model"})
    cursor.execute(
        f"INSERT INTO cars (slug, plate, model, {same})"
        f" SELECT 'copy-' || n, 'C-' || n, lpad(n::text, 3, '0'), {same}"
        " FROM cars, generate_series(1, %s) AS n WHERE id = %s",
        [count, model.pk],
    )


def bookings(cursor: Any, *, model: Booking, times: int, every: int) -> None:
    """Every car as `model` has its own, `times` one after the other, each `every` days later."""
    own = {"id", "reference", "car_id", "start_date", "end_date"}
    same = _columns(Booking, own)
    untouched(cursor, "bookings", "car_availability")
    cursor.execute(
        f"INSERT INTO bookings (id, reference, car_id, start_date, end_date, {same})"
        " SELECT gen_random_uuid(), 'EXO-' || c.id || 'X' || n, c.id, m.start_date + %s * n, m.end_date + %s * n, "
        f"{', '.join('m.' + name for name in same.split(', '))}"
        " FROM bookings AS m, cars AS c, generate_series(0, %s) AS n WHERE m.id = %s"
        " AND (c.id, n) <> (m.car_id, 0)",
        [every, every, times - 1, model.pk],
    )
    cursor.execute(
        "INSERT INTO car_availability (car_id, date, status, booking_id)"
        " SELECT car_id, start_date + n, 'booked', id FROM bookings, generate_series(0, %s) AS n"
        " WHERE start_date + n <= end_date ON CONFLICT DO NOTHING",
        [(model.end_date - model.start_date) // timedelta(days=1)],
    )
