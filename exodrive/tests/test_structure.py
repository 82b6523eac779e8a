"""Who may import whom, in one ordered list: a room imports from the rooms above it, never from one beside or below it."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("cars", "bookings", "inbox")
MAX_MODULES = 22  # in one folder, before a newcomer loses the overview

# From what knows nothing of the others to what may know all. A line's rooms do not know each other.
ORDER = {
    "exodrive": (
        "errors routes schedule mailboxes money numbers phones text",
        "timestamps",
        "i18n",
        "db.access",
        "rls",
        "security",
        "cache db models sql",
        "checks forms ops templatetags context_processors",
        "http",
        "limits",
        "staff",
        "admin api apps celery tasks",
        "asgi doctor settings urls wsgi",
        "dev",
        "management",
    ),
    "cars": ("models sql", "catalogue", "pricing pages", "forms", "admin apps management"),
    "bookings": (
        "errors signals tokens visitors",
        "days",
        "hours",
        "models sql",
        "marks",
        "events links privacy search",
        "called ridden",
        "availability",
        "feeds services",
        "lifecycle",
        "evidence payments",
        "tasks",
        "receivers",
        "admin apps forms management",
        "api views",
        "urls",
    ),
    "inbox": (
        "triage",
        "models sql",
        "audit mail permissions retention",
        "tasks",
        "receivers",
        "desk forms",
        "api apps admin management templatetags views",
        "urls",
    ),
}
# The wiring of the site knows the apps; the figures of `metrics` count their rows. `backups` runs from commands only, and
# finds the embedded servers' tools.
KNOWS_APPS = {"admin", "api", "celery", "dev", "management", "urls", "ops/figures.py"}
MAY_KNOW_DEV = {"management", "ops/backups.py"}


def modules(package):
    for path in sorted((ROOT / package).rglob("*.py")):
        relative = path.relative_to(ROOT / package)
        if not {"tests", "migrations"} & set(relative.parts) and relative.parts != ("__init__.py",):
            yield path, relative


@cache
def imported(path):
    """Dotted names, with what is imported from a package spelled out."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def floor_of(package, dotted):
    """(line of the list, room) of a module like `ledger` in `bookings.availability.ledger`."""
    inside = dotted.split(".")[1:]
    for name in (".".join(inside[:2]), inside[0]):
        for floor, rooms in enumerate(ORDER[package]):
            if name in rooms.split():
                return floor, name
    raise AssertionError(f"{dotted} stands in no room of ORDER")


def dotted(package, relative):
    return ".".join([package, *relative.with_suffix("").parts]).removesuffix(".__init__")


