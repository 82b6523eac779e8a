"""Who may open what: anonymous, a flag without a group, Desk, Manager, superuser."""

import uuid

import pytest

from bookings.tests.support.factories import make_booking, make_desk, make_user
from exodrive.rls import as_owner
from exodrive.tests.support.html import flat
from inbox.models import InboxEmail

pytestmark = pytest.mark.django_db
WORKS_HERE = ["desk", "manager", "superuser"]
PAGES = [
    "/staff/inbox/",
    "/staff/badge/",
    "/staff/today/",
    "/staff/calendar/",
    "/staff/bookings/new/",
    "/staff/bookings/{pk}/",
    "/staff/bookings/{pk}/cancellation/",
]
ACTS = ["status", "handover", "return", "cancellation", "seen", "notes"]
SIGN_IN = {"username": "", "password": "password"}


@pytest.mark.parametrize("path", PAGES)
def test_pages_open_for_staff_and_nobody_else(client_of, path):
    path = path.format(pk=make_booking().pk)
    for who in WORKS_HERE:
        assert client_of(who).get(path).status_code == 200
    anonymous = client_of("anonymous").get(path)
    assert (anonymous.status_code, anonymous.url.partition("?")[0]) == (302, "/staff/login/")
    refused = client_of("only_staff_flag").get(path)
    assert refused.status_code == 403
    assert "These pages are for staff" in refused.content.decode()


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["anonymous", "only_staff_flag"])
def test_acts_of_others_change_nothing(client_of, act, who):
    booking = make_booking()
    data = {"to": "upcoming", "from": "pending", "reason": "mine", "text": "mine"}
    answer = client_of(who).post(f"/staff/bookings/{booking.pk}/{act}/", data)
    assert answer.status_code == 403
    assert ("Send it once more" in answer.content.decode()) == (who == "anonymous")
    with as_owner():
        booking.refresh_from_db()
        assert (booking.status, booking.handed_over_at, booking.notes.count()) == ("pending", None, 0)


@pytest.mark.parametrize("who", ["anonymous", "only_staff_flag"])
def test_others_send_no_mail_again(client_of, who):
    booking = make_booking()
    with as_owner():
        mails = list(booking.emails.all())
    client_of(who).post(f"/staff/mails/{mails[0].pk}/sending/")
    with as_owner():
        assert booking.emails.count() == len(mails)


def test_pages_of_what_does_not_exist_are_404(desk):
    nobody = uuid.uuid4()
    assert desk.get(f"/staff/bookings/{nobody}/").status_code == 404
    assert desk.post(f"/staff/bookings/{nobody}/status/", {"to": "upcoming"}).status_code == 404
    assert desk.post(f"/staff/mails/{nobody}/sending/").status_code == 404


def test_acts_want_a_post(desk):
    booking = make_booking()
    for act in ("status", "seen", "notes", "claim"):
        assert desk.get(f"/staff/bookings/{booking.pk}/{act}/").status_code == 405


def test_a_form_without_its_token_is_refused():
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(make_desk())
    booking = make_booking()
    assert client.post(f"/staff/bookings/{booking.pk}/status/", {"to": "upcoming"}).status_code == 403


def test_signing_in_leads_to_the_page_that_was_asked_for(client):
    user = make_desk()
    page = client.get("/staff/login/?next=/staff/calendar/")
    assert 'value="/staff/calendar/"' in page.content.decode()
    answer = client.post(
        "/staff/login/", SIGN_IN | {"username": user.email.upper(), "next": "/staff/calendar/"}
    )
    assert (answer.status_code, answer.url) == (303, "/staff/calendar/")
    assert client.get("/staff/").url == "/staff/inbox/"


@pytest.mark.parametrize(
    "onward", ["https://elsewhere.test/", "//elsewhere.test", "/en/", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, onward):
    user = make_desk()
    answer = client.post("/staff/login/", SIGN_IN | {"username": user.email, "next": onward})
    assert answer.url == "/staff/inbox/"


def test_a_wrong_password_is_a_422_that_says_what_to_do(client):
    answer = client.post("/staff/login/", {"username": make_desk().email, "password": "wrong"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "Email or password is wrong" in text
    assert "<title>Error: Sign in" in flat(text)
    assert "_auth_user_id" not in client.session


def test_somebody_without_a_group_gets_no_session(client):
    user = make_user(is_staff=True)
    answer = client.post("/staff/login/", SIGN_IN | {"username": user.email})
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in(client):
    user = make_desk(is_active=False)
    assert client.post("/staff/login/", SIGN_IN | {"username": user.email}).status_code == 422


def test_signing_out(desk):
    assert desk.get("/staff/logout/").status_code == 405
    answer = desk.post("/staff/logout/")
    assert (answer.status_code, answer.url) == (303, "/staff/login/")
    assert desk.get("/staff/inbox/").status_code == 302


def test_a_session_that_ended_sends_the_whole_page_to_the_sign_in(client):
    answer = client.get("/staff/badge/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"].startswith("/staff/login/?next=/staff/inbox/")


def test_the_language_is_a_cookie(desk):
    answer = desk.post("/staff/language/", {"language": "fr", "next": "/staff/inbox/"})
    assert (answer.url, answer.cookies["django_language"].value) == ("/staff/inbox/", "fr")
    assert '<html lang="fr-FR">' in desk.get("/staff/inbox/").content.decode()


def test_staff_pages_are_never_cached_and_never_indexed(desk):
    answer = desk.get("/staff/inbox/")
    assert "no-store" in answer["Cache-Control"]
    assert 'name="robots" content="noindex"' in answer.content.decode()


def test_mails_are_read_only_by_staff(client_of):
    booking = make_booking()
    with as_owner():
        count = InboxEmail.objects.filter(booking=booking).count()
    assert (
        client_of("desk").get(f"/staff/bookings/{booking.pk}/").content.decode().count("Send again") == count
    )
