"""What no door may let through: values that a ride cannot have, whoever asks. The models' fields say which."""

from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.rides.request import RideRequest
from bookings.lifecycle.validation import of_address, of_extras, of_reason, problems_of
from bookings.models import Booking, Ride


def refuse_unusable_ride(request: RideRequest) -> None:
    """Raise Invalid, naming every field of a new ride that cannot be kept, as the API spells it."""
    who, details = request.who, request.details
    customer = {"full_name": who.full_name, "email": who.email, "phone": details.phone}
    rest = {"special_requests": details.special_requests, "source": request.source}
    rest |= {"language": request.language} if request.language else {}
    people = {"passengers": request.wish.passengers, "children": request.options.children}
    ride = problems_of(Ride, {**details.of_ride, **people, "bags": request.wish.bags})
    found = (
        {f"customer.{name}": words for name, words in problems_of(Booking, customer).items()}
        | of_address(who.email, details.phone)
        | problems_of(Booking, rest)
        | {f"ride.{name}": words for name, words in ride.items()}
        | of_extras(details.extras)
        | of_reason(request.override)
    )
    if request.options.children >= request.wish.passengers:
        found["ride.children"] = [_("Children ride with somebody: count them among the passengers.")]
    if found:
        raise Invalid(fields=found)
