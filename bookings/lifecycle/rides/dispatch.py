"""Who drives a ride and in which car: decided by staff, told to the customer.

The class that was booked is kept or bettered, the price stays as it was booked. A car that has another ride at that time
can be had in exchange: both rides keep a car, or nothing changes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from bookings.availability.extras import extras_of
from bookings.availability.hours.spans import move_spans
from bookings.errors import ChangedMeanwhile, Invalid, InvalidTransition, NotFound, StatusChanged
from bookings.events import actor_kind, log_event, refusals_logged
from bookings.lifecycle.change_details import in_short
from bookings.lifecycle.history import write_down
from bookings.lifecycle.locked import lock_booking
from bookings.lifecycle.validation import MAX_REASON
from bookings.models import Booking, Ride
from bookings.models.customer import MAX_NAME
from bookings.ridden import ride_of
from cars.models import Car
from exodrive.db.retry import retry_on_deadlock
from exodrive.money import Money
from exodrive.text import tidy

Status = Booking.Status
OPEN = (Status.PENDING, Status.UPCOMING)  # whose car can still be another one


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The car, the driver ("" as long as nobody is named), and why it is another car.

    `agreed`: the customer, who chose this very car, agreed to another one. `exchange`: the ride that has the car at that
    time gets the one that is given away. `instead_of` is the id of the car that the reader saw, `after` the driver.
    """

    car: Car
    driver: str = ""
    reason: str = ""
    agreed: bool = False
    exchange: Booking | None = None
    instead_of: int | None = None
    after: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "driver", tidy(self.driver).strip())
        object.__setattr__(self, "reason", tidy(self.reason).strip())

    def problems_for(self, booking: Booking) -> dict[str, list[str]]:
        """What of it makes no sense for the booking as it is, as sentences by field."""
        found: dict[str, list[str]] = {}
        if len(self.driver) > MAX_NAME:
            found["driver"] = [_("At most %(limit_value)d characters.") % {"limit_value": MAX_NAME}]
        if len(self.reason) > MAX_REASON:
            found["reason"] = [_("At most %(limit_value)d characters.") % {"limit_value": MAX_REASON}]
        elif self.car.pk != booking.car_id and not self.reason:
            found["reason"] = [_("Enter why it is another car")]
        return found


@dataclass(frozen=True, slots=True)
class Dispatched:
    """The booking with its driver and car, and the ride that got its former car, if any."""

    booking: Booking
    exchanged: Booking | None = None


@refusals_logged()
@retry_on_deadlock()
def dispatch_ride(*, booking: Booking, to: Dispatch, at: datetime, from_: str | None = None) -> Dispatched:
    """Name the driver of a ride, give it another car, or both; the customer of a confirmed ride is mailed.

    A ride under way keeps its car. Another car is offered, of the service's place, seats those who come, and is free at
    that time or exchanged. Raises NotFound, StatusChanged and ChangedMeanwhile for who looked at something else,
    InvalidTransition for rentals and rides that are over, Invalid, DatesTaken. Locks: both cars, the ride, its partner.
    """
    with transaction.atomic(durable=True):
        now = lock_booking(booking, also=to.car)
        _refuse_unseen(now, to, from_)
        refuse_undispatchable(now)
        if problems := to.problems_for(now):
            raise Invalid(next(iter(problems.values()))[0], fields=problems)
        other = _partner(now, to.exchange, to.car) if to.exchange and to.car.pk != now.car_id else None
        before = _in_short(now)
        others = _in_short(other) if other else {}
        if to.car.pk != now.car_id:
            _refuse_car(now, to)
            _move(now, to.car, other)
        _name(now, to.driver)
        _write_down(now, before, to, at)
        if other:
            _write_down(other, others, to, at)
    return Dispatched(now, other)


def refuse_undispatchable(booking: Booking) -> None:
    """Raise InvalidTransition unless it is a ride that is not over."""
    if not booking.is_ride:
        raise InvalidTransition(_("Only rides have a driver."))
    if booking.status not in (*OPEN, Status.ACTIVE):
        raise InvalidTransition(_("This ride is over."))


