"""What a webhook of PayPal's is about: the ids in it, and nothing that could be taken for the truth."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bookings.payments.paypal.snapshot import uuid_of
from bookings.payments.provider import Event

# By `resource_type`, and by the event's name where that says something else or nothing.
TYPES = {
    "checkout-order": "order",
    "authorization": "authorization",
    "capture": "capture",
    "refund": "refund",
}
NAMES = (
    ("CHECKOUT.", "order"),
    ("PAYMENT.AUTHORIZATION.", "authorization"),
    ("PAYMENT.CAPTURE.REFUNDED", "refund"),
    ("PAYMENT.CAPTURE.REVERSED", "refund"),
    ("PAYMENT.CAPTURE.", "capture"),
    ("PAYMENT.REFUND.", "refund"),
)
RELATED = {"order_id": "order", "authorization_id": "authorization", "capture_id": "capture"}
UP = re.compile(r"/(orders|authorizations|captures|refunds)/([A-Za-z0-9]+)$")
ID = re.compile(r"[A-Za-z0-9-]{1,100}")
Json = Mapping[str, Any]


def event_of(content: Json) -> Event:
    """Of a body whose signature is good; what is missing in it is missing here."""
    kind = str(content.get("event_type") or "")
    resource = content.get("resource")
    resource = resource if isinstance(resource, Mapping) else {}
    found = _refs(str(content.get("resource_type") or ""), kind, resource)
    refs = tuple(dict.fromkeys(pair for pair in found if ID.fullmatch(pair[1])))
    return Event(id=str(content.get("id") or ""), type=kind, refs=refs, payment_id=_payment_id(resource))


def _refs(resource_type: str, kind: str, resource: Json) -> Iterator[tuple[str, str]]:
    named = next((ref for prefix, ref in NAMES if kind.startswith(prefix)), "")
    own = TYPES.get(resource_type, named)
    if own and resource.get("id"):
        yield own, str(resource["id"])
    related = _mapping(_mapping(resource.get("supplementary_data")).get("related_ids"))
    for name, ref in RELATED.items():
        if related.get(name):
            yield ref, str(related[name])
    for link in _list(resource.get("links")):
        if link.get("rel") == "up" and (match := UP.search(str(link.get("href")))):
            yield match[1].removesuffix("s"), match[2]


def _payment_id(resource: Json) -> UUID | None:
    """Our id: every purchase unit, authorisation, capture and refund of ours carries it."""
    units = _list(resource.get("purchase_units"))
    return uuid_of(resource.get("custom_id") or (units[0].get("custom_id") if units else None))


def _mapping(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _list(value: Any) -> list[Json]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
