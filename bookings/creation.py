"""Making a booking: from days or a hold to a `pending` booking that staff know about, in one transaction."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from bookings import idempotency as idem
from bookings.analytics import log_created, refusals_logged
from bookings.availability import claim, lock_cars, refuse_unless_allowed, take_over
from bookings.days import Days
from bookings.errors import InProgress, Invalid
from bookings.idempotency import Idempotency
from bookings.links import linked_token
from bookings.models import Booking, BookingLocation, BookingToken, Hold
from bookings.references import new_reference
from bookings.signals import booking_created
from bookings.tokens import hash_of, new_nonce, token_of
from cars.models import Car, Location
from cars.pricing import quote_rental
from exodrive import locks
from exodrive.rls import PUBLIC, acting_as, because
from exodrive.transactions import try_again


@dataclass(frozen=True, slots=True)
class Person:
    """The customer as typed."""

    full_name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Places:
    """Where and when the car changes hands; what is None is the car's location and its opening hours."""

    pick_up: Location | None = None
    drop_off: Location | None = None
    pickup_time: time | None = None
    return_time: time | None = None


@refusals_logged()
@try_again(on_constraint="one_booking_per_reference")
def create_booking(
    *,
    car: Car,
    days: Days,
    who: Person,
    at: datetime,
    language: str,
    source: str = "web",
    special_requests: str = "",
    places: Places | None = None,
    hold: Hold | None = None,
    idempotency: Idempotency | None = None,
    override: str = "",
) -> Booking:
    """Make a pending booking; `booking.secret` is its link's token, `booking.replayed` whether it existed already.

    With a `hold` (identity: its token) the hold's days become the booking's without a gap. `override` is a member of
    staff's reason for breaking rules, never taken days. Raises DatesTaken, RulesRefused, HoldExpired, InProgress,
    IdempotencyKeyReused, Invalid, Unavailable. Locks: Redis, idempotency key, car.
    """
    if hold and (hold.car_id, hold.days) != (car.pk, days):
        raise Invalid(_("The hold is for another car or other days."))
    try:
        with locks.car_lock(car.pk, days), transaction.atomic(durable=True), because(override):
            if idempotency and (earlier := idem.begin(idempotency)):
                return earlier
            lock_cars(car.pk)
            if hold and (earlier := _booked_from(hold)):
                return earlier
            if not override:
                # A held pick-up was allowed when it was held; the clock does not take it back while one types.
                refuse_unless_allowed(
                    car, days, at=min(at, hold.created_at) if hold else at, mine=hold and hold.pk
                )
            booking = _write(car, days, who, at, language, source, special_requests, places or Places(), hold)
            _take_days(booking, hold, at)
            booking_created.send(Booking, booking=booking)
            log_created(booking)
            if idempotency:
                idem.finish(idempotency, booking)
            return booking
    except locks.Held:
        raise InProgress from None


def _booked_from(hold: Hold) -> Booking | None:
    """The booking that this hold has become already: back button and double click are harmless."""
    if Hold.objects.filter(pk=hold.pk, booking__isnull=False).exists() and (token := linked_token()):
        with acting_as(PUBLIC, token=token):
            booking = (
                Booking.objects.select_related("car__location").prefetch_related("places__location").get()
            )
        booking.secret, booking.replayed = token, True
        return booking
    return None


def _write(
    car: Car,
    days: Days,
    who: Person,
    at: datetime,
    language: str,
    source: str,
    special_requests: str,
    places: Places,
    hold: Hold | None,
) -> Booking:
    pick_up = places.pick_up or car.location
    drop_off = places.drop_off or pick_up
    quote = quote_rental(car, days)
    pickup_time = places.pickup_time or pick_up.opens_on(days.start)
    free_until = pick_up.instant(days.start, pickup_time) - timedelta(hours=settings.FREE_CANCELLATION_HOURS)
    booking = Booking(
        reference=new_reference(),
        car=car,
        customer_id=_customer(who),
        start_date=days.start,
        end_date=days.end,
        pickup_time=pickup_time,
        return_time=places.return_time or drop_off.closes_on(days.end),
        buffer_days=hold.buffer_days if hold else car.buffer,
        status_changed_at=at,
        quote=quote.as_json(),
        terms={"free_until": free_until.isoformat(), "hours": settings.FREE_CANCELLATION_HOURS},
        total=quote.total,
        deposit=quote.deposit,
        currency=quote.currency,
        full_name=who.full_name,
        email=who.email,
        phone=who.phone,
        special_requests=special_requests,
        language=language,
        source=source,
        dates_chosen_at=hold.dates_chosen_at if hold else None,
        created_at=at,
    )
    booking.save(force_insert=True)
    nonce = new_nonce()
    booking.secret = token_of(nonce)
    expires = drop_off.instant(days.end, booking.return_time) + timedelta(
        days=settings.TOKEN_DAYS_AFTER_RETURN
    )
    BookingToken.objects.create(
        booking=booking, nonce=nonce, token_hash=hash_of(booking.secret), expires_at=expires
    )
    kinds = ((BookingLocation.Kind.PICK_UP, pick_up), (BookingLocation.Kind.DROP_OFF, drop_off))
    BookingLocation.objects.bulk_create(
        BookingLocation(booking=booking, kind=kind, location=place) for kind, place in kinds
    )
    booking.__dict__["_places"] = dict(kinds)
    return booking


def _customer(who: Person) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT upsert_customer(%s, %s, %s)", [who.email, who.full_name, who.phone])
        return cursor.fetchone()[0]


def _take_days(booking: Booking, hold: Hold | None, at: datetime) -> None:
    if hold is None:
        claim(booking.car, booking.days, at=at, buffer=booking.buffer_days, booking=booking)
        return
    take_over(hold, booking)
    hold.booking = booking
    hold.save(update_fields=["booking"])
