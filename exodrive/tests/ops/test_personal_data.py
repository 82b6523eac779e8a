"""A person's copy, erasure and retention, against every column of the database (`personal.py`)."""

import json
import stat
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from bookings import privacy
from bookings.lifecycle.do_not_rent import mark_customer
from bookings.lifecycle.request import BookingRequest, Person
from bookings.lifecycle.rides.request import RideDetails
from bookings.links.pins import set_pin
from bookings.models import (
    Block,
    Booking,
    BookingChange,
    BookingLink,
    BookingNote,
    Customer,
    Hold,
    Payment,
    PaymentOperation,
    ProviderEvent,
    Refund,
    StatusChange,
)
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
    move_to,
)
from bookings.tests.support.racing import all_at_once
from cars.pricing.adjust import with_adjustment
from exodrive.errors import Unavailable
from exodrive.models import JobRun
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner, with_reason
from exodrive.tests.support.money import eur
from exodrive.tests.support.personal import IMPERSONAL, PERSONAL
from inbox.models import InboxEmail, InboxTriage, MailEvent, SavedFilter

pytestmark = pytest.mark.django_db

WHO = Person("Zsófia Quixote-Nemo", "Zsofia.Nemo@example.org")
PHONE = "+36 70 998 7766"
SAID = "please ring at the blue door"
TRACES = [
    "zsófia",
    "quixote",
    "zsofia",
    "nemo",
    "998 7766",
    "blue door",
    "99 yrs",
    "crying",
    "provider-77",
    "retry-of-z",
    "qx998",
]


def columns():
    with as_owner(), connection.cursor() as cursor:
        # Not of views: they hold nothing of their own.
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        return set(cursor.fetchall())


def dump():
    """The whole database as text: every row of every table."""
    lines = []
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL bytea_output = 'escape'")  # what providers report reads as text
        for table in sorted({table for table, _column in columns()}):
            cursor.execute(f"SELECT t::text FROM {table} t")
            lines += [f"{table} {row}" for (row,) in cursor.fetchall()]
    return lines


def traces():
    """What of the person is still in the database."""
    return sorted({line for line in dump() for trace in TRACES if trace in line.lower()})


@pytest.fixture
def person(silent_broker):
    """Somebody with two bookings that are over, and traces in every place that can have one."""
    from bookings.lifecycle.create import create_booking
    from bookings.lifecycle.idempotency import Idempotency

    desk = make_desk()
    booking = make_booking(who=WHO, start=in_days(-9), status="completed", phone=PHONE, special_requests=SAID)
    hold = make_hold(start=in_days(20))
    with acting_as(PUBLIC, token=hold.token):
        second = create_booking(
            BookingRequest(car=hold.car, days=hold.days, who=WHO, hold=hold, language="en"),
            at=timezone.now(),
            idempotency=Idempotency.of("retry-of-Zsofia", {"a": 1}),
        )
    with acting_as(PUBLIC, token=second.secret):
        privacy.ask("copy")
        set_pin(booking=second, pin="2468")
    with acting_as(STAFF, user=desk), with_reason("Quixote-Nemo was crying"):
        move_to(second, "cancelled")
    with acting_as(STAFF, user=make_manager()):
        mark_customer(booking=booking, reason="Zsófia Quixote-Nemo was crying")
    pay_with_traces(booking)
    ride = Chauffeurs().book(
        who=WHO, details=RideDetails("", SAID, "blue door 1", "Quixote 2", "QX998", "Mr Nemo")
    )
    with acting_as(STAFF, user=desk):
        move_to(ride, "cancelled")
    other = make_booking()
    block = make_block(car=CarFactory(), start=in_days(40))
    gone = make_block(car=CarFactory(), start=in_days(40))
    with as_owner():
        customer = booking.customer
        quote = with_adjustment(booking.as_quoted, eur(-5), "Quixote-Nemo was crying").as_json()
        Booking.objects.filter(pk=booking.pk).update(return_note="99 yrs old?", driver_age=99, quote=quote)
        BookingNote.objects.create(booking=booking, author=desk, text="Was crying")
        BookingChange.objects.create(
            booking=booking,
            actor_kind="staff",
            before={},
            after={"contact": ["phone"]},
            difference=0,
            reason="Was crying",
        )
        InboxTriage.objects.create(booking=booking, follow_up_on=in_days(1), follow_up_note="Was crying")
        SavedFilter.objects.create(user=desk, name=WHO.full_name, asked={"q": "quixote"})
        BookingNote.objects.create(booking=other, text="A friend of zsofia.nemo@example.org")
        Block.objects.filter(pk=block.pk).update(note="Kept for Zsófia Quixote-Nemo")
        Block.objects.filter(pk=gone.pk).update(note="Kept for Zsófia Quixote-Nemo, too")
        Block.objects.get(pk=gone.pk).delete()
        InboxEmail.objects.filter(booking=booking, template="booking_received").update(
            status="sent", recipient=WHO.email, message_id="provider-77", error="to zsofia.nemo@example.org"
        )
        MailEvent.objects.create(
            event_id="provider-77-1", message_id="provider-77", kind="delivered", at=timezone.now()
        )
        LogEntry.objects.create(
            user=desk,
            content_type=ContentType.objects.get_for_model(Customer),
            object_id=str(customer.pk),
            object_repr=WHO.full_name,
            action_flag=CHANGE,
            change_message="phone",
        )
    return {"first": booking, "second": second, "ride": ride, "other": other, "customer": customer}


