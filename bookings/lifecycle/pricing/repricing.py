"""What a change costs: what is booked keeps its price, unless staff say otherwise, who may not all say the same."""

from django.utils.translation import gettext as _

from bookings.errors import Forbidden
from bookings.lifecycle.change_request import ChangeRequest
from bookings.lifecycle.managers import may_manage
from bookings.lifecycle.pricing.adjusting import adjusted
from bookings.lifecycle.request import PRICES, Extras
from bookings.models import Booking
from cars.pricing.agreed import Pricing, Rental, as_of_today, price, reprice
from cars.pricing.daily import PricingOptions, Quote
from cars.pricing.tariff import tariff_of
from exodrive.rls import PUBLIC, current

PLACES = {"pick_up", "drop_off"}


def rental_of(booking: Booking, extras: Extras) -> Rental:
    """What a booking is, as far as a price depends on it."""
    options = PricingOptions(
        booking.pick_up.pk, booking.drop_off.pk, booking.delivery, booking.driver_age, tuple(extras)
    )
    return Rental(booking.car, tuple(booking.days), options)


def reprices(news: ChangeRequest) -> bool:
    """Whether something is new that a price depends on; a swap of cars by us is not."""
    swapped = news.car and not _by_us(news)
    return bool(news.days or swapped or news.details.named & PRICES or news.pricing == Pricing.TODAY)


def repriced(agreed: Quote, was: Rental, now: Rental, news: ChangeRequest) -> Quote:
    """The price after a change, with the adjustment that is asked for.

    Usually what is added costs what it does today, and a swap by us nothing. Raises Forbidden for a customer who names
    another way, and for the desk where a kept price gives something away; Invalid for a price below zero.
    """
    if news.pricing and current().role == PUBLIC:
        raise Forbidden
    if reprices(news):
        agreed = _priced(agreed, was, now, news)
    return adjusted(agreed, news.adjustment)


def _priced(agreed: Quote, was: Rental, now: Rental, news: ChangeRequest) -> Quote:
    days = {*was.days, *now.days}
    tariff = tariff_of(min(days), max(days), was.car, now.car)
    mere_swap = _by_us(news) and not (news.days or news.details.named & PRICES - PLACES)
    how = news.pricing or (Pricing.KEPT if mere_swap else Pricing.ADDED)
    if _by_us(news):
        was = Rental(now.car, was.days, was.options)
    after = price(how, agreed, was, now, tariff)
    gives = how == Pricing.KEPT and not mere_swap and reprice(agreed, was, now, tariff).total > after.total
    if gives and not may_manage():
        raise Forbidden(_("Only a manager may add something for nothing."))
    return after


def _by_us(news: ChangeRequest) -> bool:
    """A swap of cars that the customer did not ask for."""
    return bool(news.car) and current().role != PUBLIC and not news.customers_wish


def price_today(booking: Booking) -> Quote:
    """What the booking would cost if it were made now, beside "as booked". Prefetch `extras__extra`."""
    extras = [(row.extra, row.quantity) for row in booking.extras.all()]
    tariff = tariff_of(booking.start_date, booking.end_date, booking.car)
    return as_of_today(booking.as_quoted, rental_of(booking, extras), tariff)
