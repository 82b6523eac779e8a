"""Stripe's objects as its API answers them: only the fields that we read, under the names that Stripe gives them."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from bookings.payments.provider import Kind, ProviderPayment
from exodrive.money import Money

Json = dict[str, Any]
PAYMENT = UUID("6f1c8a52-6d0b-4f0e-9a51-0c7d2f3b8e11")
CAPTURE_BEFORE = 4_102_444_800  # 2100-01-01
CLOSES = 4_102_444_860
PAGE_URL = "https://checkout.stripe.com/c/pay/cs_1"


def new_payment(
    kind: Kind = Kind.CHARGE, amount: str = "500.00", currency: str = "EUR", **refs: str
) -> ProviderPayment:
    """Ours: a charge of 500 euros, about which Stripe knows nothing yet."""
    return ProviderPayment(
        id=PAYMENT,
        kind=kind,
        amount=Money(Decimal(amount), currency),
        booking="EXO-AMNQCN",
        description="Renault Clio, 3 jours",
        language="fr",
        refs=refs,
    )


def listed(*things: Json, has_more: bool = False) -> Json:
    return {"object": "list", "data": list(things), "has_more": has_more, "url": "/v1/charges/ch_1/refunds"}


def refund(amount: int, *, request_id: str = "", ref: str = "re_1", **changed: Any) -> Json:
    metadata = {"request_id": request_id, "payment_id": str(PAYMENT)} if request_id else {}
    return {
        "id": ref,
        "object": "refund",
        "amount": amount,
        "currency": "eur",
        "status": "succeeded",
        "metadata": metadata,
    } | changed


def charge(amount: int = 50_000, *, refunds: Json | None = None, **changed: Any) -> Json:
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": amount,
        "currency": "eur",
        "status": "succeeded",
        "amount_refunded": 0,
        "refunds": refunds or listed(),
        "payment_method_details": {"type": "card", "card": {"brand": "visa"}},
    } | changed


def held_charge(**changed: Any) -> Json:
    """That of a card which may be captured until the first moment of 2100."""
    card = {"brand": "visa", "capture_before": CAPTURE_BEFORE}
    return charge(payment_method_details={"type": "card", "card": card}, **changed)


def intent(status: str, *, amount: int = 50_000, latest_charge: Json | None = None, **changed: Any) -> Json:
    return {
        "id": "pi_1",
        "object": "payment_intent",
        "amount": amount,
        "amount_received": amount if status == "succeeded" else 0,
        "currency": "eur",
        "status": status,
        "customer": "cus_1",
        "payment_method": "pm_1",
        "metadata": {"payment_id": str(PAYMENT)},
        "latest_charge": latest_charge,
        "last_payment_error": None,
        "next_action": None,
        "cancellation_reason": None,
    } | changed


def page(status: str = "open", *, paid: str = "unpaid", of: Json | str | None = None, **changed: Any) -> Json:
    return {
        "id": "cs_1",
        "object": "checkout.session",
        "status": status,
        "payment_status": paid,
        "amount_total": 50_000,
        "currency": "eur",
        "client_reference_id": str(PAYMENT),
        "metadata": {},
        "payment_intent": of,
        "customer": None,
        "expires_at": CLOSES,
        "url": PAGE_URL if status == "open" else None,
    } | changed


def error(kind: str, code: str = "", **details: Any) -> Json:
    return {"error": {"type": kind, "code": code or None, "message": "Somebody's card …"} | details}
