"""SQL injected into a public page, in a process that logs in as exo_public_login: it leaks nothing.

The view of `vulnerable.py` puts a parameter into its statement as it came, so that whole statements can be added. The
same attacks through the ordinary login show why the other one is worth a second process.
"""

import re

import pytest
from django.db import connection
from django.test import Client

from bookings.lifecycle.request import Person
from bookings.models import (
    Booking,
    BookingEvent,
    BookingLink,
    Customer,
    DataRequest,
    Hold,
    IdempotencyKey,
)
from bookings.tests.support.factories import CarFactory, make_booking, make_desk, make_hold
from exodrive.rls import as_owner
from exodrive.tests.support.logins import APP, PUBLIC_LOGIN, logged_in
from inbox.models import InboxEmail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("exodrive.tests.support.vulnerable")]

VICTIM = Person("Valérie Ictime", "victim@example.com")
PHONE = "+33 6 11 22 33 44"


class World:
    """A victim with a booking and a hold, a member of staff, and a car that is not offered."""

    def __init__(self):
        self.car = CarFactory(model="GT offered")
        CarFactory(model="GT hidden", status="maintenance")
        self.booking = make_booking(car=self.car, who=VICTIM, phone=PHONE, special_requests="A secret wish")
        self.hold = make_hold(car=CarFactory())
        self.staff = make_desk(email="desk@exodrive.test")
        with as_owner():
            self.link = BookingLink.objects.get(booking=self.booking)

    @property
    def secrets(self):
        """What nobody may get to see: texts of any answer that has one of them leak."""
        nonces = [bytes(self.link.nonce), bytes(self.hold.nonce)]
        return [
            *(VICTIM.full_name, VICTIM.email, PHONE, "A secret wish", self.booking.reference),
            *(self.booking.secret, self.hold.token, self.link.token_hash, self.hold.token_hash),
            *(nonce.hex() for nonce in nonces),
            *(str(nonce) for nonce in nonces),
            *(self.staff.email, self.staff.password, "GT hidden", "SCRAM-SHA-256", "root:x:0:0"),
        ]


@pytest.fixture
def world():
    return World()


def inject(sql):
    """The answer of the vulnerable page to what a visitor typed."""
    return Client().get("/hole/", {"q": sql})


def leaks(response, world):
    answer = response.json()
    body = "\n".join([answer.get("error", ""), *(value for row in answer.get("rows", []) for value in row)])
    return [secret for secret in world.secrets if secret in body]


TABLES_WITH_SECRETS = [
    "customers",
    "bookings",
    "booking_secure_tokens",
    "holds",
    "booking_notes",
    "booking_changes",
    "booking_status_changes",
    "idempotency_keys",
    "inbox_items",
    "inbox_emails",
    "users",
    "api_tokens",
    "django_session",
    "pg_authid",
    "pg_shadow",
    "pg_statistic",
]
BECOME = [
    "SET ROLE exo_staff",
    "SET ROLE exo_service",
    "SET ROLE exo_app",
    "SET ROLE exo_owner",
    "SET ROLE postgres",
    "RESET ROLE",
    "SET ROLE none",
    "RESET ALL",
    "SET SESSION AUTHORIZATION exo_app",
    "SELECT set_config('role', 'exo_staff', false)",
    "SELECT set_config('role', 'none', false)",
    "SELECT set_config('session_authorization', 'exo_owner', false)",
    "SELECT set_config('row_security', 'off', false)",
    "ALTER TABLE bookings DISABLE ROW LEVEL SECURITY",
    "ALTER ROLE exo_public_login SUPERUSER",
    "GRANT exo_staff TO exo_public_login",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'",
]
REACH_OUT = [
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY pg_authid TO '/tmp/stolen'",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')::text",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "CREATE EXTENSION dblink",
    "CREATE TEMP TABLE bookings (id int)",
]


