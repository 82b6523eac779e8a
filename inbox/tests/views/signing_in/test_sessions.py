"""One's own sessions on the account page: listed without their keys, ended one by one or all at once."""

import re

import pytest
from django.test import Client

from bookings.tests.support.factories import make_booking, make_desk, make_manager
from exodrive.models import SecurityEvent
from exodrive.rls import as_owner
from exodrive.staff.sessions import browser_of
from exodrive.tests.support.html import inputs
from inbox.tests.conftest import signed_in

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.fixture
def ines():
    return make_desk(email="ines@example.com")


def sign_in(agent, address="198.51.100.7"):
    client = Client(REMOTE_ADDR=address, headers={"User-Agent": agent})
    assert (
        client.post("/staff/login/", {"username": "ines@example.com", "password": "password"}).status_code
        == 303
    )
    return client


def account(client):
    return client.get("/staff/account/").content.decode()


def names(client):
    return re.findall(r"account/sessions/(\w+)/end/", account(client))


def works(client):
    return client.get("/staff/inbox/").status_code == 200


def test_they_are_listed_with_browser_and_address_and_without_keys(ines):
    here, there = sign_in(FIREFOX), sign_in(IPHONE, "203.0.113.9")
    signed_in(make_manager())
    text = account(here)
    shown = ("Firefox, Linux", "198.51.100.7", "Safari, iPhone", "203.0.113.9")
    assert [words for words in shown if words not in text] == []
    assert (text.count("This one"), len(names(here))) == (1, 1)
    for client in (here, there):
        assert client.session.session_key not in text


def test_what_was_typed_when_the_session_ended_is_kept_for_the_next_one(ines):
    booking, client = make_booking(), sign_in(FIREFOX)
    url = f"/staff/bookings/{booking.pk}/notes/"
    client.cookies.pop("sessionid", None)
    client.logout()
    answer = client.post(url, {"text": "Called: comes at noon.", "next": "/staff/inbox/"})
    assert answer.status_code == 403
    html = answer.content.decode()
    assert "Your session has ended." in html
    assert 'href="/staff/login/' in html
    again = inputs(answer)
    assert again["text"] == "Called: comes at noon."
    back = sign_in(FIREFOX)
    assert back.post(url, again).status_code == 303
    with as_owner():
        assert booking.notes.get().text == "Called: comes at noon."


def test_a_part_of_the_page_gives_way_to_the_whole_of_it(ines):
    booking = make_booking()
    answer = Client().post(
        f"/staff/bookings/{booking.pk}/notes/", {"text": "Called."}, headers={"HX-Request": "true"}
    )
    assert (answer.status_code, answer["HX-Retarget"]) == (422, "body")


def test_one_is_ended_and_the_others_go_on(ines):
    here, there, third = sign_in(FIREFOX), sign_in(IPHONE), sign_in(EDGE)
    name = next(
        name for name in names(there) if name not in names(here)
    )  # this one, as the other page calls it
    assert there.post(f"/staff/account/sessions/{name}/end/").url == "/staff/account/"
    assert (works(here), works(there), works(third)) == (False, True, True)
    assert (
        "That session has ended already."
        in there.post(f"/staff/account/sessions/{name}/end/", follow=True).content.decode()
    )
    with as_owner():
        assert SecurityEvent.objects.filter(kind="session_ended", user=ines, actor=ines).count() == 1


def test_all_others_are_ended(ines):
    here, there, third = sign_in(FIREFOX), sign_in(IPHONE), sign_in(EDGE)
    stranger = signed_in(make_manager())
    assert "2 sessions are ended." in here.post("/staff/account/sessions/end/", follow=True).content.decode()
    assert (works(here), works(there), works(third), works(stranger)) == (True, False, False, True)
    assert names(here) == []


def test_nobody_ends_anybody_elses(ines):
    own = sign_in(FIREFOX), sign_in(IPHONE)
    (name,) = names(own[0])
    other = signed_in(make_manager())
    for path in (f"/staff/account/sessions/{name}/end/", "/staff/account/sessions/end/"):
        other.post(path)
    assert all(works(client) for client in own)
    assert Client().post("/staff/account/sessions/end/").status_code == 302


def test_what_a_new_password_has_ended_is_not_listed(ines):
    here, _there = sign_in(FIREFOX), sign_in(IPHONE)
    assert len(names(here)) == 1
    new = {
        "old_password": "password",
        "new_password1": "rain-on-tin-roofs",
        "new_password2": "rain-on-tin-roofs",
    }
    here.post("/admin/password_change/", new)
    assert names(here) == []


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox, Linux"),
        (EDGE, "Edge, Windows"),
        (IPHONE, "Safari, iPhone"),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_in_our_words(agent, words):
    assert browser_of(agent) == words
