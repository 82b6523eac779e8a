"""Idempotency-Key on POST /api/bookings: a retry gets the first answer, never a second booking."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from bookings.models import Booking, IdempotencyKey
from bookings.tests.api.test_bookings import CUSTOMER, body_for, fields_of
from bookings.tests.support.api import Api, check, document, error, staff_token
from bookings.tests.support.factories import CarFactory, make_desk, make_hold
from bookings.tests.support.racing import all_at_once
from bookings.visitors import sender_of
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def post(body, key="key-1", api=None):
    return (api or Api()).post("/api/bookings", body, Idempotency_Key=key)


def sender(address="127.0.0.1"):
    return sender_of(RequestFactory(REMOTE_ADDR=address).get("/"))


def from_address(address):
    api = Api()
    api.client.defaults["REMOTE_ADDR"] = address
    return api


def how_many():
    with as_owner():
        return Booking.objects.count()


def test_the_same_request_gets_the_same_answer():
    body = body_for(CarFactory())
    first, again = post(body), post(dict(reversed(body.items())))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert how_many() == 1


def test_defaults_sent_or_left_out_are_the_same_request():
    body = body_for(CarFactory())
    first = post(body)
    assert post(body | {"specialRequests": "", "holdToken": None}).json() == first.json()


def test_another_body_with_the_same_key_is_refused():
    body = body_for(CarFactory())
    post(body)
    assert error(post(body | {"specialRequests": "Roof box"})) == (422, "idempotency_key_reused")
    assert error(post(body_for(CarFactory()))) == (422, "idempotency_key_reused")
    assert how_many() == 1


def test_without_a_key_or_with_another_one_it_is_another_request():
    body = body_for(CarFactory())
    post(body)
    assert error(post(body, key="key-2")) == (409, "dates_taken")
    assert error(Api().post("/api/bookings", body)) == (409, "dates_taken")


def test_keys_belong_to_whoever_sent_them():
    one, other, body = make_desk(), make_desk(), body_for(CarFactory())
    first = post(body, api=Api(bearer=staff_token(one)))
    assert error(post(body, api=Api(bearer=staff_token(other)))) == (409, "dates_taken")
    assert error(post(body)) == (409, "dates_taken")
    assert post(body, api=Api(user=one)).json() == first.json()


def test_two_visitors_with_one_key_and_one_body_make_two_tries():
    body = body_for(CarFactory())
    assert post(body).status_code == 201
    stranger = post(body, api=from_address("203.0.113.9"))
    assert error(stranger) == (409, "dates_taken")
    assert "token" not in stranger.content.decode().lower()
    assert post(body).status_code == 201


def test_a_squatted_key_does_not_block_its_owner():
    squatter = post(body_for(CarFactory()), api=from_address("203.0.113.9"))
    body = body_for(CarFactory())
    assert (squatter.status_code, post(body).status_code, post(body).status_code) == (201, 201, 201)
    assert how_many() == 2


def test_who_has_the_hold_may_retry_from_anywhere_and_nobody_else():
    hold = make_hold()
    body = body_for(hold.car) | {
        "startDate": str(hold.start_date),
        "endDate": str(hold.end_date),
        "holdToken": hold.token,
    }
    first = post(body)
    assert post(body, api=from_address("203.0.113.9")).json() == first.json()
    assert error(post(body | {"holdToken": None})) == (409, "dates_taken")


def test_a_household_is_one_sender_and_its_address_is_not_kept():
    assert sender("2001:db8:1:2::5") == sender("2001:db8:1:2:ffff::1") != sender("2001:db8:1:3::5")
    assert "203.0.113.9" not in sender("203.0.113.9")


def test_a_refused_request_leaves_its_key_free():
    car = CarFactory(max_days=2)
    assert error(post(body_for(car))) == (422, "rules_refused")
    assert post(body_for(car, 3, 4)).status_code == 201


def test_a_key_lives_for_a_day():
    body = body_for(CarFactory())
    post(body)
    with as_owner():
        kept = IdempotencyKey.objects.get()
        assert timedelta(hours=23) < kept.expires_at - timezone.now() <= timedelta(hours=24)
        assert (kept.scope, kept.http_status) == (f"public:{sender()}:POST /api/bookings", 201)
        IdempotencyKey.objects.update(expires_at=timezone.now() - timedelta(days=1))
    assert error(post(body)) == (409, "dates_taken")


@pytest.mark.parametrize("key", ["", "é", "a\tb", "x" * 256, "日本"])
def test_a_key_is_1_to_255_printable_ascii_characters(key):
    response = Client().post(
        "/api/bookings",
        json.dumps(body_for(CarFactory())),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY=key,
    )
    assert list(fields_of(response)) == ["Idempotency-Key"]
    assert how_many() == 0


@pytest.mark.parametrize("key", ["x", "~" * 255, "8f14e45f-ceea-4671-a1b2-0d4a5e3c9b11", "order 17/b"])
def test_any_other_key_will_do(key):
    assert post(body_for(CarFactory()), key=key).status_code == 201


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("with_key", [True, False], ids=["one key", "no key: the control"])
def test_twenty_parallel_posts_make_one_booking(with_key):
    """Without the key the days protect themselves, but the repeats are refused instead of answered."""
    body = json.dumps(body_for(CarFactory()))
    headers = {"Idempotency-Key": "twenty"} if with_key else {}
    document()  # read once, not by twenty threads at the same time

    def run():
        response = Client().post("/api/bookings", body, content_type="application/json", headers=headers)
        check(response)
        return response

    answers = all_at_once([run] * 20)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    won = [answer.json()["bookingId"] for answer in answers if answer.status_code == 201]
    lost = {error(answer) for answer in answers if answer.status_code != 201}
    assert len(set(won)) == how_many() == 1
    assert lost <= {(409, "in_progress")} | (set() if with_key else {(409, "dates_taken")})
    late = run()
    assert (late.status_code, connection.in_atomic_block) == (201 if with_key else 409, False)


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
def test_parallel_posts_with_other_bodies_make_one_booking():
    car = CarFactory()

    def run(n):
        person = CUSTOMER | {"fullName": f"Racer {n}"}
        return lambda: Client().post(
            "/api/bookings",
            json.dumps(body_for(car) | {"customer": person}),
            content_type="application/json",
            headers={"Idempotency-Key": "shared"},
        )

    answers = all_at_once([run(n) for n in range(10)])
    codes = sorted(
        (a.status_code, a.json().get("error", {}).get("code")) for a in answers if a.status_code != 201
    )
    assert len([a for a in answers if a.status_code == 201]) == how_many() == 1
    assert set(codes) <= {(409, "in_progress"), (422, "idempotency_key_reused")}
