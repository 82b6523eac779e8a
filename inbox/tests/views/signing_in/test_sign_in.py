"""Signing in: guesses get slower for everybody but a colleague, and a session ends when it should."""

import re
import time

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bookings.tests.support.factories import make_desk, make_user
from exodrive.models import JobRun
from exodrive.rls import as_owner
from exodrive.staff import sessions
from exodrive.staff.lockout import COOKIE
from exodrive.tests.support.limits import counted

pytestmark = pytest.mark.django_db
HERE, THERE = "198.51.100.7", "198.51.100.8"
PASSWORD = "password"


@pytest.fixture
def ines():
    return make_desk(email="ines@example.com")


def browser(address=HERE):
    return Client(REMOTE_ADDR=address)


def sign_in(client, email="ines@example.com", password="wrong"):
    return client.post("/staff/login/", {"username": email, "password": password})


def shape(response):
    body = re.sub(r'value="[^"]*"|in \d+ (second|minute)s?', "", response.content.decode())
    names = sorted(name for name, _value in response.items() if name != "X-Request-Id")
    return response.status_code, body, names, sorted(response.cookies)


# --- Lock-out -----------------------------------------------------------------------------------------------------


def test_after_so_many_wrong_ones_the_right_password_has_to_wait_too(ines, limits):
    limits(login_pair="3/minute")
    client = browser()
    assert [sign_in(client).status_code for _n in range(3)] == [422] * 3
    refused = sign_in(client, password=PASSWORD)
    text = refused.content.decode()
    assert refused.status_code == 429
    assert f"Try again in {refused['Retry-After']} seconds" in text
    assert ('value="ines@example.com"' in text, 'value="password"' in text) == (True, False)
    assert "_auth_user_id" not in client.session
    assert sign_in(browser(THERE), password=PASSWORD).status_code == 303


def test_each_further_tier_waits_longer(ines, limits):
    limits(login_pair="2/second;3/hour")
    client = browser()
    waits = []
    for _n in range(2):
        sign_in(client)
    waits.append(int(sign_in(client)["Retry-After"]))
    deadline = time.monotonic() + 5
    while (answer := sign_in(client)).status_code == 429 and time.monotonic() < deadline:
        if int(answer["Retry-After"]) > 1:
            break
    waits.append(int(sign_in(client)["Retry-After"]))
    assert waits[0] == 1
    assert waits[1] > 3500


def test_unknown_wrong_closed_and_locked_look_the_same_for_every_account(ines, limits):
    make_desk(email="closed@example.com", is_active=False)
    limits(login_pair="2/minute")
    emails = ["ines@example.com", "nobody@example.com", "closed@example.com"]
    answers = {email: [shape(sign_in(browser(), email)) for _n in range(3)] for email in emails}
    assert [status for status, *_rest in answers[emails[0]]] == [422, 422, 429]
    assert answers[emails[0]] == answers[emails[1]] == answers[emails[2]]


def test_the_right_password_forgets_the_wrong_ones(ines, limits):
    limits(login_pair="3/minute")
    for _round in range(3):
        client = browser()
        assert [sign_in(client).status_code for _n in range(2)] == [422] * 2
        assert sign_in(client, password=PASSWORD).status_code == 303


def test_guessing_from_everywhere_does_not_lock_out_a_browser_that_is_known(ines, limits):
    limits(login_account="3/hour", login_pair="20/hour")
    own = browser()
    assert sign_in(own, password=PASSWORD).status_code == 303
    own.post("/staff/logout/")
    answers = [sign_in(browser(f"203.0.113.{n}")).status_code for n in range(5)]
    assert answers == [422, 422, 429, 429, 429]  # the account's own first sign-in counted as one
    assert sign_in(browser("203.0.113.99"), password=PASSWORD).status_code == 429
    assert sign_in(own, password=PASSWORD).status_code == 303


def test_a_guest_in_the_same_network_locks_out_nobody_who_is_known(ines, limits):
    limits(login="4/hour", login_pair="3/hour")
    own = browser()
    assert sign_in(own, password=PASSWORD).status_code == 303
    own.post("/staff/logout/")
    assert [sign_in(browser()).status_code for _n in range(5)] == [422] * 3 + [429] * 2
    assert sign_in(own, password=PASSWORD).status_code == 303


def test_a_known_browser_that_moves_about_has_a_count_of_its_own(ines, limits):
    limits(login_pair="3/hour")
    own = browser()
    sign_in(own, password=PASSWORD)
    cookie = own.cookies[COOKIE].value
    answers = []
    for n in range(5):
        thief = browser(f"203.0.113.{n}")
        thief.cookies[COOKIE] = cookie
        answers.append(sign_in(thief).status_code)
    assert answers == [422, 422, 422, 429, 429]


