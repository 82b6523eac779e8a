"""Tell people what happened to a booking. The receivers run inside the verb's transaction: if they fail, it rolls back.

They may run as exo_public, which can insert items and mails but never read one.
"""

from typing import Any

from django.db import connection, transaction
from django.dispatch import receiver
from django.utils import timezone

from bookings.events import actor_kind
from bookings.models import Booking, BookingChange, Payment
from bookings.models.paid import OVER
from bookings.payments.ledger import News
from bookings.signals import (
    booking_changed,
    booking_created,
    booking_status_changed,
    departure_too_small,
    deposit_due,
    mail_waits,
    payment_changed,
    payment_problem,
)
from exodrive.db.together import insert
from exodrive.ops.jobs import publish
from exodrive.rls import PUBLIC, current
from inbox.mail.queue import queue
from inbox.models import InboxEmail, InboxItem
from inbox.tasks import send_mails, send_now

Template = InboxEmail.Template
Status = Booking.Status
# Moves that tell the customer that the booking stands: the second one takes a no-show back.
CONFIRMS = ((Status.PENDING, Status.UPCOMING), (Status.CANCELLED, Status.ACTIVE))


@receiver(booking_created, dispatch_uid="inbox.file_booking")
def file_booking(sender: type[Booking], booking: Booking, **kwargs: Any) -> None:
    """Every booking reaches staff: an item in the inbox, a mail to them, a mail to the customer.

    One that staff confirm at once is told by the mail of the confirmation alone.
    """
    insert(InboxItem(booking=booking, kind=InboxItem.Kind.NEW_BOOKING))
    if booking.silent:
        with connection.cursor() as cursor:
            cursor.execute("SELECT note_unmailed(%s)", [booking.pk])
    said_later = booking.silent or booking.confirmed_at_once
    tell(booking, *([] if said_later else [Template.BOOKING_RECEIVED]), Template.NEW_BOOKING)


@receiver(booking_status_changed, dispatch_uid="inbox.follow_move")
def follow_move(sender: type[Booking], booking: Booking, previous: str, **kwargs: Any) -> None:
    """Mail the customer; what staff moved is done, what somebody else moved is to be looked at again."""
    if booking.status == Booking.Status.CANCELLED:
        tell(booking, Template.BOOKING_CANCELLED)
    elif (previous, booking.status) in CONFIRMS and not booking.silent:
        tell(booking, Template.BOOKING_CONFIRMED)
    mover = actor_kind()
    if mover == "staff":
        _mark_done(booking)
    elif mover in ("customer", "provider"):
        _reopen(booking)


@receiver(booking_changed, dispatch_uid="inbox.follow_change")
def follow_change(sender: type[Booking], booking: Booking, change: BookingChange, **kwargs: Any) -> None:
    """Mail the customer the booking as it is now; what the customer changed is to be looked at again."""
    if "dispatch" in change.after:
        _tell_of_driver(booking, change)
        return
    if not (change.is_of_the_rental or change.after["contact"]):
        return
    tell(booking, Template.BOOKING_CHANGED)
    if actor_kind() == "customer":
        _reopen(booking)


def _tell_of_driver(booking: Booking, change: BookingChange) -> None:
    """Once the ride is confirmed, and only what its customer can go by: a driver, or another car than the one they chose."""
    said = change.after["dispatch"]["named"] or booking.ride.given_car
    if said and booking.status in (Status.UPCOMING, Status.ACTIVE):
        tell(booking, Template.RIDE_DRIVER)


@receiver(departure_too_small, dispatch_uid="inbox.show_too_few")
def show_too_few(sender: Any, bookings: list[Booking], **kwargs: Any) -> None:
    """Staff decide: the departure is driven all the same, or called off."""
    for booking in bookings:
        InboxItem.objects.get_or_create(booking=booking, kind=InboxItem.Kind.TOO_FEW)


@receiver(mail_waits, dispatch_uid="inbox.wake_worker")
def wake_worker(sender: Any, **kwargs: Any) -> None:
    """A mail was queued that the public may not name: wake the worker for all that wait."""
    transaction.on_commit(lambda: publish(send_now))


