"""What was agreed keeps its price: only what a change adds is priced as of today. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cars.pricing.adjust import adjustments, balanced
from cars.pricing.daily import (
    PricingOptions,
    Rated,
    Tariff,
    best_discount,
    day_lines,
    discount_lines,
    line_of,
    quote_rental,
)
from cars.pricing.quote import CHARGES, DAY_CODES, KEPT, LineItem, Quote
from exodrive.money import Money

Key = tuple[str, str]


class Pricing(StrEnum):
    """How a change is priced: what is added as of today, nothing anew, or all of it as of today."""

    ADDED = "added"
    KEPT = "kept"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Rental:
    """What a price is for."""

    car: Rated
    days: Sequence[date]
    options: PricingOptions

    def today(self, tariff: Tariff) -> Quote:
        """What it costs as of now."""
        return quote_rental(self.car, self.days, tariff, self.options)


def reprice(agreed: Quote, was: Rental, now: Rental, tariff: Tariff, *, gratis: bool = False) -> Quote:
    """The price of `now` after `was` has been agreed at `agreed`, both in the catalogue's currency.

    Days of the same car keep their price, and so does every fee and extra, as many as there were, and what staff put there
    by hand. What is added costs what `tariff` says, or nothing when it is `gratis`. A swap that is to cost nothing is one
    of days of the same car: name the new one twice.
    """
    before, after = was.today(tariff), now.today(tariff)
    same_car = was.car.pk == now.car.pk
    kept = _kept(agreed, was, now, tariff) if same_car else []
    counted = {day for line in kept for day in line.dates}
    new_days = [day for day in now.days if day not in counted]
    added = [_given(line) if gratis else line for line in day_lines(now.car, new_days, tariff)]
    lines = [
        *sorted(_joined([*kept, *added]), key=lambda line: DAY_CODES.index(line.code)),
        *_discounts(agreed, kept, () if gratis else added, now, tariff),
        *_rest(agreed, before, after, len(now.days), gratis=gratis),
        *adjustments(agreed),
    ]
    if not same_car:
        return replace(after, lines=tuple(lines))
    km = agreed.included_km * len(counted) // len(was.days)
    return replace(
        agreed,
        lines=tuple(lines),
        included_km=km + now.car.included_km_per_day * len(new_days),
    )


def keep_total(agreed: Quote, was: Rental, now: Rental, tariff: Tariff) -> Quote:
    """`now` for what `was` costs, whatever the days and the car: what is added costs nothing, and what goes gives nothing
    back but stands on a line of its own. Days that move take their price along."""
    moved, rental = _moved(agreed, replace(was, car=now.car), now, tariff)
    return balanced(reprice(moved, rental, now, tariff, gratis=True), agreed.total)


def _moved(agreed: Quote, was: Rental, now: Rental, tariff: Tariff) -> tuple[Quote, Rental]:
    goes, comes = (
        [day for day in one.days if day not in set(other.days)] for one, other in ((was, now), (now, was))
    )
    to = dict(zip(goes, comes, strict=False))

    def moved(days: Sequence[date]) -> tuple[date, ...]:
        return tuple(sorted(to.get(day, day) for day in days))

    dated = [(line, replace(line, dates=moved(days))) for line, days in _dated(agreed, was, tariff)]
    lines = [next((new for old, new in dated if old is line), line) for line in agreed.lines]
    return replace(agreed, lines=tuple(lines)), replace(was, days=moved(was.days))


def as_of_today(agreed: Quote, now: Rental, tariff: Tariff) -> Quote:
    """`now` at today's price, with what staff put on `agreed` by hand."""
    today = now.today(tariff)
    by_hand = [line for line in adjustments(agreed) if line.code != KEPT]
    return replace(today, lines=(*today.lines, *by_hand))


def price(how: Pricing, agreed: Quote, was: Rental, now: Rental, tariff: Tariff) -> Quote:
    """`now` after `was` was agreed at `agreed`, priced that way."""
    if how == Pricing.TODAY:
        return as_of_today(agreed, now, tariff)
    return (keep_total if how == Pricing.KEPT else reprice)(agreed, was, now, tariff)


def _given(line: LineItem) -> LineItem:
    nothing = Money.zero(line.amount.currency)
    return replace(line, unit_price=nothing, tax=nothing, amount=nothing)


def _kept(agreed: Quote, was: Rental, now: Rental, tariff: Tariff) -> list[LineItem]:
    """The agreed lines of days, with the days alone that stay."""
    wanted, parts = set(now.days), []
    for line, dates in _dated(agreed, was, tariff):
        stay = tuple(day for day in dates if day in wanted)
        if stay:
            parts.append(line.part(len(stay), stay))
    return parts


