"""What a payment provider answered, in words for staff; its own code stands in the timeline of the payment."""

from django.utils.translation import gettext as _

from bookings.payments.provider import (
    Declined,
    Misconfigured,
    NeedsCustomerAction,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
)

LATER = (OutcomeUnknown, RateLimited)  # asked again by itself: no mistake of whoever asked


def sentence_of(error: Exception) -> str:
    """Why it did not happen, or not yet. A LookupError is a provider that is not there (any more)."""
    if isinstance(error, LATER):
        return _("The provider has not answered: we keep asking, you will see it here.")
    if isinstance(error, Misconfigured | LookupError):
        return _("The provider did not let us in: its keys or the account have to be looked at.")
    words = {
        Declined: _("The provider declined it"),
        NeedsCustomerAction: _("The customer has to agree to it first"),
    }.get(type(error), _("The provider cannot do this any more"))
    code = error.code if isinstance(error, ProviderError) else ""
    return f"{words} ({code})." if code else f"{words}."