def pay_with_traces(booking):
    """A payment of which a part went back, with a reason, and what its provider wrote about the payer."""
    with as_owner():
        paid = Payment.objects.create(
            booking=booking,
            purpose="rental",
            kind="charge",
            provider="sandbox",
            amount=100,
            currency=booking.currency,
            next_url="https://pay.invalid/quixote",
        )
        back = paid.refunds.create(amount="12.50", state="done", reason="Was crying")
        told = {"request_id": f"refund-{back.pk}", "actor_kind": "job", "refunded": "12.50"}
        paid.operations.create(kind="refund", outcome="done", reason="Was crying", refund=back, **told)
        ProviderEvent.objects.create(
            provider="sandbox",
            event_id="1",
            type="t",
            body=b'{"mail": "zsofia.nemo@example.org"}',
            payment=paid,
        )


@pytest.fixture
def silent_broker(monkeypatch):
    monkeypatch.setattr("inbox.receivers.publish", lambda *args: True)


def run(command, *args):
    out = StringIO()
    call_command(command, *args, stdout=out)
    return out.getvalue()


# --- The list ------------------------------------------------------------------------------------------------------


def test_every_column_is_on_one_list():
    listed = [(table, column) for table, rules in PERSONAL.items() for column in rules]
    listed += [(table, column) for table, names in IMPERSONAL.items() for column in names.split()]
    assert len(listed) == len(set(listed))
    assert columns() - set(listed) == set(), "decide what is personal, and teach export and erase"
    assert set(listed) - columns() == set()


# --- The copy ------------------------------------------------------------------------------------------------------


def test_the_copy_has_every_personal_column_and_no_secret(person):
    with acting_as(SERVICE):
        tables = privacy.personal_data(" ZSOFIA.nemo@EXAMPLE.org ")
    assert [row["reference"] for row in tables["bookings"]] == [
        person["first"].reference,
        person["second"].reference,
        person["ride"].reference,
    ]
    for table, rules in PERSONAL.items():
        given = {column for row in tables.get(table, []) for column in row}
        assert {column for column, (copied, _how) in rules.items() if copied} - given == set(), table
        assert {column for column, (copied, _how) in rules.items() if not copied} & given == set(), table
    text = json.dumps(tables, ensure_ascii=False)
    for words in (
        WHO.full_name,
        WHO.email,
        PHONE,
        SAID,
        "Was crying",
        "99 yrs old?",
        "provider-77",
        "retry-of-Zsofia",
    ):
        assert words in text
    assert "A friend of" not in text
    assert "Inès Laurent" not in text
    assert person["first"].secret not in text
    assert person["other"].reference not in text


def test_every_table_of_a_booking_is_in_the_copy():
    about_bookings = {table for table, column in columns() if column == "booking_id"}
    with acting_as(SERVICE):
        assert about_bookings - set(privacy.personal_data("x@example.com")) == set()


