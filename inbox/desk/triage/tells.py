"""What a press will send, said before it: which email, to whom and in which language."""

from dataclasses import dataclass
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _

from bookings.models import Booking
from exodrive.i18n.formats import locale
from inbox.desk.available_actions import (
    CANCEL,
    MARK_UPCOMING,
    NO_SHOW,
    SWAP,
    UNDO_NO_SHOW,
    Action,
)
from inbox.models import InboxEmail

Template = InboxEmail.Template
# What the receivers queue (inbox/receivers.py); a test compares what goes out.
LETTERS = {
    MARK_UPCOMING: Template.BOOKING_CONFIRMED,
    CANCEL: Template.BOOKING_CANCELLED,
    NO_SHOW: Template.BOOKING_CANCELLED,
    UNDO_NO_SHOW: Template.BOOKING_CONFIRMED,
    SWAP: Template.BOOKING_CHANGED,
}


@dataclass(frozen=True)
class Told:
    """An act's words, and what it sends."""

    label: str
    sentence: str


def tells(booking: Booking, actions: list[Action], *, changeable: bool) -> list[Told]:
    """For each act that is offered, and for a change."""
    said = [Told(_bare(act.label), _sends(booking, LETTERS.get(act))) for act in actions]
    if changeable:
        said.append(Told(_bare(_("Change…")), _sends(booking, Template.BOOKING_CHANGED)))
    return said


def _bare(label: Any) -> str:
    """Without the dots that promise a question."""
    return str(label).rstrip("…")


def _sends(booking: Booking, template: Template | None) -> str:
    if template is None:
        return _("no email.")
    if booking.erased_at or not booking.email:
        return _("no email, there is no address.")
    words = {
        "name": booking.first_name,
        "mail": template.label,
        "language": Locale.parse(booking.language).get_display_name(locale()),
    }
    return _("%(name)s gets the email “%(mail)s” in %(language)s.") % words
