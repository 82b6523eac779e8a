"""/api/bookings/{id}/triage: who does what with a booking, as staff share it in the inbox."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from bookings.api.auth import Scope, staff_only
from bookings.api.inputs.body import NOT_SENT, In
from bookings.api.inputs.types import Day, Flag, Id, Note, UuidText
from bookings.api.lookup import booking_for
from bookings.api.responses import answers
from bookings.api.schemas import Out
from bookings.errors import Invalid
from bookings.models import Booking
from exodrive.http.request import ours
from exodrive.models import User
from inbox.desk.triage import sharing
from inbox.models import InboxTriage

router = Router(by_alias=True, tags=["Bookings"])


class ColleagueOut(Out):
    """A member of staff."""

    id: int
    name: str

    @classmethod
    def of(cls, user: User | None) -> "ColleagueOut | None":
        """None where there is nobody."""
        return cls(id=user.pk, name=str(user)) if user else None


class TriageOut(Out):
    """Who has a booking, until when it is put aside, and when it is come back to."""

    assigned_to: ColleagueOut | None
    snoozed_until: date | None = Field(description="Not among those that wait before that day")
    follow_up_on: date | None
    follow_up_note: str


class TriageChangedOut(TriageOut):
    """The same after a change."""

    taken_from: ColleagueOut | None = Field(description="Who had the booking until this request took it on")


class TriagePatch(In):
    """What can be changed. Send only what changes: all of it happens, or nothing."""

    mine: Flag = Field(
        NOT_SENT, description="true: take the booking on, from whoever has it; false: nobody has it any more"
    )
    instead_of: Id | None = Field(
        None,
        description="With `mine`: only if this member of staff has the booking; null, sent: only if nobody has",
    )
    snoozed_until: Day | None = Field(None, description="A day after today; null: back at once")
    follow_up_on: Day | None = Field(None, description="null: crossed off, with its note")
    follow_up_note: Note = NOT_SENT


@router.get(
    "/bookings/{booking_id}/triage",
    **staff_only(Scope.READ),
    response=answers({200: TriageOut}, 401, 403, 404),
    operation_id="getTriage",
    summary="Look who does what",
)
def get_triage(request: HttpRequest, booking_id: UuidText) -> Any:
    """Who has the booking, and when somebody comes back to it."""
    return TriageOut(**_facts(booking_for(booking_id)))


@router.patch(
    "/bookings/{booking_id}/triage",
    **staff_only(Scope.STAFF),
    response=answers({200: TriageChangedOut}, 401, 403, 404, 409),
    operation_id="changeTriage",
    summary="Say who does what",
)
def change_triage(request: HttpRequest, booking_id: UuidText, body: TriagePatch) -> Any:
    """Take a booking on, give it back, put it aside until a day, or plan a follow-up.

    What waits in the inbox alone can be put aside. With `insteadOf` it is 409 `changed_meanwhile` where somebody was faster.
    """
    booking, sent = booking_for(booking_id), body.model_fields_set
    with transaction.atomic():
        had = _assigned(booking, body, ours(request).staff)
        if "snoozed_until" in sent:
            _put_aside(booking, body.snoozed_until)
        if sent & {"follow_up_on", "follow_up_note"}:
            _come_back(booking, body)
    return TriageChangedOut(**_facts(booking), taken_from=ColleagueOut.of(had))


def _facts(booking: Booking) -> dict[str, Any]:
    row = InboxTriage.objects.filter(booking=booking).select_related("assigned_to").first() or InboxTriage()
    return {
        "assigned_to": ColleagueOut.of(row.assigned_to),
        "snoozed_until": row.snoozed_until,
        "follow_up_on": row.follow_up_on,
        "follow_up_note": row.follow_up_note,
    }


def _assigned(booking: Booking, body: TriagePatch, staff: User | None) -> User | None:
    """Who had it before somebody else took it on."""
    if "mine" not in body.model_fields_set or staff is None:
        return None
    seen = {"instead_of": body.instead_of} if "instead_of" in body.model_fields_set else {}
    if not body.mine:
        sharing.give_back(booking=booking, **seen)
        return None
    had = sharing.claim(booking=booking, by=staff, **seen)
    return had if had != staff else None


def _put_aside(booking: Booking, until: date | None) -> None:
    if until is None:
        sharing.wake(booking=booking)
        return
    try:
        sharing.snooze(booking=booking, until=until, at=timezone.now())
    except Invalid as refusal:
        raise Invalid.field("snoozedUntil", str(refusal.message)) from refusal


def _come_back(booking: Booking, body: TriagePatch) -> None:
    """The side that was not sent stays as it is."""
    row = InboxTriage.objects.filter(booking=booking).first() or InboxTriage()
    sent = body.model_fields_set
    on = body.follow_up_on if "follow_up_on" in sent else row.follow_up_on
    note = body.follow_up_note if "follow_up_note" in sent else row.follow_up_note
    if note and on is None and "follow_up_note" in sent:
        raise Invalid.field("followUpOn", _("Choose the day of the follow-up"))
    sharing.follow_up(booking=booking, on=on, note=note)
