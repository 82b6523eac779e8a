"""Payments that wait for people: problems, answers that did not come, refunds and deposits that are owed, lost events."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bookings.models import Booking, Payment, PaymentOperation, ProviderEvent, Refund
from bookings.payments.registry import MANUAL

SILENT_AFTER = timedelta(minutes=10)
SHOWN = 100  # of each part: who has more works on the oldest first
Rows = QuerySet[Any]


def problems(at: datetime) -> Rows:
    """Payments that somebody has to look at."""
    return Payment.objects.exclude(problem="").select_related("booking")


def silent(at: datetime) -> Rows:
    """What a provider was asked and has not answered. To ask a customer for payment takes as long as they take."""
    kinds = PaymentOperation.Kind
    rows = PaymentOperation.objects.filter(
        outcome__in=PaymentOperation.OPEN, created_at__lte=at - SILENT_AFTER
    ).exclude(payment__provider=MANUAL, kind=kinds.REFUND)
    rows = rows.exclude(
        kind=kinds.COMPLETE, outcome=PaymentOperation.Outcome.STARTED, payment__state__in=Payment.OPEN
    )
    return rows.select_related("payment__booking", "actor")


def owed(at: datetime) -> Rows:
    """Refunds that staff give back themselves."""
    rows = Refund.objects.filter(payment__provider=MANUAL, state__in=Refund.LIVE)
    return rows.select_related("payment__booking")


def deposits(at: datetime) -> Rows:
    """Deposits that are due and wait for their customer, also where a page closed or a card said no."""
    rows = Payment.objects.order_by().filter(
        purpose=Payment.Purpose.DEPOSIT,
        booking__status__in=[Booking.Status.UPCOMING, Booking.Status.ACTIVE],
        due_at=None,
    )
    keys = rows.exclude(provider=MANUAL).values("pk")
    waiting = keys.filter(state__in=[*Payment.OPEN, Payment.State.SCHEDULED])
    ended = keys.filter(
        state__in=Payment.ENDED, authorized=0, booking__deposit_status=Booking.DepositStatus.FAILED
    )
    # Each by an index of its own: for both at once PostgreSQL would look at all payments.
    return Payment.objects.filter(pk__in=waiting.union(ended, all=True)).select_related("booking")


def lost(at: datetime) -> Rows:
    """What a provider reported and could not be handled; it is not tried again by itself."""
    return ProviderEvent.objects.filter(
        state__in=[ProviderEvent.State.ORPHAN, ProviderEvent.State.FAILED], due_at=None
    ).defer("body")


@dataclass(frozen=True)
class Part:
    """One list of the page."""

    code: str
    label: Any
    empty: Any
    rows: Callable[[datetime], Rows]
    template: str


PARTS = [
    Part("problems", _("To look at"), _("No payment has a problem."), problems, "inbox/_queued_payment.html"),
    Part(
        "silent",
        _("Without an answer"),
        _("Providers have answered to everything."),
        silent,
        "inbox/_queued_operation.html",
    ),
    Part(
        "owed",
        _("Refunds to give by hand"),
        _("No refund is owed by hand."),
        owed,
        "inbox/_queued_refund.html",
    ),
    Part(
        "deposits",
        _("Deposits that wait for the customer"),
        _("No deposit waits."),
        deposits,
        "inbox/_queued_payment.html",
    ),
    Part(
        "lost",
        _("Reports that could not be handled"),
        _("Everything reported was handled."),
        lost,
        "inbox/_queued_event.html",
    ),
]


@dataclass(frozen=True)
class Shown:
    """A part with its rows."""

    part: Part
    rows: list[Any]
    count: int


def read(at: datetime) -> list[Shown]:
    """Every part, the oldest rows first."""
    shown = []
    for part in PARTS:
        rows = list(part.rows(at).order_by("created_at", "pk")[: SHOWN + 1])
        count = len(rows) if len(rows) <= SHOWN else part.rows(at).count()
        shown.append(Shown(part, rows[:SHOWN], count))
    return shown


def waiting() -> int:
    """How many rows the page has, in one query."""
    at = timezone.now()
    first, *others = [part.rows(at).order_by().select_related(None).values("pk") for part in PARTS]
    return first.union(*others, all=True).count()
