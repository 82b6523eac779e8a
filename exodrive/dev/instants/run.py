"""`python -m exodrive.dev.instants.run pytest ...`: the command at each instant, one after the other.

Ends with the first exit status that is not 0, after all of them have run. Without `faketime` it says loudly that
nothing ran, which is a failure with CI=true.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from exodrive.dev.instants import instants

PRELOAD = Path(__file__).parent / "preload"
MISSING = "THE TESTS DID NOT RUN AT OTHER INSTANTS: no faketime found (apt-get install faketime)."
UNAVAILABLE = 3
HUNG, LONGEST = 4, 30 * 60.0  # seconds; a server's own time-outs do not come under libfaketime


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
    failures = []
    for name, instant in instants(datetime.now(UTC)):
        print(f"\n===== {name}: from {instant:%a %-d %B %Y, %H:%M} UTC =====", flush=True)  # noqa: T201
        ahead = round((instant - datetime.now(UTC)).total_seconds())
        status = _ended(command, {**os.environ, **environment(preload, ahead)})
        failures += [status] if status else []
    return failures[0] if failures else 0


def _ended(command: Sequence[str], environ: Mapping[str, str]) -> int:
    try:
        return subprocess.run(command, env=environ, check=False, timeout=LONGEST).returncode  # noqa: S603
    except subprocess.TimeoutExpired:
        print(f"Still running after {LONGEST / 60:.0f} minutes: ended.", file=sys.stderr)  # noqa: T201
        return HUNG


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
