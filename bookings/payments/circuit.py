"""A breaker in front of a payment provider that does not answer, so that customers do not queue for a dead line."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bookings.payments.provider import OutcomeUnknown, ProviderError, RateLimited

FAILURES = 5  # in a row
PAUSE = 30.0  # seconds


class Circuit:
    """Opens after `failures` calls in a row without an answer; `pause` seconds later it lets one call through to try.

    An answer of any kind, a refusal too, closes it. Every process has its own; `clock` is a monotonic one, in seconds.
    """

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        pause: float = PAUSE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures, self._pause, self._clock = failures, pause, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._opened: float | None = None
        self._trying = False

    @property
    def is_open(self) -> bool:
        """Whether calls are refused, but for the one that tries."""
        with self._lock:
            return self._opened is not None

    @contextmanager
    def call(self) -> Iterator[None]:
        """Around every call. Raises RateLimited(code="circuit_open") while open; OutcomeUnknown from within counts."""
        trying = self._enter()
        try:
            yield
        except OutcomeUnknown:
            self._note_silence()
            raise
        except ProviderError:
            self._note_answer()
            raise
        else:
            self._note_answer()
        finally:
            if trying:
                self._stop_trying()

    def _enter(self) -> bool:
        """Whether this is the call that tries. Raises RateLimited."""
        with self._lock:
            if self._opened is None:
                return False
            if self._trying or self._clock() - self._opened < self._pause:
                raise RateLimited("circuit_open")
            self._trying = True
            return True

    def _stop_trying(self) -> None:
        with self._lock:
            self._trying = False

    def _note_answer(self) -> None:
        with self._lock:
            self._failed, self._opened = 0, None

    def _note_silence(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._failures:
                self._opened = self._clock()
