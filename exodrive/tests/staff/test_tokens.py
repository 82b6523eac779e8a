"""API tokens: when they end by themselves, and who ends them without naming them."""

from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection
from django.utils import timezone

from bookings.tests.support.api import Api, error, staff_token
from bookings.tests.support.factories import make_desk, make_manager, make_user
from exodrive.models import ApiToken, User
from exodrive.rls import LOGIN, STAFF, acting_as, as_owner
from inbox.tests.conftest import signed_in

pytestmark = pytest.mark.django_db


def status(token):
    return Api(bearer=token).get("/api/bookings").status_code


def kept():
    with as_owner():
        return ApiToken.objects.get()


def test_it_ends_when_it_said():
    token = staff_token(make_desk())
    with as_owner():
        ApiToken.objects.update(expires_at=timezone.now() + timedelta(seconds=20))
    assert status(token) == 200
    with as_owner():
        ApiToken.objects.update(expires_at=timezone.now())
    assert error(Api(bearer=token).get("/api/bookings")) == (401, "not_authenticated")


def test_what_the_release_before_makes_opens_as_much_and_ends_too():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO api_tokens (user_id, name, hint, token_hash, created_at, updated_at)"
            " VALUES (%s, 'old', '', 'x', now(), now())",
            [make_desk().pk],
        )
    token = kept()
    assert token.scopes == "read book staff"
    assert abs(token.expires_at - timezone.now() - timedelta(days=90)) < timedelta(minutes=1)


def test_its_use_is_written_once_a_minute():
    token, now = staff_token(make_desk()), timezone.now()
    assert kept().last_used_at is None
    assert status(token) == 200
    first = kept().last_used_at
    assert abs(first - now) < timedelta(minutes=1)
    assert status(token) == 200
    assert kept().last_used_at == first
    with as_owner():
        ApiToken.objects.update(last_used_at=now - timedelta(minutes=2))
    assert status(token) == 200
    assert kept().last_used_at >= first


def test_a_refused_one_was_not_used():
    token = staff_token(make_desk())
    with as_owner():
        ApiToken.objects.update(revoked_at=timezone.now())
    assert status(token) == 401
    assert kept().last_used_at is None


# --- With their user ----------------------------------------------------------------------------------------------


def by_page(user):
    new = {
        "old_password": "password",
        "new_password1": "rain-on-tin-roofs",
        "new_password2": "rain-on-tin-roofs",
    }
    assert signed_in(user).post("/admin/password_change/", new).status_code == 302


def by_superuser(user):
    root = signed_in(make_user(is_staff=True, is_superuser=True))
    change = {"email": user.email, "groups": [group.pk for group in Group.objects.filter(name="Desk")]}
    assert root.post(f"/admin/exodrive/user/{user.pk}/change/", change).status_code == 302


def by_code(user):
    user.set_password("rain-on-tin-roofs")
    with as_owner():
        user.save()


def by_sql(user):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("UPDATE users SET is_active = false WHERE id = %s", [user.pk])


def out_of_the_group(user):
    with acting_as(STAFF):
        user.groups.clear()


@pytest.mark.parametrize("way", [by_page, by_superuser, by_code, by_sql, out_of_the_group])
@pytest.mark.django_db(transaction=True)
def test_they_end_with_the_password_the_account_and_the_group(way):
    user, other = make_desk(), make_manager()
    tokens = [staff_token(user), staff_token(user), staff_token(other)]
    assert [status(token) for token in tokens] == [200, 200, 200]
    way(user)
    assert [status(token) for token in tokens] == [401, 401, 200]
    with as_owner():
        assert ApiToken.objects.exclude(revoked_at=None).count() == 2
        User.objects.update(is_active=True)
        user.groups.set(Group.objects.filter(name="Desk"))
    assert status(tokens[0]) == 401  # coming back brings no key back


@pytest.mark.django_db(transaction=True)
def test_who_goes_from_the_desk_to_the_managers_keeps_them():
    user = make_desk()
    token = staff_token(user)
    with as_owner():
        user.groups.set(Group.objects.filter(name="Manager"))
    assert status(token) == 200


@pytest.mark.django_db(transaction=True)
def test_signing_in_that_renews_an_old_hash_ends_nothing(settings):
    old_hasher = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
    settings.PASSWORD_HASHERS = [*settings.PASSWORD_HASHERS, old_hasher]
    user = make_desk()
    token = staff_token(user)
    with as_owner():
        User.objects.update(password=make_password("password", hasher="pbkdf2_sha256"))
        ApiToken.objects.update(revoked_at=None)
        old = User.objects.get().password
    with acting_as(LOGIN):
        assert User.objects.get().check_password("password")
        assert User.objects.get().password != old
    assert status(token) == 200
