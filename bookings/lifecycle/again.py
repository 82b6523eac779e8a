"""Asking once more when somebody else was faster."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from bookings.errors import ChangedMeanwhile

P = ParamSpec("P")
R = TypeVar("R")
LOOKS = 3


def look_again(view: Callable[P, R]) -> Callable[P, R]:
    """Begin anew when what was read has changed by the time it is written; the form then says what is a conflict."""

    @wraps(view)
    def looking(*args: P.args, **kwargs: P.kwargs) -> R:
        for _ in range(LOOKS - 1):
            try:
                return view(*args, **kwargs)
            except ChangedMeanwhile:
                continue
        return view(*args, **kwargs)

    return looking
