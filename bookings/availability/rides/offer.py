"""What a service offers at some time: yes or every reason why not, prices, the free starts of that day, and what instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property

from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from bookings.availability.rides.cars import Own, none_left, that_can_be_had
from bookings.availability.rides.rules import HOUR, reasons
from bookings.availability.rides.wish import Wish, hours_from
from bookings.availability.rules import Reason
from bookings.days import ONE_DAY
from cars.models import CarClass, Service
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import NoPrice, RideOptions, RideTariff
from cars.pricing.rides.ride import PLAIN, quick_quotes, quote_ride, rate_of
from cars.pricing.rides.tariff import ride_tariff_of

DAY = 24 * 60  # minutes
OTHER_CLASSES = 2


@dataclass(frozen=True, slots=True)
class Other:
    """What can be had instead: the same at another time (`kind` "time"), or another class ("class")."""

    kind: str
    wish: Wish
    quote: Quote


@dataclass(frozen=True, slots=True)
class Answer:
    """To one wish. `quick` has minutes and price of each quick duration, `starts` are instants of the same local day."""

    wish: Wish
    reasons: list[Reason]
    quote: Quote | None
    quick: list[tuple[int, Quote]]
    starts: list[datetime]
    instead: list[Other]

    @property
    def available(self) -> bool:
        """Whether it can be had at this moment."""
        return not self.reasons


@dataclass(frozen=True)
class Offer:
    """A service with all that its prices and rules ask, read once."""

    service: Service
    tariff: RideTariff
    classes: Sequence[CarClass]

    @classmethod
    def of(cls, service: Service) -> "Offer":
        """Read its rates, hours and the classes of the cars that stand at its place. Six queries at most."""
        prefetch_related_objects([service], "hours")
        at_its_place = {"cars__location": service.location_id, "cars__status": "offered"}
        classes = CarClass.objects.filter(**at_its_place).distinct()
        return cls(service, ride_tariff_of(service), list(classes))

    @cached_property
    def usual_class(self) -> CarClass | None:
        """The first in the order of the list that has a price."""
        return next((one for one in self.classes if self._has_price(one)), None)

    def smallest_for(self, passengers: int, bags: int) -> CarClass | None:
        """The first class that takes them, else the usual one, which says why not."""
        fits = (one for one in self.classes if one.passengers >= passengers and one.bags >= bags)
        return next((one for one in fits if self._has_price(one)), self.usual_class)

    def minutes(self, car_class: CarClass, options: RideOptions = PLAIN) -> int | None:
        """How long it takes where the customer does not say: the way and the waiting that is included, or the tour.

        None by the hour. Raises NoPrice.
        """
        if self.service.kind == Service.Kind.HOURLY:
            return None
        if self.service.kind == Service.Kind.TOUR:
            return self.service.tour.duration_minutes
        waiting = options.from_place.wait if options.from_place else 0
        return (rate_of(self.service, car_class, self.tariff, options).minutes or 0) + waiting

    def length(self, car_class: CarClass, options: RideOptions = PLAIN) -> int:
        """The same as a wish says it, where nobody says how long; an hour where nobody takes it: the answer says so."""
        try:
            return self.minutes(car_class, options) or HOUR
        except NoPrice:
            return HOUR

    def quote(self, wish: Wish, options: RideOptions = PLAIN) -> Quote:
        """What it costs. Raises NoPrice."""
        span = (wish.hours.starts_at, wish.hours.ends_at)
        return quote_ride(self.service, wish.car_class, span, self.tariff, options, private=wish.private)

    def answer(self, wish: Wish, options: RideOptions, at: datetime, *, ignoring: Own = None) -> Answer:
        """Everything that a page or a program is told about it. One statement, two more where it cannot be had.

        The hold or booking `ignoring` is the asker's own: it keeps nothing from them.
        """
        against, quote = reasons(wish, at), None
        try:
            quote = self.quote(wish, options)
        except NoPrice:
            against.append(no_price())
        day = wish.begins.date()
        starts = list(self._starts(wish, day, at))
        had = that_can_be_had(starts if wish in starts else [*starts, wish], at, ignoring)
        if wish not in had:
            against.append(none_left())
        today = [one for one in had if one is not wish]
        instead = []
        if against and quote:
            around = [*self._starts(wish, day - ONE_DAY, at), *self._starts(wish, day + ONE_DAY, at)]
            near = sorted([*today, *that_can_be_had(around, at, ignoring)], key=_begins)
            instead = [*self._other_times(wish, near, options, at)]
            instead += self._other_classes(wish, options, at, ignoring)
        return Answer(
            wish, against, quote, self._quick(wish, options), [_begins(one) for one in today], instead
        )

    def _starts(self, wish: Wish, day: date, at: datetime) -> Iterator[Wish]:
        """The same on another of that day's starts, as far as rules go; passengers and bags are not asked for again."""
        whole = replace(wish, passengers=0, bags=0)
        for minute in range(0, DAY, self.service.step_minutes):
            clock = time(*divmod(minute, 60))
            if self.service.location.shows(day, clock):
                other = replace(whole, hours=hours_from(self.service, day, clock, wish.minutes))
                if not reasons(other, at):
                    yield replace(other, passengers=wish.passengers, bags=wish.bags)

    def _other_times(
        self, wish: Wish, near: list[Wish], options: RideOptions, at: datetime
    ) -> Iterator[Other]:
        begins = wish.hours.starts_at
        before = [one for one in near if one.hours.starts_at < begins]
        after = [one for one in near if one.hours.starts_at > begins]
        for other in (*before[-1:], *after[:1]):
            if not reasons(other, at):
                yield Other("time", other, self.quote(other, options))

    def _other_classes(
        self, wish: Wish, options: RideOptions, at: datetime, ignoring: Own
    ) -> Iterator[Other]:
        priced = [one for one in self.classes if one != wish.car_class and self._has_price(one, options)]
        classes = [self.in_class(wish, one, options) for one in priced]
        fits = [one for one in classes if not reasons(one, at)]
        for other in that_can_be_had(fits, at, ignoring)[:OTHER_CLASSES]:
            yield Other("class", other, self.quote(other, options))

    def in_class(self, wish: Wish, car_class: CarClass, options: RideOptions) -> Wish:
        """The same in another class, which may take longer for the same way."""
        minutes = self.minutes(car_class, options)
        hours = wish.hours.until(wish.hours.starts_at + timedelta(minutes=minutes or wish.minutes))
        return replace(wish, car_class=car_class, hours=hours)

    def _quick(self, wish: Wish, options: RideOptions) -> list[tuple[int, Quote]]:
        if self.service.kind != Service.Kind.HOURLY or not self._has_price(wish.car_class):
            return []
        return quick_quotes(self.service, wish.car_class, wish.hours.starts_at, self.tariff, options)

    def _has_price(self, car_class: CarClass, options: RideOptions = PLAIN) -> bool:
        """Of a transfer nobody knows before the places are chosen."""
        try:
            rate_of(self.service, car_class, self.tariff, options, private=self.service.kind == "tour")
        except NoPrice:
            return self.service.kind == Service.Kind.TRANSFER and options == PLAIN
        return True


def _begins(wish: Wish) -> datetime:
    return wish.hours.starts_at


def no_price() -> Reason:
    """Nobody has said what it costs."""
    return Reason("no_route", _("There is no price for that."))
