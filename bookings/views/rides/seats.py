"""Joining a departure of a tour, on the tour's page: which ones are coming, what so many seats cost, and Continue."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.availability.departures.offered import Going, coming
from bookings.availability.rides.offer import Offer, no_price
from bookings.availability.rules import Reason
from bookings.errors import DatesTaken, ProofRequired, RulesRefused
from bookings.forms.details import typed_details
from bookings.forms.seats import NAMES, SeatsForm, as_seats_query
from bookings.models import Hold
from bookings.ridden import told_in
from bookings.views.cookies import keep_typed, kept_typed
from bookings.views.decorators import mark_private, see_other
from bookings.views.lists.offers import query
from bookings.views.proof import Asked, ask_first
from bookings.views.rides.choice import begins_of, choice_of
from bookings.views.rides.placing import held_for, to_details
from bookings.views.rides.shown import shown
from bookings.visitors import give_number
from cars.models import Service
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import NoPrice, RideOptions
from exodrive.http.request import Request
from exodrive.i18n.formats import clock, day_long, money
from exodrive.money import Money


@dataclass(frozen=True, slots=True)
class Row:
    """One departure to choose: when, in which language, how many seats are left, and what one costs."""

    value: str
    label: str
    facts: str
    costs: str
    chosen: bool
    sold_out: bool


@dataclass
class SeatChoice:
    """What is chosen of the departures that are coming, and what speaks against it."""

    offer: Offer
    form: SeatsForm
    at: datetime
    against: tuple[Reason, ...] = ()

    @property
    def lowest(self) -> Money | None:
        """What a grown-up pays at least."""
        prices = (self._price(one, RideOptions()) for one in self.form.coming.values())
        return min((price.total for price in prices if price), default=None)

    @property
    def rows(self) -> list[Row]:
        """Those that have a price."""
        return [row for one in self.form.coming.values() for row in self._row(one)]

    def _row(self, one: Going) -> Iterator[Row]:
        price = self._price(one, RideOptions())
        if price is None:
            return
        value = str(one.departure.pk)
        left = ngettext("%(n)d seat left", "%(n)d seats left", one.left) % {"n": one.left}
        facts = [f"{clock(one.begins)} – {clock(one.ends)}", told_in(one.departure)]
        yield Row(
            value,
            day_long(one.begins.date()),
            " · ".join([*facts, left if one.left else _("Sold out")]),
            self._said(one, price),
            self.form.chosen == value,
            not one.left,
        )

    def _said(self, one: Going, price: Quote) -> str:
        """Of a grown-up, and of a child where that is another one."""
        said = _("%(price)s per person") % {"price": money(price.total)}
        both = self._price(one, RideOptions(children=1))
        if both is None or both.total - price.total == price.total:
            return said
        child = both.total - price.total
        return said + " · " + _("%(price)s per child") % {"price": money(child)}

    def _price(self, one: Going, options: RideOptions) -> Quote | None:
        wish = one.seats(options.passengers + options.children)
        if wish is None:
            return None
        try:
            return self.offer.quote(wish, replace(options, booked_at=self.at))
        except NoPrice:
            return None

    @property
    def quote(self) -> Quote | None:
        """The price of what is chosen."""
        wish = self.form.wish
        if wish is None or self.against:
            return None
        try:
            return self.offer.quote(wish, self.options)
        except NoPrice:
            return None

    @property
    def options(self) -> RideOptions:
        """Of the price."""
        return replace(self.form.options, booked_at=self.at)

    @property
    def problems(self) -> list[str]:
        """In sentences."""
        return [reason.message for reason in self.against]


def wants_seats(service: Service, data: Mapping[str, Any]) -> bool:
    """Whether an address or a form is about a departure, and not about a car to oneself."""
    return service.kind == Service.Kind.TOUR and not data.keys().isdisjoint(NAMES[:2])


def seats_of(
    offer: Offer, at: datetime, data: Mapping[str, Any] | None = None, hold: Hold | None = None
) -> SeatChoice | None:
    """The departures of a tour; None for what has none."""
    if offer.service.kind != Service.Kind.TOUR:
        return None
    choice = SeatChoice(offer, SeatsForm(data, coming=coming(offer.service, at, hold)), at)
    return choice if choice.rows or data else None


def join(request: Request, offer: Offer, hold: Hold | None, at: datetime) -> HttpResponse:
    """GET shows what the seats cost; POST is Continue, or the way back to the form."""
    data = request.POST if request.method == "POST" else request.GET
    choice = SeatChoice(offer, SeatsForm(data, coming=coming(offer.service, at, hold)), at)
    if {"dates", "language"} & request.POST.keys():
        response = see_other(request.path + query(**choice.form.data) + "#seats")
        keep_typed(response, typed_details(request.POST), request.path)
        return mark_private(response)
    if request.method == "POST" and choice.form.wish:
        return _continue(request, choice, hold)
    return _page(request, choice, 200)


def _continue(request: Request, choice: SeatChoice, hold: Hold | None) -> HttpResponse:
    wish, typed = choice.form.wish, typed_details(request.POST) or kept_typed(request)
    assert wish is not None  # noqa: S101
    try:
        return to_details(held_for(request, wish, choice.options, hold, choice.at), typed)
    except ProofRequired:
        fields = as_seats_query(wish, choice.options)
        return ask_first(request, Asked(wish.service.text, begins_of(wish), request.path, fields), typed)
    except (DatesTaken, RulesRefused) as refusal:
        told = refusal.details.get("reasons") or [Reason(refusal.code, str(refusal.message))]
        choice.against = tuple(told)
        return _page(request, choice, refusal.status)
    except NoPrice:
        choice.against = (no_price(),)
        return _page(request, choice, 422)


def _page(request: Request, choice: SeatChoice, status: int) -> HttpResponse:
    """The tour's page, with what was chosen of its departures."""
    nothing = choice_of(choice.offer, {}, choice.at, hold=None, pressed=False)
    wrong = choice.form.summary
    context = {
        **shown(nothing, choice.at, pressed=False),
        "seats": choice,
        "errors": [*wrong, *(("seats", words) for words in choice.problems)],
    }
    response = render(request, "rides/service.html", context, status=422 if wrong else status)
    response["Vary"] = "HX-Request, HX-Target, Cookie, Accept-Language"
    give_number(request, response)
    return response