def test_union_reads_nothing_of_others(world):
    with logged_in(PUBLIC_LOGIN):
        for table in TABLES_WITH_SECRETS:
            for taken in ("t::text", "string_agg(t::text, ',')", "id::text"):
                attack = f"x' UNION ALL SELECT {taken} FROM {table} AS t --"
                assert (attack, leaks(inject(attack), world)) == (attack, [])


def test_stacked_statements_cannot_become_anybody(world):
    with logged_in(PUBLIC_LOGIN):
        for become in BECOME:
            for stolen in ("customers", "bookings", "users", "booking_secure_tokens"):
                attack = f"x'; {become}; SELECT t::text FROM {stolen} AS t --"
                assert (attack, leaks(inject(attack), world)) == (attack, [])
            # And whatever stayed behind on the connection, the next request is a visitor's again.
            assert inject("GT offered").json() == {"rows": [["GT offered"]]}
        with connection.cursor() as cursor:
            cursor.execute("SELECT session_user::text")
            assert cursor.fetchone() == ("exo_public_login",)


def test_the_server_stays_out_of_reach(world):
    with logged_in(PUBLIC_LOGIN):
        for statement in REACH_OUT:
            answer = inject(f"x'; {statement}; SELECT 'done")
            assert (statement, answer.status_code, leaks(answer, world)) == (statement, 400, [])
            assert re.search(r"permission denied|is not available", answer.json()["error"])


@pytest.mark.parametrize("how", ["stacked", "in one statement"])
def test_guessed_tokens_open_nothing(world, how):
    guesses = ["", "0" * 64, world.booking.pk.hex * 2, str(world.booking.pk)]
    with logged_in(PUBLIC_LOGIN):
        for guess in guesses:
            claim = f"set_config('app.token_hash', '{guess}', false)"
            attack = {
                "stacked": f"x'; SELECT {claim}; SELECT t::text FROM bookings AS t --",
                "in one statement": f"x' UNION ALL SELECT t::text FROM bookings AS t WHERE {claim} IS NOT NULL --",
            }
            assert leaks(inject(attack[how]), world) == []


def ids(world):
    """What the ledger shows to everybody, in SQL: the id of the victim's booking."""
    return "(SELECT booking_id FROM car_availability WHERE booking_id IS NOT NULL LIMIT 1)"


def test_a_hold_of_ones_own_is_no_key_to_anothers_booking(world):
    mine = make_hold(car=CarFactory())
    point = f"UPDATE holds SET booking_id = {ids(world)} WHERE id = '{mine.pk}'"
    claim = f"SELECT set_config('app.token_hash', '{mine.token_hash}', false)"
    with logged_in(PUBLIC_LOGIN):
        answer = inject(f"x'; {claim}; {point}; SELECT encode(link_nonce(), 'hex') --")
        assert (answer.status_code, leaks(answer, world)) == (400, [])
        assert "row-level security" in answer.json()["error"]
        assert leaks(inject(f"x'; {claim}; SELECT encode(link_nonce(), 'hex') --"), world) == []
    with as_owner():
        assert Hold.objects.get(pk=mine.pk).booking_id is None


def test_an_idempotency_key_of_ones_own_is_no_key_to_anothers_booking(world):
    begin = "idem_begin('public:POST /api/bookings', 'k', 'f')"
    with logged_in(PUBLIC_LOGIN):
        inject(
            f"x'; SELECT {begin}; SELECT idem_finish('public:POST /api/bookings', 'k', 201::smallint, {ids(world)}) --"
        )
        answer = inject(f"x' UNION ALL SELECT encode(nonce, 'hex') FROM {begin} --")
        assert leaks(answer, world) == []


