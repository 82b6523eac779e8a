"""What staff see when the database does not answer, a page fails or an address is wrong: pages of their own, in their
language, which ask nobody anything."""

from uuid import UUID

import pytest
from django.db import OperationalError
from django.test import Client

from bookings.tests.support.factories import in_days, make_booking
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


# --- A page that fails --------------------------------------------------------------------------------------------


@pytest.fixture
def broken(desk, monkeypatch):
    """Today and its acts fail."""

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("inbox.views.day.sheet.read", fail)
    monkeypatch.setattr("inbox.desk.actions.add_note", fail)
    desk.raise_request_exception = False
    return desk


def test_a_page_that_fails_leads_staff_on_and_not_to_the_public_site(broken):
    address = f"/staff/today/?day={in_days(1)}"
    answer = broken.get(address)
    page = flat(answer)
    assert answer.status_code == 500
    assert "This page failed" in page
    assert f'href="{address}"' in page
    assert 'href="/staff/inbox/"' in page
    assert "Go to the start page" not in page
    assert f'<span class="num">{answer["X-Request-Id"]}</span>' in page


def test_an_act_that_fails_says_to_look_before_it_is_done_again(broken):
    booking = make_booking()
    answer = broken.post(f"/staff/bookings/{booking.pk}/notes/", {"text": "Called"})
    assert answer.status_code == 500
    assert "Look first whether it has happened" in flat(answer)
    assert "Try again" not in flat(answer)


def test_the_page_that_failed_speaks_the_language_of_the_cookie_and_asks_the_database_nothing(
    broken, django_assert_num_queries
):
    broken.cookies["django_language"] = "fr"
    with django_assert_num_queries(3):  # the session and its user: who asks, before that fails
        page = flat(broken.get("/staff/today/"))
    assert '<html lang="fr-FR">' in page


def test_customers_keep_the_page_that_needs_nothing(client, monkeypatch):
    def fail(*_args, **_kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("bookings.views.catalogue.bounds", fail)
    client.raise_request_exception = False
    assert "Go to the start page" in flat(client.get("/en/cars/"))


@pytest.mark.parametrize("address", ["/staff/nothing/", f"/staff/bookings/{UUID(int=7)}/"])
def test_a_wrong_address_of_the_staff_leads_to_the_inbox_and_the_search(desk, address):
    answer = desk.get(address)
    page = flat(answer)
    assert answer.status_code == 404
    assert 'href="/staff/inbox/"' in page
    assert 'name="q"' in page
    assert "/en/cars/" not in page
