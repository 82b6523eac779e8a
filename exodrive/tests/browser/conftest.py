"""What every browser test ends with."""

import pytest

from exodrive.rls import SERVICE, acting_as
from inbox.drift import find_drift


@pytest.fixture(autouse=True)
def proof():
    """Whatever was clicked, the ledger agrees with its claimants and staff know every booking."""
    yield
    with acting_as(SERVICE):
        assert find_drift() == []
