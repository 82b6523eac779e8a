"""Writes past every verb, by SQL as the application's roles: bookings without days, days without bookings."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg

from exodrive.dev.drill.site import Site

UNPROTECTED: dict[str, str] = {}
CHECKED_AT_COMMIT = {
    "bookings": ["booking_is_whole"],
    "car_availability": ["days_of_a_booking_come", "days_of_a_booking_change", "days_of_a_booking_go"],
}
COPY = "INSERT INTO bookings SELECT (jsonb_populate_record(NULL::bookings, %(row)s)).*"
LONGER = "UPDATE bookings SET end_date = end_date + 2 WHERE id = %(id)s"
WITHOUT = "DELETE FROM car_availability WHERE booking_id = %(id)s"


def weaken(site: Site) -> None:
    """Nothing is looked at when it is committed."""
    for table, triggers in CHECKED_AT_COMMIT.items():
        site.write(";".join(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}" for trigger in triggers))


def run(site: Site) -> list[str]:
    """What could be written that two customers would have paid for."""
    cars = json.loads(site.ask("GET", "/api/cars").body)["items"]
    first = datetime.now(UTC).date() + timedelta(days=200)
    asked = {
        "carId": cars[0]["id"],
        "startDate": f"{first}",
        "endDate": f"{first + timedelta(days=2)}",
        "customer": {"fullName": "Ana Reis", "email": f"ana-{uuid4().hex[:8]}@example.com"},
    }
    answer = site.ask("POST", "/api/bookings", json.dumps(asked), {"Content-Type": "application/json"})
    if answer.status != 201:
        return [f"nobody could book ({answer.status}): nothing is proven"]
    booking = json.loads(answer.body)["bookingId"]
    ((row,),) = site.rows(f"SELECT to_jsonb(b) FROM bookings b WHERE id = '{booking}'")  # noqa: S608
    twin = json.dumps({**row, "id": str(uuid4()), "reference": f"EXO-{uuid4().hex[:6].upper()}"})
    tries = {
        "a booking without days, link, item and places, by the public": ("exo_public", COPY),
        "a booking of other dates than its days, by staff": ("exo_staff", LONGER),
        "a live booking whose days are gone, by staff": ("exo_staff", WITHOUT),
    }
    return [
        what for what, (role, sql) in tries.items() if _written(site, role, sql, {"id": booking, "row": twin})
    ]


def _written(site: Site, role: str, statement: str, values: dict[str, str]) -> bool:
    """Whether it could be committed by somebody who speaks SQL as one of the application's roles."""
    url = site.stack.urls["DATABASE_URL"]
    try:
        with closing(psycopg.connect(url, connect_timeout=10)) as connection:
            connection.execute(f"SET ROLE {role}".encode())
            written = connection.execute(statement.encode(), values).rowcount > 0
            connection.commit()
            return written
    except psycopg.Error:
        return False
