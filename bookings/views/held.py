"""What the details of a held rental and a held ride have in common: the time left, refusals, and what a click leads to."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.errors import BookingError, RulesRefused
from bookings.forms.base import SiteForm, show_refusal
from bookings.models import Hold
from bookings.views.cookies import drop_typed, forget_hold, keep_typed
from bookings.views.decorators import see_other
from exodrive.http.request import Request

SAID_AGAIN = 300  # seconds between two looks at the time left
ENDING = 120  # seconds before the end at which we offer more time
TURN, MAX_TURNS = 1, 6  # seconds; a double click looks so often for the booking that the first click makes


def time_left(hold: Hold, at: datetime) -> dict[str, Any]:
    """`wait` is the number of seconds until the notice has something new to say."""
    left = (hold.expires_at - at).total_seconds()
    if left > ENDING:
        state, wait = "held", min(int(left - ENDING) + 1, SAID_AGAIN)
    elif left > 0:
        state, wait = "ending", int(left) + 1
    else:
        state, wait = "over", 0
    return {
        "hold": hold,
        "hold_state": state,
        "wait": wait,
        "left": max(round(left / 60), 1),  # minutes
        "hold_minutes": settings.HOLD_FOR.seconds // 60,
    }


def say(form: SiteForm, refusal: BookingError) -> None:
    """Every reason of a rule above the form; everything else where it belongs."""
    for reason in refusal.details.get("reasons", []):
        form.add_error(None, reason.message)
    if not isinstance(refusal, RulesRefused):
        show_refusal(form, refusal)


def to_twin(hold: Hold, typed: dict[str, str]) -> HttpResponse:
    """An earlier click is at work on the same form: its booking is the answer to this one too. Nobody waits here."""
    url = reverse("details", args=[hold.token])
    response = see_other(f"{url}?turn=1")
    keep_typed(response, typed, url)
    return response


def wait_for_twin(request: Request, hold: Hold) -> HttpResponse:
    """A light page that looks again in a moment; after some turns the form is back, with what was typed."""
    turns, url = [str(n + 1) for n in range(MAX_TURNS)], reverse("details", args=[hold.token])
    turn = request.GET["turn"]
    if turn not in turns:
        messages.warning(request, _("We could not book yet. Look at your details and try again."))
        return see_other(url)
    again = f"{url}?turn={int(turn) + 1}"
    response = render(request, "bookings/wait.html", {"again": again})
    response["Refresh"] = f"{TURN}; url={again}"
    return response


def to_booking(hold: Hold, token: str, *, pay: bool = False) -> HttpResponse:
    """On to its page; to pay first what was made a moment ago and is paid online."""
    response = see_other(reverse("booking_payment" if pay else "booking", args=[token]))
    forget_hold(response)
    drop_typed(response, ("details", [hold.token]), ("cars", []))
    return response
