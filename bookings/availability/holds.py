"""Holds: days kept for somebody who fills in their details. They block like bookings and lapse by themselves."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from bookings.availability.as_of import AsOf
from bookings.availability.cache import invalidate
from bookings.availability.car_now import car_in, lock_and_look
from bookings.availability.changing_hands import release
from bookings.availability.departures.seats import keep_seats, release_seats
from bookings.availability.hours.spans import keep_spans, release_spans
from bookings.availability.ledger import claim, lock_cars, refuse_unless_allowed
from bookings.days import Days
from bookings.errors import HoldExpired, NotFound, ProofRequired, TooManyRequests
from bookings.events import refusals_logged
from bookings.models import CarAvailability, DepartureSeat, Hold, VehicleAssignment
from bookings.tokens import hash_of, new_nonce, token_of
from cars.catalogue import in_force
from cars.models import Car
from cars.pricing.tariff import quote
from exodrive.db.retry import retry_on_deadlock
from exodrive.db.together import asked
from exodrive.i18n.formats import clock


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks for a hold: `visitor` and `network` are keyed hashes, `chosen_at` the instant since which they have wanted
    these days, `code` what `confirm_code` gave them for proving their mailbox.
    """

    source: str = "web"
    visitor: str = ""
    network: str = ""
    chosen_at: datetime | None = None
    code: UUID | None = None


ANYBODY = Visitor()
PRICED = "booking_is_priced"  # a rate rose between reading and writing
PAUSE = f"{settings.HOLD_PAUSE.total_seconds():.0f} seconds"


@refusals_logged()
@retry_on_deadlock(on_constraints=(PRICED,))
def place_hold(
    *,
    car: Car,
    days: Days,
    at: datetime,
    replaces: Hold | None = None,
    by: Visitor = ANYBODY,
) -> Hold:
    """Keep the days and their price for settings.HOLD_FOR from `at`. `replaces` is given back in the same transaction.

    One visitor holds settings.HOLDS_PER_VISITOR cars at most, a network settings.HOLDS_PER_NETWORK. Raises
    TooManyRequests, ProofRequired, RulesRefused, DatesTaken or Unavailable; then the old hold stays. Locks: car, visitor.
    """
    with (
        transaction.atomic(durable=True),
        in_force(lock_and_look(car, *([replaces.car_id] if replaces else []))) as now,
    ):
        car = car_in(now, car, days)
        refuse_unless_allowed(car, days, as_of=AsOf(at, replaces))
        hold = _draft(car, days, at, by)
        hold.since = turn_of(hold, at)
        if replaces:
            drop(replaces)
        count_against(by)
        if by.visitor and not by.code:
            refuse_too_much_unproven(car, days, replaces=replaces)
        hold.save(force_insert=True)
        claim(hold)
    return hold


def _draft(car: Car, days: Days, at: datetime, by: Visitor) -> Hold:
    """The hold, priced, not yet written."""
    nonce = new_nonce()
    return Hold(
        car=car,
        start_date=days.start,
        end_date=days.end,
        buffer_days=car.buffer,
        expires_at=at + settings.HOLD_FOR,
        dates_chosen_at=by.chosen_at or at,
        source=by.source,
        visitor=by.visitor,
        network=by.network,
        code_id=by.code,
        quote=quote(car, days).as_json(),
        nonce=nonce,
        token_hash=hash_of(token_of(nonce)),
        created_at=at,
    )


@retry_on_deadlock()
def extend_hold(*, hold: Hold, at: datetime) -> Hold:
    """Keep the days for another settings.HOLD_FOR from `at`, once. Raises HoldExpired when lapsed or extended before."""
    until = at + settings.HOLD_FOR
    with transaction.atomic(durable=True):
        lock_cars(hold.car_id)
        # The clock of now, after any wait for the lock: a hold that has lapsed meanwhile may be somebody else's already.
        live = Hold.objects.filter(pk=hold.pk, booking=None, extended_at=None, expires_at__gt=Now())
        if not live.update(expires_at=until, extended_at=at):
            raise HoldExpired
        _keep(hold, until)
    hold.expires_at, hold.extended_at = until, at
    return hold


