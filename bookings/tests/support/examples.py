"""What tests share that try many generated examples on one database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from hypothesis import Phase, settings


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written in the block does not stay: every example starts from the same rows."""
    block = transaction.atomic()
    block._from_testcase = True  # verbs may begin a durable transaction in it
    with block:
        yield
        transaction.set_rollback(True)


def budget(cases: int) -> Any:
    """So many cases. A failing one is told as it came: to shrink it would take minutes on a database."""
    return settings(max_examples=cases, phases=(Phase.explicit, Phase.generate), report_multiple_bugs=False)
