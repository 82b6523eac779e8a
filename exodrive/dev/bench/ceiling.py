"""What the server does with the very statements of a booking when no Python stands before it: pgbench.

One booking is made and its statements are written down; each value that must differ from booking to booking (ids,
email, reference, days, car) becomes a pgbench variable.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from bookings.models import Customer
from exodrive.dev.bench import Fleet
from exodrive.dev.bench.direct import book
from exodrive.dev.embedded.postgres import binaries
from exodrive.rls import PUBLIC, STAFF, acting_as

FAR = date(2100, 1, 1)
UPSERT = "customer_of_mailbox("
NUMBER = ":n::bigint::text"  # twelve random digits, the same within one transaction
TPS = re.compile(r"^tps = ([0-9.]+)", re.MULTILINE)
FAILED = re.compile(r"^number of failed transactions: ([1-9]\d*)", re.MULTILINE)


def write_scripts(measurement: int) -> tuple[Path, Path]:
    """Two pgbench scripts of one booking: as Django sends it, and without waiting for the answer to each statement."""
    fleet = Fleet.load()
    first, last = fleet.cars[0].pk, fleet.cars[-1].pk
    variables = (
        f"\\set n random(100000000000, 999999999999)\n\\set car random({first}, {last})\n"
        "\\set day 7 * random(0, 10000000)\n"  # whole weeks: the price that was written down has weekends in it
    )
    statements = _statements(fleet, measurement)
    # The booking needs the customer's id: from an answer, or, when nobody waits for one, from a call in its place.
    upsert = next(statement for statement in statements if UPSERT in statement)
    asked = [f"{s} AS customer \\gset" if s is upsert else f"{s};" for s in statements]
    not_asked = [f"{s};" for s in statements if s is not upsert]
    plain, pipelined = (settings.VAR_DIR / "bench" / f"booking{kind}.sql" for kind in ("", "-pipelined"))
    plain.write_text(
        "\n".join([variables, "BEGIN;", *asked, "COMMIT;\n"]).replace("{customer}", "':customer'")
    )
    pipelined.write_text(
        "\n".join([variables, "\\startpipeline", "BEGIN;", *not_asked, "COMMIT;", "\\endpipeline\n"]).replace(
            "{customer}", f"({upsert})"
        )
    )
    return plain, pipelined


def transactions_per_second(script: Path, *, clients: int, seconds: float, prepared: bool = False) -> float:
    """As pgbench counts them, without the time for connecting. Raises RuntimeError when a transaction failed."""
    database = settings.DATABASES["default"]
    environment = {
        "PATH": os.defpath,
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGOPTIONS": f"-c role={PUBLIC}",
    }
    done = subprocess.run(  # noqa: S603
        [
            str(binaries() / "pgbench"),
            "--no-vacuum",
            f"--file={script}",
            f"--protocol={'prepared' if prepared else 'simple'}",
            f"--client={clients}",
            f"--jobs={min(clients, 2)}",
            f"--time={max(1, round(seconds))}",
            f"--host={database['HOST']}",
            f"--port={database['PORT']}",
            f"--username={database['USER']}",
            str(database["NAME"]),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    figure = TPS.search(done.stdout)
    if done.returncode or FAILED.search(done.stdout) or figure is None:
        raise RuntimeError(f"pgbench failed:\n{done.stdout}\n{done.stderr}")
    return float(figure[1])


def _statements(fleet: Fleet, measurement: int) -> list[str]:
    """The statements of one booking, with pgbench's variables in them."""
    slots = fleet.slots(measurement)
    with acting_as(PUBLIC):
        book(next(slots))  # connects, so that the next one sends nothing but its own
        slot = next(slots)
        with _recorded() as statements:
            book(slot)
    with acting_as(STAFF):
        customer = Customer.objects.get(email=slot.person().email).pk.hex
    ids: dict[str, str] = {}
    begin = FAR + timedelta(days=(slot.days.start.weekday() - FAR.weekday()) % 7)

    def id_of(recorded: str) -> str:
        place = ids.setdefault(recorded, f"{len(ids):08d}")
        return f"('{place}-0000-4000-8000-' || {NUMBER})::uuid"

    rules: list[tuple[str, str | Callable[[re.Match[str]], str]]] = [
        (f"'{customer}'", "{customer}"),
        (r"'\{([0-9a-f,]{32,})\}'", lambda found: f"ARRAY[{', '.join(map(id_of, found[1].split(',')))}]"),
        (r"'([0-9a-f]{32})'", lambda found: id_of(found[1])),
        (r"'[0-9a-f]{64}'", f"(md5({NUMBER}) || md5('x' || {NUMBER}))"),
        (r"'EXO-[0-9A-Z]+'", f"('E' || right({NUMBER}, 11))"),
        (f"'{re.escape(slot.person().email)}'", f"('bench-' || {NUMBER} || '@example.com')"),
        (f"'{slot.days.start}'", f"(DATE '{begin}' + :day::int)"),
        (f"'{slot.days.end}'", f"(DATE '{begin}' + :day::int + {len(slot.days) - 1})"),
        (rf"'\{{{slot.car.pk}\}}'", "ARRAY[:car::int]"),
        (rf"\b{slot.car.pk}\b", ":car::int"),
    ]
    for pattern, replacement in rules:
        statements = [re.sub(pattern, replacement, statement) for statement in statements]
    return [" ".join(statement.split()) for statement in statements]


@contextmanager
def _recorded() -> Iterator[list[str]]:
    """Every statement that Django sends in the block, with its values in it."""
    statements: list[str] = []

    def write_down(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        statements.append(connection.ops.compose_sql(sql, params))  # type: ignore[attr-defined]
        return execute(sql, params, many, context)

    with connection.execute_wrapper(write_down):
        yield statements