def _keep(hold: Hold, until: datetime) -> None:
    if hold.departure_id:
        keep_seats(hold, until)
        return
    if hold.hours:
        keep_spans(hold, until)
        return
    days = hold.ledger.filter(expires_at__gt=Now()).update(expires_at=until)
    if days != len(hold.days) + hold.buffer_days:
        raise HoldExpired
    invalidate(hold.car_id)


@retry_on_deadlock()
def release_hold(*, hold: Hold) -> None:
    """Give the days back. Raises NotFound for a hold that became a booking."""
    with transaction.atomic(durable=True):
        lock_cars(hold.car_id)
        if not drop(hold):
            raise NotFound


def turn_of(hold: Hold, at: datetime) -> datetime:
    """Since when its visitor has kept these days. Raises TooManyRequests when it is somebody else's turn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT since, until FROM hold_turn(%s, %s, %s, %s, %s)",
            [hold.visitor, hold.car_id, hold.start_date, hold.end_date, PAUSE],
        )
        since, until = cursor.fetchone()
    if since is None:
        return at
    if at - since >= 2 * settings.HOLD_FOR:
        when = clock((min(until, at) + settings.HOLD_PAUSE).astimezone(hold.car.location.zone))
        raise TooManyRequests(
            _("You have kept these days for a while: others get a chance until %(when)s.") % {"when": when}
        )
    return since


def count_against(by: Visitor) -> None:
    """Raise TooManyRequests where a visitor, or all of a network, hold as many cars as they may."""
    if not by.visitor:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT of_visitor, of_network FROM holds_of(%s, %s)", [by.visitor, by.network])
        own, near = cursor.fetchone()
    if own >= settings.HOLDS_PER_VISITOR:
        raise TooManyRequests(
            _("You hold as many cars as you can. Book one of them, or wait until a hold ends.")
        )
    if near >= settings.HOLDS_PER_NETWORK > 0:
        raise TooManyRequests(
            _("Too many cars are being held from your network. Wait until a hold ends, or call us.")
        )


def refuse_too_much_unproven(car: Car, days: Days, *, replaces: Hold | None = None) -> None:
    """Raise ProofRequired where settings.UNPROVEN_SHARE of the cars of a place are kept for people nobody knows."""
    given_back = replaces.pk if replaces else None
    values = [car.pk, days.start, days.end, settings.UNPROVEN_SHARE, given_back]
    if asked("SELECT too_much_unproven(%s, %s, %s, %s, %s)", values)[0][0]:
        raise ProofRequired


def drop(hold: Hold) -> bool:
    """End an unconverted hold: its days, hours or seats go, its row stays for `hold_turn` until `drop_expired`."""
    if hold.departure_id:
        release_seats(hold, hold.departure_id)
    else:
        (release_spans if hold.hours else release)(hold)
    return bool(Hold.objects.filter(pk=hold.pk, booking=None, expires_at__gt=Now()).update(expires_at=Now()))


@retry_on_deadlock()
def drop_expired(at: datetime) -> int:
    """Delete holds that lapsed settings.HOLD_PAUSE before `at`, and converted ones after 30 days; how many. Safe to run
    twice and at once.

    Correctness never waits for this: a lapsed hold's days count as free the moment it lapses.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM holds WHERE (booking_id IS NULL AND expires_at <= %s - %s::interval)"
            " OR (booking_id IS NOT NULL AND expires_at <= %s - interval '30 days')"
            " ORDER BY id LIMIT 1000 FOR UPDATE SKIP LOCKED",
            [at, PAUSE, at],
        )
        lapsed = [row[0] for row in cursor.fetchall()]
        DepartureSeat.objects.filter(hold__in=lapsed).update(hold=None, expires_at=None)
        VehicleAssignment.objects.filter(hold__in=lapsed).delete()
        CarAvailability.objects.filter(hold__in=lapsed).delete()
        return Hold.objects.filter(pk__in=lapsed)._raw_delete("default") or 0
