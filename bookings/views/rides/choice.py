"""Choosing a ride: what the address or the form says, what is answered to that, and how it is put into words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookings.availability.rides.listed import places_of
from bookings.availability.rides.offer import Answer, Offer, Other
from bookings.availability.rides.rules import lasting
from bookings.availability.rides.wish import Wish
from bookings.availability.rules import Reason
from bookings.forms.rides import RideForm
from bookings.models import Hold
from cars.models import CarClass, Service
from cars.pricing.quote import Quote
from cars.pricing.rides.inputs import NoPrice
from exodrive.i18n.formats import clock, day, instant, money


@dataclass
class RideChoice:
    """A wish as far as it was chosen, the answer to it, and all that speaks against it."""

    offer: Offer
    form: RideForm
    answer: Answer | None = None
    against: Sequence[Reason] = ()

    @property
    def service(self) -> Service:
        """What is ridden."""
        return self.offer.service

    @property
    def wish(self) -> Wish | None:
        """Once all of it is chosen and makes sense."""
        return self.form.wish

    @property
    def problems(self) -> list[str]:
        """What speaks against it, in sentences. A price exists without any."""
        return [reason.message for reason in self.against]

    @property
    def quote(self) -> Quote | None:
        """The price of what can be had."""
        return self.answer.quote if self.answer and not self.problems else None

    @property
    def ends(self) -> str:
        """ "ends 18:30", with the day where it is another one."""
        if not self.wish:
            return ""
        begins, ends = self.wish.begins, self.wish.hours.ends_at.astimezone(self.service.location.zone)
        said = clock(ends) if begins.date() == ends.date() else instant(ends, self.service.location.zone)
        return _("ends %(time)s") % {"time": said}

    @property
    def hint(self) -> str:
        """The sentence in place of a price."""
        if self.form.errors:
            return ""
        if self.service.kind == Service.Kind.TRANSFER:
            return _("Choose from where to where, and when, to see the price.")
        return _("Choose a day and a time to see the price.")

    @property
    def spoken(self) -> str:
        """What a screen reader is told when the answer has changed."""
        if self.problems:
            return " ".join([*self.problems, *self._spoken_instead])
        if self.form.errors:
            return " ".join(text for _name, text in self.form.summary)
        if not (self.wish and self.quote):
            return self.hint
        words = _("%(begins)s, %(ends)s. %(length)s, %(total)s.")
        return words % {
            "begins": begins_of(self.wish),
            "ends": self.ends,
            "length": lasting(self.wish.minutes),
            "total": money(self.quote.total),
        }

    @property
    def _spoken_instead(self) -> list[str]:
        others = self.answer.instead if self.answer else []
        if not others:
            return []
        found = [f"{self.name_of(one)}, {money(one.quote.total)}" for one in others]
        return [_("Free instead: %(cars)s.") % {"cars": "; ".join(found)}]

    @staticmethod
    def name_of(other: Other) -> str:
        """What is taken in place of what was asked for."""
        return other.wish.car_class.text if other.kind == "class" else begins_of(other.wish)

    def refuse(self, reasons: Sequence[Reason], at: datetime, hold: Hold | None) -> None:
        """Say what speaks against it in the end, and look once more what can be had instead."""
        if self.wish:
            self.answer = self.offer.answer(self.wish, self.form.options, at, ignoring=hold)
        self.against = reasons

    def price_in(self, car_class: CarClass) -> Quote | None:
        """What the same costs in a class; None where that is not known yet or has no price."""
        wish = self.wish
        if wish is None:
            return None
        try:
            return self.offer.quote(
                self.offer.in_class(wish, car_class, self.form.options), self.form.options
            )
        except NoPrice:
            return None


def begins_of(wish: Wish) -> str:
    """ "Thu 11 Mar, 16:30"."""
    return f"{day(wish.begins.date())}, {clock(wish.begins)}"


def choice_of(
    offer: Offer,
    data: Mapping[str, Any],
    at: datetime,
    *,
    hold: Hold | None,
    pressed: bool,
    form_class: type[RideForm] = RideForm,
) -> RideChoice:
    """The choice in an address or a form. `pressed`: what is missing is a mistake; `hold` is the visitor's own."""
    form = form_class(data, offer=offer, places=places_of(offer.service, offer.tariff), at=at)
    form.full_clean()
    if not pressed:
        form.forget_missing()
    choice = RideChoice(offer, form)
    if form.wish:
        choice.answer = offer.answer(form.wish, form.options, at, ignoring=hold)
        choice.against = choice.answer.reasons
    return choice
