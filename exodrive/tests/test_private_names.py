"""Names of libraries that begin with an underscore: each used for a reason, and noticed when the library changes it."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.core.paginator import Paginator
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import FileField, QuerySet
from django.db.models.deletion import Collector
from django.db.models.fields.files import FieldFile
from django.db.transaction import Atomic
from django.test import TransactionTestCase

ROOT = Path(settings.BASE_DIR)
# Documented in spite of their underscore.
PUBLIC = {
    "_meta",  # https://docs.djangoproject.com/en/5.2/ref/models/meta/
    "_default_manager",  # https://docs.djangoproject.com/en/5.2/topics/db/managers/#default-managers
    "_base_manager",  # https://docs.djangoproject.com/en/5.2/topics/db/managers/#base-managers
    "_db",  # https://docs.djangoproject.com/en/5.2/topics/auth/customizing/#a-full-example
    "_replace",  # these three: https://docs.python.org/3.11/library/collections.html#collections.namedtuple
    "_make",
    "_asdict",
    "_create",  # https://factoryboy.readthedocs.io/en/stable/reference.html#factory.Factory._create
    "_exit",  # https://docs.python.org/3.11/library/os.html#os._exit
}
# (owner, name, who in the library uses it, why there is no other way)
PRIVATE: list[tuple[Any, str, Any, str]] = [
    (
        QuerySet,
        "_raw_delete",
        Collector.delete,
        "delete() reads the rows first, which the public role may not",
    ),
    (
        BaseDatabaseWrapper,
        "_set_autocommit",
        BaseDatabaseWrapper.set_autocommit,
        "the role goes with the transaction",
    ),
    (
        BaseDatabaseWrapper,
        "_commit",
        BaseDatabaseWrapper.commit,
        "no answer to COMMIT is another fault than any other",
    ),
    (BaseDatabaseWrapper, "_rollback", BaseDatabaseWrapper.rollback, "takes the identity back with it"),
    (
        BaseDatabaseWrapper,
        "_savepoint_rollback",
        BaseDatabaseWrapper.savepoint_rollback,
        "takes the identity back with it",
    ),
    (SessionBase, "_validate_session_key", SessionBase._set_session_key, "PostgreSQL refuses some texts"),
    (FieldFile, "_committed", FileField.pre_save, "only what was just given is drawn anew"),
    (Paginator, "_get_page", Paginator.page, "its hook for subclasses, by Django's own comment"),
    (Atomic, "_from_testcase", Atomic.__enter__, "verbs are durable, also inside of a test's transaction"),
    (
        TransactionTestCase,
        "_databases_names",
        TransactionTestCase._fixture_teardown,
        "tables are emptied as their owner",
    ),
    (
        TransactionTestCase,
        "_fixture_teardown",
        TransactionTestCase._post_teardown,
        "tables are emptied as their owner",
    ),
]


def sources() -> Iterator[Path]:
    for package in ("exodrive", "bookings", "inbox", "cars"):
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from ROOT.glob("*.py")


def names_of(tree: ast.AST) -> tuple[set[str], set[str]]:
    """(private attributes that are read, private names that are made) in a module."""
    read, made = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _is_private(node.attr):
            is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
            (made if is_own and isinstance(node.ctx, ast.Store) else read).add(node.attr)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            made.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
    return {name for name in read if _is_private(name)}, made


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def foreign() -> set[str]:
    """Private names that somebody reads and nobody here makes."""
    found = [names_of(ast.parse(path.read_text())) for path in sources()]
    return set().union(*(read for read, _made in found)) - set().union(*(made for _read, made in found))


def test_every_private_name_of_a_library_is_listed():
    listed = {name for _owner, name, _user, _why in PRIVATE} | {
        "_set_session_key",
        "_post_teardown",
    }  # in this list
    assert foreign() - PUBLIC - listed == set()


@pytest.mark.parametrize(("owner", "name", "user", "why"), PRIVATE, ids=[name for _o, name, *_ in PRIVATE])
def test_the_library_still_has_it_and_uses_it(owner, name, user, why):
    assert hasattr(owner, name) or name in inspect.getsource(owner)
    assert name in inspect.getsource(user)
    assert why


def test_what_we_override_is_called_as_before():
    signatures = {
        (BaseDatabaseWrapper, "_set_autocommit"): ["self", "autocommit"],
        (BaseDatabaseWrapper, "_savepoint_rollback"): ["self", "sid"],
        (BaseDatabaseWrapper, "_commit"): ["self"],
        (BaseDatabaseWrapper, "_rollback"): ["self"],
        (SessionBase, "_validate_session_key"): ["self", "key"],
        (QuerySet, "_raw_delete"): ["self", "using"],
    }
    for (owner, name), parameters in signatures.items():
        assert list(inspect.signature(getattr(owner, name)).parameters) == parameters, name


def test_a_name_that_is_not_ours_is_found():
    read, made = names_of(ast.parse("def _own(): pass\nx._own()\nqueryset._clone()\nself._kept = 1\n"))
    assert (read - made, {"_own", "_kept"} <= made) == ({"_clone"}, True)


def overrides_of(owner: type) -> set[str]:
    """Private methods of a class of ours that a library's class below it has as well: it may be the one to call them."""
    methods = {
        name
        for name, value in vars(owner).items()
        if _is_private(name) and isinstance(value, FunctionType | classmethod | staticmethod | property)
    }
    foreign_bases = [base for base in owner.__mro__[1:] if not is_ours(base)]
    return {
        name for name in methods if not name.endswith("_") and any(name in vars(b) for b in foreign_bases)
    }


def is_ours(owner: type) -> bool:
    return owner.__module__.partition(".")[0] in ("exodrive", "bookings", "inbox", "cars", "conftest")


def classes() -> Iterator[type]:
    aside = {"migrations", "preload", "wsgi", "asgi"}
    for path in sources():
        parts = path.relative_to(ROOT).with_suffix("").parts
        if not aside & set(parts) and len(parts) > 1:
            module = importlib.import_module(".".join(parts).removesuffix(".__init__"))
            yield from (
                c for c in vars(module).values() if inspect.isclass(c) and c.__module__ == module.__name__
            )


def test_no_method_overrides_an_unlisted_private_one():
    found = list(classes())
    overridden = {name for owner in found for name in overrides_of(owner)}
    assert len(found) > 300
    assert overridden - PUBLIC - {name for _owner, name, *_ in PRIVATE} == set()
    assert {"_commit", "_validate_session_key"} <= overridden


def test_a_method_in_a_library_s_place_is_found():
    class Ours(SessionBase):
        def _get_session(self, no_load=False):
            return {}

        def _of_our_own(self):
            return None

    Ours.__module__ = "exodrive.example"
    assert overrides_of(Ours) == {"_get_session"}
