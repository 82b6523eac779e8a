"""What is held about a person, and how it goes: by command, by the calendar, and by the person's own request.

A person is a mailbox, or a phone where there is none. The work is done by functions of the database, each in one
transaction, so that the public may do it for itself and for nobody else. `exodrive/tests/support/personal.py` lists
every column.
"""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import DecimalField, Max, Model
from django.template.loader import render_to_string

from bookings.marks import marks_of
from bookings.models import Customer, DataRequest
from bookings.signals import mail_waits
from exodrive.db.retry import retry_on_deadlock
from exodrive.errors import Unavailable
from exodrive.i18n.formats import money
from exodrive.mailboxes import canonical
from exodrive.money import Money
from exodrive.phones import digits_of, is_dialable
from exodrive.staff.journal import Kind, note, say

ASK_AGAIN = timedelta(minutes=5)
LINK_LASTS = timedelta(hours=24)
REQUESTS_KEPT = timedelta(days=30)  # after the confirmation link has ended

FIRST = ("customers", "bookings")  # of the readable copy

Tables = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure came to: rows changed by table, or the references of bookings that still need the person."""

    unfinished: list[str]
    counts: dict[str, int]

    @property
    def found(self) -> int:
        """How many rows."""
        return sum(self.counts.values())


def key_of(said: str) -> str:
    """What stands for a person: the mailbox of an address, or the digits of a phone for who has no mailbox.

    Raises ValidationError for what is neither.
    """
    return digits_of(said) if "@" not in said and is_dialable(said) else canonical(said)


# --- Staff and jobs, as exo_service --------------------------------------------------------------------------------


def personal_data(email: str) -> Tables:
    """Everything held about the person of an address, or of a phone without one, by table; without secrets, and without
    who of the staff did what. Raises ValidationError for what is neither.
    """
    tables = _with_marks(_tables(_ask("SELECT data_of_mailbox(%s)", key_of(email))[0]), email)
    for booking in tables["bookings"]:
        note(Kind.DATA_READ, booking_id=booking["id"], detail="job")
    return tables


@retry_on_deadlock()
def erase(email: str, *, dry_run: bool = False) -> Erasure:
    """Erase the person of an address, or of a phone without one. Money, dates, cars, statuses and who moved them stay.

    While a booking is pending, upcoming or active, or money is on its way, nothing changes: its reference comes back.
    A second time finds nothing; two at once wait for each other. `dry_run` does all of it and takes it back.

    In what is written about others, the name and phone of somebody who has had a car are sought as well. Raises
    ValidationError for what is neither.
    """
    with transaction.atomic(durable=True):
        unfinished, counts = _ask("SELECT unfinished, counts FROM erase_mailbox(%s)", key_of(email))
        transaction.set_rollback(dry_run)
    erased = Erasure(unfinished or [], _json(counts))
    if erased.found and not dry_run:
        say(Kind.DATA_ERASED)
    return erased


def erase_due(at: datetime, *, dry_run: bool = False) -> int:
    """Erase who confirmed an erasure that had to wait, and whose last booking is past settings.RETENTION_BOOKINGS_DAYS.

    How many people. Each in a transaction of their own; safe to run twice and at once. Who cannot be erased keeps nobody
    else: raises ExceptionGroup after the last.
    """
    waiting = DataRequest.objects.filter(kind=DataRequest.Kind.ERASURE, outcome=DataRequest.Outcome.WAITING)
    last_day = (at - timedelta(days=settings.RETENTION_BOOKINGS_DAYS)).date()
    old = Customer.objects.filter(erased_at=None, created_at__date__lt=last_day).annotate(
        last=Max("bookings__end_date")
    )
    over = old.exclude(last__gte=last_day).values_list("email", "phone")
    emails = {*waiting.values_list("mailbox", flat=True), *(email or phone for email, phone in over)}
    erased, failed = 0, []
    for email in sorted(emails):
        try:
            erased += bool(erase(email, dry_run=dry_run).found)
        except (DatabaseError, Unavailable) as error:
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} of {len(emails)} people could not be erased", failed)
    return erased


def prune_requests(at: datetime) -> int:
    """Delete requests whose link ended REQUESTS_KEPT ago, unless they still wait; how many."""
    over = DataRequest.objects.filter(expires_at__lt=at - REQUESTS_KEPT)
    return over.exclude(outcome=DataRequest.Outcome.WAITING).delete()[0]


# --- Customers, as exo_public with a token --------------------------------------------------------------------------


def ask(kind: str) -> bool:
    """Mail a link that confirms the request to the address of the booking that the identity's link opens.

    False when one was mailed less than ASK_AGAIN ago.
    """
    minutes, hours = ASK_AGAIN // timedelta(minutes=1), LINK_LASTS // timedelta(hours=1)
    mailed = bool(_ask("SELECT ask_for_data(%s, %s, %s)", kind, minutes, hours)[0])
    mail_waits.send(None)
    return mailed


def asked() -> tuple[str, str] | None:
    """Kind and outcome of the request that the identity's confirmation link stands for, None when it is over or wrong."""
    kind, outcome = _ask("SELECT kind, outcome FROM data_request()")
    return (kind, outcome) if kind else None


