"""Behind PgBouncer in transaction mode nobody finds what somebody else left in a session."""

import ast
import re
import shutil
import signal
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bookings.availability.as_of import AsOf
from bookings.availability.ledger import taken_dates
from bookings.tests.support.factories import CarFactory, make_booking
from cars.catalogue import look
from exodrive.db.bounded import Bounded
from exodrive.db.deadlines import TimeoutConnection
from exodrive.db.together import asked
from exodrive.dev.embedded.process import HOST, free_port, open_log, service_account, spawn, stop
from exodrive.ops import counters, health, heartbeat
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as
from exodrive.tests.support.logins import APP, credentials, logged_in
from exodrive.tests.test_structure import ORDER, modules

WHO = (
    "SELECT current_setting('role'), current_setting('app.actor', true), current_setting('statement_timeout')"
)
NOBODY = ("none", "")
CONFIG = """
[databases]
* = host={host} port={port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
logfile =
"""

transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bouncer(folder: Path) -> Iterator[int]:
    """The port of a PgBouncer with one server connection, so that everybody has the same one."""
    program = shutil.which("pgbouncer", path="/usr/sbin:/usr/bin") or shutil.which("pgbouncer")
    if program is None:
        pytest.skip("no PgBouncer found (apt-get install pgbouncer)")
    at, login, port = connection.settings_dict, credentials(APP), free_port(0)
    users, config = folder / "users", folder / "pgbouncer.ini"
    users.write_text(f'"{login["USER"]}" "{login["PASSWORD"]}"\n')
    config.write_text(CONFIG.format(host=at["HOST"], port=at["PORT"], listen=port, users=users, size=1))
    folder.chmod(0o755)
    with open_log(folder / "log") as log:
        process = spawn(
            [program, str(config)], account=service_account(), log=log, death_signal=signal.SIGKILL
        )
    try:
        deadline = time.monotonic() + 10
        while not _listens(port):
            assert process.poll() is None, (folder / "log").read_text()
            assert time.monotonic() < deadline
            time.sleep(0.02)
        yield port
    finally:
        stop(process, signal.SIGKILL, timeout=5)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@pytest.fixture
def through(bouncer: int) -> Iterator[None]:
    """Django as a web process is with DATABASE_POOLER=transaction."""
    with logged_in(APP):
        options = {**connection.settings_dict["OPTIONS"], "connection_class": TimeoutConnection}
        options = {
            name: value for name, value in options.items() if name not in ("options", "connection_class")
        }
        options["pool"] = {"min_size": 1, "max_size": 4, "timeout": 5, "connection_class": TimeoutConnection}
        connection.settings_dict |= {"PORT": bouncer, "POOLER": "transaction", "OPTIONS": options}
        connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"] = True
        try:
            yield
        finally:
            connection.close()
            connection.close_pool()
            del connection.settings_dict["POOLER"]


