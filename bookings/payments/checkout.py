"""A customer pays: start with a provider, come back, done. Every step may be repeated; the page runs as exo_service."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.models import Booking, Payment, PaymentOperation
from bookings.payments.deposits import release, voidable
from bookings.payments.ledger import fold
from bookings.payments.operations import begin, payment_for, perform, told_to_provider
from bookings.payments.provider import InvalidState, Provider, ProviderPayment, Snapshot, Started
from bookings.payments.registry import Method, offered, provider_of
from bookings.payments.settle import settle
from exodrive.db.retry import retry_on_deadlock
from exodrive.money import Money

State = Payment.State
STARTABLE = (State.CREATED, State.ACTION_REQUIRED, State.SCHEDULED)
AFTER_A_SESSION = timedelta(minutes=5)
LONGEST = 4  # payment windows from the booking on, in which pages of providers are opened
Status, Purpose = Booking.Status, Payment.Purpose
UNTIL_RETURNED = (Status.PENDING, Status.UPCOMING, Status.ACTIVE)
# What a return costs is paid after it. No deposit is held then.
PAYABLE: dict[str, tuple[str, ...]] = {
    Purpose.RENTAL: (*UNTIL_RETURNED, Status.COMPLETED),
    Purpose.DEPOSIT: UNTIL_RETURNED,
}
Deposit, PICK_UP = Booking.DepositStatus, Booking.PaymentMethod.PICK_UP
ASKED_FOR = (Deposit.PLANNED, Deposit.WAITING, Deposit.FAILED)


@dataclass(frozen=True, slots=True)
class Back:
    """Where the customer comes back to from the provider: having agreed, or not. `%s` stands for the payment's id."""

    agreed: str
    not_agreed: str


def usual_back() -> Back:
    """The page that every provider sends its customers back to."""
    url = settings.SITE_URL + "/pay/back/%s/"
    return Back(url, f"{url}?not=1")


def is_payable(booking: Booking, purpose: str) -> bool:
    """Whether its customer may still pay for that: not where it is over, and nobody where the personal data is erased."""
    return booking.erased_at is None and booking.status in PAYABLE[purpose]


def ways_to_pay(booking: Booking, purpose: str) -> list[Method]:
    """What may be chosen: to hold a deposit, what is paid online alone; after the return no more to pay at the pick-up."""
    at_pick_up = booking.status in UNTIL_RETURNED
    return [
        method
        for method in offered()
        if method.online or (purpose == Purpose.RENTAL and (at_pick_up or method.identifier != PICK_UP))
    ]


def due(booking: Booking, at: datetime) -> str:
    """What is to be paid then: the rental first, then the deposit from its lead time on; "" for nothing."""
    held_soon = booking.pickup_at - at <= max(settings.DEPOSIT_HOLD_LEAD, settings.DEPOSIT_AT_ONCE)
    confirmed = booking.status in (Status.UPCOMING, Status.ACTIVE)
    deposit = booking.deposit and confirmed and held_soon and booking.deposit_status in ASKED_FOR
    if booking.amount_due and is_payable(booking, Purpose.RENTAL):
        checked = booking.payment_status == Booking.PaymentStatus.PROCESSING
        later = deposit and booking.payment_method not in settings.ONLINE_PAYMENT_METHODS
        return "" if checked else Purpose.DEPOSIT if later else Purpose.RENTAL
    return Purpose.DEPOSIT if deposit else ""


def amount_to_pay(booking: Booking, purpose: str) -> Money:
    """What a payment for that asks for; nothing where nothing is due."""
    if purpose == Purpose.DEPOSIT:
        asked = booking.deposit_status in ASKED_FOR
        return booking.deposit_money if asked else Money.zero(booking.currency)
    return booking.amount_due


@retry_on_deadlock()
def choose_offline(booking: Booking, method: str) -> None:
    """Pay at pick-up or by transfer: staff confirm, and the payment window ends no such booking."""
    with transaction.atomic():
        row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        if not is_payable(row, Purpose.RENTAL):
            raise Invalid(_("This booking is over."))
        if method not in {one.identifier for one in ways_to_pay(row, Purpose.RENTAL) if not one.online}:
            raise Invalid.field("method", _("Choose one of the methods."))
        row.payment_method, row.pay_until = method, None
        row.save(update_fields=["payment_method", "pay_until"])


def start(booking: Booking, *, method: str, purpose: str, back: Back, at: datetime) -> Payment:
    """A payment that the provider knows, with `next_url` where the customer goes. A second click gets the same one.

    Raises Invalid when nothing is due or the method is not offered, Declined, and OutcomeUnknown, RateLimited or
    Misconfigured when the provider cannot be asked now.
    """
    if method not in {one.identifier for one in offered() if one.online}:
        raise Invalid.field("method", _("Choose one of the methods."))
    payment = _written(booking, method, purpose, at)
    if payment.next_url and payment.next_until and payment.next_until > at:
        _keep_days_for(payment, at)
        return payment
    operation = begin(payment.pk, PaymentOperation.Kind.START, legal=_startable)

    def ask(provider: Provider, told: ProviderPayment) -> Snapshot:
        urls = {"return_url": back.agreed % payment.pk, "cancel_url": back.not_agreed % payment.pk}
        return _begun(provider.start(told, **urls, request_id=operation.request_id))

    payment = perform(operation, ask, at=at)
    if payment.next_url and payment.next_until is None:  # a provider that does not say until when
        payment.next_until = at + settings.PAYMENT_WINDOW
        Payment.objects.filter(pk=payment.pk).update(next_until=payment.next_until)
    _keep_days_for(payment, at)
    if payment.captured or payment.authorized:
        settle(payment.booking_id, at=at)
    return payment


