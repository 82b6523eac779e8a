"""A call of the API without a cookie is answered as one with a cookie, and makes nothing that only a cookie needs."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client, RequestFactory

from bookings.tests.support.factories import CarFactory, in_days, make_desk
from exodrive.http.light import Authentication, Messages, Sessions, is_light
from exodrive.rls import LOGIN, acting_as

pytestmark = pytest.mark.django_db
EVERY_TIME = {"X-Request-Id", "Date"}


def headers_of(answer):
    return {name: value for name, value in answer.headers.items() if name not in EVERY_TIME}


@pytest.mark.parametrize(
    ("path", "cookie", "light"),
    [
        ("/api/cars", "", True),
        ("/api/no-such-thing", "", True),
        ("/api/cars", "sessionid=x", False),
        ("/api/cars", "anything=x", False),
        ("/en/cars/", "", False),
        ("/staff/inbox/", "", False),
        ("/admin/", "", False),
    ],
)
def test_only_the_api_without_a_cookie_is_light(path, cookie, light):
    assert is_light(RequestFactory(headers={"Cookie": cookie} if cookie else {}).get(path)) is light


def test_what_is_light_has_no_session_and_nobody_signed_in():
    seen = []

    def view(request):
        seen.append((hasattr(request, "session"), request.user.is_authenticated, list(get_messages(request))))

    Sessions(Authentication(Messages(view)))(RequestFactory().get("/api/cars"))
    assert seen == [(False, False, [])]


def test_what_is_not_light_has_a_session():
    seen = []

    def view(request):
        seen.append(request)
        return Client().get("/healthz")

    Sessions(Authentication(Messages(view)))(RequestFactory().get("/en/cars/"))
    assert isinstance(seen[0].session, SessionBase)


def test_the_answer_and_its_headers_are_the_same_with_and_without_a_cookie():
    car = CarFactory()
    query = {"car_id": car.pk, "start": in_days(4), "end": in_days(5)}
    plain = Client().get("/api/availability", query)
    known = Client(headers={"Cookie": "somebody=else"}).get("/api/availability", query)
    assert plain.status_code == known.status_code == 200
    assert plain.content == known.content
    assert headers_of(plain) == headers_of(known)


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/api/none", 404), ("get", "/api/bookings", 401)]
)
def test_refusals_are_the_same_with_and_without_a_cookie(method, path, status):
    plain = getattr(Client(), method)(path, headers={"Accept-Language": "pt"})
    known = getattr(Client(), method)(path, headers={"Accept-Language": "pt", "Cookie": "somebody=else"})
    assert plain.status_code == known.status_code == status
    assert plain.content == known.content
    assert headers_of(plain) == headers_of(known)


def test_somebody_signed_in_is_still_known():
    desk, client = make_desk(), Client()
    with acting_as(LOGIN):
        client.force_login(desk)
    assert client.get("/api/bookings").status_code == 200
    client.cookies.clear()
    assert client.get("/api/bookings").status_code == 401


def test_the_page_that_documents_the_api_opens_without_a_cookie():
    assert Client().get("/api/docs").status_code == 200
