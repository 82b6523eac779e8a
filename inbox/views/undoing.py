"""Facts that were written down by mistake, taken back: each asks first and says what follows."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bookings.lifecycle.keys import handover, returns
from bookings.lifecycle.keys.no_show import undo_no_show
from bookings.models import Booking
from inbox.desk import booking as booking_detail
from inbox.desk.available_actions import UNDO_HAND_OVER, UNDO_NO_SHOW, UNDO_RETURN, Action
from inbox.forms.base import Plain
from inbox.permissions import StaffRequest, staff_required
from inbox.views.acting import Verb, act, ask

FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True, slots=True)
class Undoing:
    """What is taken back: its verb, the question, what follows from it, its button, and the sentence when it is done."""

    action: Action
    verb: Verb
    title: Any
    follows: Any
    button: Any
    done: Any
    leads_to: str = ""


HAND_OVER = Undoing(
    UNDO_HAND_OVER,
    handover.undo_hand_over,
    gettext_lazy("Undo the hand-over to %(name)s?"),
    gettext_lazy(
        "Only when the car has not left. What was noted at the hand-over is deleted, and the history says who undid it."
    ),
    gettext_lazy("Undo the hand-over"),
    gettext_lazy("The hand-over is undone: %(name)s does not have the car."),
)
RETURN = Undoing(
    UNDO_RETURN,
    returns.undo_return,
    gettext_lazy("Undo the return of %(name)s?"),
    gettext_lazy(
        "The booking is active again, with its days and its price as before. What was noted at the return is deleted."
    ),
    gettext_lazy("Undo the return"),
    gettext_lazy("The return is undone: %(name)s has the car."),
    Booking.Status.ACTIVE,
)
NO_SHOW = Undoing(
    UNDO_NO_SHOW,
    undo_no_show,
    gettext_lazy("Undo the no-show of %(name)s?"),
    gettext_lazy(
        "The booking is active again, with all its days and extras if nobody has them by now, and at its price. Money"
        " that went back stays there and is due again."
    ),
    gettext_lazy("Undo the no-show"),
    gettext_lazy("The no-show is undone: the booking of %(name)s is active."),
    Booking.Status.ACTIVE,
)


@require_http_methods(FORM)
@staff_required
def hand_over(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The customer did not get the car after all."""
    return _undo(request, pk, HAND_OVER)


@require_http_methods(FORM)
@staff_required
def take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The car was not taken back after all."""
    return _undo(request, pk, RETURN)


@require_http_methods(FORM)
@staff_required
def no_show(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Somebody came after all."""
    return _undo(request, pk, NO_SHOW)


def _undo(request: StaffRequest, pk: UUID, what: Undoing) -> HttpResponse:
    booking = booking_detail.row(pk)
    if request.method == "POST":
        return act(request, booking, what.verb, str(what.done), leads_to=what.leads_to)
    title = what.title % {"name": booking.full_name}
    return ask(request, booking, Plain(), acts=[what.action], page="undo", undoing=what, title=title)
