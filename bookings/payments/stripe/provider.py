"""The provider "stripe": the customer pays on a page of theirs (a Checkout Session), holds use the card that they left.

Stripe takes or holds the money itself as soon as the customer agrees; `complete` only asks how it went. Every POST
carries our request id as its Idempotency-Key: Stripe answers a second one as it answered the first, for a day at least.
"""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

import stripe
from django.conf import settings

from bookings.payments.circuit import Circuit
from bookings.payments.provider import (
    AlreadyDone,
    Capability,
    Declined,
    Event,
    InvalidState,
    Kind,
    NeedsCustomerAction,
    Provider,
    ProviderPayment,
    RefundSnapshot,
    Snapshot,
    Started,
    State,
)
from bookings.payments.stripe import pages
from bookings.payments.stripe.amounts import to_units
from bookings.payments.stripe.client import stripe_client
from bookings.payments.stripe.errors import AUTHENTICATION_REQUIRED, IDEMPOTENCY, UNEXPECTED_STATE, translated
from bookings.payments.stripe.snapshots import build_snapshot, refund_snapshot
from bookings.payments.stripe.webhooks import verified_event
from exodrive.money import Money

if TYPE_CHECKING:
    from stripe import RequestOptions
    from stripe.checkout import Session
    from stripe.params import PaymentIntentCreateParams, RefundCreateParams

T = TypeVar("T")

OF_INTENT = ["latest_charge.refunds"]
OF_SESSION = ["payment_intent.latest_charge.refunds"]
ENDED = (State.VOIDED, State.CANCELLED, State.EXPIRED, State.FAILED)
WAITING_ON_PAGE = (State.CREATED, State.ACTION_REQUIRED)
# The words that Stripe knows; what staff write is nothing for their dashboard.
REASONS = frozenset({"duplicate", "fraudulent", "requested_by_customer"})


