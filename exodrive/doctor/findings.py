"""What was found of one thing: it is well, should be looked at, or is missing, and what to do then."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """From good to bad; `UNKNOWN` is what could not be looked at yet."""

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    MISSING = "missing"


class Finding(NamedTuple):
    """`says` is a sentence without secrets, `mend` what to do."""

    part: str
    state: State
    says: str
    mend: str = ""


Look = Callable[[], Iterator[Finding]]


def well(part: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(part, State.OK, says)


def missing(part: str, says: str, mend: str) -> Finding:
    """The site does not run, or not safely, until this is mended."""
    return Finding(part, State.MISSING, says, mend)


def warning(part: str, says: str, mend: str) -> Finding:
    """It runs, and somebody should look."""
    return Finding(part, State.WARNING, says, mend)
