"""GET /api/cars, /api/availability and /api/extras: what can be rented, when, and for how much."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from bookings.api.auth import ANYONE, customer_token
from bookings.api.inputs.queries import AvailabilityQuery, CarQuery, ExtrasQuery
from bookings.api.lookup import car_for
from bookings.api.render import alternative_out, car_out, day_out, extra_out, quote_out, reason_out
from bookings.api.responses import answers
from bookings.api.schemas import AvailabilityOut, CarPageOut, ExtrasOut
from bookings.availability.alternatives import alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.cache import Shown
from bookings.availability.calendar import day_states
from bookings.availability.extras import extras_left
from bookings.availability.fleet.free import free
from bookings.availability.fleet.offered import offered
from bookings.availability.fleet.order import Order
from bookings.availability.ledger import reasons_beside, taken_dates
from bookings.availability.still_out import STILL_OUT
from bookings.days import Days
from bookings.errors import NotFound
from bookings.models import Booking, Hold
from cars.catalogue import one_catalogue
from cars.models import Car, Location
from cars.pricing.daily import quote_rental
from cars.pricing.tariff import quote, tariff_of

router = Router(by_alias=True, tags=["Cars"])


@router.get(
    "/cars",
    auth=ANYONE,
    response=answers({200: CarPageOut}, 401),
    operation_id="listCars",
    summary="List cars",
)
def list_cars(request: HttpRequest, query: Query[CarQuery]) -> Any:
    """Cars that can be booked, cheapest first; with `start` and `end` only those that are free on all of these days, with
    what they cost then."""
    if (days := query.days()) is None:
        rows = _suiting(query).select_related("location")
        return query.of(
            rows.order_by("-daily_rate" if query.sort == "dearest" else "daily_rate", "pk"), car_out
        )
    with one_catalogue():
        return _free(query, days, timezone.now())


def _free(query: CarQuery, days: Days, at: datetime) -> dict[str, Any]:
    known, tariff = offered(), tariff_of(days.start, days.end)
    wanted = (query.seats, query.gearbox, query.max_price, query.location_id)
    cars = known.those(("query", *wanted), lambda kind: _suits(kind.car, query)) & free(known, days, at)
    named = ("total", days.start, days.end)
    totals = known.priced(named, lambda car: quote_rental(car, days, tariff).total)
    if query.max_total is not None:
        most = Decimal(query.max_total)
        cars &= known.marked((*named, most), lambda: [total.amount <= most for total in totals])
    sign = -1 if query.sort == "dearest" else 1
    order = known.once(
        ("order", *named, sign), lambda: Order.by(known, [sign * total.amount for total in totals])
    )

    def rows(ids: list[int]) -> list[Any]:
        found = Car.objects.in_bulk(ids)
        return [car_out(found[pk], totals[known.kind_of[pk - known.base]]) for pk in ids if pk in found]

    return query.of_set(known, order, cars, rows)


@router.get(
    "/availability",
    auth=ANYONE,
    response=answers({200: AvailabilityOut}, 401, 404),
    operation_id="getAvailability",
    summary="Ask for availability",
    exclude_none=True,
)
def get_availability(request: HttpRequest, query: Query[AvailabilityQuery]) -> Any:
    """Whether a car can be had on these days: day by day, with every reason against it and what can be had instead.

    With the token of a hold or booking as Bearer its own days count as free.
    """
    with one_catalogue(query.car_id):
        return _availability(car_for(query.car_id), query.days(), AsOf(timezone.now(), _own_claim(request)))


def _availability(car: Car, days: Days, as_of: AsOf) -> AvailabilityOut:
    booked = taken_dates(car, days.start, days.with_buffer(car.buffer).end, as_of=as_of)
    against = reasons_beside(booked, car, days, as_of=as_of)
    late = days.start if any(reason.code == STILL_OUT for reason in against) else None
    states = day_states(car, days.start, days.end, as_of=as_of, shown=Shown(booked, late))
    return AvailabilityOut(
        car_id=car.pk,
        start=days.start,
        end=days.end,
        available=not against,
        days=[day_out(state) for state in states],
        reasons=[reason_out(reason) for reason in against],
        quote=None if against else quote_out(quote(car, days)),
        alternatives=[alternative_out(other) for other in alternatives(car, days, as_of=as_of)]
        if against
        else [],
    )


@router.get(
    "/extras",
    auth=ANYONE,
    response=answers({200: ExtrasOut}, 401, 404),
    operation_id="listExtras",
    summary="List extras",
)
def list_extras(request: HttpRequest, query: Query[ExtrasQuery]) -> Any:
    """What can be added to a rental that begins at a place, and how many are left on every one of these days."""
    place = Location.objects.filter(pk=query.location_id).first()
    if place is None:
        raise NotFound
    extras: Any = extras_left(query.days(), place)
    return {"items": [extra_out(extra, extra.left) for extra in extras]}


def _suiting(query: CarQuery) -> QuerySet[Car]:
    wanted = {
        "seats__gte": query.seats,
        "gearbox": query.gearbox,
        "daily_rate__lte": None if query.max_price is None else Decimal(query.max_price),
        "location_id": query.location_id,
    }
    filters = {field: value for field, value in wanted.items() if value is not None}
    return Car.objects.filter(status=Car.Status.OFFERED, **filters)


def _suits(car: Car, query: CarQuery) -> bool:
    """The same of one car."""
    return (
        (query.seats or 0) <= car.seats
        and query.gearbox in (None, car.gearbox)
        and query.location_id in (None, car.location_id)
        and (query.max_price is None or car.daily_rate <= Decimal(query.max_price))
    )


def _own_claim(request: HttpRequest) -> Hold | Booking | None:
    """The hold or booking whose token the caller sent. Row-level security shows no other one."""
    if not customer_token(request):
        return None
    return Hold.objects.only("pk").first() or Booking.objects.only("pk").first()
