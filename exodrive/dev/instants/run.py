"""`python -m exodrive.dev.instants.run pytest ...`: the command at each instant, one after the other.

Ends with the first exit status that is not 0, after all of them have run; what failed beside others is tried once more
alone, at the same instant. What failed at which of them is said once more
at the very end, where whoever opens a long log looks first. Without `faketime` it says loudly that
nothing ran, which is a failure with CI=true.
"""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from exodrive.dev.instants import instants

PRELOAD = Path(__file__).parent / "preload"
MISSING = "THE TESTS DID NOT RUN AT OTHER INSTANTS: no faketime found (apt-get install faketime)."
UNAVAILABLE = 3
HUNG, LONGEST = 4, 30 * 60.0  # seconds; a server's own time-outs do not come under libfaketime
PATIENCE = 5.0  # seconds for what a command has still to say once it has ended
TESTS_FAILED = 1  # pytest's exit status for it
NAMED = ("FAILED ", "ERROR ")  # how lines of pytest's short summary begin


def preloaded() -> str | None:
    """What LD_PRELOAD has to say for libfaketime on this machine; None without it."""
    wrapper = shutil.which("faketime")
    if wrapper is None:
        return None
    asked = [wrapper, "-f", "+0s", "printenv", "LD_PRELOAD"]
    return subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def environment(preload: str, seconds: int) -> dict[str, str]:
    """For a process whose clock is `seconds` ahead; durations, and the times of files, stay real."""
    return {
        "LD_PRELOAD": preload,
        "PYTHONPATH": str(PRELOAD),
        "FAKETIME": f"+{seconds}s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",  # a killed process would leave its semaphore locked to the others
        "NO_FAKE_STAT": "1",
    }


def main(command: Sequence[str]) -> int:
    """The exit status: the first failure's, UNAVAILABLE when nothing could run and CI wants it."""
    preload = preloaded()
    if preload is None:
        print(f"\n{MISSING}\n", file=sys.stderr)  # noqa: T201
        return UNAVAILABLE if os.environ.get("CI", "").lower() in {"1", "true"} else 0
    failures: list[tuple[str, int, list[str]]] = []
    for name, instant in instants(datetime.now(UTC)):
        print(f"\n===== {name}: from {instant:%a %-d %B %Y, %H:%M} UTC =====", flush=True)  # noqa: T201
        status, failed = _tried(instant, command, preload)
        if status:
            failures.append((name, status, failed))
    _tell(failures)
    return failures[0][1] if failures else 0


def _at(instant: datetime, command: Sequence[str], preload: str) -> tuple[int, list[str]]:
    ahead = round((instant - datetime.now(UTC)).total_seconds())
    return _ended(command, {**os.environ, **environment(preload, ahead)})


def _tried(instant: datetime, command: Sequence[str], preload: str) -> tuple[int, list[str]]:
    status, failed = _at(instant, command, preload)
    if status == TESTS_FAILED and failed and (again := alone(command)):
        status = _alone_too(instant, again, preload, failed)
    return status, failed


def alone(command: Sequence[str]) -> list[str]:
    """The same tests, those that failed alone and one after the other; nothing where it is not pytest."""
    return [*command, "--last-failed", "-n", "0"] if Path(command[0]).name == "pytest" else []


def _alone_too(instant: datetime, again: Sequence[str], preload: str, failed: Sequence[str]) -> int:
    """What a date breaks fails alone as well. What only a full machine broke is said, and is no failure of the date."""
    print("\n----- those that failed once more, alone -----", flush=True)  # noqa: T201
    status, _named = _at(instant, again, preload)
    if status == 0:
        print("\n!!!!! PASSED ALONE, failed beside others:", *failed, sep="\n", flush=True)  # noqa: T201
    return status


def _tell(failures: Sequence[tuple[str, int, list[str]]]) -> None:
    for name, status, failed in failures:
        print(f"\n===== FAILED at {name}: exit status {status} =====", *failed, sep="\n", flush=True)  # noqa: T201


def _ended(command: Sequence[str], environ: Mapping[str, str]) -> tuple[int, list[str]]:
    """The exit status, and the lines in which pytest names what failed."""
    failed: list[str] = []
    child = subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True, errors="replace")  # noqa: S603
    reader = threading.Thread(target=_relay, args=(child, failed), daemon=True)
    reader.start()
    try:
        status = child.wait(LONGEST)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        print(f"Still running after {LONGEST / 60:.0f} minutes: ended.", file=sys.stderr)  # noqa: T201
        status = HUNG
    reader.join(PATIENCE)  # a grandchild may hold the pipe open
    return status, list(failed)


def _relay(child: subprocess.Popen[str], failed: list[str]) -> None:
    assert child.stdout is not None  # noqa: S101
    with child.stdout as lines:
        for line in lines:
            print(line, end="", flush=True)  # noqa: T201
            if line.startswith(NAMED):
                failed.append(line.rstrip())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
