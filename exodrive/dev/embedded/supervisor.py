"""Runs the Procfile's processes as children: their output with names in front, one gone means all stop.

They stop in the Procfile's order, each when the one before is done: web answers what it has taken, then the worker
finishes what it does. The services, which both need for that, are stopped after them by whoever started those.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO

from exodrive.dev.embedded.lowered import become
from exodrive.dev.embedded.process import Account, StackError

COLOURS = ("36", "33", "35", "32")
TIMEOUT = 15  # seconds between asking the children to stop and killing them


def read_procfile(path: Path) -> dict[str, str]:
    """Names and their command lines, in the file's order."""
    lines = (line.partition(":") for line in path.read_text().splitlines() if line.strip() and line[0] != "#")
    return {name.strip(): command.strip() for name, _, command in lines}


class Stopped(StackError):
    """A process ended by itself."""


class Supervisor:
    """Children of this process, started from its main thread: they end with it, whatever ends it.

    `obey` is called again and again while waiting, and raises when somebody asked to stop. What they print goes to `out`.
    As root they become `account`, if there is one.
    """

    def __init__(
        self,
        commands: Mapping[str, str],
        *,
        env: Mapping[str, str],
        folder: Path,
        obey: Callable[[], None] = lambda: None,
        out: IO[str] | None = None,
        account: Account | None = None,
    ) -> None:
        self.commands, self.env, self.folder, self.obey = dict(commands), dict(env), folder, obey
        self.out, self.account = out, account
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._readers: list[threading.Thread] = []
        self._writing = threading.Lock()
        self._width = max(map(len, self.commands))

    def start(self, name: str, *, gate: int | None = None) -> None:
        """Start one process. `exec` replaces the shell, so that signals reach the program itself.

        `gate` is what it may read to know when it may serve: the reading end of a pipe (`exodrive.wsgi`).
        """
        child = subprocess.Popen(  # noqa: S603
            ["/bin/sh", "-c", f"exec {self.commands[name]}"],
            cwd=self.folder,
            env=self.env if gate is None else {**self.env, "START_GATE": str(gate)},
            pass_fds=() if gate is None else (gate,),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=become(self.account, signal.SIGTERM),
        )
        self._children[name] = child
        reader = threading.Thread(target=self._relay, args=(name, child), daemon=True)
        reader.start()
        self._readers.append(reader)

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Wait for `ready()`. Raises Stopped when a child ends meanwhile, StackError when it takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise StackError(f"{what} within {seconds:.0f} s.")
            time.sleep(0.05)

    def wait(self) -> None:
        """Until a child ends by itself, which raises Stopped."""
        while True:
            self.check()
            time.sleep(0.2)

    def check(self) -> None:
        """Raise Stopped for the first child that has ended, and what `obey` raises."""
        self.obey()
        for name, child in self._children.items():
            if (code := child.poll()) is not None:
                how = f"exit status {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
                raise Stopped(f"{name} stopped by itself ({how}), so everything stops.")

    def pid(self, name: str) -> int:
        """The process id of a child that was started."""
        return self._children[name].pid

    def kill(self, name: str) -> None:
        """SIGKILL for a child and all its descendants, as when a machine loses it."""
        child = self.take(name)
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def take(self, name: str) -> subprocess.Popen[bytes]:
        """Hand a child over: from now on its end is the caller's, and it may be started again."""
        return self._children.pop(name)

    def stop(self) -> None:
        """Ask one child after the other to stop; who has not after PATIENCE is killed with all its descendants."""
        for name in [name for name in self.commands if name in self._children]:
            child = self._children[name]
            child.terminate()
            try:
                child.wait(TIMEOUT)
            except subprocess.TimeoutExpired:
                self.kill(name)
        for reader in self._readers:
            reader.join(timeout=1)
        self._children.clear()

    def _relay(self, name: str, child: subprocess.Popen[bytes]) -> None:
        label = name.ljust(self._width)
        if sys.stdout.isatty():
            colour = COLOURS[list(self.commands).index(name) % len(COLOURS)]
            label = f"\033[{colour}m{label}\033[0m"
        assert child.stdout is not None  # noqa: S101
        with child.stdout as lines:
            for line in lines:
                with (
                    self._writing,
                    suppress(OSError, ValueError),
                ):  # our reader may be gone; the child must not block
                    out = self.out or sys.stdout
                    out.write(f"{label} | {line.decode(errors='replace').rstrip()}\n")
                    out.flush()
