"""The keys of a car: who has them, and what giving them or taking that back does to a locked booking."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.cache import invalidate
from bookings.availability.changing_hands import give_early_back
from bookings.availability.extras import extras_follow
from bookings.availability.ledger import take_days
from bookings.days import ONE_DAY, Days
from bookings.errors import CarIsOut, DatesTaken, Invalid, InvalidTransition, TooEarly
from bookings.lifecycle.checklist import CallOff, HandOver
from bookings.lifecycle.keys.undo import refuse_late_undo
from bookings.lifecycle.managers import refuse_desk
from bookings.models import PLACES, Booking
from exodrive.i18n import formats

FACTS = (
    *("handed_over_at", "out_from", "pickup_odometer_km", "pickup_fuel_eighths"),
    *("licence_seen", "deposit_taken", "pickup_note"),
)


def who_has(car_id: int, *, but: Booking | None = None) -> Booking | None:
    """The booking whose customer has the car, whatever became of it since; `one_customer_has_the_car` lets there be one."""
    out = Booking.objects.filter(car=car_id, handed_over_at__isnull=False, returned_at=None)
    others = out.exclude(pk=but.pk) if but else out
    return others.select_related("car__location").prefetch_related(PLACES).first()


def refuse_ride(booking: Booking) -> None:
    """Raise InvalidTransition for a ride: its car comes with a driver, and nobody is given the keys."""
    if booking.is_ride:
        raise InvalidTransition(_("This is a ride: no keys are given."))


def is_early(booking: Booking, at: datetime) -> bool:
    """Whether the pick-up day has not begun, where the car is picked up."""
    return booking.pick_up.today(at) < booking.start_date


def give_keys(booking: Booking, at: datetime, record: HandOver) -> list[str]:
    """Write on a locked booking that its customer has the car, and what staff noted; the fields to save.

    An early one also takes the days until the pick-up day. Raises CarIsOut where somebody else has the car, TooEarly
    where nobody said that it is meant, DatesTaken where a day before the pick-up day is not free, Invalid for impossible
    numbers.
    """
    _refuse_unfit(booking, record)
    if is_early(booking, at):
        _leave_early(booking, at, record)
    invalidate(booking.car_id)
    booking.handed_over_at = at
    booking.pickup_odometer_km, booking.pickup_fuel_eighths = record.odometer, record.fuel
    booking.licence_seen, booking.deposit_taken = record.licence_seen, record.deposit_taken
    booking.pickup_note = record.note
    return [*FACTS]


def _refuse_unfit(booking: Booking, record: HandOver) -> None:
    refuse_ride(booking)
    if problems := record.problems:
        raise Invalid(next(iter(problems.values()))[0], fields=problems)
    other = who_has(booking.car_id, but=booking)
    if other is None:
        return
    words = _(
        "%(name)s still has this car (%(reference)s). Take it back first, or give this booking another car."
    )
    raise CarIsOut.with_(other, words % {"name": other.full_name, "reference": other.reference})


def _leave_early(booking: Booking, at: datetime, record: HandOver) -> None:
    if not record.early:
        words = _("This rental begins on %(day)s. Say that the car leaves earlier.")
        day = formats.day_full(booking.start_date)
        raise TooEarly(words % {"day": day}, startDate=booking.start_date.isoformat())
    booking.out_from = booking.pick_up.today(at)
    try:
        take_days(booking, Days(booking.out_from, booking.start_date - ONE_DAY))
    except DatesTaken as taken:
        reasons = taken.details["reasons"]
        words = _too_early(" ".join(str(reason.message) for reason in reasons))
        raise DatesTaken(words, reasons=reasons) from taken


def _too_early(why: object) -> str:
    return _("The car cannot leave early: %(why)s") % {"why": why}


def days_away(booking: Booking, record: object, at: datetime) -> Days | None:
    """The days whose extras giving the keys may touch, to be locked before the booking; None where it touches none."""
    if not (isinstance(record, HandOver) and record.early):
        return None
    return Days(min(booking.pick_up.today(at), booking.start_date), booking.end_date)


def extras_go_along(booking: Booking) -> None:
    """Once the keys were given, or taken back, and that is saved: the booking's extras are away on the days of its car.

    Raises Invalid where one is not left on a day before the pick-up day. No query for a hand-over on the day.
    """
    if booking.handed_over_at and booking.out_from is None:
        return
    try:
        extras_follow(booking)
    except Invalid as gone:
        raise Invalid.field("extras", _too_early(gone.message)) from gone


def take_keys_back(booking: Booking, at: datetime) -> list[str]:
    """Write on a locked booking that the car was not handed over after all; the fields to save.

    Raises InvalidTransition when it was not, when it is back, and when it is too late.
    """
    if not booking.is_out or booking.former_segments:
        raise InvalidTransition(_("There is no hand-over to undo."))
    refuse_late_undo(booking.handed_over_at, at)
    give_early_back(booking)
    nothing: dict[str, Any] = dict.fromkeys(FACTS) | {"pickup_note": ""}
    for name, value in nothing.items():
        setattr(booking, name, value)
    return [*FACTS]


def refuse_while_out(booking: Booking, record: object) -> None:
    """Nobody cancels what is being driven: CarIsOut; a manager who knows it may (Forbidden for the desk)."""
    if not booking.is_out:
        return
    if not (isinstance(record, CallOff) and record.still_out):
        words = _("%(name)s still has the car. Take it back first.") % {"name": booking.full_name}
        raise CarIsOut.with_(booking, words)
    refuse_desk()
