"""Who may call what: every operation of the document, called by everybody."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import Booking, BookingLink
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
    make_manager,
    make_user,
    pay_at_the_counter,
)
from bookings.tests.support.paying import OFFERED, hold_deposit
from bookings.tests.support.returns import missed
from bookings.tests.support.swapping import make_rental
from exodrive.api import api as ninja
from exodrive.models import ApiToken
from exodrive.rls import STAFF, acting_as, as_owner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sandbox_on(settings):
    """Payments that were made by the sandbox are refunded and captured by it."""
    settings.PAYMENTS_SANDBOX = True


CALLERS = (
    "anonymous",
    "hold",
    "stranger",  # the token of another booking
    "owner",  # the token of this booking
    "visitor",  # signed in, but works nowhere
    "desk",
    "forged",  # the desk's session without a CSRF token
    "token",
    "revoked",
    "unknown",  # a staff token nobody issued
    "dismissed",  # the token of a member of staff who left
)
EVERYBODY = dict.fromkeys(CALLERS, 200)
DEAD = dict.fromkeys(["revoked", "unknown", "dismissed"], 401)
STAFF_ONLY = {
    "anonymous": 401,
    "hold": 403,
    "stranger": 403,
    "owner": 403,
    "visitor": 403,
    "desk": 200,
    "token": 200,
    **DEAD,
}
OWNER_TOO = STAFF_ONLY | {"hold": 404, "stranger": 404, "owner": 200}
MANAGERS = STAFF_ONLY | {"desk": 403, "token": 403, "forged": 403}
HOLDER_ONLY = dict.fromkeys(CALLERS, 404) | {"hold": 200}

# Method and path as documented, and who gets what; 200 stands for any success.
READING = {
    ("GET", "/api/cars"): EVERYBODY | DEAD,
    ("GET", "/api/availability"): EVERYBODY | DEAD,
    ("GET", "/api/extras"): EVERYBODY | DEAD,
    ("GET", "/api/bookings"): STAFF_ONLY | {"forged": 200},
    ("GET", "/api/bookings/{booking_id}"): OWNER_TOO | {"forged": 200},
    ("GET", "/api/bookings/{booking_id}/triage"): STAFF_ONLY | {"forged": 200},
    ("GET", "/api/payments/{payment_id}"): OWNER_TOO | {"forged": 200},
    ("GET", "/api/blocks"): STAFF_ONLY | {"forged": 200},
    ("GET", "/api/blocks/{block_id}"): STAFF_ONLY | {"forged": 200},
}
WRITING = {
    ("POST", "/api/holds"): EVERYBODY | DEAD | {"forged": 403},
    ("POST", "/api/mailbox-codes"): EVERYBODY | DEAD | {"forged": 403},
    ("PATCH", "/api/holds/{hold_id}"): HOLDER_ONLY,
    ("DELETE", "/api/holds/{hold_id}"): HOLDER_ONLY,
    ("POST", "/api/bookings"): EVERYBODY | DEAD | {"forged": 403},
    ("PATCH", "/api/bookings/{booking_id}"): OWNER_TOO | {"forged": 403},
    ("DELETE", "/api/bookings/{booking_id}"): OWNER_TOO | {"forged": 403},
    ("PATCH", "/api/bookings/{booking_id}/status"): STAFF_ONLY | {"forged": 403},
    ("POST", "/api/bookings/{booking_id}/swap"): STAFF_ONLY | {"forged": 403},
    ("POST", "/api/bookings/{booking_id}/no-show"): STAFF_ONLY | {"forged": 403},
    ("POST", "/api/bookings/{booking_id}/no-show/undo"): STAFF_ONLY | {"forged": 403},
    ("PATCH", "/api/bookings/{booking_id}/triage"): STAFF_ONLY | {"forged": 403},
    ("POST", "/api/bookings/{booking_id}/cancel"): OWNER_TOO | {"forged": 403},
    ("POST", "/api/bookings/{booking_id}/payments"): OWNER_TOO | {"forged": 403},
    ("POST", "/api/payments/{payment_id}/refunds"): MANAGERS,
    ("POST", "/api/payments/{payment_id}/capture"): MANAGERS,
    ("POST", "/api/payments/{payment_id}/void"): STAFF_ONLY | {"forged": 403},
    ("POST", "/api/blocks"): STAFF_ONLY | {"forged": 403},
    ("PATCH", "/api/blocks/{block_id}"): STAFF_ONLY | {"forged": 403},
    ("DELETE", "/api/blocks/{block_id}"): STAFF_ONLY | {"forged": 403},
}
CODES = {401: "not_authenticated", 403: "forbidden", 404: "not_found"}


def test_every_operation_of_the_document_is_in_the_table():
    documented = {
        (method.upper(), path)
        for path, operations in ninja.get_openapi_schema()["paths"].items()
        for method in operations
    }
    assert documented == READING.keys() | WRITING.keys()


class World:
    """One hold, one booking, and everybody who may ask."""

    def __init__(self):
        self.hold, self.booking, self.car = make_hold(), make_booking(), CarFactory()
        self.block = make_block(car=CarFactory(), start=in_days(9))

    def caller(self, who):
        if who in ("hold", "stranger", "owner"):
            token = {"hold": self.hold.token, "owner": self.booking.secret}.get(who) or make_booking().secret
            return Api(bearer=token)
        if who == "visitor":
            return Api(user=make_user())
        desk = make_desk()
        if who in ("desk", "forged"):
            return Api(user=desk, csrf=who == "desk")
        return Api(bearer=self.bearer(who, desk))

    def bearer(self, who, desk):
        if who == "anonymous":
            return ""
        if who == "unknown":
            return "exo_staff_" + "x" * 32
        token = staff_token(desk)
        with as_owner():
            if who == "revoked":
                ApiToken.objects.update(revoked_at=timezone.now())
            if who == "dismissed":
                desk.groups.clear()
        return token

    def payment(self, path):
        """One that can be refunded, captured, or released."""
        if path.endswith("/refunds"):
            with acting_as(STAFF):
                return pay_at_the_counter(self.booking, timezone.now())
        return hold_deposit(self.booking)

    def call(self, api, method, path):
        days = {"start": str(in_days(3)), "end": str(in_days(4))}
        dates = {"startDate": days["start"], "endDate": days["end"]}
        customer = {"fullName": "Marta", "email": "m@example.com"}
        amount = {"amount": "100.00", "currency": "EUR"}
        bodies = {
            "/api/holds": {"carId": self.car.pk, **dates},
            "/api/mailbox-codes": {"email": "m@example.com"},
            "/api/bookings": {"carId": self.car.pk, **dates, "customer": customer},
            "/api/bookings/{booking_id}": {"phone": "1"},
            "/api/bookings/{booking_id}/status": {"status": "upcoming"},
            "/api/bookings/{booking_id}/swap": {
                "carId": self.car.pk,
                "reason": "R",
                "odometer": 1,
                "fuel": 1,
            },
            "/api/bookings/{booking_id}/triage": {"mine": True},
            "/api/bookings/{booking_id}/payments": {"method": "sandbox"},
            "/api/payments/{payment_id}/refunds": {"amount": amount, "reason": "Late"},
            "/api/payments/{payment_id}/capture": {"amount": amount, "reason": "A scratch"},
            "/api/blocks": {"carIds": [self.car.pk], "kind": "other", **dates},
            "/api/blocks/{block_id}": {"note": "Tyres"},
        }
        ids = {"hold_id": self.hold.pk, "booking_id": self.booking.pk, "block_id": self.block.pk}
        if "{payment_id}" in path:
            ids["payment_id"] = self.payment(path).pk
        if path.endswith("/swap"):
            ids["booking_id"] = make_rental().pk
        if path.endswith("/no-show"):
            ids["booking_id"] = make_booking(start=in_days(-1), status="active").pk
        if path.endswith("/no-show/undo"):
            ids["booking_id"] = missed().pk
        url = path.format(**ids)
        if method == "GET":
            params = {
                "/api/availability": {"car_id": self.car.pk, **days},
                "/api/extras": {"location_id": self.car.location_id, **days},
            }
            return api.get(url, **params.get(path, {}))
        with OFFERED:
            return api(method, url, bodies.get(path) if method != "DELETE" else None)


@pytest.mark.parametrize(
    ("operation", "who", "expected"),
    [(op, who, row[who]) for op, row in {**READING, **WRITING}.items() for who in CALLERS],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_who_gets_what(operation, who, expected):
    world = World()
    response = world.call(world.caller(who), *operation)
    if expected == 200:
        assert response.status_code in (200, 201, 202, 204)
    else:
        assert error(response) == (expected, CODES[expected])
        with as_owner():
            assert Booking.objects.get(pk=world.booking.pk).status == "pending"


def test_a_desk_token_lists_everything_and_a_manager_too():
    make_booking(), make_booking()
    for user in (make_desk(), make_manager(), make_user(is_superuser=True)):
        assert Api(bearer=staff_token(user)).get("/api/bookings").json()["total"] == 2


def test_a_bearer_counts_more_than_a_session():
    booking, other = make_booking(), make_booking()
    api = Api(user=make_desk())
    api.headers["Authorization"] = f"Bearer {booking.secret}"
    assert api.get(f"/api/bookings/{booking.pk}").status_code == 200
    assert error(api.get(f"/api/bookings/{other.pk}")) == (404, "not_found")


@pytest.mark.parametrize(
    "header",
    ["Basic Zm9vOmJhcg==", "Bearer", "Bearer ", "bearer\t", "x" * 4000, "Bearer é\x7f", "Bearer short"],
)
def test_a_header_that_cannot_be_a_token_is_no_credential(header):
    api, booking = Api(), make_booking()
    api.headers["Authorization"] = header
    assert error(api.get(f"/api/bookings/{booking.pk}")) == (401, "not_authenticated")
    assert error(api.get("/api/bookings")) == (401, "not_authenticated")
    assert api.get("/api/cars").status_code == 200


def test_wrong_rotated_and_expired_tokens_look_the_same():
    rotated, expired = make_booking(), make_booking()
    with as_owner():
        BookingLink.objects.filter(booking=rotated).update(token_hash="0" * 64)
        BookingLink.objects.filter(booking=expired).update(expires_at=timezone.now() - timedelta(days=1))
    answers = [
        Api(bearer="x" * 22).get(f"/api/bookings/{rotated.pk}"),
        Api(bearer=rotated.secret).get(f"/api/bookings/{rotated.pk}"),
        Api(bearer=expired.secret).get(f"/api/bookings/{expired.pk}"),
    ]
    assert [error(answer) for answer in answers] == [(404, "not_found")] * 3
    assert len({answer.content for answer in answers}) == 1


def test_a_form_cannot_be_an_api_request():
    api = Api(user=make_desk())
    path = f"/api/bookings/{make_booking().pk}/cancel"
    for content_type in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        response = api.client.post(path, "csrfmiddlewaretoken=x", content_type=content_type)
        assert error(response) == (422, "invalid")


def test_a_wrong_csrf_token_is_named():
    api = Api(user=make_desk())
    api.headers["X-CSRFToken"] = "d" * 32
    response = api.post(f"/api/bookings/{make_booking().pk}/cancel")
    assert error(response) == (403, "forbidden")
    assert "X-CSRFToken" in json.loads(response.content)["error"]["message"]
