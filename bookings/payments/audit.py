"""Prove the money: every sum rebuilt from what was done, every booking's copy from its payments. Run as exo_service."""

from collections import defaultdict
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from bookings.models import Booking, Payment, PaymentOperation, Refund
from bookings.payments.totals import totals_of

SUMS = ("authorized", "captured", "refunded", "voided")


def check_money() -> list[str]:
    """Everything that differs; an empty list is the proof. Changes nothing.

    Money moves while this reads one table after the other, so what differs is looked at once more: only what still does
    counts.
    """
    found = _differences()
    still = set(_differences()) if found else set()
    return [line for line in found if line in still]


def _differences() -> list[str]:
    return [*_payments(), *_refunds(), *_bookings()]


def _payments() -> list[str]:
    done: dict[tuple[UUID, str], Decimal] = defaultdict(Decimal)
    for operation in PaymentOperation.objects.all():
        for name in SUMS:
            done[operation.payment_id, name] += getattr(operation, name)
    return [
        f"payment {payment.pk}: {name} {getattr(payment, name)}, its operations {did}"
        for payment in Payment.objects.order_by("created_at")
        for name in SUMS
        if getattr(payment, name) != (did := done[payment.pk, name])
    ]


def _refunds() -> list[str]:
    made: dict[tuple[object, bool], Decimal] = defaultdict(Decimal)
    live = [*Refund.LIVE, Refund.State.DONE]
    for refund in Refund.objects.filter(state__in=live):
        made[refund.payment_id, refund.state == Refund.State.DONE] += refund.amount
    return [
        f"payment {payment.pk}: {word} {has}, its refunds {made[payment.pk, done]}"
        for payment in Payment.objects.order_by("created_at")
        for word, has, done in (
            ("refunded", payment.refunded, True),
            ("being refunded", payment.refunding, False),
        )
        if has != made[payment.pk, done]
    ]


def _bookings() -> list[str]:
    of_booking: dict[object, list[Payment]] = defaultdict(list)
    for payment in Payment.objects.prefetch_related("refunds"):
        of_booking[payment.booking_id].append(payment)
    moved = ~Q(paid=0) | ~Q(refunded=0) | ~Q(forgiven=0) | ~Q(deposit_status="")
    told = ~Q(payment_status=Booking.PaymentStatus.UNPAID) | moved
    rows = Booking.objects.filter(told | Q(pk__in=of_booking)).order_by("reference")
    return [
        f"booking {booking.reference}: {name} {getattr(booking, name)}, its payments {getattr(right, name)}"
        for booking in rows
        for right in [totals_of(booking, of_booking[booking.pk])]
        for name in right.__slots__
        if getattr(booking, name) != getattr(right, name)
    ]
