"""A paid site: the sandbox is offered, and what would go to the worker is done at once where a test asks for it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import translation

from bookings.payments.checkout import Back
from exodrive.rls import SERVICE, acting_as

BACK = Back("https://exodrive.test/back/%s", "https://exodrive.test/not/%s")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """A request in another language leaves it active in its thread."""
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def paid_site(settings: Any) -> None:
    """The sandbox first, then the counter."""
    settings.PAYMENTS_SANDBOX = True
    settings.PAYMENT_METHODS = ["sandbox", "pick_up"]


@pytest.fixture
def service() -> Iterator[None]:
    """As the pages that take payments and the worker run."""
    with acting_as(SERVICE, actor="provider"):
        yield


@pytest.fixture
def settled() -> Callable[[Any], Any]:
    """The booking as it is in the database now."""

    def reread(booking: Any) -> Any:
        with acting_as(SERVICE, actor="provider"):
            return type(booking).objects.get(pk=booking.pk)

    return reread
