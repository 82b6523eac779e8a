"""What staff do around payments beside the verbs of `bookings.payments`: look at one, mail where to pay."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.models import Booking, Payment
from bookings.payments.checkout import due
from bookings.payments.ledger import lock_payment
from exodrive.db.retry import retry_on_deadlock
from exodrive.models import User
from inbox.desk.money import first_online, may_send_link
from inbox.models import InboxEmail, InboxItem
from inbox.receivers import tell

LINK = InboxEmail.Template.PAYMENT_LINK


@retry_on_deadlock()
def looked_at(payment_id: UUID, *, by: User, at: datetime) -> None:
    """Somebody has dealt with a payment's problem; twice is fine. The booking leaves the inbox with the last of them."""
    with transaction.atomic():
        payment = lock_payment(payment_id)
        payment.problem, payment.looked_at = "", at
        payment.save(update_fields=["problem", "looked_at"])
        if Payment.objects.filter(booking=payment.booking).exclude(problem="").exists():
            return
        items = InboxItem.objects.filter(booking=payment.booking, kind=InboxItem.Kind.PAYMENT)
        items.filter(status=InboxItem.Status.PENDING).update(
            status=InboxItem.Status.DONE, done_at=at, done_by=by
        )


@retry_on_deadlock()
def send_payment_link(booking: Booking) -> bool:
    """Mail the customer where to pay online, and have the booking paid so; whether there was none on its way already.

    The days wait for the money as long as they did. Raises Invalid where nothing is due or no way to pay is offered.
    """
    with transaction.atomic():
        row = Booking.objects.select_for_update(of=("self",)).get(pk=booking.pk)
        method = first_online()
        if method is None or not may_send_link(row):
            raise Invalid(_("There is nothing to pay."))
        deposit = due(row, timezone.now()) == Payment.Purpose.DEPOSIT
        if not deposit:
            row.payment_method = method.identifier
            row.save(update_fields=["payment_method"])
        letter = InboxEmail.Template.DEPOSIT_LINK if deposit else LINK
        waiting = [InboxEmail.Status.QUEUED, InboxEmail.Status.SENDING]
        if InboxEmail.objects.filter(booking=row, template=letter, status__in=waiting).exists():
            return False
        tell(row, letter)
    return True
