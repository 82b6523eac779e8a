"""Pages keep to the content security policy: no inline scripts, handlers or styles."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted(
    path.relative_to(ROOT)
    for path in [*(ROOT / "templates").rglob("*.html"), *ROOT.glob("*/templates/**/*.html")]
    if "emails" not in path.relative_to(ROOT).parts  # mail programs know nothing but inline styles
)
BANNED = {
    "hx-on": re.compile(r"\shx-on[:=-]"),
    "hx-vals with JavaScript": re.compile(r"hx-vals=[\"']js:"),
    "style attribute": re.compile(r"\sstyle\s*="),
    "style element": re.compile(r"<style[\s>]"),
    "on… attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "javascript: link": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "inline script": re.compile(r"<script(?![^>]*(?:\ssrc=|type=.application/ld\+json))[^>]*>"),
}


def test_there_are_templates() -> None:
    assert Path("templates/base.html") in TEMPLATES


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_template_has_nothing_inline(path: Path) -> None:
    text = re.sub(r"{#.*?#}|{% comment.*?{% endcomment %}", "", (ROOT / path).read_text(), flags=re.DOTALL)
    assert [name for name, pattern in BANNED.items() if pattern.search(text)] == []


@pytest.mark.parametrize(
    ("bad", "name"),
    [
        ('<button hx-on:click="x()">', "hx-on"),
        ("<a hx-vals='js:{a: 1}'>", "hx-vals with JavaScript"),
        ('<p style="color: red">', "style attribute"),
        ("<style>p{}</style>", "style element"),
        ('<a\n  href="/" onclick="x()">', "on… attribute"),
        ('<a href="javascript:x()">', "javascript: link"),
        ("<script>x()</script>", "inline script"),
    ],
)
def test_the_rules_see_what_they_ban(bad: str, name: str) -> None:
    assert [rule for rule, pattern in BANNED.items() if pattern.search(bad)] == [name]
