"""Who may call what: every operation of the document, called by everybody."""

import pytest
from django.test import override_settings
from django.utils import timezone

from bookings.models import Booking
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.booked_rides import Chauffeurs
from bookings.tests.support.factories import (
    CarFactory,
    in_days,
    make_block,
    make_booking,
    make_desk,
    make_hold,
    make_user,
    pay_at_the_counter,
)
from bookings.tests.support.paying import OFFERED, hold_deposit
from bookings.tests.support.returns import missed
from bookings.tests.support.swapping import make_rental
from cars.tests.support.rides import make_service
from exodrive.api import api as ninja
from exodrive.models import ApiToken
from exodrive.rls import STAFF, acting_as, as_owner
from exodrive.tests.support.made_once import own

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
    ("GET", "/api/services"): EVERYBODY | DEAD,
    ("GET", "/api/services/{service_id}/availability"): EVERYBODY | DEAD,
    ("GET", "/api/tours/{slug}/departures"): EVERYBODY | DEAD,
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
    """One hold, one booking, everybody who may ask, and what some of the operations need beside."""

    def __init__(self):
        self.hold, self.booking, self.car = make_hold(), make_booking(), CarFactory()
        self.block = make_block(car=CarFactory(), start=in_days(9))
        self.chauffeurs = Chauffeurs()
        self.tour = make_service(kind="tour")
        self.strange, self.rental, self.out = (
            make_booking(),
            make_rental(),
            make_booking(start=in_days(-1), status="active"),
        )
        self.missed, self.paid, self.secured = missed(), make_booking(), make_booking()
        with acting_as(STAFF):
            self.payment = pay_at_the_counter(self.paid, timezone.now())
        with override_settings(PAYMENTS_SANDBOX=True):
            self.deposit = hold_deposit(self.secured)
        self.visitor, self.desk = make_user(), make_desk()
        self.token = staff_token(self.desk)

    def asked_about(self, path):
        """The booking whose customer is "owner": that of the payment where there is one."""
        if path.endswith("/refunds"):
            return self.paid
        return self.secured if "{payment_id}" in path else self.booking

    def caller(self, who, path):
        if who in ("hold", "stranger", "owner"):
            tokens = {"hold": self.hold.token, "stranger": self.strange.secret}
            return Api(bearer=tokens.get(who) or self.asked_about(path).secret)
        if who == "visitor":
            return Api(user=self.visitor)
        if who in ("desk", "forged"):
            return Api(user=self.desk, csrf=who == "desk")
        return Api(bearer=self.bearer(who))

    def bearer(self, who):
        if who == "anonymous":
            return ""
        if who == "unknown":
            return "exo_staff_" + "x" * 32
        with as_owner():
            if who == "revoked":
                ApiToken.objects.update(revoked_at=timezone.now())
            if who == "dismissed":
                self.desk.groups.clear()
        return self.token

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
        others = {"/swap": self.rental, "/no-show": self.out, "/no-show/undo": self.missed}
        booking = next((row for end, row in others.items() if path.endswith(end)), self.booking)
        payment = self.payment if path.endswith("/refunds") else self.deposit
        ids = {
            "hold_id": self.hold.pk,
            "booking_id": booking.pk,
            "block_id": self.block.pk,
            "payment_id": payment.pk,
            "service_id": self.chauffeurs.service.pk,
            "slug": self.tour.slug,
        }
        url = path.format(**ids)
        if method == "GET":
            params = {
                "/api/availability": {"car_id": self.car.pk, **days},
                "/api/extras": {"location_id": self.car.location_id, **days},
                "/api/services/{service_id}/availability": {"start": f"{days['start']}T10:00", "minutes": 60},
            }
            return api.get(url, **params.get(path, {}))
        with OFFERED:
            return api(method, url, bodies.get(path) if method != "DELETE" else None)


@pytest.fixture(scope="module")
def made(made_once):
    return made_once(World)


@pytest.fixture
def world(made, db):
    return own(made)


@pytest.mark.parametrize(
    ("operation", "who", "expected"),
    [(op, who, row[who]) for op, row in {**READING, **WRITING}.items() for who in CALLERS],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_who_gets_what(world, operation, who, expected):
    response = world.call(world.caller(who, operation[1]), *operation)
    if expected == 200:
        assert response.status_code in (200, 201, 202, 204)
    else:
        assert error(response) == (expected, CODES[expected])
        with as_owner():
            about = world.asked_about(operation[1])
            assert Booking.objects.get(pk=about.pk).status == "pending"
