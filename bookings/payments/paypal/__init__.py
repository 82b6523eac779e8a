"""PayPal: Orders v2 and Payments v2 by redirect, and its webhooks."""

from bookings.payments.paypal.provider import PayPal

__all__ = ["PayPal"]
