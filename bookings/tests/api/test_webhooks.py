"""`POST /api/webhooks/{provider}`: what payment providers report is kept once, whoever sends it how often."""

import json
import logging
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from bookings.api import webhooks as door
from bookings.models import ProviderEvent
from bookings.models.provider_events import MAX_BODY
from bookings.payments import webhooks
from bookings.payments.provider import Misconfigured, OutcomeUnknown
from bookings.payments.sandbox import bank
from bookings.payments.sandbox.provider import Sandbox
from bookings.payments.sandbox.webhook import sign
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.paying import again, begin
from bookings.tests.support.racing import all_at_once
from exodrive.rls import SERVICE, acting_as, as_owner

pytestmark = pytest.mark.django_db
ADDRESS = "/api/webhooks/sandbox"


@pytest.fixture(autouse=True)
def sandbox(settings):
    settings.PAYMENTS_SANDBOX = True


def event(payment=None, kind="payment.taken", **more):
    told = {"id": str(uuid4()), "type": kind, "payment": str(payment.pk if payment else uuid4())}
    return json.dumps(told | more).encode()


def post(body, *, address=ADDRESS, at=None, **headers):
    signed = {"X-Sandbox-Signature": sign(body, at or timezone.now())}
    return Client().post(address, body, content_type="application/json", headers=signed | headers)


def refusal(response):
    return response.status_code, response.json()["error"]["code"]


def events():
    with as_owner():
        return list(ProviderEvent.objects.order_by("created_at"))


def test_an_event_is_kept_byte_for_byte_and_handled_afterwards():
    booking = make_booking(start=in_days(30))
    payment = begin(booking)
    bank.approve(payment.pk)
    body = event(payment) + b"  \n"
    response = post(body)
    assert (response.status_code, response.content) == (200, b"")
    (kept,) = events()
    assert (bytes(kept.body), kept.state, kept.payment_id_sent) == (body, "received", payment.pk)
    assert again(booking).status == "pending"
    with acting_as(SERVICE, actor="provider"):
        assert webhooks.handle_waiting(at=timezone.now()) == 1
    assert again(booking).status == "upcoming"


def test_the_same_event_again_is_answered_200_and_kept_once():
    body = event()
    assert [post(body).status_code for _n in range(3)] == [200] * 3
    assert len(events()) == 1


def test_a_type_that_we_do_not_know_is_answered_200():
    assert post(event(kind="moon.full")).status_code == 200


def test_what_is_not_signed_like_this_is_400_and_not_kept(caplog, django_capture_on_commit_callbacks):
    body = event()
    stale = timezone.now() - timedelta(minutes=6)
    with caplog.at_level(logging.INFO), django_capture_on_commit_callbacks(execute=True):
        answers = [
            post(body, **{"X-Sandbox-Signature": "t=1,v1=0"}),
            Client().post(
                ADDRESS, body, content_type="application/json", headers={"X-Sandbox-Signature": "é"}
            ),
            Client().post(ADDRESS, body, content_type="application/json"),
            Client().post(
                ADDRESS,
                body + b" ",
                headers={"X-Sandbox-Signature": sign(body, timezone.now())},
                content_type="text/plain",
            ),
            post(body, at=stale),
        ]
    assert [refusal(answer) for answer in answers] == [(400, "bad_signature")] * 5
    assert events() == []
    told = [record.event for record in caplog.records if record.name == "exodrive.events"]
    assert {"event": "webhook_failed", "provider": "sandbox", "code": "bad_signature"} in told


def test_a_refusal_is_in_the_readers_language_and_kept_by_nobody():
    response = Client().post(
        ADDRESS, b"{}", content_type="application/json", headers={"Accept-Language": "fr"}
    )
    assert response["Content-Language"] == "fr"
    assert response["Cache-Control"] == "no-store"


def test_a_megabyte_is_taken_and_a_byte_more_is_not():
    body = event()
    most = body + b" " * (MAX_BODY - len(body))
    assert post(most).status_code == 200
    assert refusal(post(most + b" ")) == (400, "invalid")
    assert len(events()) == 1


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_the_body_is_taken_as_it_is_whatever_it_is_called(content_type):
    body = event()
    headers = {"X-Sandbox-Signature": sign(body, timezone.now())}
    assert (
        Client().generic("POST", ADDRESS, body, content_type=content_type, headers=headers).status_code == 200
    )
    assert bytes(events()[0].body) == body


def test_a_provider_that_is_switched_off_or_unknown_is_not_found(settings):
    assert refusal(post(event(), address="/api/webhooks/nobody")) == (404, "not_found")
    settings.PAYMENTS_SANDBOX = False
    assert refusal(post(event())) == (404, "not_found")
    assert events() == []


def test_where_only_the_public_is_served_there_is_no_such_address(monkeypatch):
    monkeypatch.setattr(door, "serves_public_only", lambda: True)
    assert refusal(post(event())) == (404, "not_found")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_events_are_posted(method):
    response = Client().generic(method, ADDRESS)
    assert refusal(response) == (405, "method_not_allowed")
    assert response["Allow"] == "POST"


def test_no_cookie_and_no_csrf_token_is_asked_for():
    body = event()
    client = Client(enforce_csrf_checks=True)
    headers = {"X-Sandbox-Signature": sign(body, timezone.now())}
    assert client.post(ADDRESS, body, content_type="application/json", headers=headers).status_code == 200


def test_while_the_database_is_away_the_event_comes_again(monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("gone")

    monkeypatch.setattr(ProviderEvent.objects, "bulk_create", away)
    client = Client(raise_request_exception=False)
    body = event()
    headers = {"X-Sandbox-Signature": sign(body, timezone.now())}
    response = client.post(ADDRESS, body, content_type="application/json", headers=headers)
    assert refusal(response) == (503, "unavailable")
    assert int(response["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [(OutcomeUnknown("timeout"), 503, "provider_unavailable"), (Misconfigured("secret"), 404, "not_found")],
    ids=["unknown", "misconfigured"],
)
def test_a_signature_that_cannot_be_checked_now_is_no_bad_one(monkeypatch, said, status, code):
    def say(*args, **kwargs):
        raise said

    monkeypatch.setattr(Sandbox, "verify_webhook", say)
    assert refusal(post(event())) == (status, code)
    assert events() == []


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_the_same_event_from_25_senders_at_once_is_one_row():
    body = event()
    answers = all_at_once([lambda: post(body).status_code] * 25)
    assert answers == [200] * 25
    assert len(events()) == 1
