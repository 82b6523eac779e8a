"""Stripe: a page of theirs to pay on, holds on a stored card, captures and refunds, by the official SDK."""

from bookings.payments.stripe.provider import Stripe

__all__ = ["Stripe"]
