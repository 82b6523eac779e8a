"""Which provider an identifier means, and what customers are offered to pay with. Another provider is one line here."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking
from bookings.payments.provider import Provider

log = logging.getLogger(__name__)

# Imported when first asked for: a shop that takes PayPal alone does not pay for loading Stripe's library.
PROVIDERS: Mapping[str, str] = {
    "sandbox": "bookings.payments.sandbox.provider.Sandbox",
    "paypal": "bookings.payments.paypal.provider.PayPal",
    "stripe": "bookings.payments.stripe.provider.Stripe",
}
MANUAL = "manual"  # recorded by staff; nobody is asked


class NoSuchProvider(LookupError):
    """No provider has this name, it is switched off, or its library is not installed."""


@dataclass(frozen=True, slots=True)
class Method:
    """One way to pay, as customers see it."""

    identifier: str
    label: Any
    about: Any

    @property
    def online(self) -> bool:
        """Whether it is paid at once, with a provider."""
        return self.identifier in settings.ONLINE_PAYMENT_METHODS


METHODS = {
    method.identifier: method
    for method in (
        Method("stripe", _("Card"), _("You pay on Stripe’s page. We never see the number of your card.")),
        Method("paypal", _("PayPal"), _("You pay on PayPal’s page and come back here.")),
        Method("sandbox", _("Test payment"), _("No money moves: this page tries out what a provider does.")),
        Method(
            "pick_up", _("At pick-up"), _("You pay by card when you get the car. We confirm within 2 hours.")
        ),
        Method("transfer", _("Bank transfer"), _("We keep the car while your transfer is on its way.")),
    )
}


def provider_of(identifier: str) -> Provider:
    """The provider that a payment names. Raises NoSuchProvider for one that is not there."""
    if identifier not in PROVIDERS or (identifier == "sandbox" and not settings.PAYMENTS_SANDBOX):
        raise NoSuchProvider(identifier)
    return _made(identifier)


@cache
def _made(identifier: str) -> Provider:
    module, _dot, name = PROVIDERS[identifier].rpartition(".")
    try:
        made: Provider = getattr(import_module(module), name)()
    except ModuleNotFoundError as error:
        log.error("%s is not installed, so there is no %s", error.name, identifier)
        raise NoSuchProvider(identifier) from error
    return made


def offered() -> list[Method]:
    """What customers may choose from, in the order of settings.PAYMENT_METHODS."""
    return [METHODS[name] for name in settings.PAYMENT_METHODS]


def method_of(booking: Booking) -> Method:
    """How a booking is to be paid; staff's may be paid in a way that customers are not offered."""
    return METHODS.get(booking.payment_method) or Method(booking.payment_method, lazystr(""), lazystr(""))


def page_origins(methods: Iterable[Method]) -> list[str]:
    """Origins of the pages that customers are sent to, besides our own."""
    return sorted({page for one in methods if one.online for page in provider_of(one.identifier).pages})