@pytest.mark.parametrize("package", ORDER)
def test_rooms_import_only_from_above(package):
    wrong = []
    for path, relative in modules(package):
        floor, room = floor_of(package, dotted(package, relative))
        for name in imported(path):
            if not name.startswith(f"{package}.") or str(relative) in MAY_KNOW_DEV:
                continue
            other, its_room = floor_of(package, name)
            if its_room != room and other >= floor:
                wrong.append(f"{relative} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_the_apps_before_them(app):
    later = set(APPS[APPS.index(app) + 1 :])
    wrong = [(str(rel), name) for path, rel in modules(app) for name in imported(path)]
    assert [found for found in wrong if found[1].split(".")[0] in later] == []


def test_the_helpers_import_no_app():
    wrong = [
        f"{relative} imports {name}"
        for path, relative in modules("exodrive")
        if not {relative.parts[0].removesuffix(".py"), str(relative)} & KNOWS_APPS
        for name in imported(path)
        if name.split(".")[0] in APPS
    ]
    assert wrong == []


def test_only_commands_know_the_tools_of_development():
    wrong = [
        f"{package}/{relative} imports {name}"
        for package in ORDER
        for path, relative in modules(package)
        if not {relative.parts[0], str(relative)} & (MAY_KNOW_DEV | {"dev"})
        for name in imported(path)
        if name.startswith("exodrive.dev.")
    ]
    assert wrong == []


def test_no_folder_is_too_wide():
    wide = {}
    for package in ORDER:
        for folder in {path.parent for path in (ROOT / package).rglob("*.py")}:
            if folder.name != "migrations":
                wide[str(folder.relative_to(ROOT))] = len(list(folder.glob("*.py")))
    assert {folder: count for folder, count in wide.items() if count > MAX_MODULES} == {}


def test_no_relative_imports():
    for package in ORDER:
        for path, _ in modules(package):
            tree = ast.parse(path.read_text())
            assert not [n for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.level], path


def test_a_room_that_knows_too_much_is_found(tmp_path):
    """The check can fail: a leaf that looks upstairs."""
    module = tmp_path / "errors.py"
    module.write_text(
        "def late():\n    from bookings.models import Booking\n    from bookings import lifecycle\n"
    )
    names = list(imported(module))
    assert names == ["bookings.models.Booking", "bookings.lifecycle"]
    assert [floor_of("bookings", name)[1] for name in names] == ["models", "lifecycle"]
    assert floor_of("bookings", names[0]) > floor_of("bookings", "bookings.errors")


def test_top_level_holds_what_the_readme_lists():
    found = {path.name for path in Path(ROOT).iterdir() if path.is_dir() and not path.name.startswith(".")}
    assert found - {"var", "__pycache__"} == {
        "exodrive",
        "bookings",
        "inbox",
        "cars",
        "templates",
        "static",
        "locale",
        "docs",
        "deploy",
    }


AMOUNT = r"\b(?:total|deposit|difference|tax|amount|unit_price|price|daily_rate|weekend_rate|excess_km_price)"
BARE = re.compile(rf"\b(?:car|booking|extra|fee|season|change\.booking)\.(?:\w+\.)*{AMOUNT}\|money\b")
UNFORMATTED = re.compile(rf"{{{{[^}}|]*\.{AMOUNT}(?:_money)?\s*}}}}")
ROUNDED = re.compile(r"\|(?:floatformat|intcomma)|\|stringformat:.\.|\|money:|[€$£]\s?{{")
PAST_MONEY = re.compile(r"\bformat_currency\b|\bquantize\(|:,?\.2f\b|\bCURRENCY\b|\bget_currency_")
KNOWS_MONEY = {
    "exodrive/money.py",
    "exodrive/db/amounts.py",
    "exodrive/i18n/formats.py",
    "exodrive/settings.py",
    "exodrive/checks.py",  # that the setting is a currency
    "exodrive/staff/admin_site.py",  # in which currency prices are typed
    "cars/pricing/daily.py",  # of a sum of no days
    "bookings/models/availability.py",  # whether a hold can be
    "bookings/models/priced.py",  # whether a booking can be priced anew
    "bookings/lifecycle/change.py",  # and why not
}


def test_templates_show_money_and_no_bare_amount():
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.suffix in {".html", ".txt"}
        for pattern in (BARE, UNFORMATTED, ROUNDED)
        for found in pattern.finditer(path.read_text())
    ]
    assert wrong == []


def test_no_code_formats_or_rounds_an_amount_past_money():
    wrong = [
        f"{package}/{relative}: {found[0]}"
        for package in ORDER
        for path, relative in modules(package)
        if f"{package}/{relative}" not in KNOWS_MONEY and relative.parts[0] not in {"dev", "management"}
        for found in PAST_MONEY.finditer(path.read_text())
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (BARE, "{{ booking.total|money }}"),
        (BARE, "with rate=hero.car.daily_rate|money %}"),
        (UNFORMATTED, "{{ quote.total }}"),
        (UNFORMATTED, "{{ booking.total_money }}"),
        (ROUNDED, "{{ x|floatformat:2 }}"),
        (ROUNDED, "{{ x|money:currency }}"),
        (ROUNDED, "€{{ x }}"),
        (PAST_MONEY, 'f"{amount:.2f}"'),
        (PAST_MONEY, "amount.quantize(CENT)"),
        (PAST_MONEY, "settings.CURRENCY"),
    ],
)
def test_what_would_get_past_money_is_seen(pattern, text):
    assert pattern.search(text)
