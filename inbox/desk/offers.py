"""Which cars staff can offer on the telephone: free on the days that were asked for, with what each of them costs."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.paginator import Page, Paginator

from bookings.availability import rules
from bookings.availability.as_of import AsOf
from bookings.availability.extras import extras_left
from bookings.availability.free_cars import unclaimed
from bookings.availability.ledger import reasons
from bookings.availability.rules import Reason
from bookings.days import Days
from bookings.errors import Invalid
from bookings.lifecycle.pricing.adjusting import Adjustment, adjusted
from bookings.lifecycle.pricing.agreed import Agreed
from bookings.lifecycle.request import Details
from bookings.search import cars_called
from cars.models import BY_NAME, Car, Extra, Fleet, Location
from cars.pricing.daily import Quote, Tariff, quote_rental
from cars.pricing.tariff import tariff_of
from exodrive.numbers import small_number

PER_PAGE = 8
SEATS = (2, 4, 5, 7, 9)
LONGEST = 366  # days


@dataclass(frozen=True)
class Offer:
    """One car on the days: its price, and what speaks against it."""

    car: Car
    quote: Quote
    against: list[Reason]

    @property
    def agreed(self) -> Agreed:
        """What is agreed to by choosing it."""
        return Agreed.of(self.quote)


@dataclass(frozen=True)
class Wanted:
    """What was typed so far about a rental, and how its cars are looked for. What makes no sense is left out."""

    days: Days | None = None
    car: Car | None = None
    details: Details = field(default_factory=Details)
    extras: tuple[Extra, ...] = ()  # that are left, with `left`
    at_place: int | None = None
    fleet: int | None = None
    seats: int = 0
    find: str = ""
    forbidden: bool = False  # cars, too, that a rule forbids
    page: int = 1
    places: Mapping[int, Location] = field(default_factory=dict)
    adjustment: Adjustment | None = None

    @classmethod
    def read(
        cls, typed: Mapping[str, str], *, may_override: bool, adjustment: Adjustment | None = None
    ) -> Self:
        """From a form that nobody has checked."""
        places = {place.pk: place for place in Location.with_hours()}
        number = {name: small_number(typed.get(name, "")) for name in NUMBERS}
        car = Car.objects.filter(pk=number["car"] or 0).exclude(status=Car.Status.RETIRED).first()
        if car:
            car.location = places[car.location_id]
        pick_up, drop_off = (places.get(number[name] or 0) for name in ("pick_up", "drop_off"))
        days = _days(typed)
        left = _left(days, pick_up or (car.location if car else None))
        counted = tuple((extra, small_number(typed.get(f"extra_{extra.pk}", "")) or 0) for extra in left)
        details = Details(
            pick_up=pick_up,
            drop_off=drop_off,
            extras=counted,
            delivery=bool(typed.get("delivery")),
            driver_age=number["driver_age"],
        )
        return cls(
            days,
            car,
            details,
            left,
            number["at_place"],
            number["fleet"],
            number["seats"] or 0,
            typed.get("find", "").replace("\0", "").strip()[:60],
            may_override and bool(typed.get("forbidden")),
            number["page"] or 1,
            places,
            adjustment,
        )


NUMBERS = ("car", "pick_up", "drop_off", "driver_age", "at_place", "fleet", "seats", "page")


def _days(typed: Mapping[str, str]) -> Days | None:
    try:
        days = Days.parse(typed.get("start"), typed.get("end"))
    except Invalid:
        return None
    return days if len(days) <= LONGEST else None


def _left(days: Days | None, place: Location | None) -> tuple[Extra, ...]:
    return tuple(extras_left(days, place)) if days else ()


@dataclass(frozen=True)
class Cars:
    """One page of what can be offered."""

    page: Page[Any]
    offers: list[Offer]

    @property
    def count(self) -> int:
        """How many cars there are on all pages."""
        return self.page.paginator.count


def cars_for(wanted: Wanted, at: datetime) -> Cars | None:
    """Free cars, those at the pick-up place first, then by price; None before the days are known.

    Cars that a rule forbids come last, where they are wanted at all. Queries do not grow with the number of cars.
    """
    if wanted.days is None:
        return None
    as_of, details = AsOf.by_asker(at), wanted.details
    found = []
    for car in unclaimed(_looked_for(wanted), wanted.days, as_of):
        car.location = wanted.places[car.location_id]
        if _may_change_hands(car, details):
            against = _against(car, wanted, as_of)
            if wanted.forbidden or not against:
                found.append((car, against))
    here = details.pick_up and details.pick_up.pk
    found.sort(key=lambda one: (bool(one[1]), here not in (None, one[0].location_id)))
    page = Paginator(found, PER_PAGE).get_page(wanted.page)
    tariff = tariff_of(wanted.days.start, wanted.days.end)
    return Cars(page, [Offer(car, price_of(car, wanted, tariff), against) for car, against in page])


def _looked_for(wanted: Wanted) -> Any:
    cars = Car.objects.exclude(status=Car.Status.RETIRED).order_by("daily_rate", *BY_NAME)
    if wanted.at_place:
        cars = cars.filter(location=wanted.at_place)
    if wanted.fleet:
        cars = cars.filter(fleet=wanted.fleet)
    if wanted.seats:
        cars = cars.filter(seats__gte=wanted.seats)
    return cars_called(cars, wanted.find) if wanted.find else cars


def _may_change_hands(car: Car, details: Details) -> bool:
    """As `refuse_elsewhere` says, for places that staff can choose."""
    home = car.location
    ends = [place for place in (details.pick_up, details.drop_off) if place]
    return all((p.agency_id, p.time_zone) == (home.agency_id, home.time_zone) for p in ends)


def _against(car: Car, wanted: Wanted, as_of: AsOf) -> list[Reason]:
    if wanted.days is None:
        return []
    ends = {"pick_up": wanted.details.pick_up, "drop_off": wanted.details.drop_off or wanted.details.pick_up}
    return rules.reasons(car, wanted.days, as_of.at, passed=as_of.passed, **ends)


def price_of(car: Car, wanted: Wanted, tariff: Tariff) -> Quote:
    """What will be booked: with places, extras, delivery, age and adjustment as typed.

    Without an adjustment that cannot be made, which is said when it is sent.
    """
    price = quote_rental(car, wanted.days or (), tariff, wanted.details.priced_at(car.location))
    with suppress(Invalid):
        return adjusted(price, wanted.adjustment)
    return price


def chosen(wanted: Wanted, at: datetime) -> Offer | None:
    """The car that was chosen, free or not, once there are days."""
    car, days, details = wanted.car, wanted.days, wanted.details
    if car is None or days is None:
        return None
    back = details.drop_off or details.pick_up
    against = reasons(car, days, as_of=AsOf.by_asker(at), pick_up=details.pick_up, drop_off=back)
    return Offer(car, price_of(car, wanted, tariff_of(days.start, days.end, car)), against)


def first_days(at: datetime) -> Days | None:
    """From today until tomorrow, by the clock of the first place; None before there is one."""
    first = Location.objects.order_by("pk").first()
    today = first.today(at) if first else None
    return Days(today, today + timedelta(days=1)) if today else None


def fleets() -> list[tuple[str, str]]:
    """The kinds of cars to choose from, where there is more than one."""
    found = [(str(fleet.pk), fleet.name) for fleet in Fleet.objects.order_by("name")]
    return found if len(found) > 1 else []
