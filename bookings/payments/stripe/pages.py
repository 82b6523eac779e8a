"""What a Checkout Session is made of: https://docs.stripe.com/api/checkout/sessions/create"""

from typing import TYPE_CHECKING

from bookings.payments.provider import Kind, ProviderPayment
from bookings.payments.stripe.amounts import to_units

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsPaymentIntentData

# Stripe refuses less than thirty minutes by its own clock, so a minute is added for the way and for ours.
OPEN_FOR = 31 * 60  # seconds
# Pages close on a grid of time, so that a retry a moment later asks for the very same page.
GRID = 5 * 60  # seconds


def params(
    payment: ProviderPayment, return_url: str, cancel_url: str, *, now: float
) -> "SessionCreateParams":
    """One line to pay. A charge keeps the card for a later hold; a hold is for cards, the only thing that can be held.

    Our id stands on the page and on the intent: events are about either.
    """
    found: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": str(payment.id),
        "metadata": metadata(payment),
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": payment.amount.currency.lower(),
                    "unit_amount": to_units(payment.amount),
                    "product_data": {"name": payment.description},
                },
            }
        ],
        "payment_intent_data": _intent_data(payment),
        "success_url": return_url,
        "cancel_url": cancel_url,
        "expires_at": closes_at(now),
        "locale": payment.language,
        "expand": ["payment_intent.latest_charge.refunds"],
    }
    if payment.kind == Kind.HOLD:
        found["allowed_payment_method_types"] = ["card"]
        found["payment_method_options"] = {"card": {"request_extended_authorization": "if_available"}}
    if customer := payment.refs.get("customer"):
        found["customer"] = customer
    elif payment.kind == Kind.CHARGE:
        found["customer_creation"] = "always"
    return found


def metadata(payment: ProviderPayment) -> dict[str, str]:
    """What Stripe keeps beside a payment: how we and people find it, nothing about anybody."""
    return {"payment_id": str(payment.id), "booking": payment.booking}


def closes_at(now: float) -> int:
    """Seconds since 1970, between 31 and 36 minutes after `now`."""
    return -(-int(now + OPEN_FOR) // GRID) * GRID


def _intent_data(payment: ProviderPayment) -> "SessionCreateParamsPaymentIntentData":
    found: SessionCreateParamsPaymentIntentData = {
        "metadata": metadata(payment),
        "description": payment.description,
    }
    if payment.kind == Kind.HOLD:
        found["capture_method"] = "manual"
    else:
        found["setup_future_usage"] = "off_session"
    return found
