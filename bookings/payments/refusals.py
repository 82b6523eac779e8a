"""What a provider's errors mean to whoever pays: one place for pages and the API."""

from django.utils.translation import gettext_lazy as _

from bookings.errors import BookingError
from bookings.payments.provider import Declined, InvalidState, ProviderError


class PaymentDeclined(BookingError):
    """The provider or the customer's bank said no. Nothing was charged."""

    code, status = "payment_declined", 409
    message = _("Your payment was not accepted. You have not been charged. Try again, or pay another way.")


class ProviderUnavailable(BookingError):
    """The provider cannot be asked, or has not answered: it may still do what it was asked, once."""

    code, status, retry_after = "provider_unavailable", 503, 10
    message = _("The payment service does not answer right now. Try again in a minute, or pay another way.")


def refused(error: ProviderError) -> BookingError:
    """The refusal for what a provider raised."""
    if isinstance(error, Declined | InvalidState):
        return PaymentDeclined()
    return ProviderUnavailable()
