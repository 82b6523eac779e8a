"""/api/payments: pay for a booking, and what staff do with what was paid or held.

Replays are harmless by what is asked: an open payment is found again, a refund is known by its key, and what was captured
or released once is answered as it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid5

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, Router, Status

from bookings.api.auth import Scope, staff_only, staff_or_customer
from bookings.api.inputs.bookings import NOT_SENT
from bookings.api.inputs.types import IdempotencyKeyText, UuidText
from bookings.api.lookup import booking_for, payment_for, refuse_public_only
from bookings.api.payment_schemas import AmountIn, PaymentIn, PaymentOut, PaymentStartedOut, RefundOut
from bookings.api.render import money_out, payment_out
from bookings.api.responses import answers
from bookings.errors import Invalid
from bookings.lifecycle.managers import refuse_desk
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments import checkout
from bookings.payments.deposits import capture_deposit, release
from bookings.payments.provider import NeedsCustomerAction
from bookings.payments.refunds import ask_refund
from bookings.payments.refusals import provider_refusals
from bookings.payments.registry import MANUAL
from exodrive.rls import PUBLIC, SERVICE, acting_as, current

router = Router(by_alias=True, tags=["Payments"])

REFUND_KEYS = UUID("6f0d9a0e-0f6d-4c0b-9a53-2f5d6a0c1b77")  # any constant: ids of refunds are made under it
IDEMPOTENCY_KEY = Header(
    NOT_SENT,
    alias="Idempotency-Key",
    description="To repeat the request is harmless, with a key or without: it is answered with the same payment.",
)
REFUND_KEY = Header(
    NOT_SENT,
    alias="Idempotency-Key",
    description="The same key with the same body gets the same refund, however much later; with another body 422"
    " `idempotency_key_reused`. A key is its sender's and its payment's own. Without one every request is another refund.",
)


@router.post(
    "/bookings/{booking_id}/payments",
    **staff_or_customer(Scope.BOOK),
    response=answers({201: PaymentStartedOut}, 401, 403, 404, 409, 429),
    operation_id="startPayment",
    summary="Pay for a booking",
)
def start(
    request: HttpRequest,
    booking_id: UuidText,
    body: PaymentIn,
    idempotency_key: IdempotencyKeyText = IDEMPOTENCY_KEY,
) -> Any:
    """Begin to pay what is due, or have the deposit held. Send the customer to `nextUrl`; they come back to this site.

    While a payment waits for its customer, the same request is answered with the same one.
    """
    refuse_public_only()
    booking = booking_for(booking_id)
    with _paying(), provider_refusals():
        payment_id, url = _started(booking, body)
    return Status(201, PaymentStartedOut(payment_id=payment_id, next_url=url or None))


@router.get(
    "/payments/{payment_id}",
    **staff_or_customer(Scope.READ),
    response=answers({200: PaymentOut}, 401, 403, 404, 429),
    operation_id="getPayment",
    summary="Read a payment",
)
def read(request: HttpRequest, payment_id: UuidText) -> Any:
    """One payment, as far as the provider has told us."""
    return payment_out(payment_for(payment_id))


@router.post(
    "/payments/{payment_id}/refunds",
    **staff_only(Scope.STAFF),
    response=answers({201: RefundOut}, 401, 403, 404),
    operation_id="refundPayment",
    summary="Give money back",
)
def refund(
    request: HttpRequest,
    payment_id: UuidText,
    body: AmountIn,
    idempotency_key: IdempotencyKeyText = REFUND_KEY,
) -> Any:
    """Managers give (a part of) what was taken back. It is sent a moment later; GET the payment to see it arrive."""
    refuse_desk()
    payment = payment_for(payment_id)
    refund_id = None
    if idempotency_key is not None:
        refund_id = uuid5(REFUND_KEYS, f"{current().user_id}:{payment.pk}:{idempotency_key}")
    made = ask_refund(payment_id=payment.pk, amount=body.money, reason=body.reason, key=refund_id)
    return Status(201, RefundOut(refund_id=made.pk, state=made.state, amount=money_out(made.money)))


@router.post(
    "/payments/{payment_id}/capture",
    **staff_only(Scope.STAFF),
    response=answers({200: PaymentOut}, 401, 403, 404, 409),
    operation_id="capturePayment",
    summary="Keep of a deposit",
)
def capture(
    request: HttpRequest,
    payment_id: UuidText,
    body: AmountIn,
    idempotency_key: IdempotencyKeyText = IDEMPOTENCY_KEY,
) -> Any:
    """Managers keep (a part of) a deposit that is held; the rest is released with it, so this can be done once."""
    refuse_desk()
    payment = payment_for(payment_id)
    if not _captured_before(payment, body):
        _refuse_manual(payment)
        with provider_refusals():
            payment = capture_deposit(payment.pk, body.money, reason=body.reason, at=timezone.now())
    return payment_out(payment)


@router.post(
    "/payments/{payment_id}/void",
    **staff_only(Scope.STAFF),
    response=answers({200: PaymentOut}, 401, 403, 404, 409),
    operation_id="voidPayment",
    summary="Release a deposit",
)
def void(
    request: HttpRequest, payment_id: UuidText, idempotency_key: IdempotencyKeyText = IDEMPOTENCY_KEY
) -> Any:
    """Release what is held, or end a payment that nobody has paid. No body."""
    payment = payment_for(payment_id)
    if payment.state not in (Payment.State.VOIDED, Payment.State.CANCELLED):
        _refuse_manual(payment)
        with provider_refusals():
            payment = release(payment.pk, at=timezone.now())
    return payment_out(payment)


@contextmanager
def _paying() -> Iterator[None]:
    """Staff in their own name; a customer, whose token has opened the booking, as exo_service: exo_public reaches no
    payment."""
    if current().role != PUBLIC:
        yield
        return
    with acting_as(SERVICE, actor="customer"):
        yield


def _started(booking: Booking, body: PaymentIn) -> tuple[UUID, str]:
    """The payment's id, and where its customer goes on, also after a refusal that sends them to a page."""
    home = f"{settings.SITE_URL}/pay/back/%s/"
    back = checkout.Back(home, f"{home}?not=1")
    try:
        payment = checkout.start(
            booking, method=body.method, purpose=body.purpose, back=back, at=timezone.now()
        )
    except NeedsCustomerAction as action:
        rows = Payment.objects.filter(booking=booking, purpose=body.purpose, provider=body.method)
        return rows.values_list("pk", flat=True).latest("created_at"), action.url
    return payment.pk, payment.next_url


def _captured_before(payment: Payment, body: AmountIn) -> bool:
    """Whether this very request was done: a capture is final, so there is no second one to mistake it for."""
    operations = PaymentOperation.objects.filter(payment=payment, kind=PaymentOperation.Kind.CAPTURE)
    done = operations.filter(outcome=PaymentOperation.Outcome.DONE, reason=body.reason)
    return body.amount.currency == payment.currency and done.filter(amount=body.money.amount).exists()


def _refuse_manual(payment: Payment) -> None:
    """Raise Invalid where there is no provider to ask: what was left at the counter goes back from there."""
    if payment.provider == MANUAL:
        raise Invalid(_("This was left at the counter: write down on the booking’s page what went back."))
