"""PayPal as a payment provider: the customer agrees on PayPal's page, then we take the money or have it held.

An order becomes a capture (a charge) or an authorisation (a hold). An authorisation lasts 29 days; its capture is safe
for three, after which it may be reauthorised: that is a new id to capture from, while the first one stays what is
voided and reauthorised.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from bookings.payments.paypal.amounts import to_paypal
from bookings.payments.paypal.client import Calls, Client, client_from_settings
from bookings.payments.paypal.signature import genuine_event
from bookings.payments.paypal.snapshot import current_authorization, refund_of, snapshot_of
from bookings.payments.provider import (
    AlreadyDone,
    Capability,
    Event,
    InvalidState,
    Kind,
    OutcomeUnknown,
    Provider,
    ProviderPayment,
    RefundSnapshot,
    Snapshot,
    Started,
    State,
)
from exodrive.money import Money

INTENTS = {Kind.CHARGE: "CAPTURE", Kind.HOLD: "AUTHORIZE"}
LOCALES = {"en": "en-GB", "es": "es-ES", "fr": "fr-FR", "pt": "pt-PT"}  # PayPal wants a country as well
MAX_TEXT, MAX_NOTE = 127, 255  # characters
UNPAID = frozenset({State.ACTION_REQUIRED, State.CANCELLED})


class PayPal(Provider):
    """`client` and `clock` (the present instant) are given by tests; else they are this process' own."""

    identifier = "paypal"
    capabilities = frozenset(
        {
            Capability.CHARGE,
            Capability.HOLD,
            Capability.PARTIAL_CAPTURE,
            Capability.REAUTHORIZE,
            Capability.REFUND,
            Capability.REDIRECT,
        }
    )

    @property
    def pages(self) -> tuple[str, ...]:
        """Where orders are agreed to: PayPal's site beside its API, or the simulator's own."""
        address = urlsplit(settings.PAYPAL_API_URL)
        host = address.netloc.replace("api-m.", "www.", 1).replace("api.", "www.", 1)
        return (f"{address.scheme}://{host}",)

    def __init__(self, client: Client | None = None, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self._given, self._clock = client, clock

    @property
    def _client(self) -> Client:
        return self._given or client_from_settings()

    def start(
        self, payment: ProviderPayment, *, return_url: str, cancel_url: str, request_id: str
    ) -> Started:
        """An order, and PayPal's page where it is agreed to."""
        body = _order_of(payment, return_url, cancel_url)
        with self._client.operation() as paypal:
            order = paypal.post("/v2/checkout/orders", body, request_id=request_id)
            found = self._snapshot(paypal, order, payment)
        return Started(found, found.next_url)

    def complete(self, payment: ProviderPayment, params: Mapping[str, str], *, request_id: str) -> Snapshot:
        """See `Provider.complete`. After Declined the order can be agreed to again, and then needs another request id."""
        with self._client.operation() as paypal:
            order = paypal.get(_order_path(payment))
            if order.get("status") == "APPROVED":
                order = _take(paypal, order, payment, request_id)
            return self._snapshot(paypal, order, payment)

    def capture(self, payment: ProviderPayment, amount: Money, *, final: bool, request_id: str) -> Snapshot:
        """From the newest authorisation."""
        body = {"amount": to_paypal(amount), "final_capture": final}
        with self._client.operation() as paypal:
            paypal.post(f"{_authorization_path(payment)}/capture", body, request_id=request_id)
            return self._fetch(paypal, payment)

    def void(self, payment: ProviderPayment, *, request_id: str) -> Snapshot:
        """The whole rest of a hold. PayPal cannot cancel an order that nobody has paid: nobody takes its money, that is
        all; then the state is CANCELLED. Raises InvalidState for money that was taken."""
        with self._client.operation() as paypal:
            try:
                found = self._fetch(paypal, payment)
            except InvalidState as error:
                return _forgotten(payment, error)
            if "authorization" not in found.refs:
                return _cancelled(found)
            if found.state in (State.AUTHORIZED, State.PROCESSING):
                _void(paypal, found.refs["original_authorization"], request_id)
                found = self._fetch(paypal, payment)
            return found

    def reauthorize(self, payment: ProviderPayment, amount: Money, *, request_id: str) -> Snapshot:
        """Only the first authorisation can be, and that several times, from the fourth to the 29th day."""
        original = payment.refs.get("original_authorization", "")
        path = f"{_authorization_path(payment, original)}/reauthorize"
        with self._client.operation() as paypal:
            renewed = paypal.post(path, {"amount": to_paypal(amount)}, request_id=request_id)
            if not renewed.get("id"):
                raise OutcomeUnknown("unreadable")
            return self._fetch(paypal, payment, authorization=str(renewed["id"]))

    def refund(
        self, payment: ProviderPayment, amount: Money, *, reason: str, request_id: str
    ) -> RefundSnapshot:
        """Of the first capture. The request id is the refund's invoice id too, which PayPal takes once for ever."""
        capture = payment.refs.get("capture")
        if not capture:
            raise InvalidState("no_capture")
        note = " ".join(reason.split())[:MAX_NOTE]
        body = {
            "amount": to_paypal(amount),
            "custom_id": str(payment.id),
            "invoice_id": request_id,
            **({"note_to_payer": note} if note else {}),
        }
        with self._client.operation() as paypal:
            made = paypal.post(f"/v2/payments/captures/{capture}/refund", body, request_id=request_id)
        if not made.get("id") or "amount" not in made:
            raise OutcomeUnknown("unreadable")
        return refund_of(made)

    def fetch(self, payment: ProviderPayment) -> Snapshot:
        """The order, and the authorisation of a hold."""
        with self._client.operation() as paypal:
            return self._fetch(paypal, payment)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Event:
        """See `Provider`. Raises OutcomeUnknown when PayPal's certificate, or PayPal, cannot be reached."""
        return genuine_event(body, headers, at=at, client=self._client)

    def _fetch(self, paypal: Calls, payment: ProviderPayment, authorization: str = "") -> Snapshot:
        return self._snapshot(paypal, paypal.get(_order_path(payment)), payment, authorization)

    def _snapshot(
        self, paypal: Calls, order: dict[str, Any], payment: ProviderPayment, authorization: str = ""
    ) -> Snapshot:
        """Raises OutcomeUnknown for an answer that cannot be read."""
        try:
            # Nothing says that an order lists its reauthorisations; so the one that we know is asked for.
            newest = authorization or payment.refs.get("authorization") or current_authorization(order)
            is_held = payment.kind is Kind.HOLD and newest
            held = paypal.get(_authorization_path(payment, newest)) if is_held else None
            return snapshot_of(order, payment, at=self._clock(), authorization=held)
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
            raise OutcomeUnknown("unreadable") from None


def _order_of(payment: ProviderPayment, return_url: str, cancel_url: str) -> dict[str, Any]:
    """Our id is the custom id, by which it is found, and the invoice id, which PayPal lets be paid once."""
    unit = {
        "reference_id": payment.booking,
        "custom_id": str(payment.id),
        "invoice_id": str(payment.id),
        "description": payment.description[:MAX_TEXT],
        "amount": to_paypal(payment.amount),
    }
    context = {
        "return_url": return_url,
        "cancel_url": cancel_url,
        "user_action": "PAY_NOW",
        "shipping_preference": "NO_SHIPPING",
        "brand_name": settings.BUSINESS_NAME[:MAX_TEXT],
        "locale": LOCALES.get(payment.language, payment.language),
    }
    return {
        "intent": INTENTS[payment.kind],
        "purchase_units": [{name: value for name, value in unit.items() if value}],
        "payment_source": {"paypal": {"experience_context": context}},
    }


def _take(paypal: Calls, order: dict[str, Any], payment: ProviderPayment, request_id: str) -> dict[str, Any]:
    """The order after its capture or authorisation, whoever was first with it."""
    action = "authorize" if payment.kind is Kind.HOLD else "capture"
    path = _order_path(payment)
    try:
        return paypal.post(f"{path}/{action}", request_id=request_id)
    except AlreadyDone:
        order = paypal.get(path)
        if order.get("status") == "APPROVED":  # another order took the money of this payment
            raise
        return order


def _void(paypal: Calls, authorization: str, request_id: str) -> None:
    try:
        paypal.post(f"/v2/payments/authorizations/{authorization}/void", request_id=request_id)
    except AlreadyDone:
        pass  # whoever was first: it is fetched next


def _cancelled(found: Snapshot) -> Snapshot:
    """Raises InvalidState for what was paid, or is being."""
    if found.state not in UNPAID | {State.FAILED}:
        raise InvalidState("PREVIOUSLY_CAPTURED")
    return replace(found, state=State.CANCELLED, next_url="") if found.state in UNPAID else found


def _forgotten(payment: ProviderPayment, error: InvalidState) -> Snapshot:
    """An order that nobody paid is gone from PayPal after some hours. Raises the error where money may be behind it."""
    if error.code != "INVALID_RESOURCE_ID" or {"authorization", "capture"} & payment.refs.keys():
        raise error
    nothing = Money.zero(payment.amount.currency)
    return Snapshot(State.CANCELLED, nothing, nothing, nothing, nothing, payment_id=payment.id)


def _order_path(payment: ProviderPayment) -> str:
    """Raises InvalidState for a payment that was never started."""
    if not payment.refs.get("order"):
        raise InvalidState("no_order")
    return f"/v2/checkout/orders/{payment.refs['order']}"


def _authorization_path(payment: ProviderPayment, authorization: str = "") -> str:
    """Raises InvalidState for a payment without one."""
    found = authorization or payment.refs.get("authorization")
    if not found:
        raise InvalidState("no_authorization")
    return f"/v2/payments/authorizations/{found}"
