"""Another car in the middle of a rental: what was driven stays as it was, the rest goes on with the new car."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.availability.as_of import AsOf
from bookings.availability.blocks import Blocked, block_where_free
from bookings.availability.changing_hands import release_car
from bookings.availability.extras import extras_of
from bookings.availability.free_cars import unclaimed_cars
from bookings.availability.ledger import claim
from bookings.availability.locations import refuse_too_young
from bookings.days import ONE_DAY, Days
from bookings.errors import ChangedMeanwhile, Invalid, InvalidTransition, StatusChanged
from bookings.events import actor_kind, log_event, refusals_logged
from bookings.lifecycle.change_details import in_short
from bookings.lifecycle.checklist import Checklist
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Block, Booking, BookingChange, BookingSegment
from bookings.signals import booking_changed
from cars.models import Car
from exodrive.db.retry import retry_on_deadlock
from exodrive.rls import current
from exodrive.text import tidy

MAX_NOTE = 200  # characters of a block's note
LATER_RETURN_FIRST = gettext_lazy(
    "Its return day has passed. Give the booking a later return day first, then swap the car."
)


@dataclass(frozen=True, slots=True)
class Swap:
    """The other car, why, and how the car stands that is given back: odometer in km, fuel in eighths.

    `new_odometer` and `new_fuel` are those of the other car, where somebody looked. `block_until` is the last day on which
    nobody may have the old car, None when others may. With an `exception` a manager lets a driver go who is too young for
    the car. `instead_of` is the id of the car that the reader saw.
    """

    car: Car
    reason: str
    odometer: int
    fuel: int
    new_odometer: int | None = None
    new_fuel: int | None = None
    block_until: date | None = None
    exception: bool = False
    instead_of: int | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", tidy(self.reason).strip())

    @property
    def problems(self) -> dict[str, list[str]]:
        """What of it makes no sense, as sentences by field."""
        old = Checklist(self.odometer, self.fuel, damage=False).problems
        new = Checklist(self.new_odometer or 0, self.new_fuel or 0, damage=False).problems
        found = old | {f"new{name.capitalize()}": words for name, words in new.items()}
        if not self.reason:
            found["reason"] = [_("Enter why the car is swapped")]
        elif len(self.reason) > MAX_REASON:
            found["reason"] = [_("At most %(limit_value)d characters.") % {"limit_value": MAX_REASON}]
        return found


@dataclass(frozen=True, slots=True)
class Swapped:
    """The booking with its new car from the day `since` on, the old car, and what became of that one's days."""

    booking: Booking
    former: Car
    since: date
    blocked: Blocked


@refusals_logged()
@retry_on_deadlock()
def swap_car(*, booking: Booking, to: Swap, at: datetime, from_: str | None = None) -> Swapped:
    """Give a customer who is on the road another car, from today at the pick-up place; the price stays as it was booked.

    The days before stay on the old car, as a segment. The new car needs only the rest free, wherever it stands and whatever
    its rules for lengths and weekdays. The old one is blocked until `to.block_until` in the same transaction, as far as
    nobody has it. Raises InvalidTransition before the hand-over and after the return, StatusChanged and ChangedMeanwhile
    for who looked at something else, Invalid, DatesTaken, and Forbidden for the desk's exception. Locks: both cars, booking.
    """
    if to.exception:
        refuse_desk()
    if problems := to.problems:
        raise Invalid(next(iter(problems.values()))[0], fields=problems)
    with transaction.atomic(durable=True):
        now = lock_booking(booking, also=to.car)
        _refuse_unseen(now, to, from_)
        today = now.pick_up.today(at)
        refuse_unswappable(now, today)
        _refuse_car(now, to)
        was, former, since = in_short(now, extras_of(now)), now.car, max(today, now.car_since)
        readings = _readings(now, to)
        _turn(now, to, since)
        swapped = Swapped(now, former, since, _block(former, to, today))
        _write_down(swapped, to.reason, was, readings, at)
    return swapped


def _refuse_unseen(booking: Booking, to: Swap, from_: str | None) -> None:
    if from_ not in (None, booking.status):
        raise StatusChanged(by="", at=booking.status_changed_at, status=booking.status)
    if to.instead_of not in (None, booking.car_id):
        raise ChangedMeanwhile


def refuse_unswappable(booking: Booking, today: date) -> None:
    """Raise InvalidTransition unless the car is out and due back `today` (the date at the pick-up place) or later."""
    if booking.status != Booking.Status.ACTIVE:
        raise InvalidTransition(_("Only the car of a rental that is under way can be swapped."))
    if booking.handed_over_at is None:
        raise InvalidTransition(_("The car has not been handed over yet: change the booking instead."))
    if has_ended(booking, today):
        raise InvalidTransition(LATER_RETURN_FIRST)


