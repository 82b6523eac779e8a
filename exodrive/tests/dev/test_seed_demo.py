"""The demo fleet: made once, through the verbs, with something of everything in it."""

import logging
from datetime import UTC, datetime, time, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.lifecycle.unproven import cancel_unproven
from bookings.models import (
    Block,
    Booking,
    CarAvailability,
    DepartureSeat,
    Hold,
    StatusChange,
    TourDeparture,
)
from cars.admin.rides.look import look_at
from cars.models import (
    Car,
    CarClass,
    CarImage,
    Location,
    Place,
    RideRate,
    Service,
    ServiceHours,
    Surcharge,
    Tour,
    Zone,
)
from exodrive.dev.demo import rides
from exodrive.dev.demo.fleet import CARS, LOCATIONS
from exodrive.dev.demo.writing import write_fleet
from exodrive.rls import SERVICE, acting_as, as_owner
from inbox.models import InboxEmail, InboxItem

needs_database = pytest.mark.django_db(transaction=True)
DRAWINGS = Path(settings.BASE_DIR) / "static" / "img" / "cars"
WRITTEN = (
    Location,
    Car,
    CarImage,
    Booking,
    Hold,
    Block,
    CarAvailability,
    StatusChange,
    InboxItem,
    InboxEmail,
    CarClass,
    Zone,
    Place,
    Service,
    ServiceHours,
    RideRate,
    Surcharge,
    Tour,
    TourDeparture,
    DepartureSeat,
)


def seed() -> str:
    """Run the command; what it printed."""
    out = StringIO()
    call_command("seed_demo", stdout=out)
    return out.getvalue()


def rows() -> dict[str, list[tuple]]:
    """Every row that the command writes."""
    with as_owner():
        return {kind.__name__: sorted(kind.objects.values_list("pk", "updated_at")) for kind in WRITTEN}


@needs_database
def test_twice_is_the_same_as_once() -> None:
    printed = seed()
    assert printed.startswith("Demo: 2 locations, 12 cars, 36 bookings")
    assert printed.endswith("6 ride services, 6 departures.\n")
    assert printed.count("\n") == 1
    before = rows()
    assert all(before.values())
    assert seed() == "Nothing to do: there are 12 cars already.\n"
    assert rows() == before


@needs_database
def test_something_of_everything_and_one_overdue(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="exodrive"):
        seed()
    assert "booking_created" not in caplog.text
    now = timezone.now()
    with as_owner():
        bookings = list(Booking.objects.select_related("car__location").prefetch_related("places__location"))
        holds = Hold.objects.filter(expires_at__gt=now, booking=None).count()
        queued = InboxEmail.objects.filter(status=InboxEmail.Status.QUEUED).count()
    assert {booking.status for booking in bookings} == set(Booking.Status.values)
    assert [booking.is_overdue(now) for booking in bookings].count(True) == 1
    handed_over = [b.handed_over_at for b in bookings if b.status == Booking.Status.ACTIVE]
    assert 1 <= handed_over.count(None) < len(handed_over)
    done = [booking for booking in bookings if booking.status == Booking.Status.COMPLETED]
    assert all(booking.returned_at and booking.return_odometer_km for booking in done)
    assert {booking.return_damage for booking in done} == {True, False}
    assert {booking.language for booking in bookings} == {"en", "es", "fr", "pt"}
    assert {booking.source for booking in bookings} == set(Booking.Source.values)
    facts = [t for b in bookings for t in (b.created_at, b.handed_over_at, b.returned_at) if t]
    assert max(facts) <= now
    assert (holds, queued) == (1, 0)
    extras = {line["names"]["en"] for b in bookings for line in b.quote["lines"] if line["code"] == "extra"}
    assert extras == {"Child seat", "Snow chains", "Third driver"}


@pytest.mark.django_db
def test_every_ride_has_a_price_in_every_class_and_nothing_contradicts_itself() -> None:
    with as_owner():
        write_fleet()
        services = list(Service.objects.select_related("location"))
        looks = {service.slug: look_at(service) for service in services}
        for row in (*services, *RideRate.objects.all(), *Surcharge.objects.all(), *Tour.objects.all()):
            row.full_clean()  # nothing that a manager could not type
    assert {slug: look.slips for slug, look in looks.items() if look.slips} == {}
    assert sorted(service.kind for service in services) == ["hourly", *["tour"] * 3, *["transfer"] * 2]
    hours = looks["chauffeur-by-the-hour"]
    assert ("Business · 30 min", ["€47.50", "€59.38", "€57"]) in hours.rows
    assert "–" not in {cell for _label, cells in hours.rows for cell in cells}
    assert all(look.prices for look in looks.values())


@pytest.mark.parametrize("language", ["es", "fr", "pt"])
def test_rides_are_told_in_every_language(language: str) -> None:
    told = [text for service in rides.SERVICES for text in (service.name, service.about)]
    assert all(getattr(text, language) not in ("", text.en) for text in told)
    short = [
        *rides.ZONES.values(),
        *(p.name for p in rides.PLACES.values()),
        *(s.name for s in rides.SERVICES),
    ]
    short += [name for service in rides.SERVICES for name, _facts in service.surcharges]
    assert max(len(getattr(name, language)) for name in short) <= 60


@needs_database
@pytest.mark.parametrize(
    "clock",
    [
        time(0, 5),  # nothing is open yet
        time(23, 30),  # already tomorrow in Lyon, still today in Funchal
    ],
)
def test_it_works_at_any_time_of_the_day(clock: time, monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime.combine(timezone.now().date(), clock, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert "1 overdue" in seed()


def test_twelve_cars_at_two_places_in_two_time_zones() -> None:
    assert len({car.slug for car in CARS}) == len({car.plate for car in CARS}) == 12
    assert {car.location for car in CARS} == set(LOCATIONS)
    assert len({place.time_zone for place in LOCATIONS}) == 2


def test_every_drawing_exists_is_small_and_runs_nothing() -> None:
    used = {art for car in CARS for art, _ in car.pictures}
    assert all(len(car.pictures) >= 2 for car in CARS)
    assert used == {path.stem for path in DRAWINGS.glob("*.svg")}
    for path in DRAWINGS.glob("*.svg"):
        text = path.read_text()
        assert len(text.encode()) < 12_000, path.name
        assert not any(word in text for word in ("<script", 'href="http', "style=", " on")), path.name


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt"])
def test_texts_in_every_language(language: str) -> None:
    suffix = "" if language == "en" else f"_{language}"
    descriptions = {str(car.fields[f"description{suffix}"]) for car in CARS}
    alts = {getattr(alt, language) for car in CARS for _, alt in car.pictures}
    assert len(descriptions) == len(CARS)
    assert len(alts) == sum(len(car.pictures) for car in CARS)
    assert all("{" not in text and text.strip() == text for text in descriptions | alts)
    if language != "en":
        assert not alts & {alt.en for car in CARS for _, alt in car.pictures}


@needs_database
def test_its_pending_bookings_wait_for_staff_and_not_for_a_mail_that_nobody_reads():
    seed()
    with as_owner():
        pending = Booking.objects.filter(status="pending").count()
    assert pending
    with acting_as(SERVICE, actor="job"):
        assert cancel_unproven(timezone.now() + timedelta(days=1)) == 0


@pytest.mark.django_db
def test_production_gets_no_invented_cars(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="This is production"):
        call_command("seed_demo")
    with as_owner():
        assert not Car.objects.exists()
