"""Stripe's webhooks: the signature over the bytes as they came, and what an event is about.

https://docs.stripe.com/webhooks/signature
"""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import stripe

from bookings.payments.provider import BadSignature, Event, Misconfigured

TOLERANCE = 300  # seconds, as Stripe's own libraries have it
MAX_ID = 255
# What Stripe calls an object, and the fields that lead to others, in our words for references.
KINDS = {
    "checkout.session": "session",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "refund": "refund",
    "dispute": "dispute",
}
FIELDS = {"payment_intent": "payment_intent", "charge": "charge", "latest_charge": "charge"}


def verified_event(body: bytes, header: str, *, secret: str, at: datetime) -> Event:
    """The event. Raises BadSignature for what Stripe did not sign, signed long before or after `at`, or is no event; and
    Misconfigured without a secret."""
    if not secret:
        raise Misconfigured("no_webhook_secret")
    try:
        # Without the SDK's tolerance, which is measured by the machine's clock.
        stripe.WebhookSignature.verify_header(body, header, secret, tolerance=None)
        age = int(at.timestamp()) - _signed_at(header)
        event = json.loads(body)
    except (stripe.SignatureVerificationError, ValueError, TypeError, IndexError, RecursionError):
        raise BadSignature("bad_signature") from None
    if abs(age) > TOLERANCE:
        raise BadSignature("too_old")
    return _read(event)


def _signed_at(header: str) -> int:
    """The time that was signed: the first "t", as the SDK has it. Another one behind it would be anybody's."""
    return int(next(item.split("=")[1] for item in f"{header},t=".split(",") if item.split("=")[0] == "t"))


def _read(event: Any) -> Event:
    subject = _of(_of(event, "data"), "object")
    found = _id(_of(event, "id")), _of(event, "type")
    if not isinstance(subject, dict) or not found[0] or not isinstance(found[1], str):
        raise BadSignature("no_event")
    return Event(
        id=found[0],
        type=found[1],
        refs=tuple(dict.fromkeys(_refs(subject))),
        payment_id=_payment_id(subject),
    )


def _refs(subject: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    kind = subject.get("object")
    if isinstance(kind, str) and kind in KINDS and (identifier := _id(subject.get("id"))):
        yield KINDS[kind], identifier
    for field, name in FIELDS.items():
        value = subject.get(field)
        if identifier := _id(_of(value, "id") if isinstance(value, dict) else value):
            yield name, identifier


def _payment_id(subject: Mapping[str, Any]) -> UUID | None:
    for value in (_of(subject.get("metadata"), "payment_id"), subject.get("client_reference_id")):
        if (found := uuid_or_none(value)) is not None:
            return found
    return None


def uuid_or_none(value: object) -> UUID | None:
    """Ours, or None for what somebody else wrote there."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _id(value: object) -> str:
    """An id as Stripe's are: ASCII letters, digits and underscores; "" for anything else."""
    fits = isinstance(value, str) and len(value) <= MAX_ID and value.isascii()
    return value if fits and isinstance(value, str) and value.replace("_", "").isalnum() else ""
