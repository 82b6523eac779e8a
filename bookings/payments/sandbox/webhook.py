"""The sandbox's webhooks: signed as Stripe signs, posted by the worker, on request late or twice."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from bookings.payments.provider import Event
from bookings.signals import sandbox_says

if TYPE_CHECKING:
    from bookings.models import SandboxOrder

HEADER = "x-sandbox-signature"
TOLERANCE = 300  # seconds
LATE = 40  # seconds
ADDRESS = "api:webhook_sandbox"


def tell(order: "SandboxOrder", what: str, *, late: bool = False, times: int = 1) -> None:
    """Have it posted, LATE seconds later when asked; nothing is lost when it is not."""
    body = body_of(order, what).decode()
    for _time in range(times):
        sandbox_says.send(None, body=body, wait=LATE if late else 0)


def body_of(order: "SandboxOrder", what: str) -> bytes:
    """An event as it goes over the wire."""
    return json.dumps({"id": str(uuid4()), "type": what, "payment": str(order.payment_id_sent)}).encode()


def sign(body: bytes, at: datetime) -> str:
    """The header's value."""
    stamp = str(int(at.timestamp()))
    return f"t={stamp},v1={_mac(stamp, body)}"


def read(body: bytes, header: str, *, at: datetime) -> Event:
    """The event. Raises ValueError for a signature that is not ours, is older than five minutes, or is none."""
    parts = dict(part.partition("=")[::2] for part in header.split(","))
    stamp = parts.get("t", "")
    if not hmac.compare_digest(parts.get("v1", "").encode(), _mac(stamp, body).encode()):
        raise ValueError("bad signature")
    if abs(at.timestamp() - int(stamp)) > TOLERANCE:
        raise ValueError("stale")
    told = json.loads(body)
    return Event(told["id"], told["type"], (("order", told["payment"]),), UUID(told["payment"]))


def _mac(stamp: str, body: bytes) -> str:
    key = hashlib.sha256(f"sandbox webhooks {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(body: bytes) -> None:
    """Post an event to our own webhook, signed now. Raises httpx.HTTPError: nobody is there, or it was not taken."""
    headers = {HEADER: sign(body, timezone.now()), "content-type": "application/json"}
    answer = httpx.post(f"{settings.SITE_URL}{reverse(ADDRESS)}", content=body, headers=headers, timeout=5)
    answer.raise_for_status()