class Stripe(Provider):
    """Stripe by its SDK. `http` replaces the transport of the process, e.g. in tests."""

    identifier = "stripe"
    capabilities = frozenset(
        {
            Capability.CHARGE,
            Capability.HOLD,
            Capability.PARTIAL_CAPTURE,
            Capability.REFUND,
            Capability.OFF_SESSION_HOLD,
            Capability.REDIRECT,
        }
    )

    stored = frozenset({"customer", "payment_method"})
    _circuit = Circuit()  # one for the process

    @property
    def pages(self) -> tuple[str, ...]:
        """Where Checkout Sessions open."""
        return ("https://checkout.stripe.com",)

    def __init__(self, http: stripe.HTTPClient | None = None) -> None:
        self._http = http
        if http is not None:
            self._circuit = Circuit()

    def start(
        self, payment: ProviderPayment, *, return_url: str, cancel_url: str, request_id: str
    ) -> Started:
        """Open a page to pay on. A hold is first tried on the card that `refs` name ("customer", "payment_method");
        only where the bank wants to see the customer there is a page for it too. Raises Declined for its no."""
        if payment.kind == Kind.HOLD and payment.refs.get("customer") and payment.refs.get("payment_method"):
            if (held := self._hold_stored_card(payment, return_url, request_id)) is not None:
                return Started(held)
            # Stripe keeps the first call under the plain id.
            request_id = f"{request_id}-page"
        session = self._open_page(payment, return_url, cancel_url, request_id)
        snapshot = build_snapshot(session=session)
        return Started(snapshot, next_url=snapshot.next_url)

    def complete(self, payment: ProviderPayment, params: Mapping[str, str], *, request_id: str) -> Snapshot:
        """How it went; nothing is left to do after the customer agreed."""
        return self.fetch(payment)

    def capture(self, payment: ProviderPayment, amount: Money, *, final: bool, request_id: str) -> Snapshot:
        """Take (a part of) a hold; Stripe gives the rest back at once. Raises InvalidState where it should keep it."""
        units = to_units(amount, like=payment.amount)
        if not final and amount < payment.amount:
            raise InvalidState("multicapture_unavailable")
        found, options = self._intent_id(payment), _once(request_id)
        try:
            intent = self._call(
                lambda: self._v1.payment_intents.capture(
                    found, {"amount_to_capture": units, "expand": OF_INTENT}, options
                )
            )
        except AlreadyDone as done:
            if done.code == UNEXPECTED_STATE:  # given back already: that is the opposite of done
                raise InvalidState(done.code) from None
            raise
        return build_snapshot(intent=intent)

    def void(self, payment: ProviderPayment, *, request_id: str) -> Snapshot:
        """Cancel the intent, or close the page on which nobody has paid."""
        snapshot = self.fetch(payment)
        if snapshot.state in ENDED:
            return snapshot
        try:
            return self._end(snapshot, _once(request_id))
        except AlreadyDone:
            return self.fetch(payment)

    def reauthorize(self, payment: ProviderPayment, amount: Money, *, request_id: str) -> Snapshot:
        """Always raises InvalidState: at Stripe a new hold replaces the old one."""
        raise InvalidState("reauthorize_unavailable")

    def refund(
        self, payment: ProviderPayment, amount: Money, *, reason: str, request_id: str
    ) -> RefundSnapshot:
        """Give (a part of) it back. Of `reason` only Stripe's own three words go out."""
        params: RefundCreateParams = {
            "payment_intent": self._intent_id(payment),
            "amount": to_units(amount, like=payment.amount),
            "metadata": {"payment_id": str(payment.id), "request_id": request_id},
        }
        if reason in REASONS:
            params["reason"] = reason
        options = _once(request_id)
        return refund_snapshot(self._call(lambda: self._v1.refunds.create(params, options)))

    def fetch(self, payment: ProviderPayment) -> Snapshot:
        """The truth. Raises InvalidState("no_reference") for a payment that Stripe never answered about.

        A page that closed gives way to an intent that is not its own: the hold that was placed afterwards.
        """
        page, known = payment.refs.get("session"), payment.refs.get("payment_intent")
        if page:
            session = self._call(lambda: self._v1.checkout.sessions.retrieve(page, {"expand": OF_SESSION}))
            own = session.payment_intent
            own_id = own if own is None or isinstance(own, str) else own.id
            if session.status != "expired" or not known or known == own_id:
                return build_snapshot(session=session)
        if known:
            intent = self._call(lambda: self._v1.payment_intents.retrieve(known, {"expand": OF_INTENT}))
            return build_snapshot(intent=intent)
        raise InvalidState("no_reference")

    def verify_webhook(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Event:
        """The event, signed with settings.STRIPE_WEBHOOK_SECRET within five minutes of `at`. Raises BadSignature."""
        header = headers.get("stripe-signature", "")
        return verified_event(body, header, secret=settings.STRIPE_WEBHOOK_SECRET, at=at)

    @property
    def _v1(self) -> "stripe._v1_services.V1Services":
        return stripe_client(self._http).v1

    def _call(self, request: Callable[[], T]) -> T:
        """The one door to Stripe. Raises ProviderError and nothing else."""
        with self._circuit.call():
            try:
                return request()
            except stripe.StripeError as error:
                problem = translated(error)
            # Outside of the handler: Stripe's error carries whole answers, which no traceback should show.
            raise problem

    def _hold_stored_card(
        self, payment: ProviderPayment, return_url: str, request_id: str
    ) -> Snapshot | None:
        """None when the customer has to be there for it."""
        params: PaymentIntentCreateParams = {
            "amount": to_units(payment.amount),
            "currency": payment.amount.currency.lower(),
            "customer": payment.refs["customer"],
            "payment_method": payment.refs["payment_method"],
            "payment_method_options": {"card": {"request_extended_authorization": "if_available"}},
            "capture_method": "manual",
            "off_session": True,
            "confirm": True,
            # Without one Stripe refuses where the account has methods that lead elsewhere.
            "return_url": return_url,
            "metadata": pages.metadata(payment),
            "expand": OF_INTENT,
        }
        options = _once(request_id)
        try:
            intent = self._call(lambda: self._v1.payment_intents.create(params, options))
        except (Declined, NeedsCustomerAction) as refusal:
            if refusal.code == AUTHENTICATION_REQUIRED:
                return None
            raise
        snapshot = build_snapshot(intent=intent)
        return None if snapshot.state == State.ACTION_REQUIRED else snapshot

    def _open_page(
        self, payment: ProviderPayment, return_url: str, cancel_url: str, request_id: str
    ) -> "Session":
        """The same one at every retry within some minutes. Later the time at which it closes differs, for which Stripe
        refuses the id; then there is a new page, and the one that nobody was shown closes by itself."""
        params = pages.params(payment, return_url, cancel_url, now=time.time())
        try:
            return self._call(lambda: self._v1.checkout.sessions.create(params, _once(request_id)))
        except InvalidState as refusal:
            if refusal.code != IDEMPOTENCY:
                raise
        later = _once(f"{request_id}-{params['expires_at']}")
        return self._call(lambda: self._v1.checkout.sessions.create(params, later))

    def _end(self, snapshot: Snapshot, options: "RequestOptions") -> Snapshot:
        refs = snapshot.refs
        if "session" in refs and snapshot.state in WAITING_ON_PAGE:
            session = self._call(
                lambda: self._v1.checkout.sessions.expire(refs["session"], {"expand": OF_SESSION}, options)
            )
            return build_snapshot(session=session)
        if "payment_intent" not in refs:
            raise InvalidState(snapshot.raw_status)
        intent = self._call(
            lambda: self._v1.payment_intents.cancel(refs["payment_intent"], {"expand": OF_INTENT}, options)
        )
        return build_snapshot(intent=intent)

    def _intent_id(self, payment: ProviderPayment) -> str:
        """Of the money itself; a page knows it once somebody has paid on it. Raises InvalidState before."""
        known = payment.refs.get("payment_intent") or self.fetch(payment).refs.get("payment_intent")
        if not known:
            raise InvalidState("no_payment_intent")
        return known


def _once(request_id: str) -> "RequestOptions":
    return {"idempotency_key": request_id}