def _dated(agreed: Quote, was: Rental, tariff: Tariff) -> Iterable[tuple[LineItem, Sequence[date]]]:
    """Which days a line counts. Quotes did not always say so; then it is told from today's seasons, or not at all."""
    lines = [line for line in agreed.lines if line.is_days]
    today = day_lines(was.car, was.days, tariff)
    for line in lines:
        if line.dates or len(lines) == 1:
            yield line, line.dates or was.days
            continue
        alike = [other.dates for other in today if _key(other) == _key(line)]
        if len(alike) == 1 and len(alike[0]) == line.quantity:
            yield line, alike[0]


def _joined(lines: Iterable[LineItem]) -> list[LineItem]:
    """Lines of one price and tax as one."""
    found: list[LineItem] = []
    for line in lines:
        same = next((n for n, other in enumerate(found) if _joins(other, line)), None)
        if same is None:
            found.append(line)
        else:
            other = found[same]
            dates = tuple(sorted({*other.dates, *line.dates}))
            found[same] = replace(_anew(line, other.quantity + line.quantity), dates=dates)
    return found


def _joins(one: LineItem, other: LineItem) -> bool:
    return (_key(one), one.unit_price) == (_key(other), other.unit_price) and all(
        (line.tax, line.amount) == (_anew(line).tax, _anew(line).amount) for line in (one, other)
    )


def _anew(line: LineItem, quantity: int | None = None) -> LineItem:
    """The line with the tax of today."""
    return line_of(line.code, quantity or line.quantity, line.unit_price, line.rule, line.names)


def _discounts(
    agreed: Quote, kept: Sequence[LineItem], added: Sequence[LineItem], now: Rental, tariff: Tariff
) -> list[LineItem]:
    """The agreed percentage on days that stay, while there are enough of them, and today's on the others."""
    old = [line for line in agreed.lines if line.code == "discount"]
    best = best_discount(now.car, len(now.days), tariff)
    listed, stays = _listed(agreed.lines, agreed), _listed(kept, agreed)
    if not (kept and old and listed):
        return discount_lines(best, added) if added else []
    if not _still_long_enough(agreed, old[0], now, tariff):
        return discount_lines(best, [*kept, *added])
    if stays != listed:
        share = stays.amount / listed.amount
        old = [_share(line, share) for line in old]
    return [*old, *(discount_lines(best, added) if added else ())]


def _listed(lines: Iterable[LineItem], quote: Quote) -> Money:
    return Money.sum((line.listed for line in lines if line.is_days), quote.currency)


def _longer(agreed: Quote, now: Rental) -> bool:
    return len(now.days) >= sum(line.quantity for line in agreed.lines if line.is_days)


def _still_long_enough(agreed: Quote, old: LineItem, now: Rental, tariff: Tariff) -> bool:
    """A discount that the catalogue has left stays."""
    from_days = next((d.min_days for d in tariff.discounts if f"discount:{d.pk}" == old.rule), 1)
    return _longer(agreed, now) or len(now.days) >= from_days


def _share(line: LineItem, share: Decimal) -> LineItem:
    price, tax, amount = ((money * share).rounded() for money in (line.unit_price, line.tax, line.amount))
    return replace(line, unit_price=price, tax=tax, amount=amount)


def _rest(agreed: Quote, before: Quote, after: Quote, length: int, *, gratis: bool) -> list[LineItem]:
    """Fees and extras: as many as agreed, and what the change adds or takes away.

    A fee that came after the booking is owed for nothing but what is added: it counts in `before` as well. One that has
    left the catalogue cannot be counted there, and is owed at most once a day.
    """
    had, was, now = _counted(agreed), _counted(before), _counted(after)
    today = {_key(line): line for line in after.lines}
    found = []
    for key in dict.fromkeys([*had, *now]):
        left = had[key] + now[key] - was[key]
        left = min(left, length) if key[0].startswith("fee_") else left
        for line in agreed.lines:
            if _key(line) == key and left > 0:
                found.append(line.part(min(left, line.quantity)))
                left -= found[-1].quantity
        if left > 0:
            found.append(_given(_anew(today[key], left)) if gratis else _anew(today[key], left))
    return sorted(_joined(found), key=lambda line: line.code == "extra")


def _counted(quote: Quote) -> Counter[Key]:
    counter: Counter[Key] = Counter()
    for line in quote.lines:
        if not line.is_days and line.code not in ("discount", *CHARGES):
            counter[_key(line)] += line.quantity
    return counter


def _key(line: LineItem) -> Key:
    return line.code, line.rule
