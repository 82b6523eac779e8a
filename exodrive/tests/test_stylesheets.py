"""The style sheets are laid out to be read and to be compared line by line."""

import re
from pathlib import Path

import pytest
from django.conf import settings

SHEETS = sorted((Path(settings.BASE_DIR) / "static/css").glob("*.css"))
# What may hold a semicolon or a brace without ending anything: comments, strings, addresses.
OPAQUE = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|url\([^)]*\)""", re.S)
LONGEST = 120


def crowded(sheet: str) -> list[str]:
    """The lines that hold more than one declaration, or a brace beside one."""
    bare = OPAQUE.sub(lambda found: "\n" * found[0].count("\n"), sheet)
    originals = sheet.split("\n")
    return [
        originals[number].strip()
        for number, line in enumerate(bare.split("\n"))
        if len(re.findall(r"[;{}]", line)) > 1 or re.search(r"[;{}]\s*[^\s;{}]", line)
    ]


def too_long(sheet: str) -> list[str]:
    return [line.strip() for line in sheet.split("\n") if len(line) > LONGEST and "url(" not in line]


def test_there_are_sheets_to_read() -> None:
    assert {sheet.name for sheet in SHEETS} >= {"app.css", "staff.css", "admin.css"}


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_declaration_has_its_own_line(sheet: Path) -> None:
    assert crowded(sheet.read_text()) == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_line_is_longer_than_a_screen(sheet: Path) -> None:
    assert too_long(sheet.read_text()) == []


@pytest.mark.parametrize(
    "line", ["a { color: red; }", "color: red; margin: 0;", "a { color: red", "} b {", "color: red; }", "a{}"]
)
def test_a_crowded_line_is_noticed(line: str) -> None:
    assert crowded(f"p {{\n  margin: 0;\n}}\n{line}\n") == [line]


@pytest.mark.parametrize(
    "line",
    ["color: red; /* not blue; } */", 'content: "; }";', "background: url(data:image/png;base64,AA==);"],
)
def test_what_a_string_or_a_comment_holds_does_not_count(line: str) -> None:
    assert crowded(f"p {{\n  {line}\n}}\n") == []


def test_a_long_line_is_noticed() -> None:
    assert too_long("a" * 121 + "\n" + "b" * 120) == ["a" * 121]
