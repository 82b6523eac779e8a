"""What Stripe's errors mean to us. https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes"""

import logging
from typing import Any

import stripe

from bookings.payments.provider import (
    AlreadyDone,
    Declined,
    InvalidState,
    Misconfigured,
    NeedsCustomerAction,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
)

log = logging.getLogger(__name__)

AUTHENTICATION_REQUIRED = "authentication_required"
UNEXPECTED_STATE = "payment_intent_unexpected_state"
IDEMPOTENCY = "idempotency_error"
DONE_BEFORE = frozenset({"charge_already_captured", "charge_already_refunded"})


def translated(error: stripe.StripeError) -> ProviderError:
    """Our word for it, with Stripe's code. Its message and the answer stay behind: they may name people."""
    code = _code(error)
    log.warning("stripe refused: %s %s %s", type(error).__name__, code or "-", error.request_id or "-")
    match error:
        case stripe.CardError():
            return _declined(error, code)
        case stripe.RateLimitError():
            return RateLimited(code or "rate_limit")
        case stripe.AuthenticationError() | stripe.PermissionError():
            return Misconfigured(code)
        case stripe.IdempotencyError():
            return InvalidState(IDEMPOTENCY)
        case stripe.InvalidRequestError():
            return AlreadyDone(code) if _done_before(error, code) else InvalidState(code)
    # No answer, a 5xx, or a 409: the same request id is being worked on this moment.
    return OutcomeUnknown(code)


def _code(error: stripe.StripeError) -> str:
    """The bank's reason where there is one: "insufficient_funds" says more than "card_declined"."""
    details = error.error
    return str(getattr(details, "decline_code", None) or error.code or getattr(details, "code", None) or "")


def _declined(error: stripe.StripeError, code: str) -> ProviderError:
    if AUTHENTICATION_REQUIRED in (code, error.code):
        url = action_url(getattr(error.error, "payment_intent", None))
        return NeedsCustomerAction(url, AUTHENTICATION_REQUIRED) if url else Declined(AUTHENTICATION_REQUIRED)
    return Declined(code)


def _done_before(error: stripe.StripeError, code: str) -> bool:
    intent = getattr(error.error, "payment_intent", None)
    canceled = getattr(intent, "status", None) == "canceled"
    return code in DONE_BEFORE or (code == UNEXPECTED_STATE and canceled)


def action_url(intent: Any) -> str:
    """Where the customer proves that they are themselves; "" when there is no such page."""
    redirect = getattr(getattr(intent, "next_action", None), "redirect_to_url", None)
    return str(getattr(redirect, "url", None) or "")
