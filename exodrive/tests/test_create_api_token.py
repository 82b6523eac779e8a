"""manage.py create_api_token EMAIL."""

import io
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bookings.tests.support.api import Api
from bookings.tests.support.factories import make_desk, make_manager, make_user
from exodrive.models import ApiToken
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def create(*args):
    out = io.StringIO()
    call_command("create_api_token", *args, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("make", [make_desk, make_manager])
def test_the_last_word_is_a_token_that_works(make):
    user = make()
    printed = create(user.email.upper())
    token = printed.split()[-1]
    assert token.startswith("exo_staff_")
    assert printed.count("\n") == 1
    assert Api(bearer=token).get("/api/bookings").status_code == 200
    with as_owner():
        kept = ApiToken.objects.get()
        assert (kept.user, kept.name) == (user, "create_api_token")
        assert token not in str(kept.__dict__)


def test_it_can_be_named():
    create(make_desk().email, "--name", "Channel manager")
    with as_owner():
        assert ApiToken.objects.get().name == "Channel manager"


def test_scopes_and_days_can_be_chosen():
    create(make_desk().email, "--scope", "read", "--scope", "book", "--days", "7")
    with as_owner():
        token = ApiToken.objects.get()
    assert token.scopes == "read book"
    assert abs(token.expires_at - timezone.now() - timedelta(days=7)) < timedelta(minutes=1)
    for wrong in (["--scope", "everything"], ["--days", "366"], ["--days", "0"]):
        with pytest.raises(CommandError):
            create(make_desk().email, *wrong)


@pytest.mark.parametrize("group", [None, "Desk"])
def test_nobody_else_gets_one(group):
    user = make_user(group, is_active=group is None)
    for email in (user.email, "nobody@exodrive.test"):
        with pytest.raises(CommandError, match="is not an active member"):
            create(email)
