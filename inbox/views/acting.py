"""What acts on a booking have in common: they ask, they are made by a verb, and pressed twice they happen once."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from bookings.errors import BookingError, StatusChanged
from bookings.models import Booking
from inbox.desk.available_actions import Action, offered
from inbox.desk.responses import done, refused
from inbox.forms.base import Plain
from inbox.permissions import StaffRequest
from inbox.views import asking
from inbox.views.money.forms import as_it_is

Verb = Callable[..., Any]
TWICE = timedelta(minutes=1)  # the same press again, and not the same wish of another moment


def moved(request: StaffRequest, booking: Booking, verb: Verb, **what: Any) -> Booking:
    """What the verb makes of a booking that the reader saw in the status that the form names."""
    after: Booking = verb(booking=booking, at=timezone.now(), from_=request.POST.get("from") or None, **what)
    return after


def act(
    request: StaffRequest, booking: Booking, verb: Verb, sentence: str, *, leads_to: str = "", **what: Any
) -> HttpResponse:
    """An act that needs no more than a press. `leads_to`: the status that it moves the booking to, if it moves it."""
    try:
        after = moved(request, booking, verb, **what)
    except BookingError as refusal:
        if is_second_press(request, refusal, leads_to):
            return done(request, booking, sentence % {"name": booking.full_name})
        return refused(request, booking, refusal)
    return done(request, after, sentence % {"name": booking.full_name})


def is_second_press(request: StaffRequest, refusal: BookingError, leads_to: str) -> bool:
    """Whether it was refused because the same person did the same a moment ago: the first of two presses of one button."""
    if not isinstance(refusal, StatusChanged):
        return False
    by, at, status = (refusal.details[name] for name in ("by", "at", "status"))
    return (by, status) == (str(request.staff), leads_to) and timezone.now() - at < TWICE


def ask(
    request: StaffRequest,
    booking: Booking,
    form: Plain,
    *,
    acts: Collection[Action],
    page: str,
    status: int = 422,
    **more: Any,
) -> HttpResponse:
    """An act's form, `_PAGE.html` in the panel or `PAGE.html` on its own; with `status` when it was sent with errors.

    Who comes too late, by an old link, gets the booking as it is now.
    """
    if not form.is_bound and not set(acts) & set(offered(booking, waiting=False)):
        return as_it_is(request, booking)
    return asking.ask(request, booking, page, form, status=status if form.is_bound else 200, **more)
