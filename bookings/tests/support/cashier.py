"""What customers, providers and the worker do about money, each in its own identity.

payment = pay(make_booking(start=in_days(30)))
come_to_rest()
assert proven() == []
"""

from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bookings.models import Booking, Payment, PaymentOperation, ProviderEvent, Refund
from bookings.payments import checkout, refunds, webhooks
from bookings.payments.audit import check_money
from bookings.payments.checkout import Back
from bookings.payments.reconciler import reconcile
from bookings.payments.sandbox import bank, webhook
from bookings.payments.sandbox.provider import Sandbox
from exodrive.money import Money
from exodrive.rls import SERVICE, STAFF, acting_as
from inbox.audit import find_drift
from inbox.models import InboxEmail

BACK = Back("https://exodrive.test/back/%s", "https://exodrive.test/not/%s")
SENT = Sandbox()  # whose webhooks are read


def as_provider() -> Any:
    """As webhooks and the worker run."""
    return acting_as(SERVICE, actor="provider")


def start(booking: Booking, purpose: str = "rental", at: datetime | None = None) -> Payment:
    """The customer presses "pay"."""
    with acting_as(SERVICE, actor="customer"):
        return checkout.start(booking, method="sandbox", purpose=purpose, back=BACK, at=at or timezone.now())


def come_back(payment: Payment, at: datetime | None = None) -> Payment:
    """The customer is sent back to us."""
    with acting_as(SERVICE, actor="customer"):
        return checkout.complete(payment.pk, at=at or timezone.now())


def pay(booking: Booking, purpose: str = "rental", at: datetime | None = None) -> Payment:
    """Started, agreed to at the provider's, and back again."""
    payment = start(booking, purpose, at)
    bank.approve(payment.pk)
    return come_back(payment, at)


def now(row: Any) -> Any:
    """The row as it is in the database now."""
    with as_provider():
        return type(row).objects.get(pk=row.pk)


def report(payment: Payment, event: str = "") -> ProviderEvent | None:
    """The provider posts an event about a payment, with this id or a new one; None when it is known already."""
    body = webhook.body_of(bank.find(payment.pk), "payment.taken")
    if event:
        body = body.replace(body[8:44], event.ljust(36, "0").encode())
    at = timezone.now()
    headers = {webhook.HEADER: webhook.sign(body, at)}
    with as_provider():
        if not webhooks.receive("sandbox", body, headers, at=at):
            return None
        event_id = SENT.verify_webhook(body, headers, at=at).id
        return ProviderEvent.objects.get(event_id=event_id)


def handle_reports(at: datetime | None = None) -> int:
    """The worker handles what was reported."""
    with as_provider():
        return webhooks.handle_waiting(at=at or timezone.now())


def refund(payment: Payment, amount: str, reason: str = "Good will") -> Any:
    """Staff promise a part of it back; the worker has not sent it yet."""
    with acting_as(STAFF):
        money = Money(Decimal(amount), payment.currency)
        return refunds.ask_refund(payment_id=payment.pk, amount=money, reason=reason)


def come_to_rest(at: datetime | None = None, runs: int = 12) -> datetime:
    """The reconciler runs, a few minutes apart, until a run changes nothing; the time of the last one."""
    at, before = at or timezone.now(), None
    for _run in range(runs):
        at += timedelta(minutes=3)
        with acting_as(SERVICE, actor="job"):
            reconcile(at)
        if before == (before := _everything()):
            return at
    raise AssertionError("the reconciler does not come to rest")


def _everything() -> list[Any]:
    """What can change about money."""
    facts = {
        Booking: ("status", "payment_status", "paid", "refunded", "deposit_status"),
        Payment: ("state", "authorized", "captured", "refunded", "refunding", "voided", "problem"),
        PaymentOperation: ("outcome",),
        Refund: ("state",),
        ProviderEvent: ("state",),
    }
    with as_provider():
        return [
            list(model.objects.order_by("pk").values_list("pk", *names)) for model, names in facts.items()
        ]


def proven() -> list[str]:
    """What differs between sums and what was done, days and their claimants; an empty list is the proof."""
    with as_provider():
        return check_money() + find_drift()


def mails(booking: Booking) -> Counter[str]:
    """How many of which letter about money a customer was sent."""
    with as_provider():
        rows = InboxEmail.objects.filter(booking=booking, payment__isnull=False)
        return Counter(rows.values_list("template", flat=True))
