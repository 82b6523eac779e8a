"""A database that does not answer, as staff see it: their own page, in their language, which asks nobody anything."""

import pytest
from django.db import OperationalError
from django.test import Client

from exodrive.tests.support.html import flat

pytestmark = pytest.mark.django_db
HEADING = "The system does not answer"


@pytest.fixture
def away(monkeypatch):
    """From now on."""

    def asked(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("exodrive.staff.identity.sessions.is_over", asked)
    monkeypatch.setattr("inbox.views.signing_in.session.LoginForm", asked)


def test_staff_read_what_to_do_and_not_how_to_book(desk, away):
    answer = desk.get("/staff/inbox/")
    page = flat(answer)
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert HEADING in page
    assert "Write hand-overs and returns down on paper" in page
    assert 'href="/staff/inbox/"' in page
    assert "/en/cars/" not in page


def test_who_is_not_known_yet_gets_it_too(away):
    answer = Client().get("/staff/login/")
    assert answer.status_code == 503
    assert HEADING in answer.content.decode()


def test_it_speaks_the_language_of_the_cookie(desk, away):
    desk.cookies["django_language"] = "pt"
    assert '<html lang="pt-PT">' in desk.get("/staff/today/").content.decode()


def test_what_was_typed_is_kept_but_passwords_are_not(desk, away):
    page = flat(desk.post("/staff/blocks/new/", {"note": "New tyres", "password": "tiger-77"}))
    assert '<input type="hidden" name="note" value="New tyres">' in page
    assert "tiger-77" not in page
    assert '<form method="post" action="/staff/blocks/new/">' in page


def test_it_asks_the_database_nothing(desk, away, django_assert_num_queries):
    with django_assert_num_queries(2):  # the session and its user: who asks, before that fails
        assert desk.get("/staff/inbox/").status_code == 503


def test_customers_keep_theirs(client, monkeypatch):
    def asked(*_args, **_kwargs):
        raise OperationalError

    monkeypatch.setattr("bookings.views.catalogue.bounds", asked)
    page = flat(client.get("/en/cars/"))
    assert "We are busy right now" in page
    assert HEADING not in page
