"""Where a request comes from, behind any number of proxies of ours.

Every proxy appends the address that it saw to `X-Forwarded-For`, and the client can send whatever it likes before that.
So only the entries that our own proxies wrote count: with `settings.TRUSTED_PROXY_HOPS` of them, the one that many from
the right. Whatever is missing or is no address falls back to the address of the connection, which nobody can forge.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits of an IPv6 address that one household shares (RFC 6177)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """The client's address in its canonical form, "" when even the connection has none (a Unix socket)."""
    address = _forwarded(request) or _parsed(request.META.get("REMOTE_ADDR", ""))
    return str(address) if address else ""


def client_network(request: HttpRequest) -> str:
    """What is counted as one client: the IPv4 address, or the /64 of the IPv6 address. "" when unknown."""
    text = client_address(request)
    if ":" not in text:
        return text
    return str(ipaddress.ip_network((text, HOUSEHOLD), strict=False))


def _forwarded(request: HttpRequest) -> Address | None:
    hops = settings.TRUSTED_PROXY_HOPS
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return _parsed(entries[-hops]) if 0 < hops <= len(entries) else None


def _parsed(text: str) -> Address | None:
    """An address, also with a port behind it as some proxies write it; an IPv4 address inside IPv6 is itself."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
