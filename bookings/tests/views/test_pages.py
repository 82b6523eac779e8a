"""New link, words-only pages, error pages, robots.txt."""

import gzip
import json
import re
from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from bookings.errors import Forbidden, InProgress, TooManyRequests, Unavailable
from bookings.tests.support.factories import CarFactory, CarImageFactory, make_booking
from bookings.tests.support.site import text_of
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "es", "fr", "pt")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["terms", "privacy", "accessibility", "new_link", "home", "cars"])
def test_every_page_in_every_language(client, language, name):
    page = client.get(reverse(name).replace("/en/", f"/{language}/"))
    assert page.status_code == 200
    assert page.content.decode().count("<h1") == 1
    assert '<meta name="description" content="' in flat(page)


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


@pytest.mark.parametrize(
    ("refusal", "says"),
    [
        (TooManyRequests(), "Too many tries. Wait a minute and try again."),
        (Forbidden("Not yours."), "Not yours."),
        (InProgress(), "The same request is being worked on."),
        (Unavailable(), "We are busy right now"),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_a_refusal_that_no_view_expected_has_a_page(client, monkeypatch, refusal, says):
    def refuse(*_args, **_kwargs):
        raise refusal

    monkeypatch.setattr("bookings.views.catalogue.bounds", refuse)
    answer = client.get("/en/cars/")
    assert answer.status_code == refusal.status
    assert says in text_of(answer)
    assert answer.headers.get("Retry-After") == (str(refusal.retry_after) if refusal.retry_after else None)


def test_what_every_visitor_loads_is_small():
    """Budgets, compressed as WhiteNoise serves it: our own scripts 4 KB, the style sheet 8 KB."""
    static = settings.BASE_DIR / "static"
    scripts = sum(
        len(gzip.compress((static / "js" / name).read_bytes())) for name in ("app.js", "calendar.js")
    )
    assert scripts <= 4 * 1024
    assert len(gzip.compress((static / "css" / "app.css").read_bytes())) <= 8 * 1024


def test_the_site_map_has_the_pages_of_offered_cars_in_every_language(client):
    car, gone = CarFactory(), CarFactory(status="retired")
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()
    page = client.get("/sitemap.xml")
    found = [
        node.text or "" for node in ElementTree.fromstring(page.content).iter() if node.tag.endswith("loc")
    ]
    for language in LANGUAGES:
        assert f"{settings.SITE_URL}/{language}/cars/{car.slug}/" in found
        assert f"{settings.SITE_URL}/{language}/" in found
    assert not any(str(gone.slug) in url or "booking" in url for url in found)


def test_the_site_map_says_when_a_car_its_pictures_or_its_place_changed(client):
    bare, drawn = CarFactory(), CarFactory()
    picture = CarImageFactory(car=drawn)
    with as_owner():
        bare.location.save()
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    said = {url[0].text: [datetime.fromisoformat(node.text or "") for node in url[1:]] for url in tree}
    for car, rows in ((bare, [bare, bare.location]), (drawn, [drawn, drawn.location, picture])):
        with as_owner():
            for row in rows:
                row.refresh_from_db()
        newest = max(row.updated_at for row in rows)
        assert said[f"{settings.SITE_URL}/fr/cars/{car.slug}/"] == [newest]
    assert said[f"{settings.SITE_URL}/fr/"] == []


def test_what_is_shared_has_a_name_and_a_picture_and_secret_pages_have_none(client):
    car, booking = CarFactory(), make_booking()
    html = flat(client.get(f"/en/cars/{car.slug}/"))
    assert f'<meta property="og:title" content="{car.name}">' in html
    assert f'<meta property="og:url" content="{settings.SITE_URL}/en/cars/{car.slug}/">' in html
    assert 'property="og:image"' in html
    assert "og:" not in flat(client.get(f"/en/booking/{booking.secret}/"))


def test_search_engines_read_car_price_and_place_whatever_the_name(client):
    car = CarFactory(make="</script><b>", model='A "B" & C', daily_rate="240.00", weekend_rate="200.00")
    html = client.get(f"/en/cars/{car.slug}/").content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    (data,) = [json.loads(block) for block in blocks]
    assert data["name"] == '</script><b> A "B" & C'
    assert data["@type"] == ["Product", "Car"]
    assert data["url"] == f"{settings.SITE_URL}/en/cars/{car.slug}/"
    offer = data["offers"]
    assert (float(offer["price"]), offer["priceCurrency"]) == (200, settings.CURRENCY)
    assert (offer["seller"]["@type"], offer["seller"]["name"]) == ("AutoRental", car.location.name)


def test_robots_stay_out_of_secret_links(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    for path in ("/booking/", "/pt/book/", "/en/booking/", "/staff/"):
        assert f"Disallow: {path}" in lines
