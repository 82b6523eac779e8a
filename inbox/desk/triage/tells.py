"""What a press will send, said before it: which email, to whom and in which language."""

from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.lifecycle.returning.bill import is_billed
from bookings.models import Booking
from bookings.models.paid import OVER
from exodrive.i18n.formats import locale
from inbox.desk.available_actions import (
    CANCEL,
    CORRECT_RETURN,
    DISPATCH,
    MARK_UPCOMING,
    NO_SHOW,
    SWAP,
    TAKE_BACK,
    UNDO_NO_SHOW,
    UNDO_RETURN,
    Action,
)
from inbox.models import InboxEmail

Template = InboxEmail.Template
# What the receivers queue (inbox/receivers.py); a test compares what goes out.
LETTERS = {
    MARK_UPCOMING.code: Template.BOOKING_CONFIRMED,
    CANCEL.code: Template.BOOKING_CANCELLED,
    NO_SHOW.code: Template.BOOKING_CANCELLED,
    UNDO_NO_SHOW.code: Template.BOOKING_CONFIRMED,
    SWAP.code: Template.BOOKING_CHANGED,
}
IF_PRICE_CHANGES = gettext_lazy(
    "%(name)s gets the email “%(mail)s” in %(language)s if the price changes, else none."
)
ONCE_NAMED = gettext_lazy(
    "%(name)s gets the email “%(mail)s” in %(language)s once a driver is named, else none."
)
RETURNS = (TAKE_BACK.code, CORRECT_RETURN.code)


@dataclass(frozen=True)
class Told:
    """An act's words, and what it sends."""

    label: str
    sentence: str


def tells(booking: Booking, actions: list[Action], *, changeable: bool) -> list[Told]:
    """For each act that is offered, and for a change."""
    said = [Told(_bare(act.label), sentence(booking, act.code)) for act in actions]
    if changeable:
        said.append(Told(_bare(_("Change…")), _sends(booking, Template.BOOKING_CHANGED)))
    return said


def sentence(booking: Booking, act: str) -> str:
    """What a press on the act with this code sends. What a return sends hangs on what it is found to cost."""
    if act in RETURNS and booking.status not in OVER:
        return _sends(booking, Template.BOOKING_CHANGED, only_if=IF_PRICE_CHANGES)
    if act == UNDO_RETURN.code and is_billed(booking):
        return _sends(booking, Template.BOOKING_CHANGED)
    if act == DISPATCH.code and booking.status != Booking.Status.PENDING:
        return _sends(booking, Template.RIDE_DRIVER, only_if=ONCE_NAMED)
    return _sends(booking, LETTERS.get(act))


def _bare(label: Any) -> str:
    """Without the dots that promise a question."""
    return str(label).rstrip("…")


def _sends(booking: Booking, template: Template | None, *, only_if: Any = None) -> str:
    if template is None:
        return _("no email.")
    if booking.erased_at or not booking.email:
        return _("no email, there is no address.")
    words = {
        "name": booking.first_name,
        "mail": template.label,
        "language": Locale.parse(booking.language).get_display_name(locale()),
    }
    return (only_if or _("%(name)s gets the email “%(mail)s” in %(language)s.")) % words
