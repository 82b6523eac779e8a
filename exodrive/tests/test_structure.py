"""Who may import whom: cars <- bookings <- inbox, and the helpers import no app."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = {"cars", "bookings", "inbox"}
MAY_IMPORT = {"cars": {"cars"}, "bookings": {"cars", "bookings"}, "inbox": APPS}
WIRING = {"urls.py", "api.py", "checks.py", "models.py", "admin.py", "celery.py"}


def modules(app):
    for path in sorted((ROOT / app).rglob("*.py")):
        relative = path.relative_to(ROOT / app)
        if "tests" not in relative.parts and "migrations" not in relative.parts:
            yield path, relative


def imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def apps_in(path):
    return {name.split(".")[0] for name in imported(path)} & APPS


@pytest.mark.parametrize("app", sorted(APPS))
def test_apps_import_only_what_stands_before_them(app):
    wrong = {str(rel): apps_in(path) - MAY_IMPORT[app] for path, rel in modules(app)}
    assert {name: extra for name, extra in wrong.items() if extra} == {}


def test_the_helpers_import_no_app():
    wrong = {
        str(rel): apps_in(path)
        for path, rel in modules("exodrive")
        if rel.name not in WIRING and "management" not in rel.parts
    }
    assert {name: extra for name, extra in wrong.items() if extra} == {}


def test_no_relative_imports():
    for app in [*APPS, "exodrive"]:
        for path, _ in modules(app):
            tree = ast.parse(path.read_text())
            assert not [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level], path


def test_top_level_holds_what_the_readme_lists():
    found = {path.name for path in ROOT.iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert found - {"var", "__pycache__"} == {
        "exodrive",
        "bookings",
        "inbox",
        "cars",
        "templates",
        "static",
        "locale",
        "docs",
    }
