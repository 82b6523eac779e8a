"""The documents say what the code does: what they name exists, and their links lead somewhere."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands

from exodrive.tests.test_structure import ORDER

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PACKAGES = ("exodrive", "bookings", "cars", "inbox")
FOLDERS = (*PACKAGES, "docs", "templates", "static", "locale")
LOGGERS = {"exodrive.events"}  # dotted like a module, but none
ENDINGS = "py|sql|md|html|css|js|txt|po|in|ini|toml|svg"


def prose(text: str) -> str:
    """Without blocks of code."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def quoted(text: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`\n]+)`", prose(text))


def spelled_out(path: str) -> list[str]:
    """`a/{b,c}.py` is two paths."""
    braces = re.search(r"\{([^}]+)\}", path)
    return [path.replace(braces[0], part) for part in braces[1].split(",")] if braces else [path]


def is_path(name: str) -> bool:
    if not re.fullmatch(r"[\w./*{},-]+", name):
        return False
    return name.startswith(tuple(f"{folder}/" for folder in FOLDERS)) or bool(
        re.fullmatch(rf"[\w/*-][\w./*-]*\.({ENDINGS})", name)
    )


def path_exists(name: str) -> bool:
    """A path from the top, or the end of one (`holds.py`, `pricing/daily.py`); capitals stand for any name."""
    pattern = re.sub(r"\b[A-Z]+\b(?!\.md)", "*", name).rstrip("/")
    if name.startswith(tuple(f"{folder}/" for folder in FOLDERS)):
        return any(True for _ in ROOT.glob(pattern))
    places = [ROOT.glob(pattern), *((ROOT / folder).rglob(pattern) for folder in FOLDERS)]
    return any(True for place in places for _ in place)


def module_file(dotted: str) -> Path | None:
    path = ROOT.joinpath(*dotted.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def names_in(file: Path) -> set[str]:
    """What a module defines or imports at its top level."""
    found = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        else:
            found |= {
                n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
    return found


def dotted_exists(dotted: str) -> bool:
    """A package, a module, or a name in one; what hangs on that name is not looked at."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        if file := module_file(".".join(parts[:length])):
            return length == len(parts) or parts[length] in names_in(file)
        if length == len(parts) and ROOT.joinpath(*parts).is_dir():
            return True
    return False


def dotted_names(text: str) -> Iterator[str]:
    """`exodrive.rls.acting_as`, `cars.models`, `from exodrive.rls import STAFF, acting_as`: names of ours."""
    packages = "|".join(PACKAGES)
    for module, names in re.findall(rf"from ((?:{packages})[\w.]*) import ([\w, ]+)", text):
        yield from (f"{module}.{name.strip()}" for name in names.split(","))
    yield from re.findall(rf"(?<![\w./@-])(?:{packages})(?:\.[a-zA-Z_]\w*)+(?![\w@/-])", text)


def missing_names(text: str) -> list[str]:
    """Files, modules, commands and targets that a document names and nobody has."""
    missing = []
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in quoted(text):
        if is_path(name):
            missing += [path for path in spelled_out(name) if not path_exists(path)]
        elif not re.fullmatch(r"exodrive\.E[\d.]*", name):
            missing += [dotted for dotted in dotted_names(name) if not dotted_exists(dotted)]
        missing += [name for command in re.findall(r"^make (\w+)", name) if command not in targets]
    commands = re.findall(r"manage\.py (?!SUBCOMMAND)([a-z]\w*)", text)
    return missing + [command for command in commands if command not in get_commands()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_what_a_document_names_exists(document):
    assert missing_names(document.read_text()) == []


@pytest.mark.parametrize(
    "stale",
    [
        "`exodrive/embedded/`",
        "`bookings/lifecycle/create.py`, `rebooking.py`",
        "`exodrive/db/{bounded,gone}.py`",
        "`exodrive.patience`",
        "`exodrive.rls.acting_like`",
        "`from exodrive import second_step; from exodrive.models import User`",
        "`manage.py tidy_up`",
        "`make tea`",
    ],
)
def test_a_stale_name_is_found(stale):
    assert len(missing_names(f"See {stale}.")) == 1


def comments_of(file: Path) -> Iterator[str]:
    """What a file says to its reader: comments and docstrings of Python, comments of templates and of SQL."""
    text = file.read_text()
    if file.suffix == ".html":
        yield from re.findall(r"\{#(.+?)#\}", text)
        yield from re.findall(r"\{% comment %\}(.+?)\{% endcomment %\}", text, re.DOTALL)
    elif file.suffix == ".sql":
        yield from re.findall(r"--(.*)", text)
    else:
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        yield from (token.string for token in tokens if token.type == tokenize.COMMENT)
        documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        nodes = (node for node in ast.walk(ast.parse(text)) if isinstance(node, documented))
        yield from filter(None, map(ast.get_docstring, nodes))


def stale_in_comments(file: Path) -> list[str]:
    """Modules, names and files of ours that a file's comments name and nobody has."""
    stale = []
    for comment in comments_of(file):
        stale += [name for name in dotted_names(comment) if name not in LOGGERS and not dotted_exists(name)]
        paths = re.findall(rf"(?<![\w./])(?:{'|'.join(FOLDERS)})/[\w./*-]+\.(?:{ENDINGS})\b", comment)
        stale += [path for path in paths if not path_exists(path)]
    return stale


def test_comments_name_what_exists():
    files = [
        *(
            file
            for package in PACKAGES
            for end in ("py", "sql")
            for file in (ROOT / package).rglob(f"*.{end}")
        ),
        *(ROOT / "templates").rglob("*.html"),
        *ROOT.glob("*.py"),
    ]
    assert len(files) > 100
    stale = {
        str(file.relative_to(ROOT)): names
        for file in sorted(files)
        if "migrations" not in file.parts and (names := stale_in_comments(file))
    }
    assert stale == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", "x = 1  # see exodrive.patience\n"),
        ("a.py", '"""Waits as `exodrive.patience` says."""\n'),
        (
            "a.py",
            'class A:\n    """Of a kind."""\n\n    def b(self):\n        """As exodrive.rls.acting_like does."""\n',
        ),
        ("a.py", "# as in bookings/lifecycle/rebooking.py\n"),
        ("a.html", "<p>exodrive.patience</p>{# Context: form (inbox.forms.change.OldForm). #}"),
        ("a.html", "{% comment %}\nNeeds bookings.forms.link.OldForm\n{% endcomment %}"),
        ("a.sql", "SELECT cars.make; -- as `bookings.lifecycle.moves` says\n"),
    ],
)
def test_a_stale_name_in_a_comment_is_found(tmp_path, name, text):
    file = tmp_path / name
    file.write_text(text)
    assert len(stale_in_comments(file)) == 1