def test_the_file_is_its_owners_only_and_its_name_says_nothing(person, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    said = run("export_customer", WHO.email)
    (path,) = (tmp_path / "exports").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert said.endswith(f"rows written to {path}\n")
    assert "nemo" not in said.lower()
    with zipfile.ZipFile(path) as archive:
        assert json.loads(archive.read("customers.json"))[0]["full_name"] == WHO.full_name
        page = archive.read("index.html").decode()
    assert "<h1>Your data</h1>" in page
    assert f"<td>{SAID}</td>" in page
    assert "<h2>Refunds" in page
    assert "€12.50" in page
    assert page.index("<h2>Customers") < page.index("<h2>Bookings") < page.index("<h2>Notes")
    assert f"as of {datetime.now(UTC):%Y-%m-%d}" in page
    with pytest.raises(CommandError, match="exists already"):
        run("export_customer", WHO.email, "--output", str(path))
    with pytest.raises(CommandError, match=r"^Nothing is held about this address\.$"):
        run("export_customer", "nobody@example.org")


# --- The erasure ---------------------------------------------------------------------------------------------------


def test_after_an_erasure_nothing_in_the_database_names_the_person(person):
    assert traces()
    said = run("erase_customer", WHO.email, "--yes")
    assert said.endswith("Erased.\n")
    assert traces() == []
    with as_owner():
        assert BookingLink.objects.get(booking=person["second"]).expires_at <= timezone.now()
        assert not Hold.objects.filter(booking=person["second"]).exists()


def unexplained(quote):
    """Without what staff wrote beside a line."""
    lines = [{name: value for name, value in line.items() if name != "reason"} for line in quote["lines"]]
    return {**quote, "lines": lines}


def test_money_and_audit_stay(person):
    def facts():
        with as_owner():
            bookings = Booking.objects.order_by("pk").values(
                "pk",
                "reference",
                "car_id",
                "start_date",
                "end_date",
                "status",
                "total",
                "quote",
                "customer_id",
            )
            moves = StatusChange.objects.order_by("pk").values_list(
                "pk", "booking_id", "from_status", "to_status", "actor_kind", "actor_id", "at"
            )
            sums = "pk", "state", "amount", "captured", "refunded"
            payments = Payment.objects.order_by("pk").values_list(*sums)
            done = PaymentOperation.objects.order_by("pk").values_list("pk", "kind", "outcome", "refunded")
            bookings = [{**row, "quote": unexplained(row["quote"])} for row in bookings]
            return bookings, list(moves), list(payments), list(done)

    before = facts()
    run("erase_customer", WHO.email, "--yes")
    assert facts() == before
    with as_owner():
        events = person["first"].events.values_list("kind", "actor_kind", "actor_id")
        assert list(events) == [("erased", "job", None)]
        booking = Booking.objects.get(pk=person["first"].pk)
        assert (booking.full_name, booking.email) == (
            booking.reference,
            f"erased-{booking.pk}@erased.invalid",
        )
        assert person["other"].notes.get().text == "[…]"


def test_a_dry_run_counts_the_same_and_changes_nothing(person):
    before = dump()
    said = run("erase_customer", WHO.email)
    assert dump() == before
    assert said.endswith("Nothing was changed. Add --yes to erase these.\n")
    done = run("erase_customer", WHO.email, "--yes")
    assert said.splitlines()[:-1] == done.splitlines()[:-1]
    assert "bookings: 3" in done.splitlines()
    assert "nemo" not in done.lower()


def test_a_second_time_finds_nothing(person):
    run("erase_customer", WHO.email, "--yes")
    before = dump()
    assert run("erase_customer", WHO.email, "--yes").endswith("Nothing is held about this address.\n")
    assert dump() == before


@pytest.mark.parametrize("status", ["pending", "upcoming", "active"])
def test_a_booking_that_is_not_over_stands_in_the_way(person, status):
    live = make_booking(
        who=WHO,
        start=in_days(0) if status == "active" else in_days(5),
        status=status,
        at=timezone.now() - timedelta(days=1),
    )
    before = dump()
    with pytest.raises(CommandError, match=rf"not over, or money is on its way: {live.reference}\."):
        run("erase_customer", WHO.email, "--yes")
    assert dump() == before


@pytest.mark.parametrize(("status", "payment"), [("completed", "processing"), ("cancelled", "paid")])
def test_money_on_its_way_stands_in_the_way(status, payment):
    booking = make_booking(who=WHO, start=in_days(-9), status=status)
    with as_owner():
        Booking.objects.filter(pk=booking.pk).update(payment_status=payment)
    with acting_as(SERVICE):
        assert privacy.erase(WHO.email, dry_run=True).unfinished == [booking.reference]


@pytest.mark.parametrize(("state", "unfinished"), [("pending", True), ("done", False)])
def test_what_a_cancellation_cost_is_no_money_on_its_way(state, unfinished):
    """A fee that was kept, long ago, must not keep a name for ever; a refund that has not arrived still needs it."""
    booking = make_booking(who=WHO, start=in_days(-9), status="cancelled")
    pay_with_traces(booking)
    with as_owner():
        long_ago = timezone.now() - timedelta(days=8)
        Booking.objects.filter(pk=booking.pk).update(
            payment_status="partially_refunded", status_changed_at=long_ago
        )
        Refund.objects.update(state=state)
    with acting_as(SERVICE):
        found = privacy.erase(WHO.email, dry_run=True).unfinished
    assert found == ([booking.reference] if unfinished else [])


def test_who_comes_back_is_a_new_person(person):
    run("erase_customer", WHO.email, "--yes")
    again = make_booking(who=WHO)
    with as_owner():
        assert again.customer_id != person["customer"].pk
    with acting_as(SERVICE):
        assert [row["reference"] for row in privacy.personal_data(WHO.email)["bookings"]] == [again.reference]


def test_audit_rows_let_only_their_reason_go_and_only_while_erasing(person):
    from django.db import DatabaseError, transaction

    def refused(sql, erasing):
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.erasing', %s, true)", [erasing])
            with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
                cursor.execute(sql)

    refused("UPDATE booking_status_changes SET reason = '[…]'", "")
    refused("UPDATE booking_status_changes SET reason = 'another'", "yes")
    refused("UPDATE booking_status_changes SET reason = '[…]', to_status = 'active'", "yes")
    refused("DELETE FROM booking_status_changes", "yes")
    refused("UPDATE booking_events SET kind = 'x'", "yes")


@pytest.mark.parametrize("role", [PUBLIC, STAFF])
@pytest.mark.parametrize("function", ["data_of_mailbox", "erase_mailbox"])
def test_only_jobs_may_name_a_person(role, function):
    from django.db import DatabaseError, transaction

    with (
        acting_as(role),
        connection.cursor() as cursor,
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
    ):
        cursor.execute(f"SELECT {function}('x@example.com')")


# --- Retention -----------------------------------------------------------------------------------------------------


def test_people_go_when_their_last_booking_is_too_old(person, settings):
    settings.RETENTION_BOOKINGS_DAYS = 3
    move_to(person["other"], "cancelled")
    with as_owner():
        Customer.objects.update(created_at=timezone.now() - timedelta(days=400))
        Booking.objects.filter(pk__in=[person["second"].pk, person["ride"].pk]).update(
            start_date=in_days(-9), end_date=in_days(-6)
        )
    said = run("retain", "--dry-run")
    assert said == "would forget people: 1, mails: 0, security events: 0, requests: 0, marks: 0\n"
    assert run("retain").startswith("forgot people: 1,")
    assert traces() == []
    assert run("retain").startswith("forgot people: 0,")
    with as_owner():
        runs = JobRun.objects.filter(name="retain").values_list("ok", "count")
        assert list(runs) == [(True, 0), (True, 1)]
        assert Booking.objects.get(pk=person["other"].pk).full_name == "Marta Oliveira"


def test_who_cannot_be_erased_keeps_nobody_else(person, settings, monkeypatch):
    settings.RETENTION_BOOKINGS_DAYS = 3
    move_to(person["other"], "cancelled")
    with as_owner():
        Customer.objects.update(created_at=timezone.now() - timedelta(days=400))
        Booking.objects.update(start_date=in_days(-9), end_date=in_days(-6))
        emails = sorted(Customer.objects.values_list("email", flat=True))
    assert len(emails) > 1
    real = privacy.erase

    def stuck(email, **options):
        if email == emails[0]:
            raise Unavailable
        return real(email, **options)

    monkeypatch.setattr(privacy, "erase", stuck)
    with pytest.raises(ExceptionGroup, match=f"1 of {len(emails)} people"):
        run("retain")
    with as_owner():
        assert list(Customer.objects.filter(erased_at=None).values_list("email", flat=True)) == emails[:1]
        assert not JobRun.objects.get(name="retain").ok


def test_the_log_of_mails_goes_earlier(person, settings):
    settings.RETENTION_MAILS_DAYS = 30
    with as_owner():
        InboxEmail.objects.update(created_at=timezone.now() - timedelta(days=31))
        unsent = InboxEmail.objects.filter(status="queued").count()
        sent = InboxEmail.objects.exclude(status="queued").count()
    assert run("retain") == f"forgot people: 0, mails: {sent}, security events: 0, requests: 0, marks: 0\n"
    with as_owner():
        assert InboxEmail.objects.count() == unsent


def erase_while_booking(rounds):
    """How many bookings, made at the moment of two erasures, hang on an erased customer."""
    orphans = 0
    for _round in range(rounds):
        make_booking(who=WHO, start=in_days(-9), status="completed")
        car = CarFactory()

        def erase():
            with acting_as(SERVICE):
                return privacy.erase(WHO.email)

        first, second, booking = all_at_once([erase, erase, lambda car=car: make_booking(car=car, who=WHO)])
        assert min(first.found, second.found) == 0
        with as_owner():
            kept = Booking.objects.select_related("customer").get(pk=booking.pk)
            assert (kept.full_name, kept.erased_at) == (WHO.full_name, None)
            orphans += kept.customer.erased_at is not None
        move_to(kept, "cancelled")
        with acting_as(SERVICE):
            privacy.erase(WHO.email)
        assert traces() == []
    return orphans


@pytest.mark.django_db(transaction=True)
def test_erasures_and_a_new_booking_at_the_same_moment(silent_broker, rounds):
    """Either the booking was there first and stands in the way, or it belongs to a new customer: never to an erased one."""
    assert erase_while_booking(rounds(3, 60)) == 0


@pytest.mark.django_db(transaction=True)
def test_without_the_customers_lock_it_would_hang_on_an_erased_one(silent_broker):
    """The negative control: `customer_of_mailbox` without its lock, held up once it has found the customer."""
    make_booking(who=WHO, start=in_days(-9), status="completed")
    car = CarFactory()
    path = Path(settings.BASE_DIR) / "bookings/sql/functions/customer_of_mailbox.sql"
    kept = path.read_text()
    held_up = kept.replace(" FOR KEY SHARE", "").replace(
        "  RETURN found;", "  PERFORM pg_advisory_xact_lock(4711); RETURN found;"
    )
    assert len(held_up) != len(kept)
    waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted"
    as_the_owner(f"{held_up}; SELECT pg_advisory_lock(4711)")
    try:
        made = ThreadPoolExecutor(1).submit(booked_and_left, car)
        deadline = time.monotonic() + 20
        while as_the_owner(waits) == 0 and time.monotonic() < deadline:
            pass
        with acting_as(SERVICE):
            assert privacy.erase(WHO.email).found > 0
    finally:
        as_the_owner(f"{kept}; SELECT pg_advisory_unlock(4711)")
    with pytest.raises(IntegrityError, match="filed under somebody else"):
        made.result(20)


def as_the_owner(sql):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0] if sql.startswith("SELECT") else None


