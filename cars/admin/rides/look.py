"""A service as it is stored: what it costs, and what of it contradicts itself, in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cars.models import Car, CarClass, Place, RideRate, Service, Surcharge, Tour, Zone
from cars.pricing.rides.examples import Example, Sold, examples
from cars.pricing.rides.inputs import RideTariff
from cars.pricing.rides.meeting import charged_together, with_a_way_back
from exodrive.i18n.formats import money, number
from exodrive.money import Money

HOUR = 60
WEDNESDAY = 2
SHOWN = 20  # sentences of a kind
ENDS = ("from_place", "to_place", "from_zone", "to_zone")


@dataclass
class Look:
    """What was found at one time: prices by what they are for, and sentences."""

    columns: list[str] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)
    prices: dict[tuple[Any, ...], tuple[str, Money]] = field(default_factory=dict)
    slips: list[str] = field(default_factory=list)


def look_at(service: Service) -> Look:
    """The service with all that belongs to it; as many queries for many rates as for a few."""
    rates = list(RideRate.objects.filter(service=service).select_related("car_class", *ENDS))
    surcharges = list(Surcharge.objects.filter(service=service).select_related("car_class", "place"))
    cars = list(
        Car.objects.filter(location=service.location_id)
        .exclude(status=Car.Status.RETIRED)
        .exclude(car_class=None)
        .select_related("car_class")
    )
    tariff = RideTariff(rates, surcharges)
    zones = {rate.from_zone_id for rate in rates} | {rate.to_zone_id for rate in rates}
    places = list(Place.objects.filter(zone__in=[zone for zone in zones if zone]))
    found = Look(slips=list(_slips(service, tariff, cars, places)))
    _show(found, examples(service, tariff, _classes(tariff), _a_wednesday(service), places))
    return found


def steep(before: Look, now: Look) -> Iterator[str]:
    """Prices that are half of what they were, or less, or more than twice as much."""
    for key, (label, price) in now.prices.items():
        was = before.prices.get(key, (label, price))[1]
        if 2 * price.amount <= was.amount or price.amount > 2 * was.amount:
            words = _("%(what)s costs %(now)s, not %(was)s as before.")
            yield words % {"what": label, "now": money(price), "was": money(was)}


def asked_about(before: Look, now: Look) -> list[str]:
    """What is new since, at most so many of each."""
    new = [words for words in now.slips if words not in before.slips]
    return [*new[:SHOWN], *list(steep(before, now))[:SHOWN]]


def duration(minutes: int) -> str:
    """ "30 min", "2 h", "1 h 30 min"."""
    hours, rest = divmod(minutes, HOUR)
    said = [_("%(n)s h") % {"n": number(hours)}] if hours else []
    return " ".join([*said, _("%(n)s min") % {"n": number(rest)}] if rest else said)


# --- Prices ------------------------------------------------------------------------------------------------------------


def _classes(tariff: RideTariff) -> list[CarClass | None]:
    """Those with a price of their own, and all the others as one."""
    rows: list[RideRate | Surcharge] = [*tariff.rates, *tariff.surcharges]
    own = {row.car_class for row in rows if row.car_class}
    common = [None] if any(rate.car_class_id is None for rate in tariff.rates) else []
    return [*sorted(own, key=lambda one: (one.position, one.pk)), *common]


def _a_wednesday(service: Service) -> date:
    """A day like any other, a week or two from today."""
    today = service.location.today(timezone.now())
    return today + timedelta(days=7 + (WEDNESDAY - today.weekday()) % 7)


def _show(found: Look, priced: list[Example]) -> None:
    """Fill in the table: a row for each class and thing, a column for each time with a price of its own."""
    times = {one.when.pk: one.when for one in priced if one.when}
    found.columns = [_("By day"), *(when.text for when in times.values())]
    rows: dict[tuple[Any, ...], tuple[str, dict[int, str]]] = {}
    others = _("Other classes") if any(one.car_class for one in priced) else _("Every class")
    for one in priced:
        label = f"{one.car_class.text if one.car_class else others} · {thing(one.sold)}"
        key = one.car_class and one.car_class.pk, thing(one.sold)
        time = one.when.pk if one.when else 0
        cells = rows.setdefault(key, (label, {}))[1]
        cells[time] = money(one.price) if one.price else "–"
        if one.price:
            at = label if one.when is None else f"{label}, {one.when.text}"
            found.prices[(*key, time)] = at, one.price
    found.rows = [(label, [cells.get(time, "–") for time in (0, *times)]) for label, cells in rows.values()]


def thing(sold: Sold) -> str:
    """What is bought, in words."""
    if sold.private:
        return _("the whole car")
    if sold.rate:
        return _way(sold.rate)
    if sold.heads is None:
        return duration(sold.minutes)
    adults, children = sold.heads
    said = ngettext("%(n)d person", "%(n)d persons", adults) % {"n": adults}
    return said if not children else _("%(adults)s and a child") % {"adults": said}


def _way(rate: RideRate) -> str:
    if rate.basis == RideRate.Basis.BAND:
        return _("up to %(km)s km") % {"km": number(rate.to_km or 0)}
    start, end = (rate.from_place or rate.from_zone, rate.to_place or rate.to_zone)
    return f"{start.text if start else ''} – {end.text if end else ''}"


# --- Contradictions ----------------------------------------------------------------------------------------------------


def _slips(service: Service, tariff: RideTariff, cars: list[Car], places: list[Place]) -> Iterator[str]:
    """What contradicts itself, in sentences."""
    if service.is_offered:
        yield from _nothing_to_book(service, tariff, cars)
    yield from _never_used(service, tariff, places)
    for one, other in charged_together(tariff.surcharges):
        words = _("“%(one)s” and “%(other)s” meet: a ride in both pays both.")
        yield words % {"one": one.text, "other": other.text}
    yield from _without_seats(service, cars)


def _nothing_to_book(service: Service, tariff: RideTariff, cars: list[Car]) -> Iterator[str]:
    if not service.hours.exists():
        yield _("It is offered and has no hours: nobody can book it.")
    if not tariff.rates:
        yield _("It is offered and has no price: nobody can book it.")
    if not cars:
        yield _("It is offered, and no car of its location has a class: nobody can book it.")
    if service.kind == Service.Kind.TOUR and not Tour.objects.filter(service=service).exists():
        yield _("It is offered, and nobody has said how long the tour takes.")
    if (
        service.kind != Service.Kind.TOUR and tariff.rates
    ):  # a tour is driven by whichever class it is sold for
        yield from _classes_without_a_price(tariff, cars)


def _classes_without_a_price(tariff: RideTariff, cars: list[Car]) -> Iterator[str]:
    priced = {rate.car_class_id for rate in tariff.rates}
    classes = {car.car_class for car in cars if car.car_class}
    for of in sorted(classes, key=lambda one: one.position) if None not in priced else ():
        if of.pk not in priced:
            yield _("“%(class)s” has no price here.") % {"class": of.text}


def _never_used(service: Service, tariff: RideTariff, places: list[Place]) -> Iterator[str]:
    """Numbers that no ride will meet."""
    if service.kind == Service.Kind.HOURLY:
        for minutes in service.quick_minutes:
            if minutes > service.max_minutes:
                words = _("The button for %(quick)s is longer than the longest duration, %(most)s.")
                yield words % {"quick": duration(minutes), "most": duration(service.max_minutes)}
    inhabited = {place.zone_id for place in places}
    empty: dict[int, Zone] = {
        zone.pk: zone
        for rate in tariff.rates
        for zone in (rate.from_zone, rate.to_zone)
        if zone and zone.pk not in inhabited
    }
    for zone in empty.values():
        yield _("No place lies in “%(zone)s”: nobody can choose it.") % {"zone": zone.text}
    for rate in with_a_way_back(tariff.rates):
        words = _("%(way)s is also for the other way, which has a price of its own: that one counts.")
        yield words % {"way": _way(rate)}


def _without_seats(service: Service, cars: list[Car]) -> Iterator[str]:
    """A driver takes a seat; a tour sells no more seats than a car has."""
    for car in cars if service.with_driver else ():
        if car.car_class and car.seats <= car.car_class.passengers:
            words = _(
                "%(car)s has %(n)d seats: with a driver, not all passengers that “%(class)s” promises fit."
            )
            yield words % {"car": car.label, "n": car.seats, "class": car.car_class.text}
    tour = Tour.objects.filter(service=service).first() if cars else None
    most = max((car.car_class.passengers for car in cars if car.car_class), default=0)
    if tour and tour.default_capacity > most:
        words = _("The tour has %(seats)d seats, and no car class here takes more than %(n)d passengers.")
        yield words % {"seats": tour.default_capacity, "n": most}
