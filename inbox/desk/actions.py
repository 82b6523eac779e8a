"""What staff do around a booking without moving it: see it, note something, replace its link, send a mail again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import ChangedMeanwhile, Invalid, InvalidTransition
from bookings.lifecycle.correct import correct_customer as correct
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.request import Person
from bookings.links.lookup import rotate_link
from bookings.models import Booking, BookingNote
from exodrive.models import User
from exodrive.ops.jobs import publish
from exodrive.staff.journal import Kind, say
from inbox.mail import queue as mail_queue
from inbox.mail.truth import is_true
from inbox.models import InboxEmail, InboxItem
from inbox.receivers import tell
from inbox.tasks import send_mails

# What tells a customer most, by how far their booking has come.
IN_VAIN: dict[str, str] = {
    Booking.Status.PENDING: InboxEmail.Template.BOOKING_RECEIVED,
    Booking.Status.UPCOMING: InboxEmail.Template.BOOKING_CONFIRMED,
}


def mark_seen(*, booking: Booking, by: User, at: datetime) -> int:
    """Take the booking out of the Pending tab and answer how many items that closed; a second time it is 0.

    Raises InvalidTransition while the booking itself is pending: it waits for a decision, not for a look.
    """
    if booking.status == Booking.Status.PENDING:
        raise InvalidTransition(_("This booking is still pending. Mark it upcoming or cancel it."))
    waiting = InboxItem.objects.filter(booking=booking, status=InboxItem.Status.PENDING)
    return waiting.update(status=InboxItem.Status.DONE, done_at=at, done_by=by)


def add_note(*, booking: Booking, author: User, text: str) -> BookingNote:
    """Write a note that only staff see."""
    return BookingNote.objects.create(booking=booking, author=author, text=text)


def replace_link(*, booking: Booking) -> None:
    """Give the booking another secret link and mail it to its customer; the old one stops working at once.

    Raises Forbidden for the desk, Invalid for a booking without a mailbox.
    """
    refuse_desk()
    refuse_without_mailbox(booking)
    with transaction.atomic():
        rotate_link(booking=booking)
        tell(booking, InboxEmail.Template.LINK_REPLACED)
        say(Kind.LINK_REPLACED, booking_id=booking.pk)


def refuse_without_mailbox(booking: Booking) -> None:
    """Raise Invalid where there is nobody to mail."""
    if not booking.mailbox:
        raise Invalid(_("This booking has no email address. Add one first, or tell the customer by phone."))


def correct_customer(*, booking: Booking, who: Person) -> bool:
    """Write another name or address; whether there is a new link, which is then mailed to the new address.

    The mail is the one that the old address got in vain. Nothing goes there any more. Raises as the verb does.
    """
    with transaction.atomic():
        now = Booking.objects.select_for_update().get(pk=booking.pk)
        if (now.full_name, now.email) != (booking.full_name, booking.email):
            raise ChangedMeanwhile
        moved = correct(booking=booking, who=who)
        if moved:
            now.refresh_from_db(fields=["mailbox"])
            tell(now, IN_VAIN.get(booking.status, InboxEmail.Template.LINK_REPLACED))
    return moved


def send_again(*, email: InboxEmail, at: datetime) -> InboxEmail:
    """Queue the same letter as a new row and wake the worker once that is committed.

    Raises InvalidTransition for a letter that is not true of the booking any more.
    """
    with transaction.atomic():
        now = InboxEmail.objects.select_related("booking__link", "payment").get(pk=email.pk)
        if not is_true(now, at):
            raise InvalidTransition(_("This email is not true of the booking any more. Nothing was sent."))
        again = mail_queue.resend(email)
        transaction.on_commit(lambda: publish(send_mails, str(again.pk)))
    return again
