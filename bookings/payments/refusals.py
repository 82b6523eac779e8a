"""What a provider's no means to whoever asked: one of our refusals, the same on pages and in the API."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from bookings.errors import BookingError, Invalid, PaymentDeclined, ProviderUnavailable
from bookings.payments.provider import (
    AlreadyDone,
    Declined,
    InvalidState,
    NeedsCustomerAction,
    ProviderError,
)
from bookings.payments.registry import NoSuchProvider


def refused(error: Exception) -> BookingError:
    """The refusal for an error of a provider's. Who can send the customer on treats NeedsCustomerAction before."""
    if isinstance(error, Declined | NeedsCustomerAction):
        return PaymentDeclined()
    if isinstance(error, AlreadyDone | InvalidState):
        return Invalid(_("The provider says that this cannot be done with this payment."))
    return ProviderUnavailable()


@contextmanager
def provider_refusals() -> Iterator[None]:
    """Around a verb that asks a provider: what it raises is raised as our refusal."""
    try:
        yield
    except ProviderError as error:
        raise refused(error) from error
    except NoSuchProvider as error:
        raise ProviderUnavailable from error
