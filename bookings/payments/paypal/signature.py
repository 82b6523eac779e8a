"""Whether a webhook is PayPal's: checked here with the certificate that it names, or by asking PayPal.

https://developer.paypal.com/api/rest/webhooks/rest/ : signed is `id|time|our webhook's id|CRC-32 of the body`, the
checksum as an unsigned decimal of the bytes as they came. Who reads the body and writes it again has another one.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.conf import settings

from bookings.payments.paypal.certificates import Certificates
from bookings.payments.paypal.client import Client
from bookings.payments.paypal.events import event_of
from bookings.payments.provider import BadSignature, Event, Misconfigured

ALGORITHM = "SHA256withRSA"
LONGEST = 1000  # characters of a header
HEADERS = {
    "auth_algo": "paypal-auth-algo",
    "cert_url": "paypal-cert-url",
    "transmission_id": "paypal-transmission-id",
    "transmission_sig": "paypal-transmission-sig",
    "transmission_time": "paypal-transmission-time",
}
certificates = Certificates()


def genuine_event(body: bytes, headers: Mapping[str, str], *, at: datetime, client: Client) -> Event:
    """The event, when PayPal signed it. Raises BadSignature, and OutcomeUnknown when that cannot be found out now."""
    if not settings.PAYPAL_WEBHOOK_ID:
        raise Misconfigured("no_webhook_id")
    content = _content(body)
    signed = {name: _header(headers, header) for name, header in HEADERS.items()}
    if settings.PAYPAL_VERIFY == "postback":
        _ask_paypal(client, body, signed)
    else:
        verify(body, signed, at=at)
    return event_of(content)


def verify(body: bytes, signed: Mapping[str, str], *, at: datetime) -> None:
    """Raises BadSignature. `at`: when the certificate has to be valid, with a time zone."""
    if signed["auth_algo"] != ALGORITHM:
        raise BadSignature("algorithm")
    try:
        signature = base64.b64decode(signed["transmission_sig"], validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("encoding") from None
    key = certificates.leaf(signed["cert_url"], at=at).public_key()
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadSignature("key")
    try:
        key.verify(signature, message_of(body, signed), padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise BadSignature("signature") from None


def message_of(body: bytes, signed: Mapping[str, str]) -> bytes:
    """What PayPal signs."""
    parts = (
        signed["transmission_id"],
        signed["transmission_time"],
        settings.PAYPAL_WEBHOOK_ID,
        str(zlib.crc32(body)),
    )
    return "|".join(parts).encode()


def _ask_paypal(client: Client, body: bytes, signed: Mapping[str, str]) -> None:
    """The body goes back byte for byte: PayPal's checksum is of what it sent. Raises BadSignature."""
    fields = json.dumps({**signed, "webhook_id": settings.PAYPAL_WEBHOOK_ID}).encode()
    question = fields.removesuffix(b"}") + b', "webhook_event": ' + body + b"}"
    with client.operation() as paypal:
        answer = paypal.post(
            "/v1/notifications/verify-webhook-signature", question, request_id=signed["transmission_id"]
        )
    if answer.get("verification_status") != "SUCCESS":
        raise BadSignature("postback")


def _content(body: bytes) -> dict[str, Any]:
    """Raises BadSignature for what is no JSON object; so nothing can break out of the place it is spliced into."""
    try:
        content = json.loads(body.decode())
    except (ValueError, RecursionError):
        raise BadSignature("body") from None
    if not isinstance(content, dict):
        raise BadSignature("body")
    return content


def _header(headers: Mapping[str, str], name: str) -> str:
    """Raises BadSignature when it is missing or no header of PayPal's."""
    value = headers.get(name, "")
    if not value or len(value) > LONGEST or not value.isascii() or not value.isprintable():
        raise BadSignature(f"no {name}")
    return value