def confirmed_copy() -> Tables | None:
    """Everything held about the person whose mailbox confirmed it."""
    found = _ask("SELECT confirm_copy()")[0]
    if found:
        say(Kind.DATA_READ)
    return _with_marks(_tables(found)) if found else None


@retry_on_deadlock()
def confirmed_erasure() -> Erasure | None:
    """Erase that person, or tell staff that it has to wait for bookings. None when the link is over or wrong."""
    with transaction.atomic(durable=True):
        outcome, unfinished = _ask("SELECT outcome, unfinished FROM confirm_erasure()")
    if outcome and not unfinished:
        say(Kind.DATA_ERASED)
    return Erasure(unfinished or [], {}) if outcome else None


# --- The copy ------------------------------------------------------------------------------------------------------


def zip_of(tables: Tables, *, at: datetime) -> bytes:
    """One JSON file for each table, and all of it to read in `index.html`, in the active language."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, rows in tables.items():
            archive.writestr(f"{name}.json", json.dumps(rows, indent=2, ensure_ascii=False))
        archive.writestr("index.html", _readable(tables, at))
    return packed.getvalue()


def _readable(tables: Tables, at: datetime) -> str:
    models = {model._meta.db_table: model for model in apps.get_models()}
    names = [*FIRST, *(name for name in tables if name not in FIRST)]
    currencies = {row["id"]: row["currency"] for row in [*tables["bookings"], *tables["payments"]]}

    def labelled(name: str) -> list[list[tuple[Any, Any]]]:
        rows = tables[name]
        parts = [row.get("booking_id") or row.get("payment_id") for row in rows]
        own = [row.get("currency") or currencies.get(of, "") for row, of in zip(rows, parts, strict=True)]
        return [_labelled(models[name], row, currency) for row, currency in zip(rows, own, strict=True)]

    sections = [(models[name]._meta.verbose_name_plural, labelled(name)) for name in names if tables[name]]
    context = {"sections": sections, "when": f"{at.astimezone(UTC):%Y-%m-%d %H:%M}"}
    return render_to_string("bookings/data_copy.html", context)


def _labelled(model: type[Model], row: dict[str, Any], currency: str) -> list[tuple[Any, Any]]:
    """What is filled in, with the fields' names in the active language; amounts in the currency of the booking."""
    fields = {field.column: field for field in model._meta.concrete_fields}
    labels = {name: field.verbose_name for name, field in fields.items()}
    amounts = {name for name, field in fields.items() if isinstance(field, DecimalField)}
    shown = {name: value for name, value in row.items() if value not in (None, "")}
    return [
        (labels.get(name, name), _money(value, currency) if name in amounts else _plain(value, currency))
        for name, value in shown.items()
    ]


def _money(value: Any, currency: str) -> str:
    return money(Money(Decimal(str(value)), currency))


def _plain(value: Any, currency: str) -> Any:
    if isinstance(value, dict) and "total" in value:
        value = {**value, "total": _money(value["total"], currency)}
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


def _with_marks(tables: Tables, email: str = "") -> Tables:
    """With the decisions not to rent to this person, which no row of theirs points to."""
    known = {(row["mailbox"], row["phone"]) for row in tables["bookings"]}
    if email:
        known.add((key_of(email), "") if "@" in email else ("", email))
    return {**tables, "do_not_rent": marks_of(known)}


def _ask(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str | bytes) else value


def _tables(value: Any) -> Tables:
    return dict(_json(value))
