"""Children that cannot outlive us, the account they run under, and the ports they listen on."""

import ctypes
import os
import pwd
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

HOST = "127.0.0.1"
PR_SET_PDEATHSIG = 1
CLEAN = {"PATH": os.defpath, "LC_ALL": "C"}  # the environment of a server: nothing of ours reaches it
LOG_LIMIT = 5_000_000  # bytes; a larger log is set aside at the next start
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


class StackError(Exception):
    """The services cannot run; the message tells a person why and what to do."""


@dataclass(frozen=True)
class Account:
    """Whom the servers run as when we are root: PostgreSQL refuses to be root."""

    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        """The arguments that make Popen drop to this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def service_account(*data: Path) -> Account | None:
    """The account for the servers; None when we are not root and they simply run as ourselves.

    Data that an earlier run made keeps its owner, so that root and a plain user can take turns in one folder.
    """
    if os.geteuid() != 0:
        return None
    for folder in data:
        if folder.exists() and folder.stat().st_uid != 0:
            return Account(folder.stat().st_uid, folder.stat().st_gid)
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise StackError("PostgreSQL must not run as root, and there is neither a postgres nor a nobody account.")


def dropped(account: Account | None) -> dict[str, Any]:
    """Popen arguments for `account`, none for ourselves."""
    return account.popen if account else {}


def die_with_parent(signum: int) -> Callable[[], None]:
    """A preexec_fn: the kernel sends `signum` to the child when the thread that started it is gone, even by SIGKILL."""
    parent = os.getpid()

    def before_exec() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signum, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)  # the parent died before the call above

    return before_exec


def spawn(
    argv: list[str],
    *,
    account: Account | None,
    log: IO[bytes],
    death_signal: int,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> subprocess.Popen[bytes]:
    """Start a server in its own session (Ctrl-C in the terminal is ours alone), with both outputs in `log`."""
    return subprocess.Popen(  # noqa: S603
        argv,
        cwd="/",
        stdin=stdin,
        stdout=log,
        stderr=log,
        env=dict(env or CLEAN),
        start_new_session=True,
        preexec_fn=die_with_parent(death_signal),
        **dropped(account),
    )


def stop(
    process: subprocess.Popen[bytes], signum: int, *, timeout: float, last: int = signal.SIGKILL
) -> None:
    """Ask with `signum`; after `timeout` seconds insist with `last`. Always reaps the child."""
    if process.poll() is None:
        process.send_signal(signum)
        try:
            process.wait(timeout)
        except subprocess.TimeoutExpired:
            process.send_signal(last)
    process.wait()


def free_port(preferred: int) -> int:
    """`preferred` when nobody listens there, else one that the system gives us."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StackError("No free TCP port on 127.0.0.1.")


def can_listen(port: int, *, seconds: float) -> bool:
    """Whether the port is free, or becomes free in time."""
    deadline = time.monotonic() + seconds
    while free_port(port) != port:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def wait_for_leftover(pid: int, *, folder: Path, signum: int, timeout: float = 15) -> bool:
    """Wait until the server that a killed launcher left in `folder` is gone; `signum` asks it to hurry.

    False when `pid` is alive but somebody else's: both servers work in their data folder, another program does not.
    """
    deadline = time.monotonic() + timeout
    asked = False
    while alive(pid):
        if not _works_in(pid, folder):
            return False
        if time.monotonic() > deadline:
            raise StackError(f"Process {pid} of an earlier run does not stop; end it and start again.")
        if not asked:
            with suppress(OSError):
                os.kill(pid, signum)
            asked = True
        time.sleep(0.05)
    return True


def descendants(pid: int) -> list[int]:
    """The children of a process and theirs, as they are now. Linux only."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text().split()):
                found += [child, *descendants(child)]
    return found


def alive(pid: int) -> bool:
    """Whether a process with that id exists (a zombie does not count)."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return True


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except OSError:
        return False  # gone by now, or another user's


def open_log(path: Path) -> IO[bytes]:
    """Append to a log that only we can read; a large one moves to `<name>.1` first."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")


def tail(path: Path, start: int, lines: int = 5) -> str:
    """The last lines that were written to a log since byte `start`."""
    with path.open("rb") as log:
        log.seek(start)
        return "\n".join(log.read().decode(errors="replace").strip().splitlines()[-lines:])


def write_private(path: Path, text: str) -> None:
    """Write a file that only we can read (0600), whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
