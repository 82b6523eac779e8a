"""How long things may be: what fits a screen is read, what does not is scrolled past."""

import ast
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PACKAGES = ("cars", "bookings", "inbox", "exodrive")
MAX_LINES, MAX_VIEW, MAX_ARGUMENTS = 250, 25, 6
P90 = 15  # lines; nine functions of ten are shorter
# One list of settings with its sections reads better than two.
LONGER = {"exodrive/settings.py"}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> Iterator[Path]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not {"tests", "migrations"} & set(path.relative_to(ROOT).parts):
                yield path


def functions(text: str) -> Iterator[tuple[Function, int]]:
    """Every function with its number of lines."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, Function):
            yield node, (node.end_lineno or 0) - node.lineno + 1


def views() -> Iterator[Path]:
    return (path for path in sources() if path.parent.name == "views")


def too_long(text: str) -> list[str]:
    return [node.name for node, lines in functions(text) if lines > MAX_VIEW]


def crowded(text: str) -> list[str]:
    """Verbs that take more than MAX_ARGUMENTS: they own a transaction and are decorated for it."""
    found = []
    for node, _lines in functions(text):
        decorated = any("retry_on_deadlock" in ast.unparse(one) for one in node.decorator_list)
        if decorated and len(node.args.args + node.args.kwonlyargs) > MAX_ARGUMENTS:
            found.append(node.name)
    return found


def test_no_module_is_long():
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    assert {name: n for name, n in long.items() if n > MAX_LINES and name not in LONGER} == {}


def test_nine_functions_of_ten_fit_a_hand():
    lengths = [lines for path in sources() for _node, lines in functions(path.read_text())]
    assert quantiles(lengths, n=10)[-1] <= P90


def test_a_view_fits_a_screen():
    assert {path.name: found for path in views() if (found := too_long(path.read_text()))} == {}
    assert len(list(views())) > 20


def test_a_verb_takes_few_arguments():
    assert {path.name: found for path in sources() if (found := crowded(path.read_text()))} == {}


def test_what_is_too_long_or_too_crowded_is_found():
    body = "".join(f"    x = {n}\n" for n in range(MAX_VIEW))
    assert too_long(f"def view(request):\n{body}") == ["view"]
    assert too_long(f"def view(request):\n{body.removesuffix('    x = 24' + chr(10))}") == []
    arguments = ", ".join("abcdefg")
    assert crowded(f"@retry_on_deadlock()\ndef verb(*, {arguments}):\n    pass\n") == ["verb"]
    assert crowded(f"def helper({arguments}):\n    pass\n") == []
