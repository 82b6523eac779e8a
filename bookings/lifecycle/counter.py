"""What only staff may ask of a new booking, whichever door they use."""

from django.utils.translation import gettext as _

from bookings.errors import DoNotRent, Forbidden
from bookings.lifecycle.managers import refuse_desk
from bookings.lifecycle.request import NewBooking
from bookings.marks import marks_on
from exodrive.rls import STAFF, current


def refuse_what_only_staff_may(request: NewBooking) -> None:
    """Raise Forbidden for what is not the asker's to ask, and DoNotRent where a manager has decided against the customer.

    The public never learns of that: its bookings are made, and staff see the mark on them. A manager's override passes.
    """
    is_staff = current().role == STAFF
    if (request.confirmed or request.silent) and not is_staff:
        raise Forbidden(_("Only staff may do this."))
    if request.override:
        refuse_desk()
    elif is_staff and (marks := marks_on(request.who.mailbox, request.columns["phone"])):
        raise DoNotRent.because(marks[0].reason)
