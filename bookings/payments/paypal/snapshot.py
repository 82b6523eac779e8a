"""What PayPal's order says, in our words. This is the only place that reads it.

COMPLETED is said of an order whose payments were made, not of money that came: only the captures say that. An
authorisation that ran out has no status of its own either: PayPal voids it, or does not say so yet.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from bookings.payments.paypal.amounts import from_paypal
from bookings.payments.paypal.errors import link
from bookings.payments.provider import Kind, ProviderPayment, RefundSnapshot, RefundState, Snapshot, State
from exodrive.money import Money

HONOUR = timedelta(days=3)  # PayPal's honor period, from the authorisation's or reauthorisation's beginning
EPOCH = datetime.fromtimestamp(0, UTC)
TAKEN = frozenset({"COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"})
OPEN = frozenset({"CREATED", "PARTIALLY_CAPTURED"})
NOT_PAID = {
    "CREATED": State.ACTION_REQUIRED,
    "SAVED": State.ACTION_REQUIRED,
    "PAYER_ACTION_REQUIRED": State.ACTION_REQUIRED,
    # Agreed to and not taken: until `complete` has been there it may still end as if they had not agreed.
    "APPROVED": State.ACTION_REQUIRED,
    "VOIDED": State.CANCELLED,
    "COMPLETED": State.PROCESSING,
}
REFUNDS = {
    "PENDING": RefundState.PENDING,
    "COMPLETED": RefundState.DONE,
    "FAILED": RefundState.FAILED,
    "CANCELLED": RefundState.CANCELLED,
}
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Sums:
    authorized: Money
    captured: Money
    refunded: Money
    voided: Money


def snapshot_of(
    order: Json, payment: ProviderPayment, *, at: datetime, authorization: Json | None = None
) -> Snapshot:
    """The truth at `at`; `authorization` is the current one, where the order does not tell all of it.

    While a rest of a hold that was captured in part can still be taken, its state is AUTHORIZED.
    """
    unit = _unit(order)
    payments = unit.get("payments") or {}
    captures, refunds = payments.get("captures") or [], tuple(map(refund_of, payments.get("refunds") or []))
    held = _merged(payments.get("authorizations") or [], authorization)
    current = held[-1] if held else {}
    expired = _is_expired(current, at)
    # In the order's own currency: whoever compares it with the payment's has to see that they differ.
    currency = (unit.get("amount") or {}).get("currency_code") or payment.amount.currency
    closed = expired or current.get("status") not in OPEN
    sums = _sums(held, captures, refunds, is_hold=payment.kind is Kind.HOLD, currency=currency, closed=closed)
    state = _state(order, payment.kind, current, captures, sums, expired=expired)
    is_held = state is State.AUTHORIZED
    return Snapshot(
        state=state,
        authorized=sums.authorized,
        captured=sums.captured,
        refunded=sums.refunded,
        voided=sums.voided,
        payment_id=uuid_of(unit.get("custom_id")),
        refs=_refs(order, held, captures),
        expires_at=_time(current, "expiration_time"),
        honor_until=_honour(current) if is_held else None,
        refunds=refunds,
        failure=_failure(current, captures) if state is State.FAILED else "",
        raw_status=str(current.get("status") or order.get("status") or ""),
        next_url=link(order, "payer-action", "approve") if state is State.ACTION_REQUIRED else "",
    )


def refund_of(refund: Json) -> RefundSnapshot:
    """One refund; our request id is its invoice id. Of a dashboard's refund that is the payment's, which none of ours is."""
    state = REFUNDS.get(str(refund.get("status")), RefundState.PENDING)
    ours = str(refund.get("invoice_id") or "")
    return RefundSnapshot(
        ref=str(refund["id"]),
        state=state,
        amount=from_paypal(refund["amount"]),
        request_id="" if ours == refund.get("custom_id") else ours,
        failure=_reason(refund) if state is RefundState.FAILED else "",
    )


def current_authorization(order: Json) -> str:
    """Id of the newest authorisation that the order tells of; "" without one."""
    held = _merged((_unit(order).get("payments") or {}).get("authorizations") or [])
    return str(held[-1]["id"]) if held else ""


def uuid_of(text: Any) -> UUID | None:
    """Ours, if it is one."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def _state(
    order: Json, kind: Kind, current: Json, captures: list[Any], sums: _Sums, *, expired: bool
) -> State:
    if current.get("status") in OPEN and not expired:
        return State.AUTHORIZED
    if sums.captured:
        if not sums.refunded:
            return State.CAPTURED
        return State.REFUNDED if sums.refunded >= sums.captured else State.PARTIALLY_REFUNDED
    if any(each.get("status") == "PENDING" for each in captures):
        return State.PROCESSING
    if kind is Kind.HOLD and current:
        return _unused(str(current.get("status")), expired=expired)
    if captures:
        return State.FAILED
    return NOT_PAID.get(str(order.get("status")), State.PROCESSING)


