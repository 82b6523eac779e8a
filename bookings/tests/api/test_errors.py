"""The one shape of every error, whatever was sent; and what the document promises."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from bookings.api import bookings
from bookings.api.responses import CODES
from bookings.errors import (
    BookingError,
    CarIsOut,
    ChangedMeanwhile,
    DatesTaken,
    DoNotRent,
    Forbidden,
    HoldExpired,
    IdempotencyKeyReused,
    InProgress,
    Invalid,
    InvalidTransition,
    NoSuchTime,
    NotAuthenticated,
    NotFound,
    PaymentDeclined,
    PriceChanged,
    ProofRequired,
    ProviderUnavailable,
    RulesRefused,
    StatusChanged,
    TooEarly,
    TooManyRequests,
    Unavailable,
)
from bookings.links.pins import PinRequired
from bookings.tests.api.test_bookings import body_for
from bookings.tests.support.api import Api, check, error
from bookings.tests.support.factories import CarFactory, in_days

pytestmark = pytest.mark.django_db

REFUSALS = [
    (InvalidTransition, 400, "invalid_transition", None),
    (NotAuthenticated, 401, "not_authenticated", None),
    (PinRequired, 401, "pin_required", None),
    (Forbidden, 403, "forbidden", None),
    (NotFound, 404, "not_found", None),
    (DatesTaken, 409, "dates_taken", None),
    (InProgress, 409, "in_progress", "1"),
    (StatusChanged, 409, "status_changed", None),
    (CarIsOut, 409, "car_is_out", None),
    (TooEarly, 409, "too_early", None),
    (ChangedMeanwhile, 409, "changed_meanwhile", None),
    (HoldExpired, 409, "hold_expired", None),
    (ProofRequired, 409, "proof_required", None),
    (DoNotRent, 409, "do_not_rent", None),
    (PriceChanged, 409, "price_changed", None),
    (PaymentDeclined, 409, "payment_declined", None),
    (Invalid, 422, "invalid", None),
    (NoSuchTime, 422, "no_such_time", None),
    (RulesRefused, 422, "rules_refused", None),
    (IdempotencyKeyReused, 422, "idempotency_key_reused", None),
    (TooManyRequests, 429, "too_many_requests", "60"),
    (Unavailable, 503, "unavailable", "2"),
    (ProviderUnavailable, 503, "provider_unavailable", "30"),
]


def refused_with(monkeypatch, exception):
    def refuse(*args, **kwargs):
        raise exception

    monkeypatch.setattr(bookings, "create_booking", refuse)
    api = Api()
    api.client.raise_request_exception = False
    return api.client.post("/api/bookings", body_for(CarFactory()), content_type="application/json")


@pytest.mark.parametrize(("refusal", "status", "code", "retry_after"), REFUSALS)
def test_each_refusal_has_its_status_code_and_shape(monkeypatch, refusal, status, code, retry_after):
    response = refused_with(monkeypatch, refusal())
    assert error(response) == (status, code)
    assert response["Content-Type"] == "application/json"
    assert response.get("Retry-After") == retry_after
    assert response.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)
    assert response.json()["error"]["message"] == str(refusal.message)


def test_the_document_knows_every_code_of_every_status():
    assert {status: set(codes) for status, (_name, codes) in CODES.items()} == {
        status: {code for _, s, code, _ in REFUSALS if s == status} for _, status, _, _ in REFUSALS
    }
    kinds = {kind for kind in _below(BookingError) if "code" in vars(kind)} | {Invalid, Unavailable}
    assert {refusal for refusal, *_ in REFUSALS} == kinds


def _below(kind):
    return {one for child in kind.__subclasses__() for one in {child} | _below(child)}


def test_a_database_that_is_away_is_503(monkeypatch):
    response = refused_with(monkeypatch, OperationalError("gone"))
    assert error(response) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0
    check(response)


def test_a_mistake_of_ours_shows_no_stack_trace(monkeypatch):
    response = refused_with(monkeypatch, ZeroDivisionError("secret"))
    assert response.status_code == 500
    assert sorted(response.json()["error"]) == ["code", "details", "message"]
    assert b"secret" not in response.content
    assert b"Traceback" not in response.content


@pytest.mark.parametrize(
    "path",
    ["/api/", "/api/nothing", "/api/cars/", "/api/bookings/1/2/3", "/api/docs/x", "/api/%00", "/api/../x"],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_unknown_path_is_not_found(method, path):
    response = Client().generic(method, path)
    assert error(response) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/api/cars", "GET"),
        ("PUT", "/api/bookings", "GET, POST"),
        ("TRACE", "/api/bookings", "GET, POST"),
        ("OPTIONS", "/api/availability", "GET"),
        ("GET", "/api/holds", "POST"),
        ("POST", "/api/bookings/7", "DELETE, GET, PATCH"),
        ("GET", "/api/bookings/7/status", "PATCH"),
    ],
)
def test_a_method_that_a_path_does_not_have_is_named(method, path, allowed):
    response = Client().generic(method, path)
    assert error(response) == (405, "method_not_allowed")
    assert response["Allow"] == allowed


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"\xff\xfe\xfd",
        b'{"carId": NaN}',
        b'{"carId": 1e999}',
        b'{"carId": ' + b"9" * 5000 + b"}",
        b"[" * 100_000,
        b'{"customer": ' + b'{"a":' * 5000 + b"1" + b"}" * 5001,
        b'{"\\u0000": 1}',
    ],
    ids=lambda body: body[:12],
)
def test_what_is_not_the_json_we_need_is_invalid(body):
    response = Client().post("/api/bookings", body, content_type="application/json")
    assert error(response) == (422, "invalid")
    check(response)


@pytest.mark.parametrize(
    "content_type", ["", "text/plain", "application/xml", "multipart/form-data", "application/json5"]
)
def test_only_json_is_read(content_type):
    response = Client().post("/api/holds", json.dumps({"carId": 1}), content_type=content_type)
    assert error(response) == (422, "invalid")
    assert "application/json" in response.json()["error"]["message"]


def test_a_body_that_is_too_large_is_invalid(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    response = Client().post(
        "/api/holds", b'{"carId": 1' + b" " * 200 + b"}", content_type="application/json"
    )
    assert error(response) == (422, "invalid")


def test_too_many_parameters_are_invalid():
    response = Client().get("/api/cars", {f"p{n}": "1" for n in range(1001)})
    assert error(response) == (422, "invalid")


def test_field_messages_are_in_the_readers_language():
    api = Api()
    body = body_for(CarFactory()) | {"customer": {"email": "x"}}
    french = api.post("/api/bookings", body, Accept_Language="fr").json()["error"]["details"]["fields"]
    assert french == {
        "customer.fullName": ["Ce champ est obligatoire."],
        "customer.email": ["Saisissez une adresse e-mail au bon format, comme nom@example.com"],
    }


@pytest.mark.parametrize(
    "languages", ["", "xx", "fr;q=", ";;;,,,", "a" * 10_000, "zh-Hant-TW", "*", "fr;q=0", "é"]
)
def test_a_strange_accept_language_means_english(languages):
    response = Api()("GET", "/api/cars?page=0", Accept_Language=languages)
    assert response["Content-Language"] == "en"
    assert response.json()["error"]["message"] == "There is a problem with what you sent."


def test_the_language_cookie_of_the_pages_does_not_count():
    api = Api()
    api.client.cookies["django_language"] = "pt"
    assert api("GET", "/api/cars", Accept_Language="es")["Content-Language"] == "es"
    assert api("GET", "/api/cars")["Content-Language"] == "en"


def test_answers_are_never_kept():
    response = Api().get("/api/availability", car_id=CarFactory().pk, start=in_days(1), end=in_days(1))
    assert response["Cache-Control"] == "no-store"
    assert {"Accept-Language", "Authorization", "Cookie"} <= set(response["Vary"].split(", "))
