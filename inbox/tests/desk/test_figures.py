"""Each figure against a slow computation in Python over random bookings."""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from statistics import mean, median
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from bookings.models import Block, Booking, BookingLocation, CarAvailability, Payment, StatusChange
from bookings.tests.support.factories import CarFactory, LocationFactory, make_booking
from cars.models import Car
from exodrive.models import EventCount
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.desk.figures.kinds import BY_CODE, FIGURES
from inbox.desk.figures.reading import read

pytestmark = pytest.mark.django_db

STANDS = ("upcoming", "active", "completed")
OVER = ("cancelled", "refunded")
STATUSES = ("pending", *STANDS, *OVER)
ZONES = ("Europe/Paris", "Pacific/Auckland", "America/Bogota", "Europe/Paris")
NUMBER = 80


class World:
    """Random cars, places and bookings of two years, with what hangs on them."""

    def __init__(self, seed: int, zones: tuple[str, ...] = ZONES) -> None:
        self.draw = random.Random(seed)
        self.now = timezone.now()
        self.places = [LocationFactory(time_zone=zone) for zone in zones]
        self.cars = [CarFactory(location=self.draw.choice(self.places), seats=n % 3 + 3) for n in range(5)]
        self.bookings: list[Booking] = []
        self.confirmed: set[Any] = set()
        with as_owner():
            self._fill(make_booking(car=self.cars[0]))

    def _fill(self, like: Booking) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in ("bookings", "booking_locations", "car_availability", "payments"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        self.bookings.append(like)
        for number in range(NUMBER):
            self._add(like, number)
        self._refuse()
        self._take()

    def _add(self, like: Booking, number: int) -> None:
        draw = self.draw
        start = self.now.date() + timedelta(days=draw.randint(-500, 60))
        values = {field.attname: getattr(like, field.attname) for field in Booking._meta.concrete_fields}
        created = datetime(start.year, start.month, start.day, draw.randint(0, 23), tzinfo=UTC)
        values |= {
            "id": None,
            "reference": f"EXO-{number:06}",
            "car_id": draw.choice(self.cars).pk,
            "start_date": start,
            "end_date": start + timedelta(days=draw.randint(0, 20)),
            "status": draw.choice(STATUSES),
            "created_at": min(created, self.now) - timedelta(days=draw.randint(0, 90)),
            "currency": draw.choice(["EUR", "USD"]),
            "total": Decimal(draw.randint(100, 99_999)) / 100,
            "paid": Decimal(draw.choice([0, 0, draw.randint(1, 9_999)])) / 100,
        }
        values["dates_chosen_at"] = draw.choice(
            [None, values["created_at"] - timedelta(seconds=draw.randint(5, 900))]
        )
        del values["id"]
        booking = Booking.objects.create(**values)
        Booking.objects.filter(pk=booking.pk).update(created_at=values["created_at"])
        self.bookings.append(booking)
        self._hang(booking, values["created_at"])

    def _hang(self, booking: Booking, created: datetime) -> None:
        draw = self.draw
        booking.created_at = created
        if draw.random() < 0.5:
            BookingLocation.objects.create(booking=booking, kind="pick_up", location=draw.choice(self.places))
        if booking.status in STANDS or (booking.status in OVER and draw.random() < 0.5):
            self.confirmed.add(booking.pk)
        if booking.pk in self.confirmed:
            StatusChange.objects.create(
                booking=booking, from_status="pending", to_status="upcoming", actor_kind="job", at=created
            )
        for _n in range(draw.randint(0, 2)):
            self._pay(booking, created)

    def _pay(self, booking: Booking, created: datetime) -> None:
        draw = self.draw
        payment = Payment.objects.create(
            booking=booking,
            purpose=draw.choice(["rental", "deposit"]),
            kind="charge",
            provider=draw.choice(["stripe", "manual"]),
            amount=100,
            authorized=100,
            captured=draw.choice([0, 100]),
            currency=booking.currency,
        )
        at = created + timedelta(hours=draw.randint(0, 100))
        Payment.objects.filter(pk=payment.pk).update(created_at=at)

    def _refuse(self) -> None:
        for _n in range(40):
            row = EventCount.objects.create(
                name=self.draw.choice(["booking_refused", "rule_refused", "http"]),
                code=self.draw.choice(["dates_taken", "rules_refused", "min_days"]),
                count=self.draw.randint(1, 9),
            )
            at = self.now - timedelta(hours=self.draw.randint(0, 9000))
            EventCount.objects.filter(pk=row.pk).update(created_at=at)

    def _take(self) -> None:
        CarAvailability.objects.all().delete()
        first = self.now.date() - timedelta(days=300)
        block = Block.objects.create(car=self.cars[0], start_date=first, end_date=first)
        rows = [
            CarAvailability(car=car, date=first + timedelta(days=n), **self._claim(block))
            for car in self.cars[:4]
            for n in self.draw.sample(range(330), 120)
        ]
        CarAvailability.objects.bulk_create(rows)
        Car.objects.filter(pk=self.cars[3].pk).update(status="retired")
        Car.objects.filter(pk=self.cars[4].pk).update(created_at=self.now - timedelta(days=400))

    def _claim(self, block: Block) -> dict[str, Any]:
        status = self.draw.choice(["booked", "booked", "pending", "buffer", "blocked"])
        return {"status": status} | (
            {"block": block} if status == "blocked" else {"booking": self.bookings[0]}
        )

    def place(self, booking: Booking) -> Any:
        """Of its pick-up."""
        found = BookingLocation.objects.filter(booking=booking, kind="pick_up").first()
        return found.location if found else booking.car.location

    def local(self, booking: Booking, at: datetime) -> date:
        """The date at its place."""
        return at.astimezone(self.place(booking).zone).date()


Expected = dict[tuple[Any, ...], dict[str, Any]]
SLOW: dict[str, Callable[[World], Expected]] = {}


def slow(function: Callable[[World], Expected]) -> Callable[[World], Expected]:
    SLOW[function.__name__] = function
    return function


def grouped(pairs: Iterator[tuple[tuple[Any, ...], Any]]) -> dict[tuple[Any, ...], list[Any]]:
    found = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def month(day: date) -> date:
    return day.replace(day=1)


def revenue(world: World, key: Callable[[Booking], tuple[Any, ...]]) -> Expected:
    counted = [b for b in world.bookings if b.status in STANDS or (b.status in OVER and b.paid > 0)]
    groups = grouped(((month(b.start_date), b.currency, *key(b)), b) for b in counted)
    return {
        name: {
            "rentals": sum(b.status in STANDS for b in some),
            "revenue": sum(b.total if b.status in STANDS else b.paid for b in some),
        }
        for name, some in groups.items()
    }


@slow
def revenue_by_car(world: World) -> Expected:
    return revenue(world, lambda b: (b.car_id,))


@slow
def revenue_by_class(world: World) -> Expected:
    return revenue(world, lambda b: (b.car.seats, b.car.gearbox))


@slow
def revenue_by_place(world: World) -> Expected:
    return revenue(world, lambda b: (world.place(b).pk,))


@slow
def utilisation(world: World) -> Expected:
    rows = list(CarAvailability.objects.all())
    taken = {(row.car_id, row.date): row.status for row in rows}
    found: Expected = {}
    ends = {}
    for car in Car.objects.all():
        own = sorted(row.date for row in rows if row.car_id == car.pk)
        since = min([car.created_at.astimezone(car.location.zone).date(), *own])
        last = own[-1] if car.status == "retired" else date.max
        ends[car.pk] = since, last
    day = month(min(since for since, _last in ends.values()))
    end = max(timezone.now().date(), max(row.date for row in rows))
    while month(day) <= end:
        sums = found.setdefault((month(day),), {"rented": 0, "available": 0})
        for pk, (since, last) in ends.items():
            if since <= day <= last and taken.get((pk, day)) != "blocked":
                sums["available"] += 1
                sums["rented"] += taken.get((pk, day)) == "booked"
        day += timedelta(days=1)
    for sums in found.values():
        sums["share"] = sums["rented"] / sums["available"] if sums["available"] else None
    return found


@slow
def length(world: World) -> Expected:
    groups = grouped(((month(b.start_date),), b.days_count) for b in world.bookings if b.status in STANDS)
    return {
        key: {"rentals": len(some), "days": sum(some), "average": mean(some)} for key, some in groups.items()
    }


@slow
def lead_time(world: World) -> Expected:
    confirmed = [b for b in world.bookings if b.pk in world.confirmed]
    made = [(b, world.local(b, b.created_at)) for b in confirmed]
    groups = grouped(((month(day),), (b.start_date - day).days) for b, day in made)
    return {
        key: {"bookings": len(some), "average": mean(some), "median": median(some)}
        for key, some in groups.items()
    }


@slow
def cancellation(world: World) -> Expected:
    found = {}
    for key, some in grouped(((month(b.start_date),), b) for b in world.bookings).items():
        confirmed = [b for b in some if b.pk in world.confirmed]
        cancelled = [b for b in confirmed if b.status in OVER]
        never = [b for b in some if b.status in OVER and b.pk not in world.confirmed]
        share = len(cancelled) / len(confirmed) if confirmed else None
        numbers = {"confirmed": len(confirmed), "cancelled": len(cancelled)}
        found[key] = numbers | {"share": share, "never_confirmed": len(never)}
    return found


@slow
def no_show(world: World) -> Expected:
    due = [b for b in world.bookings if b.status in STANDS and b.start_date <= world.local(b, world.now)]
    groups = grouped(((month(b.start_date),), b) for b in due)
    return {key: {"due": len(some), "no_shows": 0, "share": 0} for key, some in groups.items()}


@slow
def payment_completion(world: World) -> Expected:
    found = []
    for b in world.bookings:
        tries = [p for p in b.payments.all() if p.purpose == "rental" and p.provider != "manual"]
        if tries:
            began = world.local(b, min(p.created_at for p in tries))
            found.append(((month(began),), any(p.captured for p in tries)))
    return {
        key: {"started": len(some), "completed": sum(some), "share": sum(some) / len(some)}
        for key, some in grouped(iter(found)).items()
    }


@slow
def refusals(world: World) -> Expected:
    zone = world.places[0].zone  # most places have it
    refused = EventCount.objects.filter(name="booking_refused").exclude(code="rules_refused")
    counts = refused | EventCount.objects.filter(name="rule_refused")
    groups = grouped(((month(row.created_at.astimezone(zone).date()), row.code), row.count) for row in counts)
    return {key: {"refusals": sum(some)} for key, some in groups.items()}


@slow
def seconds_to_confirm(world: World) -> Expected:
    groups = grouped(
        ((month(world.local(b, b.created_at)),), (b.created_at - b.dates_chosen_at).total_seconds())
        for b in world.bookings
        if b.dates_chosen_at
    )
    return {
        key: {
            "bookings": len(some),
            "average": mean(some),
            "median": median(some),
            "nine_of_ten": nine_of_ten(some),
        }
        for key, some in groups.items()
    }


def nine_of_ten(values: list[float]) -> float:
    """Between the two nearest, as PostgreSQL has it."""
    ordered, at = sorted(values), (len(values) - 1) * 0.9
    low = ordered[int(at)]
    return low + (ordered[min(int(at) + 1, len(ordered) - 1)] - low) * (at - int(at))


def as_floats(values: dict[str, Any]) -> dict[str, float | None]:
    return {name: None if value is None else float(value) for name, value in values.items()}


def test_every_figure_has_a_slow_twin() -> None:
    assert SLOW.keys() == BY_CODE.keys()


@pytest.mark.parametrize(("seed", "zones"), [(3, ZONES), (11, ZONES), (7, ("Pacific/Auckland",) * 2)])
def test_every_figure_is_what_is_counted_by_hand(seed: int, zones: tuple[str, ...]) -> None:
    world = World(seed, zones)
    months = [date(year, number, 1) for year in range(2000, 2100) for number in range(1, 13)]
    for figure in FIGURES:
        with as_owner():
            expected = SLOW[figure.code](world)
        with acting_as(STAFF):
            rows = read(figure, months)
        found = {
            (row.month, *([row.currency] if figure.in_currencies else []), *row.key): row.values
            for row in rows
        }
        assert found.keys() == expected.keys(), figure.code
        for key, values in expected.items():
            assert as_floats(found[key]) == pytest.approx(as_floats(values), abs=1e-6), (figure.code, key)
        assert len(expected) > 5 or figure.code == "no_show"


def read_tables(view: str) -> dict[str, int]:
    """The tables that a figure names, and how often each was read for it."""
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) SELECT * FROM {view}")
        nodes, found = [cursor.fetchone()[0][0]["Plan"]], defaultdict(int)
    for node in nodes:
        nodes += node.get("Plans", [])
        if "Relation Name" in node:
            found[node["Relation Name"]] += node["Actual Loops"]
    return found


@pytest.mark.parametrize("figure", ["lead_time", "seconds_to_confirm", "payment_completion"])
def test_whose_clock_it_is_is_read_only_where_clocks_differ(figure: str) -> None:
    World(3, ("Europe/Paris",) * 2)
    assert read_tables(f"figure_{figure}")["booking_locations"] == 0
    LocationFactory(time_zone="America/Bogota")
    assert read_tables(f"figure_{figure}")["booking_locations"] > 0


def test_whether_a_day_has_come_is_asked_of_the_place_only_where_it_is_today() -> None:
    world = World(3)
    near = [b for b in world.bookings if abs((b.start_date - world.now.date()).days) <= 1]
    assert read_tables("figure_no_show")["booking_locations"] <= len(near)


def test_a_column_that_figures_read_cannot_go_without_them() -> None:
    """What is read out of a whole row as JSON would be silently nothing once the column has another name."""
    reading = "SELECT view_name FROM information_schema.view_column_usage WHERE table_name = 'bookings' AND column_name = %s"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(reading, ["outcome"])
        assert {name for (name,) in cursor.fetchall()} == {"figure_cancellation", "figure_no_show"}
