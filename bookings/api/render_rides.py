"""A ride as the JSON API answers it."""

from bookings.api.booking_schemas import RideOut
from bookings.models import Booking
from bookings.ridden import ride_of


def ride_out(booking: Booking) -> RideOut:
    """What a booking that is no rental is for. One query where the ride was not selected with it."""
    ride = ride_of(booking)
    return RideOut(
        service_id=ride.service.pk,
        service=ride.service.text,
        car_class_id=ride.car_class.pk,
        car_class=ride.car_class.text,
        starts_at=ride.starts_at,
        ends_at=ride.ends_at,
        time_zone=ride.service.location.time_zone,
        from_place=ride.from_place.text if ride.from_place else None,
        to_place=ride.to_place.text if ride.to_place else None,
        from_text=ride.from_text,
        to_text=ride.to_text,
        flight_number=ride.flight_number,
        sign_name=ride.sign_name,
        passengers=ride.passengers,
        children=ride.children,
        bags=ride.bags,
        driver_name=ride.driver_name,
    )
