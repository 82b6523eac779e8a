"""The one way to a booking that is about to change: cars first, then extras, then the row, as it is now."""

from bookings.availability.extras import Wanted, lock_extras
from bookings.availability.ledger import lock_cars
from bookings.days import Days
from bookings.errors import NotFound, StatusChanged
from bookings.models import PLACES, Booking
from cars.models import Car


def lock_booking(
    booking: Booking,
    *,
    also: Car | None = None,
    with_extras: bool = False,
    extras: Wanted | None = None,
    days: Days | None = None,
) -> Booking:
    """The booking as it is now, locked until the transaction ends, with its car and places.

    Before it its car and the one that it may get (`also`), and `with_extras` the days of its own and of the `extras`
    wanted on `days`. Raises NotFound when it is out of sight, and StatusChanged when somebody gave it another car since
    it was read: that car is not locked.
    """
    lock_cars(booking.car_id, also.pk if also else booking.car_id)
    if with_extras:
        lock_extras(booking=booking, extras=extras, days=days)
    rows = Booking.objects.select_for_update(of=("self",)).select_related("car__location")
    locked = rows.prefetch_related(PLACES).filter(pk=booking.pk).first()
    if locked is None:
        raise NotFound
    if locked.car_id != booking.car_id:
        raise StatusChanged(by="", at=locked.updated_at, status=locked.status)
    locked.secret = booking.secret
    return locked