def _begun(started: Started) -> Snapshot:
    return replace(started.snapshot, next_url=started.next_url or started.snapshot.next_url)


def _startable(payment: Payment) -> str:
    return "" if payment.state in STARTABLE else _("This payment is over.")


@retry_on_deadlock()
def _written(booking: Booking, method: str, purpose: str, at: datetime) -> Payment:
    """The open payment for that, or a new one. Locks the booking: two clicks make one."""
    with transaction.atomic(durable=True):
        row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        amount = amount_to_pay(row, purpose)
        if not (is_payable(row, purpose) and amount):
            raise Invalid(_("There is nothing to pay."))
        if Payment.objects.filter(booking=row, purpose=purpose, state=Payment.State.PROCESSING).exists():
            raise Invalid(_("We are confirming your payment."))
        hold = purpose == Purpose.DEPOSIT
        facts = {
            "booking": row,
            "purpose": purpose,
            "kind": Payment.Kind.HOLD if hold else Payment.Kind.CHARGE,
            "provider": method,
            "amount": amount.amount,
            "currency": amount.currency,
        }
        if not hold and row.status == Status.PENDING:
            row.payment_method = method
            # Without an end it was made by staff, or is to be paid otherwise: an abandoned page ends no such booking.
            row.pay_until = row.pay_until and max(row.pay_until, min(at + AFTER_A_SESSION, _longest(row)))
            row.save(update_fields=["payment_method", "pay_until"])
        waiting = Payment.objects.filter(**facts, state__in=STARTABLE)
        usable = [one for one in waiting if one.next_until is None or one.next_until > at]
        return usable[-1] if usable else Payment.objects.create(**facts)


@retry_on_deadlock()
def _keep_days_for(payment: Payment, at: datetime) -> None:
    """While a provider's page is open its customer keeps the days, but not for ever."""
    if payment.next_until is None or payment.purpose == Purpose.DEPOSIT:
        return
    with transaction.atomic():
        row = Booking.objects.select_for_update(of=("self",)).get(pk=payment.booking_id)
        if row.status != Status.PENDING or row.pay_until is None:
            return
        row.pay_until = max(row.pay_until, min(payment.next_until + AFTER_A_SESSION, _longest(row)))
        row.save(update_fields=["pay_until"])


def _longest(booking: Booking) -> datetime:
    return booking.created_at + LONGEST * settings.PAYMENT_WINDOW


def hold_off_session(payment: Payment, *, at: datetime) -> Payment:
    """Hold a deposit on the method that the provider knows, without the customer. Raises Declined and the like, and
    NeedsCustomerAction: then the customer has to come."""
    operation = begin(payment.pk, PaymentOperation.Kind.START, legal=_startable)

    def ask(provider: Provider, told: ProviderPayment) -> Snapshot:
        back = usual_back()  # where the bank wants to see the customer there is a page for it
        urls = {"return_url": back.agreed % payment.pk, "cancel_url": back.not_agreed % payment.pk}
        return _begun(provider.start(told, **urls, request_id=operation.request_id))

    return perform(operation, ask, at=at)


def complete(payment_id: UUID, params: Mapping[str, str] | None = None, *, at: datetime) -> Payment:
    """Take the money if the customer has agreed, and do what follows from it. The page that they come back to, webhooks
    and the reconciler call it, at once and again; a payment that is over is only looked at.

    Raises Declined; and OutcomeUnknown, RateLimited or Misconfigured when the provider cannot be asked now.
    """
    payment = payment_for(payment_id)
    if payment.state in Payment.OPEN:
        try:
            payment = _completed(payment, params or {}, at)
        finally:
            settle(payment.booking_id, at=at)
    else:
        settle(payment.booking_id, at=at)
    return payment


def _completed(payment: Payment, params: Mapping[str, str], at: datetime) -> Payment:
    if not _owed(payment):
        return _without_taking(payment, at)
    try:
        operation = begin(payment.pk, PaymentOperation.Kind.COMPLETE, legal=_completable)
    except Invalid:
        return payment_for(payment.pk)  # somebody was faster
    return perform(
        operation,
        lambda provider, told: provider.complete(told, params, request_id=operation.request_id),
        at=at,
    )


def _owed(payment: Payment) -> bool:
    """Whether its booking still wants that money: not where it is over, or was paid otherwise meanwhile."""
    booking = payment.booking
    if not is_payable(booking, payment.purpose):
        return False
    if payment.purpose == Purpose.DEPOSIT:
        return booking.deposit_status != Deposit.HELD
    return booking.amount_due >= payment.money


def _without_taking(payment: Payment, at: datetime) -> Payment:
    """Take in what the provider has done already, and end the rest: nothing is taken only to be given back."""
    try:
        snapshot = provider_of(payment.provider).fetch(told_to_provider(payment))
        payment = fold(payment.pk, snapshot, at=at)
    except InvalidState:
        pass  # the provider knows nothing of it
    return release(payment.pk, at=at) if voidable(payment) and payment.state != State.AUTHORIZED else payment


def _completable(payment: Payment) -> str:
    return "" if payment.state in Payment.OPEN else _("This payment is over.")
