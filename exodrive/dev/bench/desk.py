"""The staff pages beside 1,000 and beside 100,000 bookings: what lies behind a page must not slow it down.

Both sizes show the same rows: a hundred bookings around today. The others lie before and after, on all cars.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

import psycopg
from django.test import Client
from django.utils import timezone

from bookings.days import Days
from bookings.lifecycle.create import create_booking
from bookings.lifecycle.request import BookingRequest
from bookings.models import Booking
from exodrive.dev.bench import Fleet, Slot, repeated
from exodrive.dev.bench.spent import in_python
from exodrive.models import User
from exodrive.rls import LOGIN, PUBLIC, STAFF, acting_as

CARS, FEW, MANY = 300, 1_000, 100_000
AROUND = 100  # of them today and a week ahead
RATIO_LIMIT, MS_LIMIT, KB_LIMIT = 1.2, 300, 150
FULL = timedelta(days=84)  # so many days ago every car was out, three days of four
APART = timedelta(days=200)  # ahead, where no copy lies
OWN = {  # columns in which the copies differ
    *("id", "reference", "car_id", "start_date", "end_date", "status"),
    *("full_name", "email", "mailbox", "handed_over_at"),
}
CHANGED = (
    *("bookings", "inbox_items", "car_availability", "booking_locations", "security_events"),
    *("booking_status_changes", "payments"),
)

# The n-th booking: one of a hundred around today on the first cars by name, or one of the many before and after.
BOOKINGS = """
INSERT INTO bookings (id, reference, car_id, start_date, end_date, status, full_name, email, mailbox, handed_over_at,
    {columns})
SELECT md5('b' || n)::uuid, 'EXO-' || upper(lpad(to_hex(n * 2654435761 %% 4294967296), 8, '0')), car, start, start + 2,
    made.status,
    'Person ' || n || ' Bench', 'person-' || n || '@example.com', 'person-' || n || '@example.com',
    CASE WHEN made.status = 'active' AND start < %(today)s THEN now() END, {values}
FROM (SELECT n, car, start, CASE
        WHEN start < %(today)s - 10 THEN CASE WHEN n %% 7 = 0 THEN 'cancelled' ELSE 'completed' END
        WHEN start <= %(today)s THEN 'active'
        WHEN n < {around} AND n %% 4 = 0 THEN 'pending'
        ELSE 'upcoming' END AS status
    FROM (SELECT n, (%(cars)s::bigint[])[1 + CASE WHEN n < {around} THEN n %% 50 ELSE n %% {cars} END] AS car,
            %(today)s::date + CASE
                WHEN n < {around} THEN n %% 5 - 2 + 7 * (n / 50)
                WHEN n / {cars} %% 4 = 3 THEN 40 + 4 * (n / {cars} / 4)
                ELSE -16 - 4 * (n / {cars}) END AS start
        FROM generate_series(%(first)s::int, %(last)s::int) AS n) AS placed) AS made, bookings AS model
WHERE model.id = %(model)s
"""
DAYS = """
INSERT INTO car_availability (car_id, date, status, booking_id)
SELECT car_id, start_date + n, CASE status WHEN 'pending' THEN 'pending' ELSE 'booked' END, id
FROM bookings, generate_series(0, 2) AS n WHERE status <> 'cancelled'
ON CONFLICT DO NOTHING
"""
PLACES = """
INSERT INTO booking_locations (id, booking_id, kind, location_id)
SELECT md5(b.id || place.kind)::uuid, b.id, place.kind, place.location_id
FROM bookings AS b, booking_locations AS place WHERE place.booking_id = %(model)s
ON CONFLICT DO NOTHING
"""
ITEMS = """
INSERT INTO inbox_items (id, booking_id, kind, status)
SELECT md5(b.id || item.kind)::uuid, b.id, item.kind, CASE b.status WHEN 'pending' THEN 'pending' ELSE 'done' END
FROM bookings AS b, inbox_items AS item WHERE item.booking_id = %(model)s
ON CONFLICT DO NOTHING
"""
EVENTS = """
INSERT INTO security_events (id, kind, booking_id, network, detail, created_at)
SELECT md5('e' || id)::uuid, 'link_replaced', id, '', '', start_date - 30 FROM bookings
ON CONFLICT DO NOTHING
"""

# What figures are counted from besides: who was confirmed, and who paid online.
MOVES = """
INSERT INTO booking_status_changes (booking_id, from_status, to_status, actor_kind, reason, at)
SELECT id, 'pending', 'upcoming', 'staff', '', created_at FROM bookings AS b
WHERE status <> 'pending' AND NOT EXISTS (SELECT 1 FROM booking_status_changes AS m WHERE m.booking_id = b.id)
"""
PAYMENTS = """
INSERT INTO payments (id, booking_id, purpose, kind, provider, means, state, amount, currency, authorized, captured,
    refunded, refunding, voided, ref, refs, next_url, failure, problem, created_at)
SELECT md5('p' || id)::uuid, id, 'rental', 'charge', 'sandbox', '', 'captured', total, currency, total, total,
    0, 0, 0, '', '{}'::jsonb, '', '', '', start_date - 30 FROM bookings WHERE status <> 'pending'
UNION ALL
SELECT md5('h' || id)::uuid, id, 'deposit', 'hold', 'sandbox', '', 'voided', deposit, currency, deposit, 0,
    0, 0, deposit, '', '{}'::jsonb, '', '', '', start_date FROM bookings WHERE status = 'completed' AND deposit > 0
