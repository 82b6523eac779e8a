"""Holding a deposit that is due, without its customer where the provider can."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from bookings.models import Payment
from bookings.payments import checkout
from bookings.payments.ledger import lock_payment, raise_problem
from bookings.payments.operations import payment_for
from bookings.payments.provider import Capability, Declined, InvalidState, NeedsCustomerAction
from bookings.payments.registry import provider_of
from bookings.signals import deposit_due

State = Payment.State


def place_deposit(pk: UUID, at: datetime) -> None:
    """Hold it on the method that paid the rental where the provider can; else mail the customer where to do it. Where it
    was refused people look, too."""
    payment, refused = payment_for(pk), False
    paid = payment.booking.payments.filter(provider=payment.provider, captured__gt=0).last()
    if paid and Capability.OFF_SESSION_HOLD in provider_of(payment.provider).capabilities:
        Payment.objects.filter(pk=pk).update(refs={**paid.refs, **payment.refs})
        try:
            checkout.hold_off_session(payment_for(pk), at=at)
            return
        except NeedsCustomerAction:
            pass
        except (Declined, InvalidState):
            refused = True
    with transaction.atomic():
        payment = lock_payment(pk)
        if payment.state in (State.SCHEDULED, State.FAILED):
            payment.due_at = None
            payment.save(update_fields=["due_at"])
            deposit_due.send(Payment, payment=payment)
            if refused:
                raise_problem(payment, Payment.Problem.DEPOSIT_FAILED)
