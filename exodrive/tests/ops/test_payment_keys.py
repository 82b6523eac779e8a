"""Keys of payment providers are shown to nobody, and no page of ours asks for the number of a card."""

import base64
import re
import socket
from pathlib import Path

import pytest
from django.conf import settings as configured

from bookings.privacy import personal_data
from bookings.tests.support.factories import in_days, make_booking
from bookings.tests.support.paying import pay
from exodrive.rls import SERVICE, acting_as
from exodrive.tests.http.test_crawl import World, ask, routes
from exodrive.tests.support import crawl
from exodrive.tests.support.written import written

pytestmark = pytest.mark.django_db
KEYS = {
    "STRIPE_SECRET_KEY": "sk_test_51HvRecognised",
    "STRIPE_PUBLISHABLE_KEY": "pk_test_51HvRecognised",
    "STRIPE_WEBHOOK_SECRET": "whsec_51HvRecognised",
    "PAYPAL_CLIENT_ID": "AeRecognisedClient-9",
    "PAYPAL_CLIENT_SECRET": "EKRecognisedSecret-9",
    "PAYPAL_WEBHOOK_ID": "7RECOGNISEDWEBHOOK9",
}
BASIC = base64.b64encode(f"{KEYS['PAYPAL_CLIENT_ID']}:{KEYS['PAYPAL_CLIENT_SECRET']}".encode()).decode()
OF_A_CARD = re.compile(
    r"""autocomplete\s*=\s*["']?[^"'>]*\bcc-|"""
    r"""(?:name|id)\s*=\s*["']?(?:card|cc|pan|cvc|cvv|csc|card[_-]?\w*|\w*[_-]?(?:cvc|cvv|pan))["'\s>]""",
    re.IGNORECASE,
)
ROOT = Path(__file__).resolve().parents[3]


def shown(text):
    """The names of the keys that stand in a text, as they are or as they go over the wire."""
    found = [name for name, value in KEYS.items() if value in text]
    return found + (["PAYPAL (Basic)"] if BASIC in text else [])


@pytest.fixture(autouse=True)
def keys(settings):
    """A shop with keys of every provider, which are all nobody's; none of them can be reached."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{closed.getsockname()[1]}"
        for name, value in {**KEYS, "PAYPAL_API_URL": nowhere, "STRIPE_API_URL": nowhere}.items():
            setattr(settings, name, value)
        settings.PAYMENTS_SANDBOX = True
        settings.PAYMENT_METHODS = ["stripe", "paypal", "sandbox", "pick_up", "transfer"]
        yield


@pytest.fixture
def world(monkeypatch):
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *args, **kwargs: None)
    return World()


def callers_of(route):
    """Those who see most of it."""
    if route.startswith("admin/"):
        return ["superuser"]
    return ["manager"] if route.startswith("staff/") else ["B", "manager"]


def methods_of(route):
    return ["GET"] if route.startswith("admin/") else ["GET", "POST"]


def answers(world):
    """What every address says to who may see most of it."""
    for route in routes():
        for method in methods_of(route):
            for who in callers_of(route):
                answer = ask(world, method, route, who)
                yield f"{method} {route} {who}", answer


def test_no_answer_and_no_log_line_shows_a_key_and_no_page_asks_for_a_card(world):
    leaks, cards, statuses = {}, {}, set()
    pay(make_booking(start=in_days(50)))
    with written() as lines:
        for name, answer in answers(world):
            text = answer.getvalue().decode(errors="replace")
            statuses.add(answer.status_code)
            if found := shown(text + str(answer.headers)):
                leaks[name] = found
            if "html" in answer.headers.get("Content-Type", "") and (field := OF_A_CARD.search(text)):
                cards[name] = field.group()
    assert {200, 302, 303, 404, 422} <= statuses
    assert (leaks, cards) == ({}, {})
    assert lines.getvalue().count("exodrive.requests") > len(crawl.LINES)
    assert shown(lines.getvalue()) == []


@pytest.mark.parametrize("method", ["paypal", "stripe"])
def test_a_provider_that_cannot_be_reached_is_no_reason_to_show_one(client, method):
    booking = make_booking(start=in_days(30))
    bearer = {"Authorization": f"Bearer {booking.secret}"}
    with written() as lines:
        page = client.post(f"/en/booking/{booking.secret}/payment/", {"method": method})
        told = client.post(
            f"/api/bookings/{booking.pk}/payments",
            {"method": method},
            content_type="application/json",
            headers=bearer,
        )
    assert (page.status_code, told.status_code) == (503, 503)
    assert shown(page.content.decode() + str(page.headers) + told.content.decode()) == []
    assert "exodrive.requests" in lines.getvalue()
    assert shown(lines.getvalue()) == []


@pytest.mark.parametrize("provider", ["paypal", "stripe", "sandbox"])
def test_a_forged_webhook_is_refused_without_one(client, provider):
    with written() as lines:
        answer = client.post(f"/api/webhooks/{provider}", {"id": "evt_1"}, content_type="application/json")
    assert answer.status_code == 400
    assert shown(answer.content.decode() + lines.getvalue()) == []


def test_no_copy_of_somebodys_data_has_one():
    booking = make_booking(start=in_days(30))
    pay(booking)
    with acting_as(SERVICE, actor="job"):
        copy = str(personal_data(booking.email))
    assert booking.reference in copy
    assert shown(copy) == []


def test_no_script_and_no_style_has_a_key_of_anybodys():
    files = [
        path for path in (ROOT / "static").rglob("*") if path.suffix in (".js", ".css", ".html", ".json")
    ]
    assert len(files) > 5
    pattern = re.compile(r"\b(?:sk|pk|rk)_(?:test|live)_\w+|\bwhsec_\w+")
    assert [path.name for path in files if pattern.search(path.read_text())] == []


def test_no_template_asks_for_a_card():
    files = list((ROOT / "templates").rglob("*.html"))
    assert len(files) > 50
    assert [path.name for path in files if OF_A_CARD.search(path.read_text())] == []


@pytest.mark.parametrize("name", KEYS)
def test_the_check_sees_a_key(name):
    """The negative control."""
    assert shown(f"Authorization: Bearer {getattr(configured, name)}") == [name]


@pytest.mark.parametrize(
    "field",
    [
        '<input autocomplete="cc-number">',
        '<input autocomplete="section-a cc-csc" name="x">',
        "<input name=card>",
        '<input name="card_number">',
        '<input id="cvc">',
        '<input name="pan">',
    ],
)
def test_the_check_sees_a_field_of_a_card(field):
    """The negative control."""
    assert OF_A_CARD.search(field)
    assert not OF_A_CARD.search('<input name="full_name" autocomplete="name"><span class="card" id="pane">')