# What people are told about a payment. A deposit that was never more than planned, and one that a customer's own
# cancellation ends, are told by the booking's own mails.
LETTERS = {
    News.PAID: Template.PAYMENT_RECEIPT,
    News.FAILED: Template.PAYMENT_FAILED,
    News.REFUND_SENT: Template.REFUND_SENT,
    News.DEPOSIT_HELD: Template.DEPOSIT_HELD,
    News.DEPOSIT_RELEASED: Template.DEPOSIT_RELEASED,
    News.DEPOSIT_CAPTURED: Template.DEPOSIT_CAPTURED,
}

GIVEN_UP = "abandoned"  # as the reconciler calls a start that never got an answer


@receiver(payment_changed, dispatch_uid="inbox.tell_of_payment")
def tell_of_payment(sender: type[Payment], payment: Payment, what: str, **kwargs: Any) -> None:
    """Mail the customer what became of the money, and what failed only where it is to be done again."""
    if what == News.FAILED and _is_needless(payment):
        return
    if what == News.FAILED and _is_tried_by_us(payment):
        ask_for_deposit(sender, payment)
    else:
        tell(payment.booking, LETTERS[News(what)], payment=payment)


def _is_needless(payment: Payment) -> bool:
    """Whether nobody has to try again: it was paid otherwise, the booking is over, or the start had no answer in time."""
    booking, charge = payment.booking, payment.kind == Payment.Kind.CHARGE
    return booking.status in OVER or (charge and not booking.amount_due) or payment.failure == GIVEN_UP


def _is_tried_by_us(payment: Payment) -> bool:
    """Whether it is a hold whose time has come (`deposit_jobs.place`) and for which no page was ever opened."""
    return payment.kind == Payment.Kind.HOLD and payment.due_at is not None and payment.next_until is None


@receiver(deposit_due, dispatch_uid="inbox.ask_for_deposit")
def ask_for_deposit(sender: type[Payment], payment: Payment, **kwargs: Any) -> None:
    """Mail the customer where to agree to the hold, once."""
    if not InboxEmail.objects.filter(payment=payment, template=Template.DEPOSIT_LINK).exists():
        tell(payment.booking, Template.DEPOSIT_LINK, payment=payment)


@receiver(payment_problem, dispatch_uid="inbox.file_problem")
def file_problem(sender: type[Payment], payment: Payment, **kwargs: Any) -> None:
    """Somebody has to look: the booking stands in the inbox until it was."""
    item, made = InboxItem.objects.get_or_create(booking=payment.booking, kind=InboxItem.Kind.PAYMENT)
    if not made:
        InboxItem.objects.filter(pk=item.pk).update(
            status=InboxItem.Status.PENDING, done_at=None, done_by=None
        )


def tell(booking: Booking, *templates: str, payment: Payment | None = None) -> None:
    """Queue mails and, once this is committed, wake the worker. With the broker away the sweeper sends them."""
    ids = [str(email.pk) for email in queue(booking, *templates, payment=payment)]
    transaction.on_commit(lambda: publish(send_mails, *ids))


def _mark_done(booking: Booking) -> None:
    # Moving a booking is no answer to somebody who wants to be erased, nor to a payment that went wrong.
    answered = InboxItem.objects.filter(booking=booking, status=InboxItem.Status.PENDING)
    answered.exclude(kind__in=[InboxItem.Kind.ERASURE, InboxItem.Kind.PAYMENT]).update(
        status=InboxItem.Status.DONE,
        done_at=timezone.now(),
        done_by_id=current().user_id or None,
    )


def _reopen(booking: Booking) -> None:
    if current().role == PUBLIC:
        # An UPDATE that names its row needs the right to read it. This function reopens the item of the booking that
        # the token opens, and no other.
        with connection.cursor() as cursor:
            cursor.execute("SELECT reopen_inbox_item()")
        return
    InboxItem.objects.filter(booking=booking, kind=InboxItem.Kind.NEW_BOOKING).update(
        status=InboxItem.Status.PENDING, done_at=None, done_by=None
    )
