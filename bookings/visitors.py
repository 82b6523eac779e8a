"""Who asks, as a keyed hash: so that one visitor's holds can be counted without knowing who it is."""

import hmac
import ipaddress
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from exodrive.http.client_ip import client_address, client_network
from exodrive.http.cookies import cookie_attributes

COOKIE, SALT, LIFE = f"{settings.COOKIE_PREFIX}visitor", "bookings.cookies.visitor", timedelta(days=365)


def give_number(request: HttpRequest, response: HttpResponse) -> None:
    """A random number for a browser that has none yet, so that its holds can be counted."""
    if not _number(request):
        number = secrets.token_urlsafe(16)
        response.set_signed_cookie(COOKIE, number, salt=SALT, **cookie_attributes(LIFE))


def visitor_of(request: HttpRequest) -> str:
    """A keyed hash of who asks, for `place_hold`: the browser's number, else the network address it comes from."""
    number = _number(request)
    return _hashed(f"number {number}") if number else address_of(request)


def address_of(request: HttpRequest) -> str:
    """A keyed hash of the client's address, or of its household's IPv6 network. "" when unknown."""
    address = client_network(request)
    return _hashed(f"address {address}") if address else ""


def network_of(request: HttpRequest) -> str:
    """A keyed hash of the network around the client's address: what one person can change addresses in (/24, IPv6 /56)."""
    address = client_address(request)
    if not address:
        return ""
    bits = 56 if ":" in address else 24
    return _hashed(f"network {ipaddress.ip_network((address, bits), strict=False)}")


def sender_of(request: HttpRequest, hold: Any = None) -> str:
    """Whose an idempotency key is: of who has the hold's token, else of the client's network.

    Not of the browser's number: whoever can drop a cookie could retry as somebody else, and API clients keep none.
    """
    return f"hold-{hold.pk}" if hold else address_of(request)[:32]


def _number(request: HttpRequest) -> str:
    return request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LIFE) or ""


def _hashed(who: str) -> str:
    return hmac.new(settings.LINK_KEY.encode(), f"visitor {who}".encode(), "sha256").hexdigest()