def test_names_that_exist_are_let_through():
    assert (
        missing_names(
            "`exodrive/rls.py`, `ledger.py`, `pricing/{daily,quote}.py`, `locale/*/LC_MESSAGES/django.po`, "
            "`exodrive.rls.acting_as`, `cars.models.Fleet`, `exodrive.E001`, `exodrive:limit:*`, `make run`, "
            "`manage.py migrate`, `from exodrive.rls import STAFF, acting_as`, `bookings/tests/NAME/`"
        )
        == []
    )


def anchor(heading: str) -> str:
    """The name that a Markdown page gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def anchors(document: Path) -> set[str]:
    return {
        anchor(heading) for heading in re.findall(r"^#+ (.+)$", prose(document.read_text()), re.MULTILINE)
    }


def broken_links(document: Path) -> list[str]:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", document.read_text()):
        name, _, place = target.partition("#")
        file = document.parent / name if name else document
        if not file.exists() or (place and place not in anchors(file)):
            broken.append(target)
    return broken


@pytest.mark.parametrize("document", [*DOCUMENTS, ROOT / "CHANGELOG.md"], ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document):
    assert broken_links(document) == []


def test_a_broken_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](#here) [b](#there) [c](page.md#here) [d](other.md)")
    assert broken_links(page) == ["#there", "other.md"]


def test_every_decision_has_a_date_and_stands_in_the_index():
    text = (ROOT / "docs" / "decisions.md").read_text()
    index, *decisions = re.split(r"^## ", text, flags=re.MULTILINE)
    titles = [decision.partition("\n")[0] for decision in decisions]
    undated = [
        d.partition("\n")[0] for d in decisions if not re.match(r"[^\n]+\n\n20\d\d-\d\d-\d\d\n\n\S", d)
    ]
    assert undated == []
    assert sorted(re.findall(r"^- \[(.+)\]\(#", index, re.MULTILINE)) == sorted(titles)
    assert not re.search(r"^\*\*20\d\d-", text, re.MULTILINE)


def test_the_import_order_in_the_document_is_the_one_that_is_tested():
    text = (ROOT / "docs" / "architecture.md").read_text().partition("## Who imports whom")[2]
    lines = text.partition("```\n")[2].partition("```")[0].splitlines()
    assert lines == [
        line for package, rooms in ORDER.items() for line in (package, *(f"    {room}" for room in rooms))
    ]


def test_every_task_of_a_newcomer_has_a_file_to_start_with_and_a_test_that_answers():
    text = (ROOT / "docs" / "architecture.md").read_text().partition("## Where do I")[2].partition("\n## ")[0]
    tasks = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")][1:]
    assert len(tasks) >= 10
    for name, start, _rest, answer in tasks:
        for cell in (start, answer):
            assert any(is_path(word) and path_exists(word) for word in quoted(cell)), name


def test_locks_have_hashes_and_nothing_of_the_machine_that_made_them() -> None:
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "requirements-embedded.txt",
        "requirements-uv.txt",
    ):
        text = (ROOT / name).read_text()
        pins = re.findall(r"^[\w.\[\],-]+==\S+", text, re.MULTILINE)
        pinned_with_hash = re.findall(
            r"^[\w.\[\],-]+==\S+(?: ; [^\\\n]+)? \\\n    --hash=sha256:", text, re.MULTILINE
        )
        assert (len(pins), "file:" in text, "index-url" in text) == (len(pinned_with_hash), False, False)
        assert pins
