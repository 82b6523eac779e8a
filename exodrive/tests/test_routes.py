"""What addresses are for is said in the URLconf alone, and whoever reads it there reads the same."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include
from django.urls import path as django_path

from exodrive import routes
from exodrive.limits.middleware import rule_of
from exodrive.ops.scrub import scrub
from exodrive.routes import Tag, path, tags_of

ROOT = Path(settings.BASE_DIR)
TOKEN = "abcdefghijklmnopqrstuv"  # without capitals: only its place gives it away
BEGINNINGS = ("/staff/", "/admin/", "/api/", "/booking/", "/book/", "/data/")
# Where an address is no shape of a path that somebody recognises.
OUTSIDE = {
    "exodrive/api.py",  # the document that integrators read
    "exodrive/settings.py",  # where to sign in
    "bookings/lifecycle/idempotency.py",  # names a scope, kept with every key
    "bookings/admin/bookings.py",  # names a template
    "exodrive/ops/scrub.py",  # runs where there is no URLconf, on text that is no path; compared below
}


def declared(tag):
    return [route for route in routes.routes() if tag in route.tags]


@pytest.mark.parametrize(
    ("address", "tags"),
    [
        ("/", set()),
        ("/en/", set()),
        ("/pt/cars/calder-gt/", set()),
        ("/nothing/of/the/sort", set()),
        (f"/booking/{TOKEN}/", {Tag.SECRET}),
        (f"/fr/booking/{TOKEN}/nothing/", {Tag.SECRET}),
        (f"/es/book/{TOKEN}/", {Tag.SECRET}),
        (f"/en/data/{TOKEN}/", {Tag.SECRET}),
        ("/api/cars", {Tag.API}),
        ("/api/nothing", {Tag.API}),
        ("/api/webhooks/resend", {Tag.API, Tag.WEBHOOK, Tag.UNCOUNTED}),
        ("/api/webhooks/sandbox", {Tag.API, Tag.WEBHOOK, Tag.UNCOUNTED}),
        ("/staff/", {Tag.STAFF}),
        ("/staff/nothing/", {Tag.STAFF}),
        ("/staff/badge/", {Tag.STAFF, Tag.BY_ITSELF}),
        ("/staff/login/code/", {Tag.STAFF, Tag.SIGNING_IN, Tag.UNCOUNTED}),
        ("/admin/login/", {Tag.STAFF, Tag.SIGNING_IN}),
        ("/staffordshire/", set()),
    ],
)
def test_what_an_address_is_for(address, tags):
    assert tags_of(address) == tags


def test_every_address_with_a_token_is_secret():
    with_token = {route.name for route in routes.routes() if "<str:token>" in route.addresses[0]}
    assert {route.name for route in declared(Tag.SECRET)} == with_token
    assert len(with_token) > 10


def test_logs_hide_the_token_of_every_secret_address():
    for route in declared(Tag.SECRET):
        for address in route.addresses:
            asked = address.replace("<str:token>", TOKEN)
            assert TOKEN not in scrub(f"GET {asked} 200"), asked


def test_every_rule_of_an_address_exists():
    rules = {route.rule for route in routes.routes() if route.rule}
    assert rules == {"hold", "booking", "link", "pin"}
    assert rules <= settings.RATE_LIMIT_DEFAULTS.keys()


def test_nobody_else_knows_how_an_address_begins():
    known = {}
    for package in ("exodrive", "bookings", "inbox", "cars"):
        for module in sorted((ROOT / package).rglob("*.py")):
            name = str(module.relative_to(ROOT))
            if {"tests", "migrations", "dev", "management"} & set(module.parts) or name in OUTSIDE:
                continue
            if found := beginnings_in(module.read_text()):
                known[name] = found
    assert known == {}


def beginnings_in(text):
    tree = ast.parse(text)
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    constants = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in spoken]
    texts = [str(n.value) for n in constants if isinstance(n.value, str)]
    return [text for text in texts if any(beginning in text for beginning in BEGINNINGS)]


def test_a_path_in_the_code_is_found():
    assert beginnings_in('"""About /staff/."""\nx = request.path.startswith("/staff/")') == ["/staff/"]
    assert beginnings_in('re.compile(r"^/api/holds/?$")') == [r"^/api/holds/?$"]


def answer(request, **kwargs):
    return HttpResponse("here")


class Addresses:
    """A URLconf of its own."""

    inner = [
        path("open/", answer, name="open"),
        path("<int:pk>/own/", answer, name="own", rule="hold"),
        path("free/", answer, name="free", tags={Tag.UNCOUNTED}),
        django_path("foreign/", answer, name="foreign"),
    ]
    urlpatterns = [path("house/", include(inner), tags={Tag.STAFF}), django_path("bare/", answer)]


@pytest.fixture
def addresses(request):
    with override_settings(ROOT_URLCONF=Addresses):
        yield


def counted_as(rf, address):
    from django.urls import resolve

    asked = rf.post(address)
    asked.staff, asked.resolver_match = None, resolve(address)
    return rule_of(asked)


@pytest.mark.parametrize(
    ("address", "tags", "rule"),
    [
        ("/house/open/", {Tag.STAFF}, "change"),
        ("/house/7/own/", {Tag.STAFF}, "hold"),
        ("/house/free/", {Tag.STAFF, Tag.UNCOUNTED}, ""),
        ("/house/foreign/", {Tag.STAFF}, "change"),
        ("/bare/", set(), "change"),
    ],
)
def test_an_address_that_says_nothing_is_inherited_and_counted(addresses, rf, address, tags, rule):
    assert tags_of(address) == tags
    assert counted_as(rf, address) == rule


def test_what_is_only_shown_is_said_of_each_address_alone() -> None:
    """The home page stands before all others, and a permission must not spread."""
    shown = {route.name for route in routes.routes() if Tag.SHOWN in route.tags}
    assert shown == {"home", "cars", "car", "services", "service", "tour"}
    assert Tag.SHOWN not in tags_of("/en/")
    assert Tag.SHOWN not in tags_of(f"/en/booking/{TOKEN}/")


def test_where_an_address_begins_is_enough_to_find_its_tags() -> None:
    """What is kept for the first part of an address leaves out nothing that is true of it."""
    sections = routes._sections("exodrive.urls")
    declared = [address for route in routes.routes() for address in route.addresses]
    cut = [address[:length] for address in declared for length in range(1, len(address) + 1)]
    for address in {*declared, *cut, "", "/", "//", "/nowhere", "/nowhere/x", "/api", "/api/x/y"}:
        assert tags_of(address) == routes._tags(sections, address), address
