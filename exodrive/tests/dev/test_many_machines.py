"""Two web and two worker processes, each pair from a folder of its own, against one PostgreSQL and one Redis."""

import http.client
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings

from exodrive.dev.embedded.process import HOST, free_port
from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.supervisor import Supervisor, read_procfile
from exodrive.tests.support.days import monday

ROUNDS = 6
END_OF_A_MAIL = b"\n" + b"-" * 79 + b"\n"  # as Django's file backend writes it
LEFT_OUT = shutil.ignore_patterns("var", ".venv", ".git", "__pycache__", ".*_cache", "tests")


class Machine:
    """A copy of the site in a folder of its own, with its own files, on its own port."""

    def __init__(self, folder: Path, urls: dict[str, str]) -> None:
        shutil.copytree(settings.BASE_DIR, folder, ignore=LEFT_OUT)
        self.port = free_port(0)
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}"
        clean = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
        ours = {"VAR_DIR": str(folder / "var"), "PORT": str(self.port), "WEB_HOST": HOST, "PATH": path}
        quiet = {
            "RATE_LIMITS": "off",
            "WEB_CONCURRENCY": "1",
            "WORKER_CONCURRENCY": "1",
            "LOG_LEVEL": "WARNING",
        }
        self.folder, self.environment = folder, {**clean, **urls, **ours, **quiet}
        commands = {
            name: command for name, command in read_procfile(folder / "Procfile").items() if name != "beat"
        }
        self.processes = Supervisor(commands, env=self.environment, folder=folder)

    def manage(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=self.folder, env=self.environment, check=True
        )

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of the answer."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=30)
        try:
            connection.request(method, path, body and json.dumps(body), {"Content-Type": "application/json"})
            response = connection.getresponse()
            return response.status, json.loads(response.read() or b"null")
        finally:
            connection.close()

    def answers(self) -> bool:
        try:
            return self.ask("GET", "/api/cars?page_size=1")[0] == 200
        except (OSError, http.client.HTTPException):
            return False

    def mails(self) -> int:
        """How many this machine's worker has sent. Two that end within one second may share a file."""
        return sum(
            file.read_bytes().count(END_OF_A_MAIL) for file in (self.folder / "var" / "mail").glob("*")
        )


@pytest.fixture
def machines(folder: Path, only_in_soak: None) -> Iterator[tuple[list[Machine], str]]:
    """Two of them, and the URL of the database's owner."""
    with Stack(folder / "servers", explicit={}, disposable=True, ports=(0, 0)) as stack:
        both = [Machine(folder / name, stack.urls) for name in ("one", "two")]
        both[0].manage("migrate", "--verbosity=0")
        both[0].manage("seed_demo", "--verbosity=0")
        try:
            for machine in both:
                machine.processes.start("web")
                machine.processes.start("worker")
            for machine in both:
                machine.processes.wait_until(machine.answers, seconds=60, what="A web process did not answer")
            yield both, stack.urls["DATABASE_OWNER_URL"]
        finally:
            for machine in both:
                machine.processes.stop()


@pytest.mark.alone
def test_two_machines_are_one_site(machines: tuple[list[Machine], str]) -> None:
    """Each day is sold once whoever is asked, and each mail is sent once, by whichever worker took it."""
    both, owner = machines
    car = both[0].ask("GET", "/api/cars?page_size=1")[1]["items"][0]["id"]
    answered: Counter[tuple[int, ...]] = Counter()
    for number in range(ROUNDS):  # a week each, from a Tuesday
        first = monday(ahead=60 + 7 * number) + timedelta(days=1)
        body = {"carId": car, "startDate": f"{first}", "endDate": f"{first + timedelta(days=2)}"}
        answered[_at_once(both, body, number)] += 1
    assert answered == {(201, 409): ROUNDS}

    with psycopg.connect(owner, autocommit=True) as database:

        def count(where: str) -> int:
            return database.execute(f"SELECT count(*) FROM inbox_emails WHERE {where}").fetchone()[0]

        deadline = time.monotonic() + 60
        while count("status <> 'sent'"):
            assert time.monotonic() < deadline
            time.sleep(0.2)
        sent = count("sent_at > created_at")  # the demo's are history: sent when they were written
        assert sum(machine.mails() for machine in both) == sent >= 2 * ROUNDS


def _at_once(both: list[Machine], body: dict[str, Any], number: int) -> tuple[int, ...]:
    begin, statuses = threading.Barrier(2), []

    def book(machine: Machine, name: str) -> None:
        who = {
            "fullName": name,
            "email": f"{name.lower()}-{number}@example.com",
            "phone": "+33 6 00 00 00 00",
        }
        begin.wait()
        statuses.append(machine.ask("POST", "/api/bookings", {**body, "customer": who})[0])

    threads = [threading.Thread(target=book, args=pair) for pair in zip(both, ("Ana", "Bob"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return tuple(sorted(statuses))
