"""Security events: written by every door, with ids alone in the log, and never changed."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from bookings import privacy
from bookings.links.pins import remove_pin, set_pin
from bookings.models import BookingEvent
from bookings.tests.support.api import staff_token
from bookings.tests.support.factories import in_days, make_booking, make_desk, make_manager
from exodrive.models import ApiToken, SecurityEvent
from exodrive.rls import PUBLIC, SERVICE, STAFF, acting_as, as_owner
from exodrive.staff import step_up, two_factor
from inbox.retention import forget_what_is_over
from inbox.tests.conftest import signed_in
from inbox.tests.support.second_step import turn_on

pytestmark = pytest.mark.django_db
ADDRESS = "198.51.100.7"


def events(**about):
    with as_owner():
        return [event.kind for event in SecurityEvent.objects.filter(**about).order_by("created_at")]


def sign_in(user, password="password"):
    client = Client(REMOTE_ADDR=ADDRESS)
    client.post("/staff/login/", {"username": user.email, "password": password})
    return client


# --- What is written ----------------------------------------------------------------------------------------------


def test_signing_in_and_failing_to(django_capture_on_commit_callbacks, caplog):
    caplog.set_level(logging.INFO)
    user = make_desk(email="ines@example.com")
    with django_capture_on_commit_callbacks(execute=True):
        sign_in(user, "wrong-password")
        sign_in(user)
        Client().post("/staff/login/", {"username": "nobody@example.com", "password": "my-real-password"})
    assert events(user_id=user.pk) == ["sign_in_failed", "signed_in"]
    assert events(user_id=None) == ["sign_in_failed"]
    with as_owner():
        assert set(SecurityEvent.objects.filter(user=user).values_list("network", flat=True)) == {ADDRESS}
    said = [record for record in caplog.records if record.name == "exodrive.staff.journal"]
    assert [record.event for record in said] == [
        {"event": "sign_in_failed", "user_id": str(user.pk)},
        {"event": "signed_in", "user_id": str(user.pk)},
        {"event": "sign_in_failed"},
    ]
    assert ADDRESS not in caplog.text
    assert "example.com" not in caplog.text


def test_who_may_sign_in_nowhere_failed_to():
    user = make_desk()
    with as_owner():
        user.groups.clear()
    sign_in(user)
    assert events(user_id=user.pk) == ["sign_in_failed"]


def test_the_second_step():
    user = make_desk()
    codes = turn_on(user)
    client = sign_in(user)
    for code in ("wrong", codes[0]):
        client.post("/staff/login/code/", {"code": code})
    two_factor.new_recovery_codes(user)
    two_factor.turn_off(user)
    two_factor.turn_off(user)
    assert events(user_id=user.pk) == [
        "second_step_on",
        "code_refused",
        "code_accepted",
        "signed_in",
        "recovery_codes",
        "second_step_off",
    ]


def test_the_password():
    user = make_desk()
    assert not step_up.is_password(user, "guess")
    new = {
        "old_password": "password",
        "new_password1": "rain-on-tin-roofs",
        "new_password2": "rain-on-tin-roofs",
    }
    assert signed_in(user).post("/admin/password_change/", new).status_code == 302
    assert events(user_id=user.pk) == ["password_refused", "password_changed"]
    assert events(user_id=user.pk, actor_id=user.pk) == ["password_changed"]


def test_a_token_by_whatever_way_it_comes_and_goes():
    user = make_desk()
    staff_token(user)
    call_command("create_api_token", user.email, stdout=StringIO())
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE api_tokens SET revoked_at = now()")
        cursor.execute("UPDATE api_tokens SET revoked_at = now()")
    assert sorted(events(user_id=user.pk)) == ["token_ended"] * 2 + ["token_made"] * 2
    with as_owner():
        assert set(SecurityEvent.objects.values_list("detail", flat=True)) == set(
            ApiToken.objects.values_list("hint", flat=True)
        )


def test_links_pins_and_personal_data():
    booking, manager = make_booking(start=in_days(-9), status="completed"), make_manager()
    signed_in(manager).post(f"/staff/bookings/{booking.pk}/link/")
    with acting_as(STAFF, user=manager):
        set_pin(booking=booking, pin="2468")
        remove_pin(booking=booking)
    with acting_as(SERVICE, actor="job"):
        privacy.personal_data(booking.email)
        privacy.erase(booking.email, dry_run=True)
        privacy.erase(booking.email)
    kinds = ["link_replaced", "pin_set", "pin_removed"]
    assert events(booking_id=booking.pk, actor_id=manager.pk) == kinds
    assert sorted(events(booking_id=booking.pk, actor_id=None)) == ["data_erased", "data_read"]


def test_they_stand_in_the_copy_of_the_person_without_who_did_it():
    booking, manager = make_booking(), make_manager()
    with acting_as(STAFF, user=manager):
        set_pin(booking=booking, pin="2468")
    with acting_as(SERVICE):
        (row,) = privacy.personal_data(booking.email)["security_events"]
    assert row["kind"] == "pin_set"
    assert not {"actor_id", "user_id", "network"} & row.keys()


# --- That it stays ------------------------------------------------------------------------------------------------


def an_event(days=0):
    with as_owner():
        return SecurityEvent.objects.create(
            kind="signed_in", created_at=timezone.now() - timedelta(days=days)
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE security_events SET kind = 'x'", "DELETE FROM security_events"]
)
def test_not_even_the_owner_changes_or_deletes_them(statement):
    an_event()
    with as_owner(), pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        connection.cursor().execute(statement)
    assert events() == ["signed_in"]


def test_old_ones_cannot_be_changed_either():
    an_event(days=40)
    with as_owner(), pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        SecurityEvent.objects.update(kind="x")


def test_nobody_writes_in_the_name_of_somebody_else():
    desk, other = make_desk(), make_manager()
    with (
        acting_as(STAFF, user=desk),
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
    ):
        SecurityEvent.objects.create(kind="signed_in", actor=other)
    with acting_as(PUBLIC), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        SecurityEvent.objects.create(kind="signed_in")


@pytest.mark.parametrize(("setting", "left"), [(365, 2), (60, 1), (1, 1)])
def test_they_are_forgotten_after_a_while_and_not_within_a_month(settings, setting, left):
    settings.RETENTION_SECURITY_DAYS = setting
    for days in (400, 100, 20):
        an_event(days)
    with acting_as(SERVICE):
        assert forget_what_is_over(timezone.now(), dry_run=True)["security events"] == 3 - left
        assert forget_what_is_over(timezone.now())["security events"] == 3 - left
    assert len(events()) == left


# Of keys, claims and mails that staff did not send: the booking's own history has them, managers are not warned.
NO_SECURITY = {"handed_over", "hand_over_undone", "claimed", "taken_over", "given_back", "not_mailed"}


@pytest.mark.parametrize("kind", sorted({*BookingEvent.Kind.values} - NO_SECURITY))
def test_whatever_happens_to_a_booking_has_words_on_the_page(kind):
    """`note_event` writes both: a kind that the page does not know would stand there as its code."""
    booking = make_booking()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("SELECT note_event(%s, %s)", [booking.pk, kind])
    (written,) = events(booking_id=booking.pk)
    assert written in SecurityEvent.Kind.values