def _unused(status: str, *, expired: bool) -> State:
    """Of an authorisation from which nothing was taken, nor will be."""
    if expired:
        return State.EXPIRED
    return {"VOIDED": State.VOIDED, "PENDING": State.PROCESSING}.get(status, State.FAILED)


def _sums(
    held: list[Json],
    captures: list[Any],
    refunds: tuple[RefundSnapshot, ...],
    *,
    is_hold: bool,
    currency: str,
    closed: bool,
) -> _Sums:
    """A refund in the order's list, or a capture that says it went back as a whole (a reversal is no refund)."""
    taken = [each for each in captures if each.get("status") in TAKEN]
    captured = _total(taken, currency)
    given = Money.sum((each.amount for each in refunds if each.state is RefundState.DONE), currency)
    refunded = max(given, _total([each for each in taken if each["status"] == "REFUNDED"], currency))
    if not is_hold:
        return _Sums(captured, captured, refunded, Money.zero(currency))
    granted = [each for each in held if each.get("status") not in ("DENIED", "PENDING")]
    authorized = max((from_paypal(each["amount"]) for each in granted), default=Money.zero(currency))
    waiting = _total([each for each in captures if each.get("status") == "PENDING"], currency)
    rest = authorized - captured - waiting
    return _Sums(
        authorized, captured, refunded, max(rest, Money.zero(currency)) if closed else Money.zero(currency)
    )


def _merged(listed: Iterable[Json], newer: Json | None = None) -> list[Json]:
    """The authorisations, oldest first: a reauthorisation is one more. What was fetched by itself tells more."""
    by_id = {each["id"]: each for each in listed}
    if newer:
        by_id[newer["id"]] = {**by_id.get(newer["id"], {}), **newer}
    return sorted(by_id.values(), key=lambda each: _time(each, "create_time") or EPOCH)


def _is_expired(authorization: Json, at: datetime) -> bool:
    ends = _time(authorization, "expiration_time")
    if ends is None or at < ends:
        return False
    changed = _time(authorization, "update_time") or at
    return authorization.get("status") in OPEN or (
        authorization.get("status") == "VOIDED" and changed >= ends
    )


def _refs(order: Json, held: list[Json], captures: list[Any]) -> dict[str, str]:
    """`original_authorization` is what PayPal voids and reauthorises. `capture` is the first one and stays it: a refund
    that is asked for again must not meet another capture."""
    refs = {"order": str(order["id"])}
    if held:
        refs |= {"authorization": str(held[-1]["id"]), "original_authorization": str(held[0]["id"])}
    taken = [each for each in captures if each.get("status") in TAKEN] or captures
    return refs | ({"capture": str(taken[0]["id"])} if taken else {})


def _failure(current: Json, captures: list[Any]) -> str:
    return _reason(captures[-1] if captures else current)


def _reason(resource: Json) -> str:
    """Why not: what the bank said, what PayPal said, or the status."""
    bank = (resource.get("processor_response") or {}).get("response_code")
    details = (resource.get("status_details") or {}).get("reason")
    return str(bank or details or resource.get("status") or "")


def _unit(order: Json) -> Json:
    """Ours have one purchase unit."""
    units = order.get("purchase_units") or [{}]
    return units[0]


def _total(resources: list[Any], currency: str) -> Money:
    return Money.sum((from_paypal(each["amount"]) for each in resources), currency)


def _honour(authorization: Json) -> datetime | None:
    begin, ends = _time(authorization, "create_time"), _time(authorization, "expiration_time")
    if begin is None:
        return None
    return min(begin + HONOUR, ends) if ends else begin + HONOUR


def _time(resource: Json, name: str) -> datetime | None:
    """An instant with its zone, as PayPal writes it: RFC 3339."""
    text = resource.get(name)
    return datetime.fromisoformat(text) if text else None
