"""What every browser test ends with."""

import pytest
from playwright.sync_api import Keyboard, Locator

from exodrive.rls import SERVICE, acting_as
from exodrive.tests.support.written import SHORTEST, given_away, secrets_held, written
from inbox.audit import find_drift


@pytest.fixture
def typed(monkeypatch):
    """Everything that the test types into a page."""
    texts = set()

    def noting(method, position):
        def wrapped(self, *args, **kwargs):
            texts.add(str(args[position]))
            return method(self, *args, **kwargs)

        return wrapped

    for owner, name in (
        (Locator, "fill"),
        (Locator, "type"),
        (Locator, "press_sequentially"),
        (Keyboard, "type"),
    ):
        monkeypatch.setattr(owner, name, noting(getattr(owner, name), 0))
    return texts


@pytest.fixture(autouse=True)
def proof(typed):
    """Whatever was clicked, the ledger agrees with its claimants and staff know every booking.

    And no log line of it has a name, an address, a phone number, a link's token or anything else that was typed.
    """
    with written() as lines:
        yield
        with acting_as(SERVICE):
            assert find_drift() == []
    text = lines.getvalue()
    assert "exodrive.requests" in text
    assert given_away(text, secrets_held()) == []
    assert [words for words in typed if len(words) >= SHORTEST and words in text] == []
