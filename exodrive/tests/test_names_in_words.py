"""A module that is named in a comment, a docstring or a document is there."""

import importlib
import io
import re
import tokenize
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOTTED = re.compile(r"(?<![\w./@-])(?:exodrive|bookings|inbox|cars)(?:\.[a-z_A-Z]\w*)+(?![\w/@-])")
# Loggers, the page's script, the beginning of a check's code.
OTHER = {"exodrive.events", "exodrive.requests", "exodrive.pick", "exodrive.E"}
ENDINGS = {"html", "txt", "py", "sql", "css", "js", "json", "md", "com", "test", "dump"}


def words_of(path: Path) -> str:
    """Comments and docstrings of a module; all of a document."""
    if path.suffix != ".py":
        return path.read_text()
    tokens = tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
    kept, before = [], tokenize.NEWLINE
    for token in tokens:
        is_docstring = token.type == tokenize.STRING and before in (
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.NL,
            tokenize.ENCODING,
        )
        if token.type == tokenize.COMMENT or (is_docstring and token.string.startswith('"""')):
            kept.append(token.string)
        if token.type != tokenize.COMMENT:
            before = token.type
    return "\n".join(kept)


def exists(name: str) -> bool:
    """Whether a dotted name leads to a module, or to something in one."""
    parts = name.split(".")
    for n in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:n]))
        except ImportError:
            continue
        for part in parts[n:]:
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


def missing(text: str) -> list[str]:
    found = {name for name in DOTTED.findall(text) if name.rpartition(".")[2] not in ENDINGS}
    return sorted(name for name in found - OTHER if not exists(name))


def everything() -> list[Path]:
    code = [
        path
        for package in ("exodrive", "bookings", "inbox", "cars")
        for path in (ROOT / package).rglob("*.py")
    ]
    return [path for path in code if "migrations" not in path.parts] + [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
    ]


def test_what_is_named_exists():
    found = {
        str(path.relative_to(ROOT)): names for path in everything() if (names := missing(words_of(path)))
    }
    found.pop("CHANGELOG.md", None)  # speaks of what was
    assert found == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("see exodrive.db.retry", []),
        ("see exodrive.db.retry.retry_on_deadlock", []),
        ("see exodrive.patience", ["exodrive.patience"]),
        ("see bookings.errors.Gone", ["bookings.errors.Gone"]),
        ("exodrive.test, bookings/taken.html, a@exodrive.com", []),
    ],
)
def test_a_name_that_leads_nowhere_is_found(text, names):
    assert missing(text) == names
