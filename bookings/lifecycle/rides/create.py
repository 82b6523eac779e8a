"""Booking a ride: from a wish or a hold to a `pending` booking that staff know about, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.availability.departures.seats import lock_departure, take_seats, take_seats_over
from bookings.availability.extras import lock_extras
from bookings.availability.holds import PRICED, refuse_too_much_unproven
from bookings.availability.hours.spans import claim_spans, take_spans_over
from bookings.availability.ledger import lock_cars
from bookings.availability.rides.cars import assign
from bookings.availability.rides.chosen import columns_of
from bookings.availability.rides.holds import allowed_price, as_offered, price_at_all
from bookings.availability.rides.offer import Offer
from bookings.errors import HoldExpired, InProgress, Invalid
from bookings.events import log_created, refusals_logged
from bookings.lifecycle import idempotency as idem
from bookings.lifecycle.counter import refuse_what_only_staff_may
from bookings.lifecycle.idempotency import Idempotency
from bookings.lifecycle.made import (
    booked_from,
    cancellation_terms,
    customer_of,
    frozen,
    give_link,
    made_at_once,
    put_places,
    take_extras,
    to_pay,
)
from bookings.lifecycle.pricing.agreed import refuse_other_price
from bookings.lifecycle.references import new_reference
from bookings.lifecycle.rides.price import price_of
from bookings.lifecycle.rides.request import RideRequest
from bookings.lifecycle.rides.validation import refuse_unusable_ride
from bookings.lifecycle.transitions import confirm_new
from bookings.links.proof import ask_for_proof
from bookings.models import Booking, Hold, Ride
from bookings.signals import booking_created
from cars.models import Car
from cars.pricing.quote import Quote
from exodrive.cache import locks
from exodrive.db.retry import retry_on_deadlock
from exodrive.db.together import insert
from exodrive.rls import PUBLIC, current, with_reason


@refusals_logged()
@retry_on_deadlock(on_constraints=("one_booking_per_reference", PRICED))
def book_ride(request: RideRequest, *, at: datetime, idempotency: Idempotency | None = None) -> Booking:
    """Make a pending booking of a ride; `booking.secret` is its link's token, `booking.replayed` whether it existed already.

    With a hold (identity: its token) the hold's hours or seats become the booking's without a gap; else a car of the class
    is chosen here, or seats in the departure's. An override breaks rules, never taken hours. Raises DatesTaken,
    RulesRefused, PriceChanged, HoldExpired, InProgress, IdempotencyKeyReused, Invalid, TooManyRequests and ProofRequired
    (visitors that nobody knows), Forbidden (the desk's override), DoNotRent (staff, without one), Unavailable. Locks: Redis,
    idempotency key, car, extras, departure.
    """
    refuse_unusable_ride(request)
    refuse_what_only_staff_may(request)
    with _alone(request.hold), transaction.atomic(durable=True), with_reason(request.override):
        if idempotency and (earlier := idem.begin(idempotency)):
            return earlier
        hold = request.hold
        if hold:
            lock_cars(hold.car_id)
            if earlier := booked_from(hold):
                return earlier
        request = request.of(as_offered(request.wish))
        booking = _held(request, hold, at) if hold else _assigned(request, at)
        booking.prove_by = _told(booking, request, at, idempotency)
    return booking


@contextmanager
def _alone(hold: Hold | None) -> Iterator[None]:
    """A double click on one hold is refused early. Nothing rests on it: the ledger decides."""
    if hold is None:
        yield
        return
    try:
        with locks.car_lock(hold.car_id, hold.pk):
            yield
    except locks.Held:
        raise InProgress from None


def _held(request: RideRequest, hold: Hold, at: datetime) -> Booking:
    """What was allowed when it was held stays so; the clock does not take it back while one types."""
    wish = request.wish
    wanted = (wish.service.pk, wish.car_class.pk, wish.hours, wish.departure and wish.departure.pk)
    if (hold.service_id, hold.car_class_id, hold.hours, hold.departure_id) != wanted:
        raise Invalid(_("The hold is for another ride."))
    if not Hold.objects.filter(pk=hold.pk, booking=None).exists():
        raise HoldExpired
    price = price_of(request, at)
    refuse_other_price(price, request.agreed, hold)
    booking = _write(request, hold.car, price, at)
    (take_seats_over if wish.departure else take_spans_over)(hold, booking)
    hold.booking = booking
    Hold.objects.filter(pk=hold.pk).update(booking=booking)
    return booking


def _assigned(request: RideRequest, at: datetime) -> Booking:
    offer = Offer.of(request.wish.service)
    if request.override:
        price = price_at_all(offer, request.wish, request.priced_by)
    else:
        price = allowed_price(offer, request.wish, request.priced_by, at)
    refuse_other_price(price, request.agreed)
    if departure := request.wish.departure:
        booking = _write(request, departure.car, price, at)
        take_seats(booking, departure, request.wish.seats)
        return booking

    def take(car: Car) -> Booking:
        if request.visitor and current().role == PUBLIC:
            refuse_too_much_unproven(car, request.wish.hours.days(car.location.zone))
        booking = _write(request, car, price, at)
        claim_spans(booking)
        return booking

    return assign(request.wish, at, take, only=request.car)


def _write(request: RideRequest, car: Car, price: Quote, at: datetime) -> Booking:
    """The booking with its ride, link and places; what it takes in the ledger comes after it. The car is locked."""
    booking = made_at_once(_draft(request, car, price, at), request)
    lock_extras(extras=request.details.counted, days=booking.days)
    if request.wish.departure:
        lock_departure(request.wish.departure.pk)
    booking.customer_id = customer_of(booking)
    insert(booking)
    ride = Ride(
        booking=booking, given_car=request.car is not None, **columns_of(request.wish, request.options)
    )
    for name, said in request.details.of_ride.items():
        setattr(ride, name, said)
    insert(ride)
    put_places(booking, request.wish.service.location, request.wish.service.location)
    give_link(booking)
    return booking


def _told(
    booking: Booking, request: RideRequest, at: datetime, idempotency: Idempotency | None
) -> datetime | None:
    """Everybody who has to know, and until when its mailbox must be proven."""
    take_extras(booking, request.details.counted)
    booking_created.send(Booking, booking=booking)
    if idempotency:
        idem.finish(idempotency, booking)
    # Last: bookings of one network queue from here to the commit.
    due = ask_for_proof(booking, visitor=request.visitor, network=request.network)()
    log_created(booking)
    if request.confirmed:
        confirm_new(booking, at)
    return due


def _draft(request: RideRequest, car: Car, price: Quote, at: datetime) -> Booking:
    """The booking, priced and with its terms frozen, not yet written. Days and times are local to the service's place."""
    wish, hold, who = request.wish, request.hold, request.who
    zone = wish.service.location.zone
    begins, ends = (instant.astimezone(zone) for instant in (wish.hours.starts_at, wish.hours.ends_at))
    return Booking(
        kind=wish.service.kind,
        reference=new_reference(),
        car=car,
        start_date=begins.date(),
        end_date=ends.date(),
        pickup_time=begins.time(),
        return_time=ends.time(),
        status_changed_at=at,
        terms=terms_of_ride(wish.service, wish.hours.starts_at),
        full_name=who.full_name,
        email=who.email,
        mailbox=who.mailbox,
        language=request.language or get_language() or "en",
        source=request.source,
        **to_pay(request, at),
        dates_chosen_at=hold.dates_chosen_at if hold else None,
        created_at=at,
        **request.columns,
        **frozen(price),
    )


def terms_of_ride(service: Any, starts_at: datetime) -> dict[str, Any]:
    """As frozen on a booking: until when cancelling is free, and until when the customer can do it at all."""
    until = starts_at - timedelta(minutes=service.cancel_until_minutes)
    return cancellation_terms(starts_at, service.free_cancel_hours) | {"cancel_until": until.isoformat()}
