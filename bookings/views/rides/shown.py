"""What the page of a service shows of a choice: durations, classes, times and what instead, each with its price."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from babel import Locale
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.availability.as_of import AsOf
from bookings.availability.free_cars import free_cars
from bookings.availability.rides.rules import lasting
from bookings.availability.rides.wish import Wish
from bookings.forms.rides import OWN, as_query
from bookings.views.lists.offers import query
from bookings.views.rides.choice import RideChoice, begins_of
from bookings.views.rides.services import url_of
from bookings.views.structured import ride_data
from cars.catalogue import catalogue
from cars.models import CarClass, Service
from cars.pricing.daily import quote_rental
from cars.pricing.rides.usual import usual_prices
from cars.pricing.tariff import tariff_of
from exodrive.i18n.formats import clock, locale, money, opening_hours, plus_tax
from exodrive.money import Money

MIDNIGHT = time()
# Where a reason is mended; all others by another time.
FIELDS = {
    "min_duration": "duration",
    "max_duration": "duration",
    "no_route": "from",
    "passengers": "passengers",
    "luggage": "bags",
}


@dataclass(frozen=True, slots=True)
class Pick:
    """One of several to choose from: what is sent, its name, what is said of its price, whether it is the one chosen."""

    value: str
    label: str
    said: str
    chosen: bool
    car_class: CarClass | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """Something that can be had, one press away."""

    url: str
    label: str
    note: str
    kind: str = ""


def shown(choice: RideChoice, at: datetime, *, pressed: bool) -> dict[str, Any]:
    """The whole context. `pressed`: what speaks against the wish also stands in the summary of errors."""
    service, offer = choice.service, choice.offer
    prices = _usual(choice, offer.classes, at)
    errors = choice.form.summary
    if pressed:
        errors = [*errors, *((FIELDS.get(one.code, "time"), one.message) for one in choice.against)]
    return {
        "service": service,
        "price": min(prices, default=None),
        "is_from": len(prices) > 1 or bool(offer.tariff.surcharges),
        "structured": ride_data(service, url_of(service), min(prices)) if prices else "",
        "form": choice.form,
        "errors": errors,
        "problems": choice.problems,
        "choice": choice,
        "quote": choice.quote,
        "length": lasting(choice.wish.minutes) if choice.wish else "",
        "begins": begins_of(choice.wish) if choice.wish else "",
        "durations": list(_durations(choice)),
        "classes": list(_classes(choice, at)) if _by_the_car(choice) else [],
        "starts": list(_starts(choice)),
        "instead": list(_instead(choice)),
        "rent": _rent_instead(choice, at),
        "section": "rides",
        **_facts(service),
    }


def _by_the_car(choice: RideChoice) -> bool:
    """Not a tour that is sold by the seat alone."""
    return choice.service.kind != Service.Kind.TOUR or choice.offer.usual_class is not None


def _facts(service: Service) -> dict[str, str]:
    """When it runs, and in which languages a tour is told."""
    week = {n: [(h.opens, h.closes) for h in service.hours.all() if h.weekday == n] for n in range(7)}
    if all(spans == [(MIDNIGHT, MIDNIGHT)] for spans in week.values()):
        runs = _("Every day, day and night")
    else:
        runs = opening_hours({n: spans for n, spans in week.items() if spans})
    told = service.tour.languages if service.kind == Service.Kind.TOUR else []
    names = [str(Locale.parse(code).get_language_name(locale()) or code) for code in told]
    return {"runs": runs, "told_in": ", ".join(names)}


def _usual(choice: RideChoice, classes: Any, at: datetime) -> set[Money]:
    service, places = choice.service, choice.form.places
    return usual_prices(service, choice.offer.tariff, classes, places, service.location.today(at))


def _durations(choice: RideChoice) -> Iterator[Pick]:
    """Those of the quick buttons, each with what it costs at the time chosen, and one's own."""
    service = choice.service
    if service.kind != Service.Kind.HOURLY:
        return
    now = str(choice.form["duration"].value())
    prices = dict(choice.answer.quick) if choice.answer else {}
    for minutes in service.quick_minutes:
        said = money(prices[minutes].total) if minutes in prices else ""
        if minutes < service.min_minutes:
            said = pgettext("a duration", "from %(time)s") % {"time": lasting(service.min_minutes)}
        elif minutes > service.max_minutes:
            said = pgettext("a duration", "up to %(time)s") % {"time": lasting(service.max_minutes)}
        yield Pick(str(minutes), lasting(minutes), said, now == str(minutes))
    yield Pick(OWN, _("Other"), "", now == OWN)


def _classes(choice: RideChoice, at: datetime) -> Iterator[Pick]:
    chosen = choice.form.car_class
    for one in choice.offer.classes:
        quote = choice.price_in(one)
        yield Pick(
            str(one.pk),
            one.text,
            money(quote.total) if quote else _usual_price(choice, one, at),
            one == chosen,
            one,
        )


def _usual_price(choice: RideChoice, car_class: CarClass, at: datetime) -> str:
    """What a class costs before anything is chosen. Nothing once it is known that it does not go there."""
    prices = set() if choice.wish else _usual(choice, [car_class], at)
    if not prices:
        return ""
    price = min(prices)
    if choice.service.kind == Service.Kind.HOURLY:
        return _("%(rate)s per hour") % {"rate": money(price)} + plus_tax()
    return _("from %(price)s") % {"price": money(price)} if len(prices) > 1 else money(price)


def _starts(choice: RideChoice) -> Iterator[Link]:
    """The free times of the day chosen."""
    answer = choice.answer
    for start in answer.starts if answer else ():
        wish = _at(answer.wish, start)  # type: ignore[union-attr]
        note = "chosen" if wish.hours == answer.wish.hours else ""  # type: ignore[union-attr]
        yield Link(_url(choice, wish), clock(wish.begins), note)


def _at(wish: Wish, start: datetime) -> Wish:
    hours = replace(wish.hours, starts_at=start, ends_at=start + timedelta(minutes=wish.minutes))
    return replace(wish, hours=hours)


def _instead(choice: RideChoice) -> Iterator[Link]:
    for other in choice.answer.instead if choice.answer and choice.problems else ():
        wish = other.wish
        note = f"{begins_of(wish)} · " if other.kind == "class" else f"{lasting(wish.minutes)} · "
        label, price = choice.name_of(other), money(other.quote.total)
        yield Link(_url(choice, wish), label, note + price, other.kind)


def _url(choice: RideChoice, wish: Wish) -> str:
    return url_of(choice.service) + query(**as_query(wish, choice.form.options)) + "#book"


def _rent_instead(choice: RideChoice, at: datetime) -> Link | None:
    """A car of the place for the days of an hourly ride that cannot be had, where one is free."""
    wish = choice.wish
    if wish is None or not choice.problems or choice.service.kind != Service.Kind.HOURLY:
        return None
    place = choice.service.location
    days = wish.hours.days(place.zone)
    cars = [catalogue().furnish(car) for car in free_cars(days, AsOf(at)).filter(location=place.pk)]
    if not cars:
        return None
    tariff = tariff_of(days.start, days.end)
    price = min(quote_rental(car, days, tariff).total for car in cars)
    address = reverse("cars") + query(place=place.slug, start=days.start, end=days.end)
    return Link(address, money(price), "")
