"""The form of a season: what it does to prices is shown, and asked about where it may be a slip."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cars.models import Car, Season
from cars.pricing.seasons import Effect, Overlap, effects, overlaps
from cars.pricing.tariff import seasons_of
from exodrive.i18n.formats import money, span
from exodrive.money import Money
from exodrive.staff.admin_site import AdminForm

PRICING = ("start_date", "end_date", "priority", "rate", "percent", "car")
SHOWN = 20  # cars and seasons that are named
PREVIEW = "_preview"


def in_use() -> list[Car]:
    """Cars that a season can be for."""
    return list(Car.objects.exclude(status=Car.Status.RETIRED).order_by("make", "model", "pk"))


def effects_of(season: Season) -> list[Effect]:
    """What the season does to the price of each of its cars. Two queries."""
    return effects(season, seasons_of(season.start_date, season.end_date), in_use())


def between(prices: tuple[Money, Money]) -> str:
    """ "€80", or "€80 to €120"."""
    low, high = (money(price) for price in prices)
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


class SeasonForm(AdminForm):
    """Asks once more where a season meets another one, halves a price or more than doubles it."""

    go_on = forms.BooleanField(
        required=False,
        label=gettext_lazy("Save although there are warnings"),
        help_text=gettext_lazy(
            "Where seasons meet, the higher priority counts, then the one for the car, then the newer."
        ),
    )
    forgets = frozenset({"go_on"})
    tried: Season | None = None  # what was typed, where it makes a season

    class Meta:
        model = Season
        fields: ClassVar[Any] = "__all__"

    def clean(self) -> dict[str, Any]:
        """Raise for a preview, and for warnings that nobody has looked at."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not set(PRICING) <= set(cleaned) or not is_season(cleaned):
            return cleaned
        self.tried = Season(pk=self.instance.pk, **{name: cleaned[name] for name in PRICING})
        if self.previews:
            self.add_error(None, ValidationError(_("Nothing is saved yet: the prices stand below."), PREVIEW))
        elif not cleaned.get("go_on") and any(
            cleaned[name] != getattr(self.instance, name) for name in PRICING
        ):
            for words in warnings(self.tried):
                self.add_error("go_on", words)
        return cleaned

    @property
    def previews(self) -> bool:
        """Whether prices are asked for, and nothing is to be saved."""
        return PREVIEW in self.data


def is_season(typed: dict[str, Any]) -> bool:
    """Whether days are in order and there is one price: what the constraints ask."""
    return typed["start_date"] <= typed["end_date"] and (typed["rate"] is None) != (typed["percent"] is None)


def warnings(season: Season) -> list[str]:
    """What may be a slip, in sentences; at most so many of a kind."""
    meeting = overlaps(season, seasons_of(season.start_date, season.end_date))
    steep = [effect for effect in effects_of(season) if effect.halved or effect.doubled]
    return [*map(_of_overlap, meeting[:SHOWN]), *_of_prices(steep)]


def _of_overlap(found: Overlap) -> str:
    words = (
        _("“%(name)s” has some of these days, too (%(days)s). There “%(name)s” counts, not this season.")
        if found.counts
        else _("“%(name)s” has some of these days, too (%(days)s). There this season counts.")
    )
    return words % {"name": found.other.text, "days": span(found.other.start_date, found.other.end_date)}


def _of_prices(steep: list[Effect]) -> Iterator[str]:
    for effect in steep[:SHOWN]:
        words = (
            _("%(car)s costs half or less of what it costs otherwise: %(within)s a day, not %(without)s.")
            if effect.halved
            else _(
                "%(car)s costs more than twice of what it costs otherwise: %(within)s a day, not %(without)s."
            )
        )
        yield words % {
            "car": effect.car,
            "within": between(effect.within),
            "without": between(effect.without),
        }
    if len(steep) > SHOWN:
        yield _("and %(n)d more") % {"n": len(steep) - SHOWN}
