"""How a verb meets a busy database: a deadlock is tried once more, a lock that takes too long is a clear 503."""

import functools
import logging
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

from exodrive.errors import Unavailable

P = ParamSpec("P")
T = TypeVar("T")

DEADLOCK = "40P01"
LOCK_TIMEOUT = "55P03"
CANCELED = "57014"  # statement_timeout
REFERENCE_TRIES = 5
events = logging.getLogger("exodrive.events")


def sqlstate(error: BaseException) -> str:
    """PostgreSQL's code of the error behind a Django database error, or ""."""
    return getattr(error.__cause__, "sqlstate", "") or ""


def broken_constraint(error: IntegrityError) -> str:
    """Name of the constraint that was violated, or ""."""
    diag = getattr(error.__cause__, "diag", None)
    return getattr(diag, "constraint_name", "") or ""


def _note(verb: Callable[..., Any], error: OperationalError) -> None:
    """One line for each attempt that the database ended, so that those which were tried again can be counted too."""
    fields = {"event": "attempt_failed", "verb": verb.__name__, "sqlstate": sqlstate(error)}
    events.warning("attempt_failed", extra={"event": fields})


def retry_on_deadlock(*, on_constraints: tuple[str, ...] = ()) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Run a verb again as a whole after a deadlock (once) or when chance hit one of `on_constraints` (a few times).

    A second deadlock, a lock or statement time-out, and chance that does not end raise Unavailable. The verb must own its
    transaction.
    """

    def decorate(verb: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(verb)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
            deadlocks = drawn = 0
            while True:
                try:
                    return verb(*args, **kwargs)
                except OperationalError as error:
                    _note(verb, error)
                    deadlocks += 1
                    again = sqlstate(error) == DEADLOCK and deadlocks == 1 and not connection.in_atomic_block
                    if again:
                        continue
                    if sqlstate(error) in (DEADLOCK, LOCK_TIMEOUT, CANCELED):
                        raise Unavailable from error
                    raise
                except IntegrityError as error:
                    drawn += 1
                    if broken_constraint(error) not in on_constraints:
                        raise
                    if drawn >= REFERENCE_TRIES:
                        raise Unavailable from error

        return wrapped

    return decorate