def test_the_cookie_says_nothing_and_cannot_be_made_up(ines, limits):
    limits(login_account="1/hour")
    own = browser()
    sign_in(own, password=PASSWORD)
    cookie = own.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], "ines" in cookie.value) == (True, "Lax", False)
    forger = browser(THERE)
    forger.cookies[COOKIE] = "eyJhIjoiYiJ9:1abcde:forged"
    assert sign_in(forger, password=PASSWORD).status_code == 429


def test_many_accounts_from_one_address(limits):
    limits(login="4/minute")
    answers = [sign_in(browser(), f"n{n}@example.com").status_code for n in range(6)]
    assert answers == [422] * 4 + [429] * 2
    assert not [key for key in counted() if b"example" in key or b"198." in key]


# --- Sessions -----------------------------------------------------------------------------------------------------


def test_signing_in_changes_the_sessions_key(ines):
    client = browser()
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = session.session_key
    sign_in(client, password=PASSWORD)
    assert client.session.session_key != planted
    with as_owner():
        assert not Session.objects.filter(session_key=planted).exists()


def test_signing_out_ends_the_session_everywhere_it_was_copied_to(ines):
    client, thief = browser(), browser()
    sign_in(client, password=PASSWORD)
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get("/staff/inbox/").status_code == 200
    client.post("/staff/logout/")
    assert thief.get("/staff/inbox/").status_code == 302


def test_a_new_password_ends_the_other_sessions(ines):
    here, there = browser(), browser(THERE)
    for client in (here, there):
        sign_in(client, password=PASSWORD)
    new = "better battery staple"
    changed = here.post(
        "/admin/password_change/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert changed.status_code == 302
    assert here.get("/staff/inbox/").status_code == 200
    assert there.get("/staff/inbox/").status_code == 302


@pytest.fixture
def clock(monkeypatch):
    """`clock(minutes)` moves the time of the sessions forward."""
    moved = [0.0]
    monkeypatch.setattr(sessions.time, "time", lambda now=time.time: now() + moved[0])

    def forward(minutes):
        moved[0] += minutes * 60

    return forward


def test_a_session_slides_and_ends_when_nothing_happens(desk, clock, settings):
    for _n in range(3):
        clock(settings.STAFF_IDLE_MINUTES - 1)
        assert desk.get("/staff/inbox/").status_code == 200
    clock(settings.STAFF_IDLE_MINUTES + 1)
    answer = desk.get("/staff/calendar/")
    assert (answer.status_code, answer.url) == (302, "/staff/login/?ended=1&next=/staff/calendar/")
    assert "You were signed out" in desk.get(answer.url).content.decode()
    assert "_auth_user_id" not in desk.session


def test_the_badge_that_asks_by_itself_keeps_no_session_alive(desk, clock, settings):
    half = settings.STAFF_IDLE_MINUTES / 2
    for _n in range(2):
        assert desk.htmx("/staff/badge/").status_code in (200, 204)
        clock(half + 1)
    ended = desk.htmx("/staff/badge/")
    assert ended["HX-Redirect"] == "/staff/login/?ended=1&next=/staff/inbox/"


def test_nobody_stays_signed_in_longer_than_a_day_at_work(desk, clock, settings):
    settings.STAFF_IDLE_MINUTES = 9999
    clock(settings.STAFF_SESSION_HOURS * 60 - 1)
    assert desk.get("/staff/inbox/").status_code == 200
    clock(2)
    assert desk.get("/staff/inbox/").status_code == 302
    assert desk.get("/api/bookings").status_code == 401


def test_somebody_without_a_group_gets_no_known_browser(limits):
    user = make_user(is_staff=True)
    answer = sign_in(browser(), user.email, PASSWORD)
    assert (answer.status_code, COOKIE in answer.cookies) == (403, False)


@pytest.mark.parametrize("path", ["/staff/", "/staff/login/", "/admin/", "/api/cars"])
@pytest.mark.parametrize(
    "key", ['"\\000aaaaaaaaaaaa"', '"\\377aaaaaaaaaaaa"', "a" * 5000, "A-session-of-nobody"]
)
def test_a_session_that_no_browser_got_from_us_is_none(path, key):
    assert Client().get(path, headers={"Cookie": f"sessionid={key}"}).status_code < 400


def test_sessions_that_ended_are_deleted_and_no_others(ines, capsys):
    here, gone = browser(), browser()
    for client in (here, gone):
        sign_in(client, password=PASSWORD)
    with as_owner():
        Session.objects.filter(pk=gone.session.session_key).update(expire_date=timezone.now())
    call_command("clearsessions")
    assert capsys.readouterr().out == "Sessions deleted: 1\n"
    with as_owner():
        assert [session.pk for session in Session.objects.all()] == [here.session.session_key]
        assert JobRun.objects.get().name == "clear_sessions"
