"""A whole site in a folder of its own, on free ports of the loopback address, whose parts can be broken and mended.

The same services and the same Procfile as `manage.py start`, but nothing ends because one part is gone: what production
leaves to its process manager (start again what died) is done by who drills. Must be used from the main thread.
"""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import psycopg
from django.conf import settings

from exodrive.dev.drill.target import Answer as Answer
from exodrive.dev.drill.target import Target
from exodrive.dev.embedded.process import HOST, StackError, descendants, die_with_parent, free_port
from exodrive.dev.embedded.stack import Stack
from exodrive.dev.embedded.supervisor import Supervisor, read_procfile

WITHOUT_LIMITS = {"RATE_LIMITS": "off", "HOLDS_PER_VISITOR": "100000"}  # one machine plays all customers


class Site(Target):
    """`with Site(folder, cars=10) as site:` has an empty fleet's services; `site.start("web")` and so on."""

    def __init__(self, folder: Path, *, cars: int, **environment: str) -> None:
        self.folder, self.cars, self.extra = folder.resolve(), cars, environment
        self.port = free_port(0)
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        try:
            self._prepare()
        except BaseException:
            self._exit.close()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        self._exit.close()

    def _prepare(self) -> None:
        self.stack = self._exit.enter_context(Stack(self.folder, explicit={}, ports=(0, 0)))
        self.environment = self._environment()
        owner = self.environment | {"DATABASE_URL": self.stack.urls["DATABASE_OWNER_URL"]}
        self.manage("drill", f"--prepare={self.cars}", environment=owner, check=True)
        self.log = self.folder / "log" / "processes.log"
        self.postgres_log = self.folder / "log" / "postgres.log"
        out = self._exit.enter_context(self.log.open("a", encoding="utf-8"))
        commands = read_procfile(settings.BASE_DIR / "Procfile")
        self.processes = Supervisor(commands, env=self.environment, folder=settings.BASE_DIR, out=out)
        self._exit.callback(self.processes.stop)

    def _environment(self) -> dict[str, str]:
        path = f"{os.path.dirname(sys.executable)}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        ours = {
            "ENVIRONMENT": "development",
            "PATH": path,
            "PORT": str(self.port),
            "WEB_HOST": HOST,
            "VAR_DIR": str(self.folder),
            "SITE_URL": self.url,
            "STAFF_NOTIFY_EMAILS": "desk@drill.test",
            "PYTHONUNBUFFERED": "1",
            "PYTHONWARNINGS": "ignore",
            "DJANGO_SETTINGS_MODULE": "exodrive.settings",
        }
        return {**os.environ, **self.stack.urls, **ours, **WITHOUT_LIMITS, **self.extra}

    # --- Processes --------------------------------------------------------------------------------------------------

    def start(self, *names: str, **environment: str) -> None:
        """Start processes of the Procfile, with what their environment has besides; web is waited for."""
        self.processes.env = {**self.environment, **environment}
        for name in names:
            self.processes.start(name)
        if "web" in names:
            self.wait(self.answers, seconds=60, what="The web server did not answer")

    def manage(
        self, *arguments: str, environment: Mapping[str, str] | None = None, check: bool = False
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of `manage.py` on this site. Raises StackError when `check` and it failed."""
        done = subprocess.run(  # noqa: S603
            [sys.executable, "manage.py", *arguments],
            cwd=settings.BASE_DIR,
            env=dict(environment or self.environment),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        if check and done.returncode:
            raise StackError(f"manage.py {arguments[0]} failed:\n{done.stdout}{done.stderr}")
        return done

    def web_workers(self) -> list[int]:
        """Process ids of gunicorn's workers."""
        return descendants(self.processes.pid("web"))

    @contextmanager
    def frozen(self, pid: int) -> Iterator[None]:
        """A server and all its processes stand still: connections stay open, and nothing is answered."""
        family = [pid, *descendants(pid)]
        try:
            for member in family:
                with suppress(ProcessLookupError):
                    os.kill(member, signal.SIGSTOP)
            yield
        finally:
            for member in family:
                with suppress(ProcessLookupError):
                    os.kill(member, signal.SIGCONT)

    def wait(self, ready: Callable[[], Any], *, seconds: float, what: str) -> float:
        """Wait until `ready()`; how many seconds that took. Raises StackError when it takes longer."""
        begin = time.monotonic()
        while not ready():
            if time.monotonic() > begin + seconds:
                raise StackError(f"{what} within {seconds:.0f} s.")
            time.sleep(0.05)
        return time.monotonic() - begin

    # --- From outside -----------------------------------------------------------------------------------------------

    def answers(self) -> bool:
        """Whether requests may be sent here."""
        try:
            return self.ask("GET", "/readyz").status == 200
        except (OSError, http.client.HTTPException):
            return False

    def write(self, statements: str) -> None:
        """Change the database past everything of ours, as its owner."""
        url = self.stack.urls["DATABASE_OWNER_URL"]
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            connection.execute(statements.encode())

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What the database says, asked past everything of ours, as its owner."""
        url = self.stack.urls["DATABASE_OWNER_URL"]
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            return connection.execute(statement.encode()).fetchall()
