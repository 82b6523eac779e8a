"""What staff may do with a booking now. Pages render only these; the verbs decide again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.lifecycle.keys.given import is_early
from bookings.lifecycle.keys.no_show import may_be_no_show, may_undo_no_show
from bookings.lifecycle.keys.returns import can_be_undone
from bookings.lifecycle.keys.swap import has_ended
from bookings.lifecycle.keys.undo import may_undo
from bookings.lifecycle.managers import may_manage
from bookings.models import Booking
from bookings.models.paid import OVER

Status = Booking.Status


@dataclass(frozen=True)
class Action:
    """One act: its words, its address, and whether something is asked first (then it is a link, not a form)."""

    code: str
    label: Any
    url_name: str
    to: str = ""
    asks: bool = False
    look: str = ""  # classes in the detail; rows are always plain
    wide: bool = False
    key: str = ""  # the shortcut that presses it in the list


MARK_UPCOMING = Action(
    "upcoming",
    _("Mark upcoming"),
    "staff_transition",
    to=Status.UPCOMING,
    look="btn--primary",
    wide=True,
    key="u",
)
HAND_OVER = Action("hand_over", _("Hand over car"), "staff_hand_over", asks=True, look="btn--primary grow")
# Before the pick-up day: no row's act, and none that a press in haste finds in the detail.
HAND_OVER_EARLY = Action(
    "hand_over_early", _("Hand over early…"), "staff_hand_over", asks=True, look="btn--quiet"
)
UNDO_HAND_OVER = Action(
    "undo_hand_over", _("Undo the hand-over…"), "staff_hand_over_undo", asks=True, look="btn--quiet"
)
TAKE_BACK = Action("take_back", _("Take car back"), "staff_take_back", asks=True, look="btn--primary grow")
DISPATCH = Action("dispatch", _("Driver and car…"), "staff_dispatch", asks=True)
SWAP = Action("swap", _("Swap car…"), "staff_swap", asks=True)
CANCEL = Action("cancel", _("Cancel…"), "staff_cancel", asks=True, look="btn--danger", key="c")
MARK_REFUNDED = Action(
    "refunded", _("Mark refunded"), "staff_transition", to=Status.REFUNDED, look="btn--quiet"
)
NO_SHOW = Action("no_show", _("No-show…"), "staff_no_show", asks=True)
UNDO_NO_SHOW = Action("undo_no_show", _("Undo the no-show…"), "staff_no_show_undo", asks=True)
UNDO_RETURN = Action("undo_return", _("Undo the return…"), "staff_return_undo", asks=True)
CORRECT_RETURN = Action("correct_return", _("Correct the return…"), "staff_return_correction", asks=True)
DONE = Action(
    "done", _("Done"), "staff_transition", to=Status.COMPLETED, look="btn--primary", wide=True, key="u"
)
SEEN = Action("seen", _("Seen"), "staff_seen", key="s")


def offered(booking: Booking, *, waiting: bool, at: datetime | None = None) -> list[Action]:
    """All acts, the primary one first. `waiting`: the booking has an inbox item that is not done. `at`: now, unless told."""
    at = at or timezone.now()
    acts = _offered(booking, waiting, at)
    return [*acts, UNDO_NO_SHOW] if booking.is_no_show and may_undo_no_show(booking, at) else acts


def _offered(booking: Booking, waiting: bool, at: datetime) -> list[Action]:
    """Those of which a row may have one: without what asks the database who reads this."""
    acts = {
        Status.PENDING: [MARK_UPCOMING, *([DISPATCH] if booking.is_ride else []), CANCEL],
        Status.UPCOMING: [DISPATCH, CANCEL] if booking.is_ride else _with_keys(booking, at),
        Status.ACTIVE: [DONE, DISPATCH, CANCEL] if booking.is_ride else _with_keys(booking, at),
        Status.COMPLETED: [] if booking.is_ride else _after_return(booking, at),
        Status.CANCELLED: [MARK_REFUNDED],
    }.get(Status(booking.status), [])
    # It happens by itself when the last of the money is back; until then nobody may say so.
    back = booking.refunded and not booking.paid
    if MARK_REFUNDED in acts and not (back and may_manage()):
        acts = []
    acts = [TAKE_BACK, *acts] if booking.is_out and booking.status in OVER else acts
    return [*acts, SEEN] if waiting and booking.status != Status.PENDING else acts


def _with_keys(booking: Booking, at: datetime) -> list[Action]:
    if booking.is_out:
        undo = [UNDO_HAND_OVER] if may_undo(booking.handed_over_at, at) else []
        swap = [] if has_ended(booking, booking.pick_up.today(at)) else [SWAP]
        return [TAKE_BACK, *swap, CANCEL, *undo]
    if is_early(booking, at):
        return [CANCEL, HAND_OVER_EARLY]
    return [HAND_OVER, *([NO_SHOW] if may_be_no_show(booking, at) else []), CANCEL]


def _after_return(booking: Booking, at: datetime) -> list[Action]:
    acts = [UNDO_RETURN] if can_be_undone(booking, at) else []
    return acts if booking.erased_at else [*acts, CORRECT_RETURN]


def primary(booking: Booking, *, waiting: bool, tab: str, at: datetime | None = None) -> Action | None:
    """The one act of a row. In the Pending tab a booking that is past pending only waits to be seen."""
    acts = _offered(booking, waiting, at or timezone.now())
    if tab == "pending" and SEEN in acts:
        return SEEN
    return next((act for act in acts if act in (MARK_UPCOMING, HAND_OVER, TAKE_BACK, DONE, SEEN)), None)