def booked_and_left(car):
    try:
        return make_booking(car=car, who=WHO).pk
    finally:
        connection.close()


def test_a_manager_is_no_customer():
    manager = make_manager(email=f"{uuid4().hex}@example.com")
    with acting_as(SERVICE):
        assert privacy.erase(manager.email).found == 0


def test_the_copy_is_a_zip_without_anything_when_nothing_is_held():
    with acting_as(SERVICE):
        packed = privacy.zip_of(privacy.personal_data("nobody@example.org"), at=timezone.now())
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert "We keep nothing about you." in archive.read("index.html").decode()


def test_whoever_never_had_a_car_erases_nothing_of_what_is_written_about_others(silent_broker):
    """A name is whatever somebody typed: also words that stand in the notes about others."""
    typed = Person("Was crying", "mallory@example.com")
    booking, other = make_booking(who=typed, phone="01 23 45 67"), make_booking()
    move_to(booking, "cancelled")
    with as_owner():
        BookingNote.objects.create(booking=other, text="Was crying, ring 01 23 45 67")
        BookingNote.objects.create(booking=other, text="Sent by mallory@example.com")
    assert run("erase_customer", "MALLORY@example.com", "--yes").endswith("Erased.\n")
    with as_owner():
        assert list(other.notes.values_list("text", flat=True)) == ["Was crying, ring 01 23 45 67", "[…]"]


@pytest.mark.parametrize("command", ["erase_customer", "export_customer"])
def test_what_is_no_address_is_refused(command):
    with pytest.raises(CommandError, match="is no email address"):
        run(command, "victım@example.com")
