"""What became of a mail after it was handed to the provider, from the events that its webhook reports.

Events come twice, late and in any order, sometimes before the worker wrote down which mail they are about. So each is
kept once, by its id, and a mail's state is computed from all its events together: the order they came in cannot matter.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import connection, transaction

from bookings.events import log_event
from bookings.models import Booking
from inbox.models import InboxEmail, InboxItem, MailEvent

Delivery = InboxEmail.Delivery

# A mail goes through these in this order. Among equals the later event tells how it ended, at the same instant the worse.
STAGE = {
    Delivery.SENT: 0,
    Delivery.DELAYED: 1,
    Delivery.DELIVERED: 2,
    Delivery.FAILED: 2,
    Delivery.BOUNCED: 2,
    Delivery.COMPLAINED: 3,
}
LOST = (Delivery.FAILED, Delivery.BOUNCED, Delivery.COMPLAINED)
AHEAD = (Booking.Status.PENDING, Booking.Status.UPCOMING, Booking.Status.ACTIVE)
KEEP_EVENTS = timedelta(days=90)
ADVISORY_SPACE = 8  # the first key of our advisory locks; 7 is cars


def ended_as(events: Iterable[MailEvent]) -> MailEvent | None:
    """The event that says how far the mail got, whatever order they came in; None without events."""
    return max(
        events,
        key=lambda event: (STAGE[Delivery(event.kind)], event.at, event.kind in LOST, event.event_id),
        default=None,
    )


def note(*, event_id: str, message_id: str, kind: str, at: datetime, now: datetime) -> bool:
    """Write one event down and bring its mail up to date, in one transaction; False when it was known already.

    `at` is when it happened, `now` decides whether the booking is still ahead. Must run as exo_service.
    """
    with transaction.atomic():
        lock_message(message_id)
        _event, new = MailEvent.objects.get_or_create(
            event_id=event_id, defaults={"message_id": message_id, "kind": kind, "at": at}
        )
        if new:
            settle(message_id, now=now)
    return new


def lock_message(message_id: str) -> None:
    """Until the transaction ends: the worker that writes an id down and an event about that id wait for each other."""
    with connection.cursor() as cursor:
        number = zlib.crc32(message_id.encode()) - 2**31
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [ADVISORY_SPACE, number])


def settle(message_id: str, *, now: datetime) -> None:
    """Set the state of the mail with that id from its events, and tell staff when it is lost. Needs `lock_message`."""
    last = ended_as(MailEvent.objects.filter(message_id=message_id))
    if last is None:
        return
    mails = InboxEmail.objects.filter(message_id=message_id).select_related("booking__car__location")
    for email in mails.select_for_update(of=("self",)):
        if (email.delivery, email.delivery_at) == (last.kind, last.at):
            continue
        email.delivery, email.delivery_at = last.kind, last.at
        email.save(update_fields=["delivery", "delivery_at"])
        if last.kind in LOST:
            report_lost(email, now=now)


def report_lost(email: InboxEmail, *, now: datetime) -> None:
    """An item in the inbox when it was the customer's and the pick-up is still ahead: somebody has to phone."""
    log_event("notification_failed", mail_id=str(email.pk), template=email.template, how=email.delivery)
    booking = email.booking
    if booking is None:
        return
    to_customer = email.audience == InboxEmail.Audience.CUSTOMER
    if to_customer and booking.status in AHEAD and booking.pickup_at > now:
        InboxItem.objects.update_or_create(
            booking=booking,
            kind=InboxItem.Kind.MAIL_BOUNCED,
            defaults={"status": InboxItem.Status.PENDING, "done_at": None, "done_by": None},
        )


def prune(at: datetime) -> int:
    """Delete events that came in more than KEEP_EVENTS ago; how many."""
    return MailEvent.objects.filter(created_at__lt=at - KEEP_EVENTS).delete()[0]
