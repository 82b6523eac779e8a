"""The life of a mail: queued in the booking's transaction, claimed by one worker, sent outside any transaction.

Each is sent once. The one exception: a worker that dies between handing a mail to the server and writing that down.
Its claim is put back after MAIL_CLAIM and the mail is handed over a second time, with the same Message-ID; Resend knows it
again and does not send it (inbox/mail/backend.py).
"""

import logging
import time
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from bookings.models import Booking, Payment
from exodrive.db.together import insert
from exodrive.models import DESK, MANAGER, User
from inbox.mail import pacing
from inbox.mail.delivery import lock_message, report_lost, settle
from inbox.mail.letters import DATA_LETTERS, compose, data_request_of
from inbox.models import InboxEmail

log = logging.getLogger(__name__)

# A sweep ends after so many mails or seconds: the next one comes every minute, and a mail server that hangs takes its
# time with each.
A_SWEEP, SWEEP_SECONDS = 100, 45.0

Status = InboxEmail.Status
Audience = InboxEmail.Audience
FOR_STAFF = {InboxEmail.Template.NEW_BOOKING}


class NoRecipient(Exception):
    """A mail for staff, but nobody works here and STAFF_NOTIFY_EMAILS is empty; or for a customer without a mailbox."""


def queue(booking: Booking, *templates: str, payment: Payment | None = None) -> list[InboxEmail]:
    """Write mails down to be sent, in the customer's language or, for staff, in the site's; about one payment, or none.

    None to the customer of a booking without a mailbox. May run as exo_public, which can insert mails but never read one.
    """
    said = [template for template in templates if template in FOR_STAFF or booking.mailbox]
    mails = [_addressed(booking, template, payment) for template in said]
    if mails:
        insert(*mails)
    return mails


def _addressed(booking: Booking, template: str, payment: Payment | None) -> InboxEmail:
    for_staff = template in FOR_STAFF
    return InboxEmail(
        booking=booking,
        payment=payment,
        template=template,
        audience=Audience.STAFF if for_staff else Audience.CUSTOMER,
        language=settings.LANGUAGE_CODE if for_staff else booking.language,
    )


def resend(email: InboxEmail) -> InboxEmail:
    """Queue the same letter once more, with the booking's facts as they are now. The old row stays as it is."""
    return InboxEmail.objects.create(
        booking=email.booking,
        payment=email.payment,
        template=email.template,
        audience=email.audience,
        language=email.language,
    )


def deliver(email_id: UUID | str, *, at: datetime) -> bool:
    """Send one mail that is due; True when it went out.

    False when it is not due, somebody else has it, or sending failed (which is written down, not raised).
    Must be entered outside a transaction: the claim has to be seen by others before the mail server is asked.
    """
    email = _claim(email_id, at)
    if email is None:
        return False
    try:
        recipients = _recipients(email)
        if _held_back(email, recipients, at):
            return False
        message = compose(email, recipients, at=at)
        message.send()
    except Exception as error:  # templates, DNS, mail servers: one bad mail must not stop the others
        _mark_failed(email, error, at)
        return False
    _mark_sent(email, recipients, _providers_id(message))
    return True


def send_queued(*, at: datetime) -> int:
    """Send what is due, oldest first, and take over what a dead worker left; the number sent."""
    _put_back(at)
    due = InboxEmail.objects.filter(_is_due(at)).order_by("created_at").values_list("pk", flat=True)
    ends = time.monotonic() + SWEEP_SECONDS
    return sum(deliver(pk, at=at) for pk in list(due[:A_SWEEP]) if time.monotonic() < ends)


def _is_due(at: datetime) -> Q:
    return Q(status=Status.QUEUED) & (Q(due_at=None) | Q(due_at__lte=at))


