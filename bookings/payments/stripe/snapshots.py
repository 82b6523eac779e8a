"""Stripe's objects as a Snapshot: the one place where their statuses and sums become ours.

A payment intent says how far the money is; a Checkout Session says how far its page is. Objects come with the latest
charge and its refunds expanded. What an object lacks is nothing: older and younger API versions have other fields.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

import stripe
from stripe.checkout import Session

from bookings.payments.provider import RefundSnapshot, RefundState, Snapshot, State
from bookings.payments.stripe.amounts import from_units
from bookings.payments.stripe.errors import action_url
from bookings.payments.stripe.webhooks import uuid_or_none

REFUND_STATES = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.DONE,
    "failed": RefundState.FAILED,
    "canceled": RefundState.CANCELLED,
}
# An intent that Stripe ended by itself, because the time for its capture or its page was over.
ENDED_BY_TIME = frozenset({"automatic", "expired"})
PAGE_STATES = {"open": State.ACTION_REQUIRED, "expired": State.EXPIRED, "complete": State.PROCESSING}

T = TypeVar("T", stripe.Charge, stripe.PaymentIntent)


def build_snapshot(*, session: Session | None = None, intent: stripe.PaymentIntent | None = None) -> Snapshot:
    """From a page, from an intent, or from both. Raises ValueError for neither."""
    if intent is None and session is not None:
        intent = _expanded(session.payment_intent)
    if intent is not None:
        return _of_intent(intent, session)
    if session is None:
        raise ValueError("neither a page nor an intent")
    return _of_page(session)


def refund_snapshot(refund: stripe.Refund) -> RefundSnapshot:
    """A refund, ours or one that was made in Stripe's dashboard."""
    return RefundSnapshot(
        ref=refund.id,
        state=REFUND_STATES.get(refund.status or "", RefundState.PENDING),
        amount=from_units(refund.amount, refund.currency),
        request_id=_metadata(refund, "request_id"),
        failure=getattr(refund, "failure_reason", None) or "",
    )


def _of_page(session: Session) -> Snapshot:
    """Nobody has tried to pay on it yet, so there is no intent."""
    paid = session.payment_status == "paid"
    nothing = from_units(0, session.currency or "")
    taken = from_units(session.amount_total or 0, session.currency or "") if paid else nothing
    state = State.CAPTURED if paid else PAGE_STATES.get(session.status or "", State.CREATED)
    return Snapshot(
        state=state,
        authorized=taken,
        captured=taken,
        refunded=nothing,
        voided=nothing,
        payment_id=_payment_id(None, session),
        refs=_refs(None, session),
        expires_at=_time(session.expires_at) if state == State.ACTION_REQUIRED else None,
        raw_status=session.status or "",
        next_url=(session.url or "") if state == State.ACTION_REQUIRED else "",
    )


def _of_intent(intent: stripe.PaymentIntent, session: Session | None) -> Snapshot:
    charge = _expanded(intent.latest_charge)
    authorized, captured = _authorized(intent, charge), _captured(intent, charge)
    released = authorized - captured if intent.status in ("succeeded", "canceled") else 0
    refunds = list(_refunds(charge, released))
    refunded = _refunded(charge, refunds, released)
    state = _state(intent, session, authorized=authorized, captured=captured, refunded=refunded)
    until = _expires_at(state, charge, session)
    return Snapshot(
        state=state,
        authorized=from_units(authorized, intent.currency),
        captured=from_units(captured, intent.currency),
        refunded=from_units(refunded, intent.currency),
        voided=from_units(released, intent.currency),
        payment_id=_payment_id(intent, session),
        refs=_refs(intent, session),
        expires_at=until,
        honor_until=until if state == State.AUTHORIZED else None,
        refunds=tuple(refund_snapshot(refund) for refund in refunds),
        failure=_failure(intent) if state in (State.FAILED, State.ACTION_REQUIRED) else "",
        raw_status=intent.status,
        next_url=_next_url(intent, session) if state == State.ACTION_REQUIRED else "",
    )


def _authorized(intent: stripe.PaymentIntent, charge: stripe.Charge | None) -> int:
    """What the bank has agreed to, whatever became of it; in smallest units, like all sums here."""
    agreed = charge is not None and charge.status == "succeeded"
    if intent.status in ("requires_capture", "succeeded") or (intent.status == "canceled" and agreed):
        return charge.amount if charge else intent.amount
    return 0


