"""What stands on a request is declared in one place, and stands there whatever is asked for."""

import re
from inspect import get_annotations

import pytest
from django.conf import settings

from exodrive.http.request import Request

PACKAGES = ("exodrive", "cars", "bookings", "inbox")
LATER = {"lock"}  # a decorator's, for pages of a booking only
UNDECLARED = re.compile(r"\brequest\b.*#\s*type:\s*ignore\[attr-defined\]|\b[gs]etattr\(request,")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/en/", "/en/booking/nothing/", "/staff/inbox/", "/admin/", "/api/cars", "/nowhere/"]
)
def test_every_request_has_what_is_declared(client, path):
    request = client.get(path).wsgi_request
    assert [name for name in set(get_annotations(Request)) - LATER if not hasattr(request, name)] == []


def test_nobody_writes_on_a_request_what_is_not_declared():
    files = [path for package in PACKAGES for path in (settings.BASE_DIR / package).rglob("*.py")]
    own = [path for path in files if "tests" not in path.relative_to(settings.BASE_DIR).parts]
    lines = [f"{path.name}: {line}" for path in own for line in path.read_text().splitlines()]
    assert lines
    assert [line for line in lines if UNDECLARED.search(line)] == []


@pytest.mark.parametrize(
    "line", ["request.staff = None  # type: ignore[attr-defined]", 'getattr(request, "staff", None)']
)
def test_what_is_not_declared_would_be_seen(line):
    assert UNDECLARED.search(line)
