"""What is one person's is kept by no cache between us and them."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from bookings.tests.support.factories import CarFactory
from exodrive.http.security_headers import HeadersMiddleware


def kept(*, cookie=False, **headers):
    response = HttpResponse(headers=headers)
    if cookie:
        response.set_cookie("a", "b")
    answer = HeadersMiddleware(lambda request: response)(RequestFactory().get("/"))
    return set(filter(None, answer.get("Cache-Control", "").split(", ")))


def test_an_answer_with_a_cookie_is_kept_by_nobody():
    assert kept(cookie=True) == {"private", "no-store"}
    assert kept(cookie=True, **{"Cache-Control": "public, max-age=60"}) == {
        "private",
        "no-store",
        "max-age=60",
    }


def test_one_that_depends_on_cookies_only_by_its_browser():
    assert kept(Vary="Accept, Cookie") == {"private"}
    assert kept(Vary="Cookie", **{"Cache-Control": "no-store"}) == {"no-store"}


def test_others_are_left_alone():
    assert kept() == set()
    assert kept(**{"Cache-Control": "public, max-age=60"}) == {"public", "max-age=60"}


@pytest.mark.django_db
def test_the_page_that_gives_a_form_its_token(client):
    page = client.get(f"/en/cars/{CarFactory().slug}/")
    assert page.cookies
    assert {"private", "no-store"} <= set(page["Cache-Control"].split(", "))
