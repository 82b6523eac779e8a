"""What no door may let through: values that a ride cannot have, whoever asks. The models' fields say which."""

from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.lifecycle.rides.change_request import OF_THE_BOOKING, RideChangeRequest
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
        found["ride.children"] = [alone()]
    if found:
        raise Invalid(fields=found)


def alone() -> str:
    """What is wrong with children whom nobody takes along."""
    return _("Children ride with somebody: count them among the passengers.")


def refuse_unusable_news(news: RideChangeRequest, ride: Ride) -> None:
    """Raise Invalid, naming every new value that cannot be kept, as the API spells it."""
    said = {name: getattr(news, name) for name in news.named}
    of_booking = {name: value for name, value in said.items() if name in OF_THE_BOOKING}
    of_its_ride = {name: value for name, value in said.items() if name not in OF_THE_BOOKING}
    found = problems_of(Booking, of_booking) | of_reason(news.override)
    found |= {f"ride.{name}": words for name, words in problems_of(Ride, of_its_ride).items()}
    if news.passengers is not None and not found and news.passengers <= ride.children:
        found["ride.passengers"] = [alone()]
    if found:
        raise Invalid(fields=found)
