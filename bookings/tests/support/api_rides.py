"""Rides as programs ask for them: bodies and parameters for a service of `Chauffeurs`, and a transfer with its places."""

from typing import Any

from bookings.tests.support.booked_rides import DAY, Chauffeurs
from bookings.tests.support.factories import in_days
from cars.models import Place, RideRate
from exodrive.rls import as_owner

CUSTOMER = {"fullName": "Zoë Müller-Dvořák", "email": "zoe@example.com", "phone": "+49 170 000 000"}
DOORS = {"fromText": "Blue door 7", "toText": "Red door"}


def starts(clock: str = "10:00", day: int = DAY) -> str:
    """A clock time so many days ahead, as it is sent."""
    return f"{in_days(day)}T{clock}"


def wanted(hired: Chauffeurs, clock: str = "10:00", **more: Any) -> dict[str, Any]:
    """The body of a hold: two hours."""
    ride = {"kind": "hourly", "serviceId": hired.service.pk, "start": starts(clock), "minutes": 120}
    return {key: value for key, value in (ride | more).items() if value is not None}


def ordered(hired: Chauffeurs, clock: str = "10:00", **more: Any) -> dict[str, Any]:
    """The body of a booking."""
    return wanted(hired, clock, **{"customer": CUSTOMER, "ride": DOORS} | more)


def there_and_back(**facts: Any) -> tuple[Chauffeurs, Place, Place]:
    """A transfer that takes 40 minutes, and the two places of its rate."""
    hired = Chauffeurs(kind="transfer", **facts)
    with as_owner():
        rate = RideRate.objects.get(service=hired.service)
        start, end = (Place.objects.get(pk=pk) for pk in (rate.from_place_id, rate.to_place_id))
    return hired, start, end
