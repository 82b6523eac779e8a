"""Fixtures for every test: the database's owner for set-up and clean-up, budgets, and a browser.

Tests connect as exo_owner, who may do everything, so a forgotten identity would go unseen. Therefore code without an
identity runs as exo_app here too (`exodrive.rls`), and only what is wrapped in `as_owner()` is past the policies.
"""

import functools
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from django.db import connection, connections
from django.test import TransactionTestCase

from exodrive.rls import as_owner
from exodrive.tests.support.database import empty, test_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytest_plugins = [f"exodrive.tests.support.{name}" for name in ("limits", "made_once", "midnight")]

SOAK = os.environ.get("SOAK") == "1"  # `make soak`: long budgets
CI = os.environ.get("CI", "").lower() in {"1", "true"}

hypothesis.settings.register_profile("short", max_examples=30, deadline=None, derandomize=True)
hypothesis.settings.register_profile("soak", max_examples=500, deadline=None)
hypothesis.settings.load_profile("soak" if SOAK else "short")


@pytest.fixture(scope="session")
def soak() -> bool:
    """True under `make soak`: repeat more."""
    return SOAK


@pytest.fixture(scope="session")
def only_in_soak() -> None:
    """For what takes real processes tens of seconds: the short run skips it and says so."""
    if not SOAK:
        pytest.skip("takes long: runs in `make soak`")


@pytest.fixture(scope="session")
def rounds() -> Callable[[int, int], int]:
    """`rounds(3, 50)` is 3 in `make test` and 50 in `make soak`."""
    return lambda short, long: long if SOAK else short


LONG = {"soak", "rounds", "only_in_soak"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what has a long budget, so that `make soak` runs that and nothing else."""
    for item in items:
        if LONG & set(getattr(item, "fixturenames", ())) or getattr(
            getattr(item, "obj", None), "is_hypothesis_test", False
        ):
            item.add_marker("long")
        if item.get_closest_marker("alone") and ALONE not in _text(item.path):
            raise pytest.UsageError(
                f"`make test` would not find what is {ALONE} in {item.path}: mark it there."
            )


ALONE = "mark.alone"  # as the Makefile looks for it


@functools.cache
def _text(path: Path) -> str:
    return path.read_text()


# --- Database ------------------------------------------------------------------------------------------------------

# Rows that migrations put there, and the version that a trigger renews: they stay when a transactional test is cleaned up.
KEPT_TABLES = {
    "catalogue_versions",
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: Any, django_db_modify_db_settings: None
) -> Iterator[None]:
    """In place of pytest-django's: every worker copies one migrated database instead of migrating its own."""
    described = connection.settings_dict
    name = described["TEST"]["NAME"] or f"test_{described['NAME']}"
    with django_db_blocker.unblock(), test_database(name), django_db_blocker.block():
        yield


def _empty_tables(self: TransactionTestCase) -> None:
    """Clean up after a transactional test, in place of Django's flush, which would take the migrations' rows as well."""
    for alias in self._databases_names(include_mirrors=False):
        with as_owner(), connections[alias].cursor() as cursor:
            tables = set(connections[alias].introspection.table_names(cursor)) - KEPT_TABLES
            if tables:
                empty(cursor, tables)


TransactionTestCase._fixture_teardown = _empty_tables


# --- Browser ---------------------------------------------------------------------------------------------------------

NO_BROWSER = "no Chromium found (apt-get install chromium-headless-shell, or set CHROMIUM to its path)"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--lang=en-GB",
]


def find_chromium() -> str | None:
    """Path of a browser on this machine: $CHROMIUM, else the build without windows, which takes half of the time."""
    names = [
        os.environ.get("CHROMIUM", ""),
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    ]
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator["Browser"]:
    """One headless Chromium for all tests. Without one they are skipped, loudly; under CI=true that is a failure."""
    path = find_chromium()
    if path is None:
        (pytest.fail if CI else pytest.skip)(NO_BROWSER)
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread, where Django would refuse the ORM.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()


NewPage = Callable[..., "Page"]


@pytest.fixture
def new_page(browser: "Browser", live_server: Any) -> Iterator[NewPage]:
    """A function that opens an empty page in a context of its own: `new_page(width=390, java_script_enabled=False)`.

    Takes Playwright's `new_context` options beside `width` and `height`; relative URLs go to the live server. The test
    fails when a page broke the content security policy or raised an uncaught error.
    """
    contexts, problems = [], []

    def open_page(*, width: int = 1280, height: int = 900, **options: Any) -> "Page":
        settings = {"locale": "en-GB", "timezone_id": "Europe/Paris", "reduced_motion": "reduce"} | options
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, **settings
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(new_page: NewPage) -> "Page":
    """An empty desktop page in English."""
    return new_page()


@pytest.hookimpl(wrapper=True)
def pytest_terminal_summary(terminalreporter: Any) -> Generator[None]:
    """Say loudly that the browser tests did not run."""
    skipped = [r for r in terminalreporter.stats.get("skipped", []) if NO_BROWSER in str(r.longrepr)]
    if skipped:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", red=True, bold=True)
        terminalreporter.line(f"{len(skipped)} browser tests were skipped: {NO_BROWSER}.", red=True)
    return (yield)
