"""Who does what with a booking: take it on, give it back, put it aside, come back to it."""

from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from bookings.models import Booking
from exodrive.models import User
from inbox.models import InboxItem, InboxTriage


def claim(*, booking: Booking, by: User) -> User | None:
    """Take a booking on, from whoever has it; who had it. The database writes that down."""
    return _assign(booking, by)


def give_back(*, booking: Booking) -> User | None:
    """Nobody has it any more; who had it."""
    return _assign(booking, None)


def _assign(booking: Booking, to: User | None) -> User | None:
    had = InboxTriage.objects.filter(booking=booking).select_related("assigned_to").first()
    InboxTriage.objects.update_or_create(booking=booking, defaults={"assigned_to": to})
    return had.assigned_to if had else None


def snooze(*, booking: Booking, until: date, at: datetime) -> None:
    """Hide it from the Pending tab until a day of the business's calendar; it comes back by itself, and with any news.

    Raises Invalid for a day that is not ahead, and for a booking that does not wait.
    """
    if until <= localdate(at):
        raise Invalid.field("until", _("Choose a day after today."))
    if not InboxItem.objects.filter(booking=booking, status=InboxItem.Status.PENDING).exists():
        raise Invalid.field("until", _("This booking does not wait in the inbox."))
    InboxTriage.objects.update_or_create(booking=booking, defaults={"snoozed_until": until})


def wake(*, booking: Booking) -> None:
    """Back into the Pending tab at once."""
    InboxTriage.objects.filter(booking=booking).update(snoozed_until=None)


def follow_up(*, booking: Booking, on: date | None, note: str = "") -> None:
    """Come back to it on a day, with a note what for; None crosses that off."""
    said = {"follow_up_on": on, "follow_up_note": note if on else ""}
    InboxTriage.objects.update_or_create(booking=booking, defaults=said)
