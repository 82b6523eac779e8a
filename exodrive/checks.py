"""What must be set in production, as system checks and as a refusal to serve without it.

`manage.py check` reports them all; the web, worker and beat processes do not run Django's checks, so their entry
points call `refuse_unsafe_production`.
"""

import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from babel.numbers import is_currency
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from limits import parse_many

from exodrive.db import zones
from exodrive.db.logins import refuse_unsafe_login

log = logging.getLogger(__name__)

SECRET_LENGTH = 32  # characters
FULL = 100  # per cent
PAYMENTS = 40  # where the numbers of errors about payments begin
KEYS = {
    "paypal": ("PAYPAL_CLIENT_ID", "PAYPAL_CLIENT_SECRET", "PAYPAL_WEBHOOK_ID"),
    "stripe": ("STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET"),
}
LINK_DAYS, LINK_HOURS = 390, 744  # within `link_may_last_until` and `mail_link_again`


@register(Tags.security)
def production_is_configured(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """One error for every setting that production cannot do without; in development those about payments alone."""
    return list(problems()) if settings.PRODUCTION else list(_payment_problems())


def refuse_unsafe_production(*, public_may: bool) -> None:
    """Raise ImproperlyConfigured, naming every variable at once, when production lacks one; then for an unfit login.

    `public_may`: the process may run with a login that can be nobody but exo_public.
    """
    found = production_is_configured()
    if found:
        raise ImproperlyConfigured("\n".join(f"{message.msg} ({message.id})" for message in found))
    refuse_unsafe_login(public_may=public_may)
    if settings.PRODUCTION:
        for warning in zones.warnings():
            log.warning("%s (%s)", warning.msg, warning.id)


def refuse_open_development(host: str) -> None:
    """Raise ImproperlyConfigured when development would listen where others can reach it with what everybody knows."""
    if not is_loopback(host) and (why := development_secrets()):
        raise ImproperlyConfigured(
            f"Development listens on {host or 'all addresses'} with {' and '.join(why)}. Set ENVIRONMENT=production, or"
            " listen on 127.0.0.1 (WEB_HOST), or set what is named here."
        )


def development_secrets() -> list[str]:
    """What opens this site to whoever reaches it: published secrets, Django's error pages, any host name."""
    if settings.PRODUCTION:
        return []  # refused as a whole
    found = [
        f"the published {name}"
        for name in ("SECRET_KEY", "LINK_KEY")
        if getattr(settings, name) == settings.DEVELOPMENT_SECRET
    ]
    found += ["DEBUG"] if settings.DEBUG else []
    return found + (["ALLOWED_HOSTS=*"] if "*" in settings.ALLOWED_HOSTS else [])


def is_loopback(host: str) -> bool:
    """Only this machine reaches it: its name or address, or a socket's file."""
    if host.startswith("/") or host in ("localhost", "localhost.localdomain"):
        return True
    with suppress(ValueError):
        address = ip_address(host.strip("[]"))
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    return False


def problems() -> Iterator[CheckMessage]:
    """One error for every setting that production cannot do without, wherever this runs."""
    yield from _setting_problems()
    yield from _payment_problems()


def _setting_problems() -> Iterator[CheckMessage]:
    for number, name in enumerate(("SECRET_KEY", "LINK_KEY"), start=1):
        value = getattr(settings, name)
        if value == settings.DEVELOPMENT_SECRET or len(value) < SECRET_LENGTH:
            yield _error(number, f"{name} must be a random secret of at least {SECRET_LENGTH} characters.")
    if any(
        value == settings.DEVELOPMENT_SECRET or len(value) < SECRET_LENGTH
        for value in settings.SECRET_KEY_FALLBACKS
    ):
        yield _error(
            24, f"SECRET_KEY_FALLBACKS must be random secrets of at least {SECRET_LENGTH} characters."
        )
    if settings.SECRET_KEY == settings.LINK_KEY:
        yield _error(3, "LINK_KEY must differ from SECRET_KEY: each is changed without the other.")
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        yield _error(4, "ALLOWED_HOSTS must list the site's host names.")
    if not _is_public_https(settings.SITE_URL):
        yield _error(5, "SITE_URL must be the site's public address and start with https://.")
    for number, name in enumerate(("DATABASE_URL", "REDIS_URL"), start=6):
        if not os.environ.get(name):
            yield _error(number, f"{name} must be set.")
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield _error(
            8, "RESEND_API_KEY (or EMAIL_BACKEND) must be set: mails would only be written to files."
        )
    if settings.DEBUG:
        yield _error(9, "DEBUG must be off.")
    if not is_currency(settings.CURRENCY):
        yield _error(23, "CURRENCY must be an ISO 4217 code.")
    if not _is_percentage(settings.TAX_RATE):
        yield _error(24, "TAX_RATE must be a percentage from 0 to 100.")
    if settings.TOKEN_DAYS_AFTER_RETURN > LINK_DAYS or settings.NEW_LINK_HOURS > LINK_HOURS:
        words = f"TOKEN_DAYS_AFTER_RETURN is at most {LINK_DAYS} and NEW_LINK_HOURS at most {LINK_HOURS}:"
        yield _error(26, f"{words} the database lets no link last longer.")
    yield from _limit_problems()


def _is_percentage(text: str) -> bool:
    try:
        return 0 <= Decimal(text) <= FULL
    except InvalidOperation:
        return False


def _limit_problems() -> Iterator[CheckMessage]:
    if not settings.RATE_LIMITING:
        yield _error(20, "RATE_LIMITS must be on.")
    if settings.BEHIND_TLS_PROXY and settings.TRUSTED_PROXY_HOPS < 1:
        yield _error(
            21, "TRUSTED_PROXY_HOPS must be set with BEHIND_TLS_PROXY: all customers would share one address."
        )
    texts = {"RATE_LIMIT_WITHOUT_REDIS": settings.RATE_LIMIT_WITHOUT_REDIS}
    texts |= {f"RATE_LIMIT_{name.upper()}": text for name, text in settings.RATE_LIMITS.items() if text}
    for name, text in texts.items():
        try:
            parse_many(text)
        except ValueError:
            yield _error(22, f"{name} must be limits like 30/minute;300/hour.")


def _payment_problems() -> Iterator[CheckMessage]:
    """Keys that are missing, and a sandbox where money is real."""
    known = settings.ONLINE_PAYMENT_METHODS | {"pick_up", "transfer"}
    if not settings.PAYMENT_METHODS or set(settings.PAYMENT_METHODS) - known:
        yield _payment_error(1, f"PAYMENT_METHODS must name some of {', '.join(sorted(known))}.")
    for number, (method, names) in enumerate(KEYS.items(), start=2):
        missing = [name for name in names if not getattr(settings, name)]
        if method in settings.PAYMENT_METHODS and missing:
            yield _payment_error(number, f"{', '.join(missing)} must be set to offer {method}.")
    if "sandbox" in settings.PAYMENT_METHODS and not settings.PAYMENTS_SANDBOX:
        yield _payment_error(4, "PAYMENTS_SANDBOX must be on to offer sandbox.")
    if settings.PAYMENTS_SANDBOX and (settings.PRODUCTION or live_keys()):
        yield _payment_error(5, "PAYMENTS_SANDBOX must be off in production and beside live keys.")
    if settings.CANCELLATION_TIERS and not _are_tiers(settings.CANCELLATION_TIERS):
        yield _payment_error(
            6, "CANCELLATION_TIERS must begin with 100 per cent back, and give less back in fewer hours."
        )
    if "transfer" in settings.PAYMENT_METHODS and not settings.BANK_ACCOUNT:
        yield _payment_error(7, "BANK_ACCOUNT must say where transfers go to offer transfer.")


def _are_tiers(tiers: Sequence[tuple[int, int]]) -> bool:
    """From the most hours and all of it to the fewest and the least."""
    hours, percents = zip(*tiers, strict=True)
    falling = list(hours) == sorted(hours, reverse=True) and list(percents) == sorted(percents, reverse=True)
    return falling and percents[0] == FULL and percents[-1] >= 0


def live_keys() -> list[str]:
    """The names of keys that move real money."""
    live = {
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY.startswith(("sk_live", "rk_live")),
        "PAYPAL_CLIENT_SECRET": bool(settings.PAYPAL_CLIENT_SECRET)
        and urlsplit(settings.PAYPAL_API_URL).hostname in ("api-m.paypal.com", "api.paypal.com"),
    }
    return [name for name, is_live in live.items() if is_live]


def _payment_error(number: int, message: str) -> CheckMessage:
    return Error(f"Payments: {message}", id=f"exodrive.E{PAYMENTS + number:03}")


def _is_public_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "") not in {"", "localhost", "127.0.0.1"}


def _error(number: int, message: str) -> CheckMessage:
    return Error(f"Production: {message}", id=f"exodrive.E{number:03}")
