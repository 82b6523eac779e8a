"""How much of anything SQL injected as exo_public can write: texts, dates, rows, keys."""

import pytest
from django.db import DatabaseError, connection, transaction

from bookings.models import Booking, BookingLink, DataRequest, ExtraDay, Payment
from bookings.tests.support.factories import CarFactory, in_days, make_booking, make_hold
from cars.models import Extra
from exodrive.rls import PUBLIC, acting_as, as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db

# Every column that exo_public may write whose type alone does not say how much fits in, and whether a check does.
# Nobody writes a generated one.
ENDLESS = """
SELECT c.relname, a.attname, EXISTS (
  SELECT 1 FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c' AND k.convalidated
    AND k.conkey = ARRAY[a.attnum] AND pg_get_constraintdef(k.oid) ~ '\\mlength\\(.*<= \\d+'
)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = ''
  JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND t.typlen = -1 AND a.atttypmod = -1
  AND (has_column_privilege('exo_public', c.oid, a.attnum, 'INSERT')
    OR has_column_privilege('exo_public', c.oid, a.attnum, 'UPDATE'))
"""


def ask(sql, *values, token=""):
    """What the public is answered, alone or with a token; the error when it is refused."""
    try:
        with acting_as(PUBLIC, token=token or None), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else cursor.rowcount
    except DatabaseError as error:
        return error


def refused(answer, words):
    return isinstance(answer, DatabaseError) and words in str(answer)


def test_no_column_that_the_public_writes_is_endless():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(ENDLESS)
        found = {(table, column): checked for table, column, checked in cursor.fetchall()}
    assert {("bookings", "quote"), ("booking_changes", "reason"), ("holds", "nonce")} <= set(found)
    assert [name for name, checked in found.items() if not checked] == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("special_requests", "repeat('x', 2001)"),
        ("terms", "jsonb_build_object('hours', repeat('x', 1000))"),
        ("quote", "quote || jsonb_build_object('more', repeat('x', 70000))"),
    ],
)
def test_megabytes_are_refused(column, value):
    booking = make_booking()
    answer = ask(f"UPDATE bookings SET {column} = {value}", token=booking.secret)
    assert refused(answer, "length") or refused(answer, "booking_is_priced")


def test_a_reason_of_the_session_is_no_way_to_write_megabytes():
    booking = make_booking()
    answer = ask(
        "SELECT set_config('app.reason', repeat('x', 9999), true); UPDATE bookings SET status = 'cancelled'",
        token=booking.secret,
    )
    assert refused(answer, "booking_status_changes_reason_length")


def test_a_new_booking_brings_nothing_that_staff_write():
    booking = make_booking()
    columns = [
        field.column for field in Booking._meta.concrete_fields if field.column not in ("id", "reference")
    ]
    names = ", ".join(columns)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM bookings")
        cursor.execute("GRANT SELECT ON kept TO exo_public")
    for column, value in (("return_note", "'n'"), ("erased_at", "now()"), ("return_damage", "true")):
        values = ", ".join(value if name == column else name for name in columns)
        answer = ask(
            f"INSERT INTO bookings (id, reference, {names}) SELECT gen_random_uuid(), 'EXO-OTHER', {values} FROM kept",
            token=booking.secret,
        )
        assert (column, refused(answer, "row-level security")) == (column, True)


# --- Links ---------------------------------------------------------------------------------------------------------


def test_a_link_ends_at_most_400_days_after_the_return():
    booking = make_booking()
    with as_owner():
        BookingLink.objects.all().delete()
    add = (
        "INSERT INTO booking_secure_tokens (id, booking_id, nonce, token_hash, expires_at)"
        " VALUES (gen_random_uuid(), %s, '', 'mine', %s::date + %s * interval '1 day')"
    )
    with acting_as(PUBLIC), transaction.atomic(), connection.cursor() as cursor:
        with as_owner():  # written by this very transaction
            Booking.objects.update(phone="1")
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute(add, [booking.pk, booking.end_date, 401])
        cursor.execute(add, [booking.pk, booking.end_date, 400])


