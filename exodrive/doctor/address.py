"""The public address: whether whoever opens SITE_URL reaches this site, over HTTPS that browsers accept."""

import http.client
import json
import ssl
import threading
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from exodrive.doctor.findings import Finding, State, missing, warning, well
from exodrive.ops import health

LIMIT = 5.0  # seconds for all of it, the look-up of the name included
MOST = 10_000  # bytes that are read of an answer
PART, PROBE = "address", "/healthz"
OTHER_NAMES = {62, 64}  # OpenSSL's codes: the certificate names another host, another IP address
SERVE = "Start web and the proxy in front of it (deploy/nginx.conf)."
ROUTE = "Point the name's DNS record at this machine."


class NoAnswer(Exception):
    """The address did not answer in time."""


def public() -> Iterator[Finding]:
    """What `/healthz` at SITE_URL answers, asked as from outside. A fault of the network is a finding, too."""
    url = urlsplit(settings.SITE_URL)
    if url.scheme != "https" or not url.hostname:
        yield Finding(PART, State.UNKNOWN, "Not asked: SITE_URL does not begin with https://.")
        return
    try:
        status, body = _within(url)
    except ssl.SSLCertVerificationError as error:
        yield _untrusted(url.hostname, error)
    except (OSError, ValueError, http.client.HTTPException, NoAnswer) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        yield missing(PART, f"{url.netloc} is not reachable from here: {reason}.", f"{SERVE} {ROUTE}")
    else:
        yield _answered(url.netloc, status, body)


def _untrusted(host: str, error: ssl.SSLCertVerificationError) -> Finding:
    if error.verify_code in OTHER_NAMES:
        says = f"What answers for {host} has the certificate of another host."
        return missing(PART, says, f"{ROUTE} Or get a certificate with that name.")
    says = f"The certificate of {host} is not valid: {error.verify_message}."
    return missing(PART, says, "Renew it, and serve it with the certificates between.")


def _answered(host: str, status: int, body: bytes) -> Finding:
    told = _told(body)
    if status != 200:
        return missing(PART, f"{host} answers with {status}.", SERVE)
    if told.get("status") != health.OK:
        return missing(PART, f"Something else than this site answers at {host}.", ROUTE)
    release = told.get("release")
    if release is None and settings.HEALTH_TOKEN:
        return warning(
            PART,
            f"{host} answers and does not know this HEALTH_TOKEN.",
            "Restart web with this environment, or point the name here.",
        )
    if release not in (None, settings.RELEASE):
        says = f"{host} answers as release {str(release)[:40]}, and this is {settings.RELEASE}."
        return warning(PART, says, "Restart web, or point the name here.")
    return well(PART, f"{host} answers over HTTPS.")


def _told(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _within(url: SplitResult) -> tuple[int, bytes]:
    """Status and body of the probe. Raises NoAnswer at the limit: a look-up, or one byte at a time, has none itself."""
    found: list[tuple[int, bytes] | Exception] = []

    def ask() -> None:
        try:
            found.append(_ask(url))
        except Exception as error:
            found.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(LIMIT)
    if not found:
        raise NoAnswer(f"no answer within {LIMIT:g} s")
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _ask(url: SplitResult) -> tuple[int, bytes]:
    token = settings.HEALTH_TOKEN
    headers = {"User-Agent": "exodrive doctor", **({"Authorization": f"Bearer {token}"} if token else {})}
    context = ssl.create_default_context()
    connection = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=LIMIT, context=context)
    try:
        connection.request("GET", PROBE, headers=headers)
        response = connection.getresponse()
        return response.status, response.read(MOST)
    finally:
        connection.close()
