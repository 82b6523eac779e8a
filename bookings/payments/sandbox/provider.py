"""A provider that takes no money, for development and for trying the site out. Its page is ours (`/sandbox/…/`)."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from bookings.models import SandboxOrder
from bookings.payments.provider import (
    BadSignature,
    Capability,
    Declined,
    Event,
    InvalidState,
    Kind,
    NeedsCustomerAction,
    Provider,
    ProviderPayment,
    RefundSnapshot,
    RefundState,
    Snapshot,
    Started,
    State,
)
from bookings.payments.sandbox import bank, webhook
from exodrive.money import Money

STORED = "stored"  # the ref under which a paid order's method can be used again


class Sandbox(Provider):
    """Approves what its page approves. See `bank` for what amounts do."""

    identifier = "sandbox"
    capabilities = frozenset(Capability)
    stored = frozenset({STORED})

    def start(
        self, payment: ProviderPayment, *, return_url: str, cancel_url: str, request_id: str
    ) -> Started:
        """A page to agree on; none for a hold on a method that is known from the rental."""
        order = bank.open_order(payment, return_url, cancel_url)
        if payment.kind == Kind.HOLD and STORED in payment.refs and order.state == State.ACTION_REQUIRED:
            if bank.script_of(payment.amount) == bank.STEP:
                raise NeedsCustomerAction(bank.page_of(order), "step")
            order = self._taken(order, request_id)
        return Started(snapshot_of(order), bank.page_of(order))

    def complete(self, payment: ProviderPayment, params: Mapping[str, str], *, request_id: str) -> Snapshot:
        """Raises Declined; the customer may agree again."""
        order = bank.find(payment.id)
        if order.state == State.PROCESSING:
            return self.fetch(payment)  # nobody asks otherwise while it is open
        return snapshot_of(self._taken(order, request_id) if order.state == bank.APPROVED else order)

    def _taken(self, order: SandboxOrder, request_id: str) -> SandboxOrder:
        amount = Money(order.amount, order.currency)
        with bank.changing(order.pk, request_id) as (order, done):
            if not done and (order.failure or bank.script_of(amount) == bank.DECLINED):
                order.state, order.failure = State.ACTION_REQUIRED, ""
            elif not done and bank.script_of(amount) == bank.CHECKED:
                order.state = State.PROCESSING
            elif order.state in (bank.APPROVED, State.ACTION_REQUIRED) and not done:
                bank.take(order)
        if order.state == State.ACTION_REQUIRED:
            raise Declined(bank.REFUSED)
        webhook.tell(order, "payment.taken")
        return order

    def capture(self, payment: ProviderPayment, amount: Money, *, final: bool, request_id: str) -> Snapshot:
        """Of a hold. Raises InvalidState for more than is held, or after its end."""
        with bank.changing(payment.id, request_id) as (order, done):
            if not done:
                if order.state != State.AUTHORIZED or bank.is_over(order, timezone.now()):
                    raise InvalidState("authorization_not_open")
                if amount.amount > order.amount - order.captured - order.voided:
                    raise InvalidState("max_capture_amount_exceeded")
                order.captured += amount.amount
                if final:
                    order.voided = order.amount - order.captured
                order.state = State.CAPTURED
        webhook.tell(order, "payment.captured")
        return snapshot_of(order)

    def void(self, payment: ProviderPayment, *, request_id: str) -> Snapshot:
        """A hold, or the page of a payment that nobody agreed to. Raises InvalidState for what was taken."""
        known = bank.open_order(payment, "", "")
        with bank.changing(known.pk, request_id) as (order, _done):
            if order.captured:
                raise InvalidState("already_captured")
            if order.state == State.AUTHORIZED:
                order.state, order.voided = State.VOIDED, order.amount
            elif order.state != State.VOIDED:
                order.state = State.CANCELLED
        webhook.tell(order, "payment.voided")
        return snapshot_of(order)

    def reauthorize(self, payment: ProviderPayment, amount: Money, *, request_id: str) -> Snapshot:
        """Guaranteed for three days more, within its 29. Raises InvalidState after them."""
        now = timezone.now()
        with bank.changing(payment.id, request_id) as (order, done):
            if order.state != State.AUTHORIZED or bank.is_over(order, now):
                raise InvalidState("authorization_not_open")
            if not done and order.expires_at:
                order.honor_until = min(now + bank.HONORED, order.expires_at)
        return snapshot_of(order)

    def refund(
        self, payment: ProviderPayment, amount: Money, *, reason: str, request_id: str
    ) -> RefundSnapshot:
        """At once. Raises InvalidState for more than is there."""
        with bank.changing(payment.id, request_id) as (order, _done):
            made = bank.give_back(order, amount, request_id)
        webhook.tell(order, "payment.refunded")
        return RefundSnapshot(made["ref"], RefundState.DONE, amount, request_id)

    def fetch(self, payment: ProviderPayment) -> Snapshot:
        """Raises InvalidState for a payment that was never started."""
        order = bank.find(payment.id)
        if order.state == State.PROCESSING:
            with bank.changing(order.pk) as (order, _done):
                bank.take(order)
        return snapshot_of(order)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Event:
        """Signed with a key of this site."""
        try:
            return webhook.read(body, headers.get(webhook.HEADER, ""), at=at)
        except ValueError as error:
            raise BadSignature("bad_signature") from error


def snapshot_of(order: SandboxOrder) -> Snapshot:
    """What the sandbox tells of an order."""

    def money(amount: Decimal) -> Money:
        return Money(amount, order.currency)

    now, state = timezone.now(), order.state
    if state in (State.ACTION_REQUIRED, bank.APPROVED, State.AUTHORIZED) and bank.is_over(order, now):
        state = State.EXPIRED
    taken = order.kind == Kind.HOLD and order.honor_until is not None
    refunds = tuple(
        RefundSnapshot(one["ref"], RefundState.DONE, money(Decimal(one["amount"])), one["request_id"])
        for one in order.refunds
    )
    waiting = state in (State.ACTION_REQUIRED, bank.APPROVED)
    stored = {STORED: "yes"} if order.captured and order.kind == Kind.CHARGE else {}
    return Snapshot(
        State.ACTION_REQUIRED if state == bank.APPROVED else State(state),
        authorized=money(order.amount if taken else order.captured),
        captured=money(order.captured),
        refunded=money(bank.refunded(order)),
        voided=money(order.voided),
        payment_id=order.payment_id_sent,
        refs={"order": str(order.pk), **stored},
        expires_at=order.expires_at,
        honor_until=order.honor_until,
        refunds=refunds,
        raw_status=order.state,
        next_url=bank.page_of(order) if waiting else "",
    )
