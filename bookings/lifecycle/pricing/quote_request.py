"""What a new booking will cost: asked by whoever shows the price, and again by the verb that writes it."""

from bookings.lifecycle.pricing.adjusting import adjusted
from bookings.lifecycle.pricing.agreed import held_price
from bookings.lifecycle.request import BookingRequest
from cars.pricing.daily import Quote, quote_rental
from cars.pricing.tariff import tariff_of


def quote_of(request: BookingRequest) -> Quote:
    """What `create_booking` books it at, as of now: places, extras, delivery, driver's age and adjustment included.

    Nothing else of the request is looked at, the customer may be missing. Raises Forbidden and Invalid for an adjustment
    that cannot be made.
    """
    if request.hold:
        price = held_price(request.hold, request.pricing)
    else:
        days = request.days
        price = quote_rental(request.car, days, tariff_of(days.start, days.end, request.car), request.pricing)
    return adjusted(price, request.adjustment)