def _claim(email_id: UUID | str, at: datetime) -> InboxEmail | None:
    """One UPDATE decides between two workers: the row lock makes the second see `sending` and match nothing."""
    claimed = InboxEmail.objects.filter(_is_due(at), pk=email_id).update(
        status=Status.SENDING, claimed_at=at, attempts=F("attempts") + 1
    )
    if not claimed:
        return None
    return InboxEmail.objects.select_related(
        "booking__car__location", "booking__link", "booking__proof", "code"
    ).get(pk=email_id)


def _mine(email: InboxEmail) -> QuerySet[InboxEmail]:
    """The row while this claim holds. A worker that woke up too late changes nothing."""
    return InboxEmail.objects.filter(pk=email.pk, status=Status.SENDING, attempts=email.attempts)


def _held_back(email: InboxEmail, recipients: list[str], at: datetime) -> bool:
    """Another mail says it, or its reader has had enough for now."""
    if pacing.is_superseded(email):
        _mine(email).update(status=Status.MERGED, due_at=None)
        return True
    if until := pacing.not_before(email, recipients, at):
        _mine(email).update(status=Status.QUEUED, due_at=until, attempts=F("attempts") - 1)
        return True
    return False


def _providers_id(message: EmailMultiAlternatives) -> str:
    """What the provider calls the mail, when anymail sent it. One that counts each recipient is followed for the first."""
    found = getattr(getattr(message, "anymail_status", None), "message_id", None)
    return min(filter(None, found), default="") if isinstance(found, set) else found or ""


def _mark_sent(email: InboxEmail, recipients: list[str], message_id: str) -> None:
    sent = {"status": Status.SENT, "sent_at": timezone.now(), "recipient": ", ".join(recipients), "error": ""}
    if not message_id:
        _mine(email).update(**sent)
        return
    with transaction.atomic():
        lock_message(message_id)
        _mine(email).update(**sent, message_id=message_id)
        settle(message_id, now=timezone.now())  # what the provider reported before this line was reached


def _mark_failed(email: InboxEmail, error: Exception, at: datetime) -> None:
    reason = _reason(error)
    log.warning("Mail %s (%s) failed, attempt %d: %s", email.pk, email.template, email.attempts, reason)
    if email.attempts > len(settings.MAIL_RETRIES):
        with transaction.atomic():
            if _mine(email).update(status=Status.FAILED, due_at=None, error=reason):
                report_lost(email, now=at)
    else:
        _mine(email).update(
            status=Status.QUEUED, due_at=at + settings.MAIL_RETRIES[email.attempts - 1], error=reason
        )


def _put_back(at: datetime) -> None:
    """Claims whose worker died. One that was the last attempt is not tried again."""
    stale = InboxEmail.objects.filter(status=Status.SENDING, claimed_at__lt=at - settings.MAIL_CLAIM)
    stale.filter(attempts__gt=len(settings.MAIL_RETRIES)).update(status=Status.FAILED, error="worker died")
    stale.filter(attempts__lte=len(settings.MAIL_RETRIES)).update(
        status=Status.QUEUED, due_at=None, error="worker died"
    )


def _recipients(email: InboxEmail) -> list[str]:
    """The booking's own mailbox; for staff STAFF_NOTIFY_EMAILS, else everybody who works here."""
    if email.code:
        return [email.code.mailbox]
    if email.audience == Audience.CUSTOMER:
        if email.about.erased_at or not email.about.mailbox:
            raise NoRecipient
        request = data_request_of(email) if email.template in DATA_LETTERS else None
        return [request.mailbox if request else email.about.mailbox]
    working_here = Q(is_superuser=True) | Q(groups__name__in=[DESK, MANAGER])
    people = User.objects.filter(working_here, is_active=True).order_by("email").distinct()
    addresses = settings.STAFF_NOTIFY_EMAILS or list(people.values_list("email", flat=True))
    if not addresses:
        raise NoRecipient
    return addresses


def _reason(error: Exception) -> str:
    """What went wrong, without the message: mail servers like to quote addresses."""
    code = getattr(error, "smtp_code", None) or getattr(error, "status_code", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__
