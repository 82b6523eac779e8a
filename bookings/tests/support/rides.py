"""Hours on cars: held by visitors, as staff would write a ride, and as a garage has a car."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from bookings.availability.hours.spans import claim_spans
from bookings.availability.ledger import lock_cars
from bookings.hours import Hours
from bookings.models import Block, Booking, CarAvailability, Hold, Ride, VehicleAssignment
from bookings.tests.support.factories import CarFactory, make_booking
from bookings.tokens import hash_of, new_nonce, token_of
from cars.models import Car, Service
from cars.pricing.tariff import quote
from cars.tests.support.rides import make_class, make_service
from exodrive.rls import PUBLIC, STAFF, acting_as, as_owner
from exodrive.tests.support.days import PARIS


def hours_on(
    day: date,
    begins: str = "10:00",
    minutes: int = 60,
    *,
    gaps: tuple[int, int] = (0, 0),
    zone: ZoneInfo = PARIS,
) -> Hours:
    """So many minutes from a local clock time, with gaps before and after."""
    start = datetime.combine(day, time.fromisoformat(begins), tzinfo=zone)
    start = start.astimezone(ZoneInfo("UTC"))
    return Hours(start, start + timedelta(minutes=minutes), *gaps)


def hold_hours(car: Car, hours: Hours, *, lapses: timedelta = timedelta(minutes=15)) -> Hold:
    """A visitor's hold. Raises DatesTaken."""
    nonce, now = new_nonce(), timezone.now()
    days = hours.days(car.location.zone)
    with acting_as(PUBLIC), transaction.atomic():
        lock_cars(car.pk)
        hold = Hold(
            car=car,
            start_date=days.start,
            end_date=days.end,
            expires_at=now + lapses,
            dates_chosen_at=now,
            since=now,
            nonce=nonce,
            token_hash=hash_of(token_of(nonce)),
            quote=quote(car, days).as_json(),
        )
        hold.hours = hours
        hold.save(force_insert=True)
        claim_spans(hold)
    return hold


def let_lapse(hold: Hold) -> None:
    """As if its time had run out a second ago."""
    past = timezone.now() - timedelta(seconds=1)
    with as_owner():
        Hold.objects.filter(pk=hold.pk).update(expires_at=past)
        VehicleAssignment.objects.filter(hold=hold).update(expires_at=past)


def make_ride(car: Car, hours: Hours) -> Booking:
    """A booking that has the car for these hours. Raises DatesTaken."""
    booking = make_booking(car=CarFactory())
    days = hours.days(car.location.zone)
    with as_owner(), transaction.atomic():
        lock_cars(car.pk)
        booking.ledger.all().delete()
        of_ride = {"car": car, "start_date": days.start, "end_date": days.end, "buffer_days": 0}
        Booking.objects.filter(pk=booking.pk).update(kind="hourly", **of_ride)
        Ride.objects.create(booking=booking, **bare(car), **times(hours))
        ride = Booking.objects.select_related("ride", "car__location").get(pk=booking.pk)
        claim_spans(ride)
    ride.secret = booking.secret
    return ride


def bare(car: Car) -> dict[str, Any]:
    """What a ride must be for, made for nothing else: a service at the car's place, and a class."""
    with as_owner():
        service = Service.objects.filter(location=car.location_id, kind="hourly").first() or make_service(
            kind="hourly", location=car.location
        )
        return {"service": service, "car_class": car.car_class or make_class()}


def block_hours(car: Car, hours: Hours) -> Block:
    """A block by staff. Raises DatesTaken."""
    days = hours.days(car.location.zone)
    with acting_as(STAFF), transaction.atomic():
        lock_cars(car.pk)
        block = Block(car=car, start_date=days.start, end_date=days.end)
        block.hours = hours
        block.save()
        claim_spans(block)
    return block


def times(hours: Hours) -> dict[str, Any]:
    """As the columns of a row."""
    return {
        "starts_at": hours.starts_at,
        "ends_at": hours.ends_at,
        "before_minutes": hours.before_minutes,
        "after_minutes": hours.after_minutes,
    }


def days_in_ledger(car: Car) -> dict[date, str]:
    """The car's taken days and what each is."""
    with as_owner():
        return dict(CarAvailability.objects.filter(car=car).values_list("date", "status"))


def overlapping_spans() -> int:
    """Pairs of spans that have one car at one time, gaps included."""
    with as_owner():
        spans = list(VehicleAssignment.objects.order_by("car", "starts_at"))
    kept = [(s.car_id, *Hours(s.starts_at, s.ends_at, s.before_minutes, s.after_minutes).kept) for s in spans]
    return sum(
        1
        for n, (car, since, until) in enumerate(kept)
        for other, begins, ends in kept[n + 1 :]
        if car == other and since < ends and begins < until
    )
