"""The certificates that PayPal signs its webhooks with: fetched from PayPal and nowhere else, and checked.

The URL comes in a header that anybody can send, so nothing is asked for before the URL is one of PayPal's.
"""

import re
import threading
import warnings
from contextlib import suppress
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

import certifi
import httpx
from cryptography import x509
from cryptography.utils import CryptographyDeprecationWarning
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError
from django.conf import settings

from bookings.payments.provider import BadSignature, Misconfigured, OutcomeUnknown
from exodrive.checks import is_loopback

LIVE, SANDBOX = "messageverificationcerts.paypal.com", "messageverificationcerts.sandbox.paypal.com"
# Who may serve them, and the name that the certificate must carry.
HOSTS = {
    "api.paypal.com": LIVE,
    "api-m.paypal.com": LIVE,
    "api.sandbox.paypal.com": SANDBOX,
    "api-m.sandbox.paypal.com": SANDBOX,
}
URL = re.compile(r"(https?://([a-z0-9.:\[\]-]+))/v1/notifications/certs/[A-Za-z0-9_-]{1,100}")
PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
LARGEST = 64 * 1024  # bytes
KEPT = 16  # chains


class Certificates:
    """Kept by their URL once they proved to be PayPal's. Thread-safe."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport
        self._lock = threading.Lock()
        self._chains: dict[str, list[x509.Certificate]] = {}

    def leaf(self, url: str, *, at: datetime) -> x509.Certificate:
        """The one at `url`, valid at that instant. Raises BadSignature; OutcomeUnknown when it cannot be had now."""
        name = name_for(url)
        with self._lock:
            chain = self._chains.get(url)
        if chain is None:
            chain = _parsed(self._fetch(url))
        _check(chain, name, at)
        with self._lock:
            if len(self._chains) >= KEPT:
                self._chains.clear()
            self._chains[url] = chain
        return chain[0]

    def _fetch(self, url: str) -> bytes:
        outside = url.startswith("https:")
        try:
            with (
                httpx.Client(
                    transport=self._transport,
                    timeout=settings.PAYMENT_TIMEOUT,
                    follow_redirects=False,
                    trust_env=outside,
                ) as http,
                http.stream("GET", url) as response,
            ):
                return _content(response)
        except httpx.HTTPError:
            raise OutcomeUnknown("certificate_unreachable") from None


def name_for(url: str) -> str:
    """The name that a certificate from there must carry. Raises BadSignature unless it is a place of PayPal's."""
    match = URL.fullmatch(url)
    if match is None:
        raise BadSignature("certificate_url")
    origin, host = match.groups()
    if origin.startswith("https:") and host in HOSTS:
        return HOSTS[host]
    # The simulator's, and only while this site is told to use one on this machine.
    if is_loopback(urlsplit(settings.PAYPAL_API_URL).hostname or "") and origin == settings.PAYPAL_API_URL:
        return SANDBOX
    raise BadSignature("certificate_url")


def _content(response: httpx.Response) -> bytes:
    if response.status_code >= 500 or response.status_code == 429:
        raise OutcomeUnknown("certificate_unreachable")
    if response.status_code != 200:
        raise BadSignature("certificate_missing")
    content = b""
    for part in response.iter_bytes():
        content += part
        if len(content) > LARGEST:
            raise BadSignature("certificate_too_large")
    return content


def _parsed(content: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(content)
    except ValueError:
        raise BadSignature("certificate") from None


def _check(chain: list[x509.Certificate], name: str, at: datetime) -> None:
    """Name, chain and validity, as a browser would. Raises Misconfigured without authorities to trust."""
    path = settings.PAYPAL_CA_BUNDLE or certifi.where()
    try:
        store = _authorities(path, Path(path).stat().st_mtime_ns)
    except (OSError, ValueError):
        raise Misconfigured("no_ca_bundle") from None
    verifier = PolicyBuilder().store(store).time(at).build_server_verifier(x509.DNSName(name))
    try:
        verifier.verify(chain[0], chain[1:])
    except VerificationError:
        raise BadSignature("certificate") from None


@lru_cache(maxsize=4)
def _authorities(path: str, changed: int) -> Store:
    """Of a file as it was changed last. Raises OSError, and ValueError for none at all."""
    found = []
    with warnings.catch_warnings():
        # certifi has authorities whose serial numbers are against the rules; some day they will not be read at all.
        warnings.simplefilter("ignore", CryptographyDeprecationWarning)
        for pem in PEM.findall(Path(path).read_bytes()):
            with suppress(ValueError):
                found.append(x509.load_pem_x509_certificate(pem))
    return Store(found)
