"""Making a booking: from days or a hold to a `pending` booking that staff know about, in one transaction."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bookings.availability.as_of import AsOf
from bookings.availability.car_now import car_in, lock_and_look
from bookings.availability.changing_hands import take_over_later
from bookings.availability.extras import lock_extras
from bookings.availability.holds import PRICED, refuse_too_much_unproven
from bookings.availability.ledger import claim_later, refuse_unless_allowed
from bookings.availability.locations import refuse_elsewhere, refuse_return_before_pick_up, refuse_too_young
from bookings.availability.times import Handover, is_now, refuse_impossible
from bookings.errors import InProgress, Invalid
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
from bookings.lifecycle.pricing.quote_request import quote_of
from bookings.lifecycle.references import new_reference
from bookings.lifecycle.request import BookingRequest
from bookings.lifecycle.transitions import confirm_new
from bookings.lifecycle.validation import refuse_unusable
from bookings.links.proof import ask_for_proof
from bookings.models import Booking, Hold
from bookings.signals import booking_created
from cars.catalogue import Catalogue, in_force
from cars.pricing.daily import Quote
from exodrive.cache import locks
from exodrive.db.retry import retry_on_deadlock
from exodrive.db.together import insert, together
from exodrive.rls import PUBLIC, current, with_reason


@refusals_logged()
@retry_on_deadlock(on_constraints=("one_booking_per_reference", PRICED))
def create_booking(
    request: BookingRequest, *, at: datetime, idempotency: Idempotency | None = None
) -> Booking:
    """Make a pending booking; `booking.secret` is its link's token, `booking.replayed` whether it existed already.

    With a hold (identity: its token) the hold's days become the booking's without a gap. An override breaks rules, never
    taken days. Raises DatesTaken, RulesRefused, PriceChanged, HoldExpired, InProgress,
    IdempotencyKeyReused, Invalid (an extra that is not left, too), TooManyRequests and ProofRequired (visitors that nobody
    knows), Forbidden (the desk's override), DoNotRent (staff, without one), Unavailable. Locks: Redis, idempotency key,
    car, extras.
    """
    car, days, hold = request.car, request.days, request.hold
    # A held pick-up was allowed when it was held; the clock does not take it back while one types.
    as_of = AsOf.by_asker(min(at, hold.created_at) if hold else at, hold)
    refuse_unusable(request)
    refuse_what_only_staff_may(request)
    if hold and (hold.is_ride or (hold.car_id, hold.days) != (car.pk, days)):
        raise Invalid(_("The hold is for another car or other days."))
    try:
        with locks.car_lock(car.pk, days), transaction.atomic(durable=True), with_reason(request.override):
            if idempotency and (earlier := idem.begin(idempotency)):
                return earlier
            now = lock_and_look(car)
            if hold and (earlier := booked_from(hold)):
                return earlier
            with in_force(now):
                return _made(_as_of_now(request, now, as_of), as_of, at, idempotency)
    except locks.Held:
        raise InProgress from None


def _as_of_now(request: BookingRequest, now: Catalogue, as_of: AsOf) -> BookingRequest:
    """The request with car, places and extras as they are now, and the pick-up time that nobody named."""
    car = car_in(now, request.car, request.days)
    return request.under(now, car).timed(as_of.at, at_counter=as_of.at_counter)


def _made(request: BookingRequest, as_of: AsOf, at: datetime, idempotency: Idempotency | None) -> Booking:
    """The booking, written with all that belongs to it, and told to everybody."""
    car, days, hold = request.car, request.days, request.hold
    _refuse_unfit(request, as_of)
    if request.visitor and hold is None and current().role == PUBLIC:
        refuse_too_much_unproven(car, days)
    lock_extras(extras=request.details.counted, days=days)
    booking = made_at_once(_draft(request, at, _price(request)), request)
    booking.customer_id = customer_of(booking)
    with together():
        _write(booking, request)
        refuse_unless_taken = _take_days(booking, hold, over_buffers=bool(request.override))
        take_extras(booking, request.details.counted)
        booking_created.send(Booking, booking=booking)
        if idempotency:
            idem.finish(idempotency, booking)
        # Last: bookings of one network queue from here to the commit.
        due = ask_for_proof(booking, visitor=request.visitor, network=request.network)
    refuse_unless_taken()
    booking.prove_by = due()
    log_created(booking)
    if request.confirmed:
        confirm_new(booking, at)
    return booking


def _refuse_unfit(request: BookingRequest, as_of: AsOf) -> None:
    """Places the car and the return the pick-up; without an override also the days the rules, and both times the clock.

    The rules first: a day on which no time is left is refused as such, and not for the time that nobody named.
    """
    car, days, details = request.car, request.days, request.details
    refuse_elsewhere(car, pick_up=request.pick_up, drop_off=request.drop_off)
    if not request.override:
        refuse_too_young(car, details.driver_age)
        refuse_unless_allowed(car, days, as_of=as_of, pick_up=details.pick_up, drop_off=details.drop_off)
        refuse_impossible(*_judged(request, as_of), at=as_of.at)
    refuse_return_before_pick_up(*(one.place.instant(one.day, one.clock) for one in request.handovers))


def _judged(request: BookingRequest, as_of: AsOf) -> list[Handover]:
    """The hand-overs that opening hours and the clock bind: not the one that staff make this minute."""
    return [one for one in request.handovers if not (as_of.at_counter and is_now(one, as_of.at))]


def _price(request: BookingRequest) -> Quote:
    """What it costs, which is what was agreed to. Raises PriceChanged."""
    price = quote_of(request)
    refuse_other_price(price, request.agreed, request.hold)
    return price


def _draft(request: BookingRequest, at: datetime, price: Quote) -> Booking:
    """The booking, priced and with its terms frozen, not yet written."""
    car, days, hold, who = request.car, request.days, request.hold, request.who
    columns = request.columns
    pickup_at = request.pick_up.instant(days.start, columns["pickup_time"])
    return Booking(
        reference=new_reference(),
        car=car,
        start_date=days.start,
        end_date=days.end,
        buffer_days=hold.buffer_days if hold else car.buffer,
        status_changed_at=at,
        terms=cancellation_terms(pickup_at, settings.FREE_CANCELLATION_HOURS, settings.CANCELLATION_TIERS),
        full_name=who.full_name,
        email=who.email,
        mailbox=who.mailbox,
        language=request.language or get_language() or "en",
        source=request.source,
        **to_pay(request, at),
        dates_chosen_at=hold.dates_chosen_at if hold else None,
        created_at=at,
        **columns,
        **frozen(price),
    )


def _write(booking: Booking, request: BookingRequest) -> None:
    """The booking with its link and places."""
    insert(booking)
    put_places(booking, request.pick_up, request.drop_off)
    give_link(booking)


def _take_days(booking: Booking, hold: Hold | None, *, over_buffers: bool) -> Callable[[], None]:
    """Send it; what is returned raises DatesTaken or HoldExpired."""
    if hold is None:
        return claim_later(booking, over_buffers=over_buffers)
    refuse_unless_live = take_over_later(hold, booking)
    hold.booking = booking
    Hold.objects.filter(pk=hold.pk).update(booking=booking)
    return refuse_unless_live