def test_giving_the_role_up_inside_a_statement_is_no_way_around_a_guard(world):
    """Rights are checked before a statement begins; what a function asks for while it runs must not be forged by then."""
    begin = "idem_begin('public:POST /api/bookings', 'k', 'f')"
    finish = f"idem_finish('public:POST /api/bookings', 'k', 201::smallint, {ids(world)})"
    attacks = [
        f"set_link_pin({ids(world)}, 'salt', 'hash')",
        finish,
        f"book_extras({ids(world)}, '{{}}', '{{}}')",
    ]
    with logged_in(PUBLIC_LOGIN):
        inject(f"x'; SELECT {begin} --")
        for role in ("none", "exo_public_login"):
            for attack in attacks:
                inject(f"x' UNION ALL SELECT set_config('role', '{role}', false) || {attack}::text --")
    with as_owner():
        assert BookingLink.objects.get(booking=world.booking).pin_hash == ""
        assert not IdempotencyKey.objects.filter(booking=world.booking, key="k").exists()
        assert not BookingEvent.objects.filter(booking=world.booking).exists()


def test_giving_the_role_up_inside_a_statement_confirms_no_booking(world):
    """What is one's own may be cancelled, and nothing else, whoever one says to be halfway."""
    claim = f"SELECT set_config('app.token_hash', '{world.link.token_hash}', false)"
    with logged_in(PUBLIC_LOGIN):
        for role in ("none", "exo_public_login"):
            given_up = f"set_config('role', '{role}', false) IS NOT NULL"
            inject(f"x'; {claim}; UPDATE bookings SET status = 'upcoming' WHERE {given_up} --")
    with as_owner():
        assert Booking.objects.get(pk=world.booking.pk).status == "pending"


def test_giving_the_role_up_inside_a_statement_writes_no_price_link_or_key_of_ones_own(world):
    claim = f"SELECT set_config('app.token_hash', '{world.link.token_hash}', false)"
    with logged_in(PUBLIC_LOGIN):
        for role in ("none", "exo_public_login", "exo_public"):
            given_up = f"set_config('role', '{role}', false)"
            for change in ("total = 0", "quote = '{}', total = 0", "deposit = 0", "terms = '{}'"):
                answer = inject(f"x'; {claim}; UPDATE bookings SET {change} WHERE {given_up} IS NOT NULL --")
                assert (change, role, answer.status_code) == (change, role, 400)
            begin = f"{given_up} || idem_begin('staff:{world.staff.pk}:POST /api/bookings', 'k', 'f')::text"
            assert "not your key" in inject(f"x' UNION ALL SELECT {begin} --").json()["error"]
    with as_owner():
        after = Booking.objects.get(pk=world.booking.pk)
        assert (after.total, after.deposit, after.quote, after.terms) == (
            *(world.booking.total, world.booking.deposit, world.booking.quote, world.booking.terms),
        )
        assert not IdempotencyKey.objects.filter(key="k").exists()


WRITES = {
    "a mail": "INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient,"
    " error, delivery, message_id)"
    " VALUES (gen_random_uuid(), {booking}, 'customer', 'new_link', 'en', 'queued', 0, '', '', '', '')",
    "an inbox item": "INSERT INTO inbox_items (id, booking_id, kind, status)"
    " VALUES (gen_random_uuid(), {booking}, 'new_booking', 'pending')",
    "a place": "INSERT INTO booking_locations (id, booking_id, kind, location_id) SELECT gen_random_uuid(), {booking},"
    " 'pick_up', id FROM locations LIMIT 1",
    "a link": "INSERT INTO booking_secure_tokens (id, booking_id, nonce, token_hash, expires_at)"
    " VALUES (gen_random_uuid(), {booking}, '', 'mine', now() + interval '9 days')",
    "taken days": "INSERT INTO car_availability (car_id, date, status, booking_id)"
    " SELECT id, '2150-01-01', 'pending', {booking} FROM cars LIMIT 1",
    "days for an unknown hold": "INSERT INTO car_availability (car_id, date, status, hold_id, expires_at)"
    " SELECT id, '2150-01-01', 'held', hold_id, now() FROM cars,"
    " (SELECT hold_id FROM car_availability WHERE hold_id IS NOT NULL LIMIT 1) AS h LIMIT 1",
}


