"""Fixtures for the tests of this app."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in another language leaves it active in its thread; the next test starts in English again."""
    with translation.override("en"):
        yield
