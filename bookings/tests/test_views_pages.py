"""New link, words-only pages, error pages, robots.txt."""

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from bookings.tests.factories import make_booking
from bookings.tests.site import text_of
from exodrive.rls import as_owner
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "es", "fr", "pt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["terms", "privacy", "accessibility", "new_link", "home", "cars"])
def test_every_page_in_every_language(client, language, name):
    page = client.get(reverse(name).replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1
    assert '<meta name="description" content="' in page.content.decode()


def test_the_new_link_answers_the_same_whether_it_matches_or_not(client):
    booking = make_booking()
    answers = [
        client.post(reverse("new_link"), {"email": email, "reference": reference})
        for email, reference in (
            (booking.email, booking.reference),
            (booking.email, "EXO-222222"),
            ("someone@example.com", booking.reference),
        )
    ]
    assert {(answer.status_code, answer.url) for answer in answers} == {(303, "/en/link/?sent=1")}
    words = text_of(client.get(answers[0].url))
    assert "If they match, we have sent you a new link." in words
    with as_owner():
        assert InboxEmail.objects.filter(booking=booking, template="new_link").count() == 1
    assert mail.outbox == []  # the worker sends it, so that the answer takes equally long


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"email": "", "reference": ""}, ["Enter your email address", "Enter your booking reference"]),
        ({"email": "marta@", "reference": "EXO-222222"}, ["Enter an email address in the correct format"]),
    ],
)
def test_mistakes_in_the_new_link_form(client, typed, says):
    answer = client.post(reverse("new_link"), typed)
    assert answer.status_code == 422
    words = text_of(answer)
    assert words.startswith("Error: My booking")
    assert [words.count(sentence) for sentence in says] == [2] * len(says)


def test_a_page_that_is_not_there(client):
    answer = client.get("/fr/nothing/")
    assert answer.status_code == 404
    assert b'<html lang="fr-FR">' in answer.content


@override_settings(DEBUG=False)
def test_an_error_of_ours_needs_no_database_and_no_language(monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("bookings.views.catalogue.bounds", broken)
    answer = Client(raise_request_exception=False).get("/en/cars/")
    assert answer.status_code == 500
    assert "Sorry, there is a problem with the service" in text_of(answer)
    assert b'<li lang="fr">' in answer.content


def test_robots_stay_out_of_secret_links(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    for path in ("/booking/", "/pt/book/", "/en/booking/", "/staff/"):
        assert f"Disallow: {path}" in lines
