"""One booking as staff see it: price, notes, mails and its history in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.lifecycle.change import CHANGEABLE
from bookings.lifecycle.keys.no_show import NOBODY_CAME, THEY_CAME
from bookings.lifecycle.keys.returns import UNDONE
from bookings.lifecycle.keys.swap import LATER_RETURN_FIRST
from bookings.lifecycle.keys.undo import HAND_OVER_UNDONE
from bookings.lifecycle.pricing.repricing import price_today
from bookings.lifecycle.unproven import unproven_like
from bookings.marks import marks_on
from bookings.models import (
    Booking,
    BookingChange,
    BookingEvent,
    BookingExtra,
    BookingLink,
    BookingNote,
    BookingSegment,
    DoNotRent,
    Ride,
    StatusChange,
)
from bookings.ridden import ride_of, stops
from cars.pricing.daily import Quote
from inbox.desk.available_actions import SWAP, Action, offered
from inbox.desk.listing import with_rows
from inbox.desk.money import PAYMENTS, BookingMoney, money_of
from inbox.desk.triage.tells import Told, tells
from inbox.desk.words import history as booking_history
from inbox.desk.words.actors import who
from inbox.mail.truth import is_true
from inbox.models import InboxEmail

CREATED = {
    Booking.Source.WEB: gettext_lazy("Booking created on the website"),
    Booking.Source.MOBILE: gettext_lazy("Booking created on the website, mobile"),
    Booking.Source.API: gettext_lazy("Booking created through the API"),
    Booking.Source.STAFF: gettext_lazy("Booking created by staff"),
}
REASONS = {
    "not_proven": gettext_lazy("Nobody opened the link in the email in time"),
    HAND_OVER_UNDONE: gettext_lazy("Hand-over undone"),
    NOBODY_CAME: gettext_lazy("Nobody came for the car"),
    THEY_CAME: gettext_lazy("Undone: the customer came"),
    UNDONE: gettext_lazy("Undone: the car was not taken back"),
    "never_confirmed": gettext_lazy("Not confirmed before the pick-up day ended"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the history."""

    at: datetime
    text: str
    reason: Any = ""


@dataclass(frozen=True)
class Detail:
    """What `_booking.html` shows beside the booking's own fields."""

    actions: list[Action]
    quote: Quote
    today: Quote | None  # what it would cost now, when that is not what was booked
    former: list[BookingSegment]  # the cars that it had before the present one
    extras: list[BookingExtra]
    changeable: bool
    history: list[Entry]
    notes: list[BookingNote]
    mails: list[InboxEmail]
    again: list[InboxEmail]  # those that are still true
    tells: list[Told]
    lost: list[InboxEmail]  # mails that staff have to make up for by phone
    link: BookingLink | None
    money: BookingMoney
    swap_waits: Any  # why a car that is out is not swapped now, "" when it can be
    ride: Ride | None
    stops: list[tuple[str, str]]  # of a ride: from where to where, labelled
    alike: int  # unproven bookings of the same source, this one included
    marks: list[DoNotRent]  # decisions not to rent to this customer, in force


def row(pk: UUID) -> Booking:
    """The booking with its car, in one query: what an act on it needs. Raises Http404."""
    return get_object_or_404(Booking.objects.select_related("car__location"), pk=pk)


def find(pk: UUID) -> Booking:
    """The booking with everything its page shows, in a constant number of queries. Raises Http404."""
    return get_object_or_404(
        with_rows(Booking.objects.all())
        .prefetch_related(
            Prefetch("changes", StatusChange.objects.select_related("actor")),
            Prefetch("notes", BookingNote.objects.select_related("author")),
            Prefetch("revisions", BookingChange.objects.select_related("actor")),
            Prefetch("extras", BookingExtra.objects.select_related("extra")),
            Prefetch("events", BookingEvent.objects.select_related("actor")),
            Prefetch("emails", InboxEmail.objects.select_related("payment")),
            PAYMENTS,
        )
        .select_related("link"),
        pk=pk,
    )


def describe(booking: Booking) -> Detail:
    """Works on what `find` loaded, and asks today's prices and the names in its changes: a constant number of queries."""
    waiting: bool = booking.is_new  # type: ignore[attr-defined]
    changeable = is_changeable(booking)
    ride = ride_of(booking) if booking.is_ride else None
    mails = list(booking.emails.all())
    actions = offered(booking, waiting=waiting)
    return Detail(
        actions=actions,
        quote=booking.as_quoted,
        today=_other_price_today(booking) if changeable and not booking.is_ride else None,
        former=list(booking.segments.select_related("car")) if booking.handed_over_at else [],
        extras=list(booking.extras.all()),
        changeable=changeable,
        history=_history(booking),
        notes=list(booking.notes.all()),
        mails=mails,
        again=[mail for mail in mails if is_true(mail, timezone.now())],
        tells=tells(booking, actions, changeable=changeable),
        lost=[mail for mail in mails if mail.is_lost and mail.audience == InboxEmail.Audience.CUSTOMER]
        if booking.mail_problem  # type: ignore[attr-defined]
        else [],
        link=getattr(booking, "link", None),
        money=money_of(booking),
        marks=[] if booking.erased_at else marks_on(booking.mailbox, booking.phone),
        ride=ride,
        stops=stops(ride.service, (ride.from_place, ride.to_place), ride) if ride else [],
        swap_waits=_swap_waits(booking, actions),
        alike=unproven_like(booking).count() if hasattr(booking, "proof") and booking.proof.waits else 0,
    )


def _swap_waits(booking: Booking, actions: list[Action]) -> Any:
    out = booking.is_out and is_changeable(booking)
    return LATER_RETURN_FIRST if out and SWAP not in actions else ""


def is_changeable(booking: Booking) -> bool:
    """Whether days, car or details can still change: until the car is back or the booking is called off."""
    return booking.status in CHANGEABLE and booking.returned_at is None


def _other_price_today(booking: Booking) -> Quote | None:
    if not booking.in_catalogue_currency:
        return None
    then, now = booking.as_quoted, price_today(booking)
    return now if (now.total, now.deposit) != (then.total, then.deposit) else None


def _history(booking: Booking) -> list[Entry]:
    """Moves and changes together, newest first."""
    words = booking_history.sentences(booking.revisions.all())
    moves = [_entry(booking, change) for change in booking.changes.all()]
    changed = [
        Entry(
            change.created_at,
            _("%(who)s changed it. %(what)s") % {"who": who(change), "what": words[change.pk]},
            change.reason,
        )
        for change in booking.revisions.all()
    ]
    events = [
        Entry(event.created_at, f"{event.get_kind_display()} ({who(event)})")
        for event in booking.events.all()
    ]
    return sorted(moves + changed + events, key=lambda entry: entry.at)[::-1]


def _entry(booking: Booking, change: StatusChange) -> Entry:
    if not change.from_status:
        by = f" ({change.actor})" if change.actor else ""
        return Entry(change.at, f"{CREATED[Booking.Source(booking.source)]}{by}", change.reason)
    text = _("%(who)s moved it from %(from)s to %(to)s") % {
        "who": who(change),
        "from": change.get_from_status_display(),
        "to": change.get_to_status_display(),
    }
    return Entry(change.at, text, REASONS.get(change.reason, change.reason))
