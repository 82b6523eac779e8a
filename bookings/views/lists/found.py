"""What a search of the catalogue finds: a page of the cars that can be had, and the first of those that are booked."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from bookings.availability.alternatives import next_free_of
from bookings.availability.fleet.free import allowed, by_rules, free, with_rules
from bookings.availability.fleet.offered import Offered, offered
from bookings.availability.fleet.order import Order, order_of
from bookings.availability.refused import ASKED
from bookings.days import Days
from bookings.forms.catalogue import CatalogueForm
from bookings.views.lists.offers import Offer, coming_tariff, listed
from cars.catalogue import catalogue
from cars.models import Car
from cars.pricing.tariff import tariff_of

PER_PAGE = 48
BOOKED = 40  # cars whose next free days are looked for


@dataclass(frozen=True)
class Found:
    """One page. `booked` come after the last of those that can be had, the one that is free again soonest first."""

    count: int
    page: int
    free: list[Offer]
    booked: list[Offer]
    refusing: list[Car] = field(
        default_factory=list
    )  # that speak for all cars, where rules allow the days to none
    prices: list[Car] = field(default_factory=list)  # one for each price, where nothing was found

    @property
    def pages(self) -> int:
        """How many there are; one at least."""
        return max(1, -(-self.count // PER_PAGE))


def find(form: CatalogueForm, at: datetime, page: int) -> Found:
    """The page that a form asks for; a page too far is the last one. Queries do not grow with the number of cars."""
    search = _Search(form, form.cleaned_data.get("days"), at, offered())
    count = search.found.bit_count()
    page = min(page, max(1, -(-count // PER_PAGE)))
    free, booked = search.page(page), search.booked() if count <= page * PER_PAGE else []
    cars = _these([*free, *booked])
    offers = [Offer(car, search.days, tariff=search.tariff) for car in cars[: len(free)]]
    again = _again(form, cars[len(free) :], search.days, at) if search.days else []
    if count:
        return Found(count, page, offers, again)
    return Found(0, page, [], again, search.refusing(), search.prices())


class _Search:
    """Sets of cars (`bookings.availability.fleet`) that answer one form."""

    def __init__(self, form: CatalogueForm, days: Days | None, at: datetime, among: Offered) -> None:
        self.form, self.days, self.at, self.among = form, days, at, among
        self.tariff = tariff_of(days.start, days.end) if days else coming_tariff(at)
        today = tuple(place.today(at) for place in catalogue().locations)
        self.named = ("page", days.start, days.end) if days else ("page", *today)

    @cached_property
    def suiting(self) -> int:
        """What the form asks for of a car itself."""
        return self.among.those(("suits", *self.form.filters), lambda kind: self.form.suits(kind.car))

    @cached_property
    def free(self) -> int:
        """Of these, what can be had."""
        return self.suiting & free(self.among, self.days, self.at) if self.days else self.suiting

    @property
    def offers(self) -> list[Offer]:
        """The price of each kind: of the days, without days from today on."""
        if self.days:
            return self.among.priced(self.named, self._offer)
        return self.among.priced(
            self.named, self._offer, lambda car: car.horizon, lambda car: car.location.today(self.at)
        )

    def _offer(self, car: Car) -> Offer:
        return Offer(car, self.days, tariff=self.tariff)

    @property
    def paid(self) -> int:
        """What costs no more than the form says."""
        limits = self.form.limits
        if not any(limits):
            return self.among.all
        return self.among.marked(
            ("fits", *self.named, *limits), lambda: [self.form.fits(offer) for offer in self.offers]
        )

    @cached_property
    def found(self) -> int:
        """What can be had for no more than that."""
        return self.free & self.paid

    def page(self, page: int) -> list[int]:
        """Those of a page, in order of the price shown."""
        return self._order().page(self.among, self.found, (page - 1) * PER_PAGE, PER_PAGE)

    def _order(self) -> Order:
        name, sign = (*self.named, self.form.dearest), -1 if self.form.dearest else 1
        known: Order = self.among.once(
            ("ordered", name),
            lambda: Order.by(
                self.among, [(sign * one.price.amount, one.car.daily_rate) for one in self.offers]
            ),
        )
        return known

    def booked(self) -> list[int]:
        """The cheapest of what cannot be had."""
        return self._cheapest(self.suiting & ~self.free, BOOKED) if self.days else []

    def refusing(self) -> list[Car]:
        """The first cars, and two of each set of rules; none where the rules of any allow the days."""
        if self.days is None:
            return []
        names = frozenset(kind.rules for kind in allowed(self.among, self.days, self.at))
        if with_rules(self.among, names) & self.suiting:
            return []
        alike = [
            with_rules(self.among, frozenset([kind.rules])) & self.suiting for kind in by_rules(self.among)
        ]
        ids = self._cheapest(self.suiting, ASKED) + [pk for cars in alike for pk in self._cheapest(cars, 2)]
        return sorted(_these(list(dict.fromkeys(ids))), key=lambda car: (car.daily_rate, car.pk))

    def prices(self) -> list[Car]:
        """A car for each price among those that suit."""
        kinds = (kind for kind in self.among.kinds if self.form.suits(kind.car))
        return list({kind.price: kind.car for kind in kinds}.values())

    def _cheapest(self, of: int, count: int) -> list[int]:
        rates = order_of(self.among, "rate", [kind.car.daily_rate for kind in self.among.kinds])
        return rates.page(self.among, of, 0, count)


def _these(ids: list[int]) -> list[Car]:
    """With what a card shows of them, in this order. Two queries."""
    (cars,) = listed(Car.objects.filter(pk__in=ids, status=Car.Status.OFFERED).order_by())
    place = {pk: number for number, pk in enumerate(ids)}
    return sorted(cars, key=lambda car: place[car.pk])


def _again(form: CatalogueForm, cars: list[Car], days: Days, at: datetime) -> list[Offer]:
    """The cars with their next free days."""
    again = next_free_of(cars, days, at=at)
    shown = [days, *again.values()]
    tariff = tariff_of(min(d.start for d in shown), max(d.end for d in shown))
    offers = (Offer(car, days, again[car.pk], tariff) for car in cars if car.pk in again)
    return sorted((offer for offer in offers if form.fits(offer)), key=_soonest)


def _soonest(offer: Offer) -> Any:
    return offer.free_again and offer.free_again.start, offer.car.daily_rate
