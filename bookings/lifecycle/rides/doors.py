"""At which doors a driver rings: where a ride needs an address, whoever asks for it."""

from cars.models import Place, Service
from cars.pricing.rides.inputs import RideOptions

STOPS = (Place.Kind.AIRPORT, Place.Kind.STATION)  # where a driver waits; everywhere else there is a door


def is_stop(place: Place | None) -> bool:
    """Whether a driver waits there, with a name on a sign."""
    return place is not None and place.kind in STOPS


def addresses_of(service: Service, options: RideOptions) -> dict[str, bool]:
    """The addresses that can be said, and whether the ride needs each."""
    if service.kind == Service.Kind.TOUR:
        return {}
    needed = {"from_text": True, "to_text": service.kind != Service.Kind.HOURLY}
    ends = {"from_text": options.from_place, "to_text": options.to_place}
    return {name: need for name, need in needed.items() if not is_stop(ends[name])}