def test_days_moved_to_and_fro_do_not_make_a_link_last_for_ever():
    booking = make_booking()
    with as_owner(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for _time in range(20):
            for days in (100, -100):
                cursor.execute("UPDATE bookings SET end_date = end_date + %s", [days])
        link = BookingLink.objects.get()
        assert (link.expires_at.date() - booking.end_date).days <= 500


def test_a_mail_about_data_comes_every_five_minutes_at_most():
    booking = make_booking()
    asked = [
        ask("SELECT ask_for_data('copy', %s, %s)", minutes, 10**6, token=booking.secret)
        for minutes in (0, 0, -9)
    ]
    assert asked == [[(True,)], [(False,)], [(False,)]]
    with as_owner():
        row = DataRequest.objects.get()
        assert (row.expires_at - row.asked_at).days == 3
        assert InboxEmail.objects.filter(template="data_copy").count() == 1


def test_a_link_that_is_mailed_again_lasts_a_month_at_most():
    booking = make_booking()
    ask("SELECT mail_link_again(%s, %s, %s)", booking.mailbox, booking.reference, 10**8)
    with as_owner():
        link = BookingLink.objects.get()
        assert (link.expires_at - link.updated_at).days <= 31 or link.expires_at.date() <= in_days(400)


def test_a_booking_queues_no_flood_of_mails():
    booking = make_booking()
    flood = (
        "INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error,"
        " delivery, message_id) SELECT gen_random_uuid(), %s, 'customer', 'received', 'en', 'queued', 0, '', '', '', ''"
        " FROM generate_series(1, %s)"
    )
    assert refused(ask(flood, booking.pk, 501, token=booking.secret), "row-level security")
    assert ask(flood, booking.pk, 20, token=booking.secret) == 20


@pytest.mark.parametrize("whose", ["mine", "another's"])
def test_a_booking_queues_no_letter_about_a_payment_its_own_or_anothers(whose):
    booking = make_booking()
    about = booking if whose == "mine" else make_booking()
    with as_owner():
        payment = Payment.objects.create(
            booking=about, purpose="rental", kind="charge", provider="manual", amount=960, currency="EUR"
        )
    letter = (
        "INSERT INTO inbox_emails (id, booking_id, payment_id, audience, template, language, status, attempts,"
        " recipient, error, delivery, message_id) VALUES (gen_random_uuid(), %s, %s, 'customer', 'payment_receipt',"
        " 'en', 'queued', 0, '', '', '', '')"
    )
    assert refused(ask(letter, booking.pk, payment.pk, token=booking.secret), "row-level security")
    assert ask(letter, booking.pk, None, token=booking.secret) == 1


def test_a_booking_gets_no_flood_of_changes_that_nobody_could_delete():
    booking = make_booking()
    flood = (
        "INSERT INTO booking_changes (id, booking_id, actor_kind, before, after, difference, reason)"
        " SELECT gen_random_uuid(), %s, 'customer', '{}', '{}', 0, '' FROM generate_series(1, %s)"
    )
    assert refused(ask(flood, booking.pk, 501, token=booking.secret), "row-level security")
    assert ask(flood, booking.pk, 20, token=booking.secret) == 20


# --- Keys ----------------------------------------------------------------------------------------------------------


def test_the_public_has_no_keys_of_staff_nor_of_others_holds():
    hold, other = make_hold(), make_hold(car=CarFactory())
    for scope in ("staff:1:POST /api/bookings", "", f"public:hold-{other.pk}:POST /api/bookings"):
        answer = ask("SELECT idem_begin(%s, 'k', 'f')", scope, token=hold.token)
        assert (scope, refused(answer, "not your key")) == (scope, True)
    mine = ask(
        "SELECT state FROM idem_begin(%s, 'k', 'f')",
        f"public:hold-{hold.pk}:POST /api/bookings",
        token=hold.token,
    )
    assert mine == [("new",)]
    assert refused(ask("SELECT idem_begin('public:' || repeat('x', 10000000), 'k', 'f')"), "shorter")


# --- Days of extras ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last"),
    [(1, 7300), (800, 1201), (-3, 3), (1, 402)],  # in UTC, a day of Paris may be one day less past
    ids=["20 years", "too far", "past", "too long"],
)
def test_days_of_extras_are_some_that_can_be_rented(first, last):
    with as_owner():
        extra = Extra.objects.create(name="Seat", price=5)
    lock = "SELECT lock_extra_days(NULL, %s::bigint[], %s, %s)"
    ask(lock, [extra.pk], in_days(first), in_days(last))
    ask(lock, [extra.pk] * 51, in_days(1), in_days(2))
    with as_owner():
        assert ExtraDay.objects.count() == 0
    ask(lock, [extra.pk, extra.pk + 1], in_days(1), in_days(4))
    with as_owner():
        assert ExtraDay.objects.count() == 4
