"""What goes wrong next, in the order in which it was asked for."""

import threading
from dataclasses import dataclass, field

LOSE, FAIL, BUSY, SLOW, DECLINE, PENDING = "lose", "fail", "busy", "slow", "decline", "pending"


class LineCut(Exception):
    """Done, but nobody is told."""


@dataclass
class Fault:
    """`on`: how the path ends. `seconds`: for slow answers."""

    kind: str
    on: str
    times: int
    seconds: float


@dataclass
class Faults:
    """lose: done, but the line is cut before the answer; fail: 500 and not done; busy: 429; slow: waits first; decline:
    the payer's bank says no; pending: a capture that waits for a review."""

    waiting: list[Fault] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, *, on: str = "", times: int = 1, seconds: float = 0) -> None:
        """To the next calls of paths with that end."""
        with self.lock:
            self.waiting.append(Fault(kind, on, times, seconds))

    def take(self, kind: str, path: str) -> Fault | None:
        """The one that is due, once less from now on."""
        with self.lock:
            for fault in self.waiting:
                if fault.kind == kind and path.endswith(fault.on):
                    fault.times -= 1
                    if not fault.times:
                        self.waiting.remove(fault)
                    return fault
        return None
