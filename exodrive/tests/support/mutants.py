"""Negative controls: the database without one of its guards, so that a test shows what the guard is for."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from exodrive.rls import as_owner


@contextmanager
def without(path: str, guard: str, instead: str = "") -> Iterator[None]:
    """A function of a file below the project's folder with other words in place of `guard`; as it was afterwards."""
    text = Path(settings.BASE_DIR, path).read_text()
    assert text.count(guard) == 1, f"{path} has no such guard any more"
    _execute(text.replace(guard, instead))
    try:
        yield
    finally:
        _execute(text)


def _execute(statement: str) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(statement)