ON CONFLICT DO NOTHING
"""


@dataclass
class Page:
    """One address at both sizes: seconds of each answer by the clock and by the processors, and its bytes."""

    name: str
    path: str
    alone: bool = False  # it shows more rows beside many bookings
    seconds: dict[int, list[float]] = field(default_factory=dict)
    spent: dict[int, list[float]] = field(default_factory=dict)
    size: dict[int, int] = field(default_factory=dict)

    def ms(self, bookings: int) -> float:
        """The median."""
        return 1000 * median(self.seconds[bookings])

    @property
    def ratio(self) -> float:
        """How many times as much of the processors it takes beside many bookings."""
        return self.busy(MANY) / self.busy(FEW)

    def busy(self, bookings: int) -> float:
        """Milliseconds of Python and PostgreSQL together, the median."""
        return 1000 * median(self.spent[bookings])


def pages(booking: Booking) -> list[Page]:
    """What is measured; the booking is one of those that are there at both sizes."""
    full = timezone.localdate() - FULL
    return [
        Page("inbox, Pending", "/staff/inbox/?tab=pending"),
        Page("inbox, All", "/staff/inbox/?tab=all"),
        Page("inbox, All, the last page", "/staff/inbox/?tab=all&page=999999"),
        Page("inbox, next 7 days", "/staff/inbox/?tab=all&when=week"),
        Page("search by email", "/staff/inbox/?tab=all&q=person-17%40example.com"),
        Page("search for all", "/staff/inbox/?tab=all&q=person", alone=True),
        Page("badge", "/staff/badge/"),
        Page("security log", "/staff/security/"),
        Page("Today", "/staff/today/"),
        Page("calendar, 2 weeks", "/staff/calendar/"),
        Page("calendar, 4 weeks", "/staff/calendar/?days=28&view=timeline"),
        Page("calendar, list", "/staff/calendar/?days=28&view=list"),
        Page("calendar, 4 weeks, full", f"/staff/calendar/?days=28&view=timeline&from={full}", alone=True),
        Page("booking", f"/staff/bookings/{booking.pk}/"),
        Page("admin, bookings", "/admin/bookings/booking/"),
        Page("admin, bookings, searched", "/admin/bookings/booking/?q=person-17%40example.com"),
        Page("admin, payments", "/admin/bookings/payment/"),
        Page("figures", "/staff/figures/", alone=True),
    ]


def make_fleet(owner_url: str) -> Booking:
    """300 cars in place of what the other measurements left, and one booking that all others are copies of."""
    with psycopg.connect(owner_url) as connection:
        connection.execute("SET statement_timeout = 0")
        connection.execute("TRUNCATE bookings, cars, locations, agencies, customers CASCADE")
    Fleet.make(CARS)
    slot = Slot(Fleet.load().cars[0], Days.starting(timezone.localdate() + APART, 3))
    with acting_as(PUBLIC):
        return create_booking(
            BookingRequest(car=slot.car, days=slot.days, who=slot.person(), language="en"), at=timezone.now()
        )


def grow(owner_url: str, model: Booking, *, first: int, last: int) -> None:
    """Write the bookings from number `first` to `last`, with their days, places and inbox items, in bulk."""
    cars = sorted(Fleet.load().cars, key=lambda car: (car.model, car.pk))
    values = {"first": first, "last": last, "model": model.pk, "today": timezone.localdate()}
    values["cars"] = [car.pk for car in cars]
    same = [one.column for one in Booking._meta.concrete_fields if one.column and one.column not in OWN]
    bookings = BOOKINGS.format(
        columns=", ".join(same), values=", ".join(f"model.{name}" for name in same), around=AROUND, cars=CARS
    )
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SET statement_timeout = 0")
        for table in CHANGED:  # their triggers judge and note one row at a time
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (bookings, DAYS, PLACES, ITEMS, EVENTS, MOVES, PAYMENTS):
            connection.execute(statement, values)
        for table in CHANGED:
            connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        connection.execute("VACUUM ANALYZE")  # so that it does not begin by itself in between


def sign_in() -> Client:
    """A manager's browser, in this process: what is measured is the site without the network."""
    with acting_as(STAFF):
        user = User.objects.create_superuser("bench@example.com", secrets.token_hex())
    client = Client(HTTP_HOST="localhost")
    with acting_as(LOGIN):
        client.force_login(user)
    return client


def ask(
    client: Client, page: Page, *, bookings: int, seconds: float, cost: Callable[..., Any] = in_python
) -> None:
    """One answer after the other, beside so many bookings. Raises RuntimeError unless it is a page."""
    taken, busy, size = [], [], 0
    client.get(page.path)
    for _ in repeated(seconds):
        asked = time.perf_counter()
        answer, seconds_spent = cost(lambda: client.get(page.path))
        taken.append(time.perf_counter() - asked)
        busy.append(seconds_spent)
        size = len(answer.content)
        if answer.status_code != 200:
            raise RuntimeError(f"{page.path}: {answer.status_code}")
    page.seconds[bookings], page.spent[bookings], page.size[bookings] = taken, busy, size


def verdict(page: Page) -> str:
    """Which of the limits it is over. A page that was nearly empty beside few bookings is compared with none."""
    over = []
    if page.ms(MANY) > MS_LIMIT:
        over.append(f"{MS_LIMIT} ms")
    if page.size[MANY] > KB_LIMIT * 1024:
        over.append(f"{KB_LIMIT} KB")
    if not page.alone and page.ratio > RATIO_LIMIT:
        over.append(f"{RATIO_LIMIT} times")
    return f"over the limit: {', '.join(over)}" if over else "within the limits"
