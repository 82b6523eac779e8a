"""The sandbox's own side: what it knows of each order, as a real provider would keep it elsewhere.

Amounts script it: an order that ends in 1 of the smallest unit is declined, in 2 it is checked for a while (until the
second look), in 3 it asks for a step more. Every change may be posted to our webhook, late or twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bookings.models import SandboxOrder
from bookings.payments.provider import InvalidState, Kind, ProviderPayment, State
from exodrive.money import Money
from exodrive.rls import SERVICE, acting_as

PAGE_OPEN = timedelta(minutes=30)
HONORED, VALID = timedelta(days=3), timedelta(days=29)  # as PayPal's authorisations
DECLINED, CHECKED, STEP = 1, 2, 3
APPROVED, REFUSED = "approved", "instrument_declined"


def script_of(amount: Money) -> int:
    """The last digit of an amount in its smallest unit."""
    return amount.minor() % 10


def open_order(payment: ProviderPayment, return_url: str, cancel_url: str) -> SandboxOrder:
    """The order of a payment; the same one when it is asked for again."""
    facts = {
        "payment_id_sent": payment.id,
        "kind": payment.kind,
        "amount": payment.amount.amount,
        "currency": payment.amount.currency,
        "description": payment.description[:200],
        "state": State.ACTION_REQUIRED,
        "return_url": return_url,
        "cancel_url": cancel_url,
        "expires_at": timezone.now() + PAGE_OPEN,
    }
    with acting_as(SERVICE, actor="provider"), transaction.atomic():
        return SandboxOrder.objects.get_or_create(id=payment.id, defaults=facts)[0]


def find(order_id: str | UUID) -> SandboxOrder:
    """As it is now. Raises InvalidState for an order that the sandbox never opened."""
    with acting_as(SERVICE, actor="provider"):
        found = SandboxOrder.objects.filter(pk=order_id).first()
    if found is None:
        raise InvalidState("not_found")
    return found


@contextmanager
def changing(order_id: str | UUID, request_id: str = "") -> Iterator[tuple[SandboxOrder, bool]]:
    """The order, locked and saved at the end, and whether this request was done before. Raises InvalidState."""
    with acting_as(SERVICE, actor="provider"), transaction.atomic():
        order = SandboxOrder.objects.select_for_update().filter(pk=order_id).first()
        if order is None:
            raise InvalidState("not_found")
        done = bool(request_id) and request_id in order.requests
        yield order, done
        if request_id and not done:
            order.requests.append(request_id)
        order.save()


def approve(order_id: UUID) -> SandboxOrder:
    """The customer agrees on the page."""
    with changing(order_id) as (order, _done):
        if order.state == State.ACTION_REQUIRED:
            order.state = APPROVED
    return order


def decline(order_id: UUID) -> SandboxOrder:
    """The customer's bank says no, at the next attempt to take the money."""
    with changing(order_id) as (order, _done):
        if order.state == State.ACTION_REQUIRED:
            order.state, order.failure = APPROVED, REFUSED
    return order


def take(order: SandboxOrder) -> None:
    """Charge or authorise an approved order."""
    now = timezone.now()
    if order.kind == Kind.HOLD:
        order.state, order.honor_until, order.expires_at = State.AUTHORIZED, now + HONORED, now + VALID
    else:
        order.state, order.captured = State.CAPTURED, order.amount


def refunded(order: SandboxOrder) -> Decimal:
    """What has gone back."""
    return sum((Decimal(one["amount"]) for one in order.refunds), Decimal(0))


def is_over(order: SandboxOrder, at: datetime) -> bool:
    """Whether the page has closed or the authorisation has ended."""
    return order.expires_at is not None and order.expires_at <= at


def page_of(order: SandboxOrder) -> str:
    """Where its customer agrees."""
    return f"{settings.SITE_URL}/sandbox/{order.pk}/"


def give_back(order: SandboxOrder, amount: Money, request_id: str) -> dict[str, str]:
    """A refund, once for each request. Raises InvalidState for more than is there."""
    for one in order.refunds:
        if one["request_id"] == request_id:
            return dict(one)
    if amount.amount > order.captured - refunded(order):
        raise InvalidState("refund_amount_exceeded")
    made = {"ref": str(uuid4()), "amount": str(amount.amount), "request_id": request_id}
    order.refunds.append(made)
    return made
