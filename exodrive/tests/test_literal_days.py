"""No test names a day that will lie on the other side of today: tests compute theirs (`days`, `in_days`).

Years before 2020 are past for ever and may stand anywhere, as may those from 2100 on; the rest only where a file was
reviewed. `make instants` shows on a leap day far ahead that the review was right.
"""

import ast
import re

import pytest
from django.conf import settings

TESTS = ("bookings", "cars", "exodrive", "inbox")
DAY = re.compile(r"(?<![\d.])20[2-9]\d-\d\d")
YEARS = range(2020, 2100)
# Nothing in them asks what day it is, or the instant at which it happens is handed in.
REVIEWED = {
    "bookings/tests/availability/test_calendar.py": "draws a calendar for a given today",
    "bookings/tests/availability/test_rules.py": "rules for a given instant",
    "bookings/tests/lifecycle/test_counter.py": "booked and changed at given instants",
    "bookings/tests/lifecycle/test_transitions.py": "clock changes: booked and moved at given instants",
    "bookings/tests/test_jobs.py": "clock changes: booked and moved at given instants",
    "cars/tests/pricing/test_agreed.py": "prices of given weekdays, compared with no clock",
    "cars/tests/models/test_cars.py": "weekdays of a given week",
    "cars/tests/models/test_places.py": "hours and clock changes of given days",
    "cars/tests/models/test_prices.py": "rows that nothing compares with today",
    "cars/tests/pricing/test_adjust.py": "prices of a given weekday, compared with no clock",
    "cars/tests/pricing/test_late.py": "prices of given weekdays, compared with no clock",
    "cars/tests/pricing/test_daily.py": "prices of given days",
    "exodrive/tests/dev/test_drill.py": "counts rows that are handed in",
    "exodrive/tests/dev/test_instants.py": "computes from a given today",
    "exodrive/tests/forms/test_shown.py": "values of fields, compared with no clock",
    "exodrive/tests/i18n/test_typed_dates.py": "how a day is typed, compared with no clock",
    "exodrive/tests/i18n/test_formats.py": "how a day is written",
    "exodrive/tests/ops/test_health.py": "judges ages at a given instant",
    "exodrive/tests/ops/test_logging.py": "what is taken out of a line",
    "exodrive/tests/support/isolation_world.py": "rows of a past instant",
    "exodrive/tests/test_literal_days.py": "this check",
    "inbox/tests/mail/test_delivery.py": "events of a past instant",
    "inbox/tests/mail/test_letters.py": "booked and written at given instants",
    "inbox/tests/views/test_figures.py": "figures at a given instant",
    "inbox/tests/views/test_maintenance.py": "services on days that are over",
    "inbox/tests/views/test_two_tabs.py": "a season that is over",
    "inbox/tests/views/test_calendar.py": "draws a table at a given instant",
}


def literal_days(source):
    """The lines that name a day from 2020 on: text like 2027-03-11, or `date(2027, ...)`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DAY.search(node.value):
            yield node.lineno
        elif isinstance(node, ast.Call) and node.args and _name(node.func) in {"date", "datetime"}:
            year = node.args[0]
            if isinstance(year, ast.Constant) and year.value in YEARS:
                yield node.lineno


def _name(function):
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def files():
    for package in TESTS:
        for path in sorted((settings.BASE_DIR / package).rglob("tests/**/*.py")):
            yield str(path.relative_to(settings.BASE_DIR)), path


def test_only_reviewed_files_name_a_day():
    found = {name: list(literal_days(path.read_text())) for name, path in files()}
    naming = {name: lines for name, lines in found.items() if lines}
    assert {name: lines for name, lines in naming.items() if name not in REVIEWED} == {}
    assert set(REVIEWED) - set(naming) == set()  # a review of nothing goes


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("a = date(2027, 3, 1)", [1]),
        ("\na = datetime.datetime(2027, 3, 1)", [2]),
        ("a = '/en/?start=2027-03-11'", [1]),
        ("a = date(2001, 3, 1), '2001-03-11', '2150-01-01', date(year, 1, 1)", []),
        ("a = {'year': 2021}", []),
    ],
)
def test_a_literal_day_is_found(source, lines):
    assert list(literal_days(source)) == lines