def _captured(intent: stripe.PaymentIntent, charge: stripe.Charge | None) -> int:
    if intent.status != "succeeded":
        return 0
    received = getattr(intent, "amount_received", None)
    if received is None:
        received = getattr(charge, "amount_captured", None)
    return intent.amount if received is None else received


def _refunds(charge: stripe.Charge | None, released: int) -> Iterator[stripe.Refund]:
    """The refunds of money that was taken, oldest first.

    What a partial capture or a cancelled hold released is told as a refund too, the first one, which nobody asked for.
    It is no money that came back: https://github.com/solidusio/solidus_stripe/pull/268
    """
    told = getattr(charge, "refunds", None)
    for refund in reversed(told.data if told else []):
        if released and refund.amount == released and not _metadata(refund, "request_id"):
            released = 0
            continue
        yield refund


def _refunded(charge: stripe.Charge | None, refunds: list[stripe.Refund], released: int) -> int:
    """Pending refunds count, as in Stripe's own sum: that money cannot be given back twice."""
    told = getattr(charge, "refunds", None)
    if charge and told and told.has_more:  # the list is a first page, so Stripe's sum has to do
        return charge.amount_refunded - released
    return sum(refund.amount for refund in refunds if refund.status not in ("failed", "canceled"))


def _state(
    intent: stripe.PaymentIntent, session: Session | None, *, authorized: int, captured: int, refunded: int
) -> State:
    match intent.status:
        case "succeeded" if refunded:
            return State.REFUNDED if refunded >= captured else State.PARTIALLY_REFUNDED
        case "succeeded":
            return State.CAPTURED
        case "requires_capture":
            return State.AUTHORIZED
        case "processing":
            return State.PROCESSING
        case "canceled":
            by_time = getattr(intent, "cancellation_reason", None) in ENDED_BY_TIME
            if by_time or (session and session.status == "expired"):
                return State.EXPIRED
            return State.VOIDED if authorized else State.CANCELLED
    return _unpaid(intent, session)


def _unpaid(intent: stripe.PaymentIntent, session: Session | None) -> State:
    """While its page is open a customer may try another card; without a page, or after it, a refusal is the end."""
    if session and session.status in ("open", "expired"):
        return PAGE_STATES[session.status]
    if intent.status == "requires_action":
        return State.ACTION_REQUIRED
    failed = intent.status == "requires_payment_method" and (session or _failure(intent))
    return State.FAILED if failed else State.CREATED


def _expires_at(state: State, charge: stripe.Charge | None, session: Session | None) -> datetime | None:
    """When the page closes, or until when a hold may be captured: only the charge knows that, it differs by card."""
    if state == State.ACTION_REQUIRED and session:
        return _time(session.expires_at)
    card = getattr(getattr(charge, "payment_method_details", None), "card", None)
    return _time(getattr(card, "capture_before", None)) if state == State.AUTHORIZED else None


def _next_url(intent: stripe.PaymentIntent, session: Session | None) -> str:
    return (session.url if session else "") or action_url(intent)


def _failure(intent: stripe.PaymentIntent) -> str:
    error = getattr(intent, "last_payment_error", None)
    names = (getattr(error, name, None) for name in ("decline_code", "code", "type"))
    return next((name for name in names if name), "")


def _payment_id(intent: stripe.PaymentIntent | None, session: Session | None) -> UUID | None:
    told = [_metadata(intent, "payment_id"), _metadata(session, "payment_id")]
    told.append(getattr(session, "client_reference_id", None) or "")
    return next((found for each in told if (found := uuid_or_none(each))), None)


def _refs(intent: stripe.PaymentIntent | None, session: Session | None) -> dict[str, str]:
    """Ids of all that is there."""
    found = {
        "session": session,
        "payment_intent": intent,
        "charge": getattr(intent, "latest_charge", None),
        "customer": getattr(intent, "customer", None) or getattr(session, "customer", None),
        "payment_method": getattr(intent, "payment_method", None),
    }
    return {name: value if isinstance(value, str) else value.id for name, value in found.items() if value}


def _expanded(value: str | T | None) -> T | None:
    return None if isinstance(value, str) else value


def _metadata(thing: object, key: str) -> str:
    return getattr(getattr(thing, "metadata", None), key, None) or ""


def _time(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None
