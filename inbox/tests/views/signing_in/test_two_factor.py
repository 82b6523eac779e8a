"""The second step: set up by its user, asked for after the password, and out of everybody else's reach."""

import re
import time

import pytest
from django.db import ProgrammingError, transaction
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from bookings.tests.support.factories import make_desk, make_user
from exodrive.rls import LOGIN, PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.staff import two_factor
from inbox.tests.conftest import signed_in
from inbox.tests.support.second_step import code_of
from inbox.views.signing_in.two_factor import NEW_KEY

pytestmark = pytest.mark.django_db
PASSWORD = "password"


@pytest.fixture
def ines():
    return make_desk(email="ines@example.com")


@pytest.fixture
def key(ines):
    """Inès has a second step; her recovery codes are in `key.codes`."""

    class Key(str):
        codes: list[str]

    found = Key(two_factor.new_key())
    found.codes = two_factor.turn_on(user=ines, key=found, code=code_of(found, steps=-1))
    assert len(found.codes) == 10
    return found


def password_step(client):
    return client.post(
        "/staff/login/", {"username": "ines@example.com", "password": PASSWORD, "next": "/staff/calendar/"}
    )


def code_step(client, code):
    return client.post("/staff/login/code/", {"code": code})


# --- Signing in ---------------------------------------------------------------------------------------------------


def test_without_a_second_step_the_password_is_enough(ines, client):
    assert password_step(client).url == "/staff/calendar/"
    assert client.get("/staff/login/code/").url == "/staff/login/"


def test_password_then_code(key, client):
    assert password_step(client).url == "/staff/login/code/"
    assert "_auth_user_id" not in client.session
    assert client.get("/staff/inbox/").status_code == 302
    before = client.session.session_key
    code = code_of(key)
    answer = code_step(client, f" {code[:3]} {code[3:]} ")
    assert (answer.status_code, answer.url) == (303, "/staff/calendar/")
    assert client.session.session_key != before
    assert client.get("/staff/inbox/").status_code == 200


def test_a_wrong_code_is_a_422_and_a_used_one_as_well(key, client):
    password_step(client)
    assert code_step(client, "000000" if code_of(key) != "000000" else "000001").status_code == 422
    assert code_step(client, "").status_code == 422
    assert code_step(client, "٠٠٠٠٠٠").status_code == 422
    code = code_of(key)
    assert code_step(client, code).status_code == 303
    again = Client()
    password_step(again)
    answer = code_step(again, code)
    assert answer.status_code == 422
    assert "This code is wrong or used up." in answer.content.decode()


def test_a_recovery_code_works_once(key, client):
    for status in (303, 422):
        other = Client()
        password_step(other)
        assert code_step(other, key.codes[3].upper()).status_code == status
    assert two_factor.recovery_codes_left(make_found("ines@example.com")) == 9


def make_found(email):
    from exodrive.models import User

    with as_owner():
        return User.objects.get(email=email)


def test_the_password_is_remembered_for_ten_minutes_only(key, client, monkeypatch):
    password_step(client)
    later = time.time() + 601
    monkeypatch.setattr("inbox.views.signing_in.session.time.time", lambda: later)
    assert code_step(client, code_of(key)).url == "/staff/login/"


def test_codes_are_counted_by_account_not_by_browser(key, limits):
    limits(login_code="3/minute")
    answers = []
    for n in range(4):
        client = Client(REMOTE_ADDR=f"198.51.100.{n}")
        password_step(client)
        answers.append(code_step(client, "nonsense"))
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60


def test_where_it_is_required_it_is_set_up_before_the_first_session(ines, client, settings):
    settings.STAFF_TOTP_REQUIRED = True
    assert password_step(client).url == "/staff/login/setup/"
    assert client.get("/staff/inbox/").status_code == 302
    page = client.get("/staff/login/setup/").content.decode()
    assert 'role="img" aria-label="QR code for the authenticator app"' in page
    wrong = client.post("/staff/login/setup/", {"code": "abc"})
    assert (wrong.status_code, "_auth_user_id" in client.session) == (422, False)
    done = client.post("/staff/login/setup/", {"code": code_of(client.session[NEW_KEY])})
    assert (done.status_code, done.content.decode().count("<li>") >= 10) == (200, True)
    assert 'href="/staff/calendar/"' in done.content.decode()
    assert client.get("/staff/inbox/").status_code == 200
    assert NEW_KEY not in client.session
    assert client.get("/staff/login/setup/").url == "/staff/login/"


