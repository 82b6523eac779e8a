"""What a caller shows: tokens and headers that open something, and those that open nothing."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from bookings.models import BookingLink
from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import make_booking, make_desk, make_manager, make_user
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


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
