"""Reading what changes prices: three queries for any number of cars."""

from datetime import date

from django.db.models import Q

from cars.models import Discount, Fee, Season
from cars.pricing import Tariff


def tariff_of(start: date, end: date) -> Tariff:
    """Seasons that touch the days from `start` to `end`, all discounts and all fees."""
    return Tariff(
        seasons=tuple(Season.objects.filter(Q(start_date__lte=end) & Q(end_date__gte=start))),
        discounts=tuple(Discount.objects.all()),
        fees=tuple(Fee.objects.all()),
    )