def ask(statement: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchone()


def left_behind(port: int) -> Any:
    """What somebody else finds on the only server connection."""
    login = credentials(APP)
    with psycopg.connect(
        host=HOST,
        port=port,
        dbname=connection.settings_dict["NAME"],
        user=login["USER"],
        autocommit=True,
        prepare_threshold=None,
    ) as other:
        return other.execute(WHO).fetchone()


@transactional
def test_an_identity_ends_with_its_transaction(bouncer: int, through: None) -> None:
    fresh = left_behind(bouncer)
    assert fresh[:1] == NOBODY[:1]
    timeout = f"{settings.STATEMENT_TIMEOUT_MS // 1000}s"
    with acting_as(SERVICE, actor="job"):
        assert ask(WHO) == ("exo_service", "job", timeout)
        assert left_behind(bouncer)[0] == "none"
        with transaction.atomic():
            assert ask(WHO) == ("exo_service", "job", timeout)
            with acting_as(PUBLIC):
                assert ask(WHO)[0] == "exo_public"
            assert ask(WHO)[0] == "exo_service"
        assert ask("SELECT %s::text", "100 %") == ("100 %",)
        assert left_behind(bouncer)[0] == "none"
    assert ask(WHO)[0] == "none"


@transactional
def test_values_that_go_beside_a_statement_bring_the_identity_along(bouncer: int, through: None) -> None:
    with acting_as(SERVICE, actor="job"):
        assert asked(f"{WHO}, %s::int", [7])[0][:2] == ("exo_service", "job")
        with transaction.atomic():
            assert asked(f"{WHO}, %s::int", [7])[0][:2] == ("exo_service", "job")
        assert asked(f"{WHO}, %s::bigint[]", [[1, 2]])[0][3] == [1, 2]
    assert left_behind(bouncer)[0] == "none"


@pytest.fixture
def car(transactional_db: None) -> Any:
    """Made by the owner, before Django is somebody else."""
    return CarFactory()


@transactional
def test_a_car_is_looked_at_booked_and_confirmed(car: Any, bouncer: int, through: None) -> None:
    with acting_as(PUBLIC):
        assert look(car.pk).car(car.pk) == car
    booking = make_booking(car=car, status="upcoming")
    with acting_as(PUBLIC):
        assert taken_dates(car, booking.start_date, booking.end_date, as_of=AsOf(timezone.now())) == set(
            booking.days
        )
    assert left_behind(bouncer)[0] == "none"


@transactional
def test_without_the_switch_it_would_stay(bouncer: int, through: None) -> None:
    """The control: this is what the switch is for."""
    del connection.settings_dict["POOLER"]
    with acting_as(STAFF):
        assert ask(WHO)[0] == "exo_staff"
        assert left_behind(bouncer)[0] == "exo_staff"
    connection.close()
    connection.close_pool()
    connection.settings_dict["POOLER"] = "transaction"


@transactional
def test_many_who_share_a_connection_are_each_themselves(through: None) -> None:
    wrong: list[Any] = []
    begin = threading.Barrier(4)

    def work(role: str, number: int) -> None:
        begin.wait()
        with acting_as(role, actor=f"one-{number}"):
            for turn in range(50):
                if turn % 2:
                    found = ask(WHO)
                else:
                    with transaction.atomic():
                        found = ask(WHO)
                if found[:2] != (role, f"one-{number}"):
                    wrong.append(found)
        connection.close()

    roles = [PUBLIC, STAFF, SERVICE, PUBLIC]
    threads = [threading.Thread(target=work, args=(role, n)) for n, role in enumerate(roles)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == []


@transactional
def test_probes_heartbeats_and_counters_leave_nothing(bouncer: int, through: None) -> None:
    assert heartbeat.beat("worker", first=True)
    assert left_behind(bouncer)[0] == "none"
    counters.flush()  # what was counted before
    counters.count("tried", "pooler")
    assert counters.flush() == 1
    assert left_behind(bouncer)[0] == "none"
    with Bounded(seconds=5) as database:
        database.rows(health.APPLIED)
        database.rows(health.SIGNS.format(jobs="send_mails"))
    assert left_behind(bouncer)[0] == "none"


# What outlives a transaction, and so does not survive a pooler, by the words that begin it.
OUTLIVES = re.compile(
    r"\bpg_(?:try_)?advisory_(?:lock|unlock)\b|\bLISTEN\s+\w|\bNOTIFY\s+\w|\bpg_notify\b|\bSET\s+SESSION\b|\bSET\s+ROLE\b"
    r"|\bWITH\s+HOLD\b|\bCREATE\s+TEMP|\bPREPARE\s+\w+\s+AS\b|^\s*SET\s+(?!LOCAL\b|NULL|DEFAULT)\w+\s*(?:=|TO\b)"
    r"|^\s*RESET\s+(?:ALL|ROLE|\w+_\w+)\b",
)
# Who knows: the owner's commands and tools, which go to the server itself, and what a pooler is not meant for.
DIRECT = {
    "db/roles.py": "the administrator's connection",
    "db/closed.py": "names what is closed",
    "db/backend/base.py": "LEAVE_NOTHING, for a pool of our own",
}


def test_nothing_that_requests_and_jobs_say_outlives_its_transaction() -> None:
    found = []
    for package in ORDER:
        for path, relative in modules(package):
            if relative.parts[0] in ("dev", "management") or str(relative) in DIRECT:
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if (
                    isinstance(node, ast.Constant)
                    and isinstance(node.value, str)
                    and OUTLIVES.search(node.value)
                ):
                    found.append(f"{package}/{relative}:{node.lineno}: {node.value.strip()[:60]}")
                if isinstance(node, ast.keyword) and node.arg in ("prepare", "prepare_threshold"):
                    asks = "DATABASE_POOLER" in path.read_text() or '"POOLER"' in path.read_text()
                    found += [] if asks else [f"{package}/{relative}:{node.value.lineno}: prepared"]
        for path in (settings.BASE_DIR / package / "sql").rglob("*.sql"):
            if OUTLIVES.search(path.read_text()):
                found.append(str(path))
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_lock(1)",
        "LISTEN news",
        "SET ROLE exo_staff; SELECT 1",
        "SET search_path = x",
        "RESET ALL",
    ],
)
def test_what_would_is_found(statement: str) -> None:
    assert OUTLIVES.search(statement)


def test_what_ends_with_its_transaction_is_not() -> None:
    for statement in ("SELECT pg_advisory_xact_lock(1)", "SET LOCAL ROLE x; SELECT 1", "UPDATE t SET a = 1"):
        assert not OUTLIVES.search(statement)
