"""Who does what with a booking: take it on, give it back, put it aside, come back to it."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bookings.errors import ChangedMeanwhile, Invalid
from bookings.models import Booking
from exodrive.models import User
from inbox.models import InboxItem, InboxTriage

ANYBODY = -1  # no member of staff: whoever has it


def claim(*, booking: Booking, by: User, instead_of: int | None = ANYBODY) -> User | None:
    """Take a booking on; who had it. The database writes that down.

    `instead_of` is the id of who has it as it was read, None for nobody: ChangedMeanwhile where that is not so any more.
    """
    return _assign(booking, by, instead_of)


def give_back(*, booking: Booking, instead_of: int | None = ANYBODY) -> User | None:
    """Nobody has it any more; who had it. Raises ChangedMeanwhile as `claim`."""
    return _assign(booking, None, instead_of)


@transaction.atomic
def _assign(booking: Booking, to: User | None, instead_of: int | None) -> User | None:
    """Two at once come one after the other, so that the second knows of the first."""
    InboxTriage.objects.get_or_create(booking=booking)
    row = _locked().get(booking=booking)
    had: User | None = row.assigned_to
    if instead_of != ANYBODY and instead_of != row.assigned_to_id:
        raise ChangedMeanwhile
    row.assigned_to = to
    row.save(update_fields=["assigned_to"])
    return had


def _locked() -> QuerySet[InboxTriage]:
    return InboxTriage.objects.select_for_update(of=("self",)).select_related("assigned_to")


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