def has_ended(booking: Booking, today: date) -> bool:
    """Whether no day is left that another car could take over on the date `today` (at the pick-up place)."""
    return booking.end_date < today


def _refuse_car(booking: Booking, to: Swap) -> None:
    if to.car.pk == booking.car_id:
        raise Invalid.field("carId", _("The booking has this car already."))
    if not to.car.is_offered:
        raise Invalid.field("carId", _("This car is not offered at the moment."))
    if other := _out().filter(car=to.car).exclude(pk=booking.pk).first():
        words = _("%(car)s is still out with %(reference)s: take it back first.")
        raise Invalid.field("carId", words % {"car": to.car.name, "reference": other.reference})
    if not to.exception:
        refuse_too_young(to.car, booking.driver_age)


def _out() -> QuerySet[Booking]:
    """The bookings whose customers have a car: overdue ones and those called off since included."""
    return Booking.objects.filter(handed_over_at__isnull=False, returned_at=None)


def cars_for_the_rest(booking: Booking, at: datetime) -> QuerySet[Car]:
    """The cars that a booking under way could go on with from today: offered, free for the rest, and not out."""
    days = Days(max(booking.pick_up.today(at), booking.car_since), booking.end_date)
    out = _out().filter(car=OuterRef("pk"))
    free = unclaimed_cars(days, AsOf(at, booking)).exclude(pk=booking.car_id)
    return free.filter(~Exists(out)).select_related("location")


def _turn(booking: Booking, to: Swap, since: date) -> None:
    """The days from `since` on move to the other car; what was driven before them becomes a segment."""
    driven = _driven(booking, to, since)
    release_car(booking, since)
    if driven:
        driven.save(force_insert=True)
    booking.car, booking.buffer_days = to.car, to.car.buffer
    booking.pickup_odometer_km, booking.pickup_fuel_eighths = to.new_odometer, to.new_fuel
    booking.save(update_fields=["car", "buffer_days", "pickup_odometer_km", "pickup_fuel_eighths"])
    claim(booking)


def _driven(booking: Booking, to: Swap, since: date) -> BookingSegment | None:
    """The days on the car that is given back; none on the first of them."""
    if since == booking.car_since:
        return None
    return BookingSegment(
        booking=booking,
        car=booking.car,
        car_name=booking.car.name,
        start_date=booking.car_since,
        end_date=since - ONE_DAY,
        **{name: getattr(booking, name) for name in ("pickup_odometer_km", "pickup_fuel_eighths")},
        return_odometer_km=to.odometer,
        return_fuel_eighths=to.fuel,
    )


def _block(former: Car, to: Swap, today: date) -> Blocked:
    if to.block_until is None:
        return Blocked()
    if to.block_until < today:
        raise Invalid.field("blockUntil", _("Choose today or a later day."))
    return block_where_free(
        car=former,
        days=Days(today, to.block_until),
        kind=Block.Kind.MAINTENANCE,
        note=to.reason[:MAX_NOTE],
        by_id=current().user_id or None,
    )


def _readings(booking: Booking, to: Swap) -> dict[str, int | None]:
    """Of both cars: also on the pick-up day, which leaves no segment."""
    return {
        "pickup_odometer": booking.pickup_odometer_km,
        "pickup_fuel": booking.pickup_fuel_eighths,
        "odometer": to.odometer,
        "fuel": to.fuel,
        "new_odometer": to.new_odometer,
        "new_fuel": to.new_fuel,
    }


def _write_down(
    swapped: Swapped, reason: str, was: dict[str, Any], swap: dict[str, Any], at: datetime
) -> None:
    booking = swapped.booking
    swap["since"] = swapped.since.isoformat()
    swap["blocked"] = [block.days.isoformat for block in swapped.blocked.blocks]
    after = in_short(booking, extras_of(booking)) | {"contact": [], "swap": swap}
    who = {"actor_kind": actor_kind(), "actor_id": current().user_id or None}
    revision = BookingChange(booking=booking, before=was, after=after, difference=0, reason=reason, **who)
    revision.created_at = at
    revision.save(force_insert=True)
    booking_changed.send(Booking, booking=booking, change=revision)
    cars = {"from_car": was["car"], "to_car": booking.car_id}
    log_event("car_swapped", booking_id=str(booking.pk), **cars, actor=who["actor_kind"])
