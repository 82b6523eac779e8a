"""Users in the admin: who is new works at once, and somebody may always do everything."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from bookings.tests.support.factories import make_manager, make_user
from bookings.tests.support.racing import all_at_once
from exodrive.models import User
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.tests.conftest import signed_in
from inbox.tests.support.users import group_id

PASSWORDS = {"password1": "rain-on-tin-roofs", "password2": "rain-on-tin-roofs"}
NEW = {"email": "new@exodrive.test", "full_name": "New", "usable_password": "true"} | PASSWORDS
LAST = "Nobody else may do everything: make another active superuser first."


def superuser(**more):
    return make_user(is_staff=True, is_superuser=True, **more)


def change(client, user, **fields):
    """The page of a user sent with these boxes ticked."""
    sent = {"email": user.email, "full_name": user.full_name} | fields
    return client.post(reverse("admin:exodrive_user_change", args=[user.pk]), sent)


@pytest.mark.django_db
@pytest.mark.parametrize("group", ["Desk", "Manager"])
def test_who_is_new_signs_in_and_works_at_once(client_of, client, group):
    answer = client_of("superuser").post("/admin/exodrive/user/add/", NEW | {"groups": [group_id(group)]})
    assert answer.status_code == 302
    signing_in = {"username": "new@exodrive.test", "password": "rain-on-tin-roofs"}
    assert client.post("/staff/login/", signing_in).url == "/staff/inbox/"
    assert client.get("/staff/inbox/").status_code == 200
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
def test_a_superuser_needs_no_group_and_anybody_else_does(client_of):
    root = client_of("superuser")
    refused = root.post("/admin/exodrive/user/add/", NEW)
    assert refused.context["adminform"].form.errors["groups"] == [
        "Choose a group: without one, a user sees nothing."
    ]
    assert root.post("/admin/exodrive/user/add/", NEW | {"is_superuser": "on"}).status_code == 302
    with as_owner():
        assert User.objects.get(email="new@exodrive.test").is_superuser


@pytest.mark.django_db
def test_no_box_of_the_page_is_without_effect(client_of):
    root = client_of("superuser")
    user = make_manager()
    for page in ("/admin/exodrive/user/add/", f"/admin/exodrive/user/{user.pk}/change/"):
        assert 'name="is_staff"' not in root.get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ticked", "field"), [({"is_superuser": "on"}, "is_active"), ({"is_active": "on"}, "is_superuser")]
)
def test_the_last_active_superuser_stays_one(ticked, field):
    user = superuser()
    superuser(is_active=False)
    refused = change(signed_in(user), user, **ticked)
    assert refused.status_code == 200
    assert refused.context["adminform"].form.errors[field] == [LAST]
    with as_owner():
        user.refresh_from_db()
    assert (user.is_active, user.is_superuser) == (True, True)


@pytest.mark.django_db
def test_one_of_two_superusers_may_go(client_of):
    root, other = client_of("superuser"), superuser()
    assert change(root, other).status_code == 302
    with as_owner():
        other.refresh_from_db()
    assert (other.is_active, other.is_superuser) == (False, False)


@pytest.mark.django_db
@pytest.mark.parametrize("sql", ["UPDATE users SET is_active = false", "DELETE FROM users"])
def test_the_database_keeps_the_last_one_too(sql):
    superuser()
    superuser()
    refused = pytest.raises(IntegrityError, match="the last active superuser")
    with as_owner(), refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    with as_owner():
        assert User.objects.filter(is_active=True, is_superuser=True).count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_each_other_at_once_one_stays():
    one, two = superuser(), superuser()
    clients = signed_in(one), signed_in(two)
    answers = all_at_once(
        [lambda: change(clients[0], two).status_code, lambda: change(clients[1], one).status_code]
    )
    assert sorted(answers) in ([200, 302], [302, 302], [302, 403])
    with acting_as(STAFF):
        assert User.objects.filter(is_active=True, is_superuser=True).count() == 1
