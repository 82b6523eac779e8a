"""What a staff token opens: every operation of the document, with every scope."""

import pytest

from bookings.tests.api.test_auth import READING, WRITING, World
from bookings.tests.support.api import Api, error
from bookings.tests.support.factories import make_manager
from exodrive.api import api as ninja
from exodrive.models import ApiToken
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.made_once import own

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox_on(settings):
    """Payments that were made by the sandbox are refunded and captured by it."""
    settings.PAYMENTS_SANDBOX = True


@pytest.fixture(scope="module")
def made(made_once):
    return made_once(World)


@pytest.fixture
def world(made, db):
    return own(made)


SCOPES = ("read", "book", "staff")

NEEDS = {
    ("GET", "/api/cars"): None,
    ("GET", "/api/availability"): None,
    ("GET", "/api/extras"): None,
    ("GET", "/api/services"): None,
    ("GET", "/api/services/{service_id}/availability"): None,
    ("GET", "/api/tours/{slug}/departures"): None,
    ("POST", "/api/holds"): None,
    ("POST", "/api/mailbox-codes"): None,
    ("PATCH", "/api/holds/{hold_id}"): None,
    ("DELETE", "/api/holds/{hold_id}"): None,
    ("POST", "/api/bookings"): "book",
    ("GET", "/api/bookings"): "read",
    ("GET", "/api/bookings/{booking_id}"): "read",
    ("PATCH", "/api/bookings/{booking_id}"): "book",
    ("DELETE", "/api/bookings/{booking_id}"): "book",
    ("POST", "/api/bookings/{booking_id}/cancel"): "book",
    ("PATCH", "/api/bookings/{booking_id}/status"): "staff",
    ("POST", "/api/bookings/{booking_id}/swap"): "staff",
    ("POST", "/api/bookings/{booking_id}/no-show"): "staff",
    ("POST", "/api/bookings/{booking_id}/no-show/undo"): "staff",
    ("GET", "/api/bookings/{booking_id}/triage"): "read",
    ("PATCH", "/api/bookings/{booking_id}/triage"): "staff",
    ("POST", "/api/bookings/{booking_id}/payments"): "book",
    ("GET", "/api/payments/{payment_id}"): "read",
    ("POST", "/api/payments/{payment_id}/refunds"): "staff",
    ("POST", "/api/payments/{payment_id}/capture"): "staff",
    ("POST", "/api/payments/{payment_id}/void"): "staff",
    ("GET", "/api/blocks"): "read",
    ("GET", "/api/blocks/{block_id}"): "read",
    ("POST", "/api/blocks"): "staff",
    ("PATCH", "/api/blocks/{block_id}"): "staff",
    ("DELETE", "/api/blocks/{block_id}"): "staff",
}


def token_for(*scopes, user=None):
    with acting_as(STAFF):
        return Api(bearer=ApiToken.issue(user=user or make_manager(), name="t", scopes=scopes))


def test_the_document_says_what_every_operation_needs():
    documented = {
        (method.upper(), path): operation.get("x-scope")
        for path, operations in ninja.get_openapi_schema()["paths"].items()
        for method, operation in operations.items()
    }
    assert documented == NEEDS
    assert NEEDS.keys() == READING.keys() | WRITING.keys()


@pytest.mark.parametrize("operation", NEEDS, ids=" ".join)
@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_opens_what_its_scope_says(world, operation, scope):
    response = world.call(token_for(scope), *operation)
    needed = NEEDS[operation]
    if needed in (None, scope):
        assert response.status_code in ((404,) if "hold_id" in operation[1] else (200, 201, 202, 204))
        return
    assert error(response) == (403, "forbidden")
    assert f"“{needed}”" in response.json()["error"]["message"]
    about = world.asked_about(operation[1])
    with as_owner():
        about.refresh_from_db()
        assert about.status == "pending"


def test_an_exception_takes_the_scope_of_staff_too(world):
    override = {"phone": "+33 1 23 45 67 89", "override": {"reason": "A friend"}}
    path = f"/api/bookings/{world.booking.pk}"
    assert error(token_for("book").patch(path, override)) == (403, "forbidden")
    assert token_for("book", "staff").patch(path, override).status_code == 200
