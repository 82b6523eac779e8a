"""A manager decides not to rent to somebody, and changes their mind. Who may be booked all the same: `counter.py`."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from bookings.errors import ChangedMeanwhile, Invalid
from bookings.events import refusals_logged
from bookings.lifecycle.managers import refuse_desk
from bookings.marks import hashes_of
from bookings.models import Booking, DoNotRent
from bookings.models.marks import MAX_WHY
from exodrive.rls import current
from exodrive.text import tidy


@refusals_logged()
def mark_customer(*, booking: Booking, reason: str) -> DoNotRent:
    """From now on nobody rents to whoever has this booking's mailbox or phone, unless a manager makes an exception.

    Bookings that stand stay as they are. Raises Forbidden for the desk, Invalid for a reason that is none or too long, and
    for a booking whose personal data is erased.
    """
    refuse_desk()
    why = tidy(reason).strip()
    if booking.erased_at:
        raise Invalid(_("The personal data of this booking is erased."))
    if not why or len(why) > MAX_WHY:
        raise Invalid.field("reason", _("Enter why we do not rent to this customer"))
    mailbox, phone = hashes_of(booking.mailbox, booking.phone)
    by = current().user_id or None
    return DoNotRent.objects.create(
        mailbox_hash=mailbox, phone_hash=phone, reason=why, decided_by_id=int(by) if by else None
    )


@refusals_logged()
def lift_mark(*, mark: DoNotRent, at: datetime) -> None:
    """Rent to them again. Raises Forbidden for the desk, ChangedMeanwhile when somebody else has lifted it."""
    refuse_desk()
    by = current().user_id or None
    with transaction.atomic():
        lifted = DoNotRent.objects.filter(pk=mark.pk, lifted_at=None).update(lifted_at=at, lifted_by_id=by)
    if not lifted:
        raise ChangedMeanwhile