# --- The account page ---------------------------------------------------------------------------------------------


def test_turning_it_on_takes_the_password_and_a_code(ines):
    client = signed_in(ines)
    assert "Off: your password alone" in client.get("/staff/account/").content.decode()
    page = client.get("/staff/account/second-step/").content.decode()
    key = client.session[NEW_KEY]
    shown = re.search(r'<b class="num">([A-Z2-7 ]+)</b>', page)[1].replace(" ", "")
    assert f"secret={shown}" in two_factor.setup_url(ines, key)
    assert "otpauth://totp/Exodrive%3Aines%40example.com?" in two_factor.setup_url(ines, key)

    def post(password, code):
        return client.post("/staff/account/second-step/", {"password": password, "code": code})

    assert "This is not your password" in post("wrong", code_of(key)).content.decode()
    assert post(PASSWORD, "000").status_code == 422
    assert not two_factor.is_on(ines)
    done = post(PASSWORD, code_of(key))
    assert (done.status_code, "no-store" in done["Cache-Control"]) == (200, True)
    assert two_factor.is_on(ines)
    assert "10 recovery codes are left." in client.get("/staff/account/").content.decode()
    assert client.get("/staff/account/second-step/").url == "/staff/account/"


def test_new_recovery_codes_void_the_old_ones(ines, key):
    client = signed_in(ines)
    assert client.post("/staff/account/recovery-codes/", {"code": "wrong"}).status_code == 422
    page = client.post("/staff/account/recovery-codes/", {"code": code_of(key)}).content.decode()
    new = re.findall(r"<li>([a-z2-7]{8})</li>", page)
    assert (len(new), set(new) & set(key.codes)) == (10, set())
    assert not two_factor.accepts(user=ines, code=key.codes[0])
    assert two_factor.accepts(user=ines, code=new[0])


def test_turning_it_off_takes_a_code_and_is_not_for_everybody(ines, key, settings):
    client = signed_in(ines)
    settings.STAFF_TOTP_REQUIRED = True
    client.post("/staff/account/second-step/removal/", {"code": key.codes[0]})
    assert two_factor.is_on(ines)
    assert "Turn off" not in client.get("/staff/account/").content.decode()
    settings.STAFF_TOTP_REQUIRED = False
    assert client.post("/staff/account/second-step/removal/", {"code": "x"}).status_code == 422
    assert client.post("/staff/account/second-step/removal/", {"code": key.codes[0]}).status_code == 303
    assert not two_factor.is_on(ines)


# --- Colleagues ---------------------------------------------------------------------------------------------------


def test_a_superuser_turns_it_off_for_somebody_who_lost_the_phone(ines, key):
    act = {"action": "turn_off_second_step", "_selected_action": [ines.pk]}
    manager = signed_in(make_user("Manager"))
    assert manager.post("/admin/exodrive/user/", act).status_code == 403
    superuser = signed_in(make_user(is_superuser=True, is_staff=True))
    answer = superuser.post("/admin/exodrive/user/", act, follow=True)
    assert "The second step of 1 user is off." in answer.content.decode()
    assert not two_factor.is_on(ines)
    assert (
        "Turned off the second step."
        in superuser.get(f"/admin/exodrive/user/{ines.pk}/history/").content.decode()
    )


def test_the_admin_shows_no_secrets():
    superuser = signed_in(make_user(is_superuser=True, is_staff=True))
    assert superuser.get("/admin/otp_totp/totpdevice/").status_code == 404
    assert superuser.get("/admin/otp_static/staticdevice/").status_code == 404


@pytest.mark.parametrize("role", [PUBLIC, STAFF, SERVICE])
@pytest.mark.parametrize("model", [TOTPDevice, StaticToken])
def test_only_signing_in_reaches_the_secrets(key, role, model):
    with acting_as(LOGIN):
        assert model.objects.count() > 0
    denied = pytest.raises(ProgrammingError, match="permission denied")
    with acting_as(role), denied, transaction.atomic():
        model.objects.first()


@pytest.mark.parametrize("door", ["/staff/account/second-step/", "/admin/password_change/"])
def test_an_open_screen_is_no_place_to_guess_the_password(door, limits):
    limits(login_pair="2/minute")
    client = Client()
    client.force_login(make_desk())
    typed = {
        "password": "guess",
        "code": "123456",
        "old_password": "guess",
        "new_password1": "x",
        "new_password2": "x",
    }
    assert [client.post(door, typed).status_code == 429 for _n in range(3)] == [False, False, True]
    assert client.get(door).status_code == 200
