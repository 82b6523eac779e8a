"""What a request for a booking asks for, in one form for page and API: a retry is known as one wherever it comes in."""

from typing import Any

from bookings.creation import Person, Places, Wishes
from bookings.days import Days
from bookings.models import Hold
from cars.models import Car


def requested(
    *,
    car: Car,
    days: Days,
    who: Person,
    language: str | None,
    source: str,
    special_requests: str,
    places: Places,
    wishes: Wishes,
    hold: Hold | None = None,
    override: str = "",
) -> dict[str, Any]:
    """The validated input, for `Idempotency.of`. What was left out and what is named by default are the same."""
    pick_up, drop_off = places.of(car)
    times = {"pickup_time": places.pickup_time, "return_time": places.return_time}
    usual = {"pickup_time": pick_up.opens_on(days.start), "return_time": drop_off.closes_on(days.end)}
    return {
        "car": car.pk,
        "days": days.isoformat,
        "customer": [who.full_name, who.email, who.phone],
        "language": language,
        "source": str(source),
        "special_requests": special_requests.replace("\r\n", "\n"),
        "places": [pick_up.pk, drop_off.pk],
        "times": {name: f"{time:%H:%M}" for name, time in times.items() if time and time != usual[name]},
        "extras": sorted([extra.pk, quantity] for extra, quantity in wishes.extras if quantity),
        "delivery": wishes.delivery,
        "driver_age": wishes.driver_age,
        "hold": str(hold.pk) if hold else None,
        "override": override,
    }