def cars_for(booking: Booking) -> QuerySet[Car]:
    """The cars that seat who comes, at the place of its service, its own among them; whether free is not asked."""
    ride = ride_of(booking)
    return Car.objects.filter(
        status=Car.Status.OFFERED,
        location=ride.service.location_id,
        car_class__passengers__gte=ride.passengers,
        car_class__bags__gte=ride.bags,
    ).select_related("location", "car_class")


def _refuse_unseen(booking: Booking, to: Dispatch, from_: str | None) -> None:
    if from_ not in (None, booking.status):
        raise StatusChanged(by="", at=booking.status_changed_at, status=booking.status)
    if to.instead_of not in (None, booking.car_id):
        raise ChangedMeanwhile
    driver = ride_of(booking).driver_name if booking.is_ride else ""
    if to.after not in (None, driver) and to.driver != driver:
        raise ChangedMeanwhile


def _refuse_car(booking: Booking, to: Dispatch) -> None:
    if booking.status not in OPEN:
        raise Invalid.field("carId", _("The ride has begun: it keeps its car."))
    if ride_of(booking).departure_id:
        raise Invalid.field("carId", _("All who ride together have the car of the departure."))
    if not cars_for(booking).filter(pk=to.car.pk).exists():
        raise Invalid.field("carId", _("This car is elsewhere, too small, or not offered at the moment."))
    if ride_of(booking).given_car and not to.agreed:
        raise Invalid.field("agreed", _("The customer chose this very car: ask them first."))


def _partner(booking: Booking, exchange: Booking, car: Car) -> Booking:
    """The ride that gives its car away, locked: both cars are, so nobody else gives it another one.

    Its customer keeps what they were promised: it has not begun, its car was not chosen, and the one it gets is big enough.
    """
    rows = Booking.objects.select_for_update(of=("self",)).select_related("car__location")
    other = rows.filter(pk=exchange.pk).first()
    if other is None:
        raise NotFound
    if other.car_id != car.pk:
        raise ChangedMeanwhile
    movable = other.is_ride and other.status in OPEN
    if not movable or ride_of(other).given_car or ride_of(other).departure_id:
        raise Invalid.field("carId", _("%(reference)s keeps its car.") % {"reference": other.reference})
    if not cars_for(other).filter(pk=booking.car_id).exists():
        words = _("The car is too small for %(reference)s, or elsewhere.")
        raise Invalid.field("carId", words % {"reference": other.reference})
    return other


def _move(booking: Booking, car: Car, other: Booking | None) -> None:
    former = booking.car
    booking.car = car
    booking.save(update_fields=["car"])
    if other:
        other.car = former
        other.save(update_fields=["car"])
    move_spans(booking, *([other] if other else []))


def _name(booking: Booking, driver: str) -> None:
    ride = ride_of(booking)
    if ride.driver_name != driver:
        ride.driver_name = driver
        Ride.objects.filter(pk=ride.pk).update(driver_name=driver)


def _in_short(booking: Booking) -> dict[str, Any]:
    """As of any change, and who drives. A name is personal: it is kept for as long as the ride has it, and not here."""
    return in_short(booking, extras_of(booking)) | {"driver": ride_of(booking).driver_name}


def _write_down(booking: Booking, was: dict[str, Any], to: Dispatch, at: datetime) -> None:
    """Nothing where nothing is new. That somebody else drives is told to the customer by who hears of it here."""
    ride, driver_was = ride_of(booking), was.pop("driver")
    after = in_short(booking, extras_of(booking))
    news = {"car": after["car"] != was["car"], "driver": ride.driver_name != driver_was}
    if not any(news.values()):
        return
    write_down(
        booking,
        before=was,
        after=after | {"contact": [], "dispatch": {**news, "named": bool(ride.driver_name)}},
        difference=Money.zero(booking.currency),
        reason=to.reason if news["car"] else "",
        at=at,
    )
    log_event("ride_dispatched", booking_id=str(booking.pk), **news, actor=actor_kind())
