"""What holds the second step when somebody pushes: two at once with one code, and a session that was planted."""

import time

import pytest
from django.db.models import QuerySet
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookings.tests.support.factories import make_desk
from bookings.tests.support.racing import all_at_once
from exodrive.staff import two_factor
from exodrive.staff.sessions import SessionStore
from inbox.tests.support.second_step import code_of, turn_on

RACERS = 4


def slowly(monkeypatch, model, name):
    """A moment between looking at a code and using it up."""
    act = getattr(model, name)

    def slow(self, *args, **kwargs):
        time.sleep(0.3)
        return act(self, *args, **kwargs)

    monkeypatch.setattr(model, name, slow)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["app", "recovery code"])
@pytest.mark.parametrize("locked", [True, False], ids=["lock", "without it: the control"])
def test_one_code_opens_one_session_however_many_use_it_at_once(monkeypatch, kind, locked):
    user = make_desk()
    key = two_factor.new_key()
    codes = two_factor.turn_on(user=user, key=key, code=code_of(key, steps=-1))
    code = codes[0] if kind == "recovery code" else code_of(key)
    slowly(
        monkeypatch, *((StaticToken, "delete") if kind == "recovery code" else (TOTPDevice, "verify_token"))
    )
    if not locked:
        monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **options: self)
    accepted = all_at_once([lambda: two_factor.accepts(user=user, code=code)] * RACERS)
    assert not [one for one in accepted if isinstance(one, Exception)]
    assert (sum(accepted) == 1) is locked


@pytest.mark.django_db
@pytest.mark.parametrize("flushed", [True, False], ids=["flush", "without it: the control"])
def test_a_session_that_was_planted_does_not_know_whose_password_was_right(monkeypatch, flushed):
    user = make_desk()
    turn_on(user)
    victim, thief = Client(), Client()
    session = victim.session
    session["planted"] = True
    session.save()
    thief.cookies["sessionid"] = session.session_key
    if not flushed:
        monkeypatch.setattr(SessionStore, "flush", lambda self: None)
    answer = victim.post("/staff/login/", {"username": user.email, "password": "password"})
    assert answer.url == "/staff/login/code/"
    assert victim.get("/staff/login/code/").status_code == 200
    assert ("planted" in victim.session) is not flushed
    assert (thief.get("/staff/login/code/").status_code == 200) is not flushed
