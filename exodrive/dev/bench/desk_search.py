"""The inbox's search when there are many bookings: any part of a name, of a number, of a plate; counts and first page."""

import time
from collections.abc import Iterator

import psycopg
from django.utils import timezone

from bookings.models import Booking
from exodrive.dev.bench import repeated
from exodrive.dev.bench.desk import make_fleet
from exodrive.dev.bench.over_http import Answers
from exodrive.rls import STAFF, acting_as
from inbox.desk import badge, listing
from inbox.desk.query import Query

BOOKINGS, CARS = 100_000, 300
LIMIT_MS, BROAD_LIMIT_MS = 20, 500
# One of four thousand names, of ten thousand numbers, of all references; a car of three hundred.
TYPED = ("an3017 sil", "lva40", "4 217 0", "exo {reference}", "bench17")
BROAD = ("a", "jo", "example.com")  # one of fifteen; all

COPIES = """
INSERT INTO bookings ({columns}) SELECT {values} FROM bookings, generate_series(1, %(count)s) AS n WHERE id = %(pk)s
"""
OWN = {
    "id": "gen_random_uuid()",
    "reference": "'EXO-' || upper(lpad(to_hex(n * 151), 6, '0'))",
    "car_id": "(SELECT array_agg(id) FROM (SELECT id FROM cars ORDER BY id LIMIT %(cars)s) c)[1 + n %% %(cars)s]",
    "start_date": "start_date + n %% 700 - 650",
    "end_date": "end_date + n %% 700 - 650",
    "full_name": "'Joan' || n %% 4000 || ' Silva' || n %% 997",
    "email": "'joan' || n || '@example.com'",
    "mailbox": "'joan' || n || '@example.com'",
    "phone": "'+351 9' || lpad((n * 7 %% 100000000)::text, 8, '0')",
    "status": "(ARRAY['completed','completed','completed','cancelled','upcoming','active'])[1 + n %% 6]",
}


def make_many_bookings(owner_url: str) -> None:
    """BOOKINGS copies of one booking of a new fleet, as nobody could make them: without days, links and items."""
    booking = make_fleet(owner_url)
    generated = {field.column for field in Booking._meta.concrete_fields if field.column}
    columns = sorted(generated)
    sql = COPIES.format(columns=", ".join(columns), values=", ".join(OWN.get(name, name) for name in columns))
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("ALTER TABLE bookings DISABLE TRIGGER USER")
        connection.execute(sql, {"count": BOOKINGS, "cars": CARS, "pk": booking.pk})
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute("ALTER TABLE bookings ENABLE TRIGGER USER")
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE bookings")


def searches(seconds: float) -> Iterator[tuple[str, int, Answers, int]]:
    """What was typed, how many bookings the page has, how long it took with the counts, and the expected milliseconds."""
    with acting_as(STAFF):
        reference = Booking.objects.order_by("pk").values_list("reference", flat=True)[0]
        half = reference.removeprefix("EXO-").lower()
        for words in (*TYPED, *BROAD):
            typed = words.format(reference=half)
            query, answers, pending, found = Query(tab="all", q=typed), Answers(), badge.pending(), 0
            listing.read(query, timezone.now(), pending)  # what only the first one waits for
            begin = time.perf_counter()
            for _ in repeated(seconds):
                asked = time.perf_counter()
                found = len(list(listing.read(query, timezone.now(), pending).page))
                answers.seconds.append(time.perf_counter() - asked)
            answers.elapsed = time.perf_counter() - begin
            yield typed, found, answers, BROAD_LIMIT_MS if words in BROAD else LIMIT_MS