def test_nothing_is_added_to_anothers_booking(world):
    with logged_in(PUBLIC_LOGIN):
        for what, statement in WRITES.items():
            answer = inject(f"x'; {statement.format(booking=ids(world))} --")
            refused = "row-level security" in answer.json().get("error", "")
            assert (what, answer.status_code, refused) == (what, 400, True)
    with as_owner():
        assert InboxEmail.objects.filter(template="new_link").count() == 0


def test_a_booking_in_anothers_name_does_not_show_them(world):
    """Anybody may book with anybody's email; the customer that is stored under it stays unseen."""
    impostor = make_booking(car=CarFactory(), who=Person("Impostor", VICTIM.email))
    claim = f"SELECT set_config('app.token_hash', encode(sha256('{impostor.secret}'), 'hex'), false)"
    with logged_in(PUBLIC_LOGIN):
        known = inject(f"x'; {claim}; SELECT email FROM customers --").json()["rows"][-1]
        assert known == [VICTIM.email]
        answer = inject(f"x'; {claim}; SELECT full_name || phone FROM customers --")
        assert "permission denied" in answer.json()["error"]
    with as_owner():
        assert Customer.objects.get(email=VICTIM.email).full_name == VICTIM.full_name


def test_anothers_data_need_their_mailbox(world):
    """A request about personal data is confirmed by a secret that only the mail has, whatever SQL brings along."""
    impostor = make_booking(car=CarFactory(), who=Person("Impostor", VICTIM.email))
    claim = f"SELECT set_config('app.token_hash', encode(sha256('{impostor.secret}'), 'hex'), false)"
    mine = f"SELECT set_config('app.token_hash', '{'f' * 64}', false)"
    asks = [f"ask_for_data('copy', '\\x00', '{'f' * 64}', 0, 24)", "ask_for_data('copy', 0, 24)"]
    with logged_in(PUBLIC_LOGIN):
        answers = [
            inject(f"x'; {claim}; SELECT {ask}; {mine}; SELECT confirm_copy()::text --") for ask in asks
        ]
        assert [answer.status_code for answer in answers] == [400, 200]
        answers.append(inject(f"x'; {claim}; SELECT confirm_copy()::text --"))
        for stolen in ("token_hash", "encode(nonce, 'hex')"):
            theft = f"set_config('app.token_hash', (SELECT {stolen} FROM data_requests), false)"
            answers.append(inject(f"x'; SELECT {theft}; SELECT confirm_copy()::text --"))
        assert [leaks(answer, world) for answer in answers] == [[]] * 5
    with as_owner():
        assert DataRequest.objects.get().outcome == "asked"


@pytest.mark.real_time  # under libfaketime no time-out of the server's comes
def test_a_sleep_ends_with_the_statement_time_out(world):
    connection.settings_dict["OPTIONS"] = {
        **(kept := connection.settings_dict["OPTIONS"]),
        "options": "-c statement_timeout=200",
    }
    try:
        with logged_in(PUBLIC_LOGIN):
            answer = inject("x' UNION ALL SELECT pg_sleep(30)::text --")
            assert "statement timeout" in answer.json()["error"]
    finally:
        connection.settings_dict["OPTIONS"] = kept


def test_the_ordinary_login_would_have_given_everything_away(world):
    """The negative control, and the reason for the second login: here one statement more makes the visitor staff."""
    with logged_in(APP):
        one_statement = inject("x' UNION ALL SELECT t::text FROM bookings AS t --")
        assert leaks(one_statement, world) == []  # even here the role is fixed before the statement runs
        stacked = inject("x'; SET ROLE exo_staff; SELECT t::text FROM bookings AS t --")
        assert {VICTIM.full_name, VICTIM.email, world.booking.reference} <= set(leaks(stacked, world))
        stacked = inject("x'; SET ROLE exo_staff; UPDATE bookings SET special_requests = 'defaced' --")
        assert stacked.status_code == 200
    with as_owner():
        assert Booking.objects.get(pk=world.booking.pk).special_requests == "defaced"
