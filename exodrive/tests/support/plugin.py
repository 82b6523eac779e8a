"""pytest plugin: a real PostgreSQL and Valkey for the tests, up before Django reads its settings.

DATABASE_URL with DATABASE_OWNER_URL, or REDIS_URL, in the environment or in `.env` switch the embedded one off. Every
pytest-xdist worker has its own database (pytest-django) and its own numbered Redis database (here).
"""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import environ
import pytest

from exodrive.dev.embedded.process import StackError
from exodrive.dev.embedded.stack import spare_stack
from exodrive.dev.embedded.surroundings import explicit_urls, faked_clock
from exodrive.i18n.catalogues import compile_all

ROOT = Path(__file__).resolve().parents[3]
# Hundreds of megabytes of modules and tests stay to the end: looking for garbage among them finds none.
GARBAGE_EVERY = (20_000, 20, 20)

gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """From here on garbage is looked for again, among what the tests make."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_EVERY)
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> Generator[None]:
    """Runs before pytest-django loads the settings."""
    # Tests play customers from everywhere, whom a site with the published secrets does not answer.
    os.environ.setdefault("SECRET_KEY", "of-the-tests-and-of-nothing-else-0123456789")
    os.environ.setdefault("LINK_KEY", "of-the-tests-and-of-no-other-link-0123456789")
    if not {"--help", "-h", "--version", "-V"} & set(args):
        _provide_services(early_config)
    return (yield)


def _provide_services(config: pytest.Config) -> None:
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is not None:
        _own_redis_database(int(worker.removeprefix("gw")) + 1)
        return
    compile_all(ROOT / "locale")
    environ.Env.read_env(ROOT / ".env")
    var = Path(os.environ.get("VAR_DIR", ROOT / "var"))
    try:
        explicit = explicit_urls(os.environ, var)
        stack = spare_stack(var, explicit=explicit, clock=faked_clock(os.environ))
    except StackError as error:
        pytest.exit(str(error), returncode=3)
    config.add_cleanup(lambda: stack.__exit__(None, None, None))
    os.environ.update(stack.urls)
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])


def _own_redis_database(number: int) -> None:
    """Redis locks are named after cars, and every worker has a car number 1."""
    server, _, _ = os.environ["REDIS_URL"].rpartition("/")
    os.environ["REDIS_URL"] = f"{server}/{number}"
