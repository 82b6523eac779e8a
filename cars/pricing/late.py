"""What a late return costs: nothing within the grace, then by the hour up to a day, then by the day. Pure."""

from datetime import timedelta
from decimal import Decimal

from django.conf import settings

from cars.pricing.quote import Quote
from exodrive.money import Money

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WHOLE = 100  # per cent


def late_charge(late: timedelta, day_rate: Money) -> Money:
    """What `late` costs, at what a day costs: hours and days that have begun count, as settings say."""
    days, rest = divmod(late, DAY)
    begun = rest > settings.RETURN_GRACE
    if days:
        return (day_rate * (days + begun)).rounded()
    percent = min(hours_begun(late) * settings.LATE_RETURN_HOURLY_PERCENT, WHOLE) if begun else 0
    return (day_rate * Decimal(percent) / WHOLE).rounded()


def hours_begun(late: timedelta) -> int:
    """61 minutes are 2 hours."""
    return -(-late // HOUR)


def usual_day(quote: Quote) -> Money:
    """What a day of the rental cost on average, with tax and less its discounts."""
    of_days = [line for line in quote.lines if line.is_days]
    n = sum(line.quantity for line in of_days)
    price = Money.sum(
        (line.amount for line in quote.lines if line.is_days or line.code == "discount"), quote.currency
    )
    return price / n if n else price
