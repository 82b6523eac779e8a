"""What a booked ride could become where the time that is asked for cannot be had."""

from datetime import datetime

from bookings.availability.rides.cars import free_cars
from bookings.availability.rides.chosen import of_ride
from bookings.availability.rides.offer import Offer, Other
from bookings.availability.rides.wish import Wish
from bookings.models import Booking
from bookings.ridden import ride_of


def other_times(booking: Booking, wish: Wish, at: datetime) -> list[Other]:
    """The nearest times on both sides, as long, in its class; what it has itself is free for it. A chosen car stays."""
    ride = ride_of(booking)
    _same, options = of_ride(ride)
    found = Offer.of(wish.service).answer(wish, options, at, ignoring=booking).instead
    times = [other for other in found if other.kind == "time"]
    if not ride.given_car:
        return times
    return [other for other in times if booking.car_id in free_cars(other.wish, at, booking)]
