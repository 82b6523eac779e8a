"""Templates that a person can read: `djade` and these rules keep them so."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from exodrive.templatetags.formats import icon

ROOT = Path(settings.BASE_DIR)
MAX_WIDTH = 120
BLOCKS = frozenset(
    "html head body div p section article aside header footer nav main ul ol li dl dt dd h1 h2 h3 h4 h5 h6 form "  # noqa: SIM905
    "fieldset legend table caption thead tbody tfoot tr td th details summary figure figcaption address".split()
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
NAMED = re.compile(r"{% icon ['\"](\w+)['\"]")


def crowded(line: str) -> bool:
    """Whether a block element stands on one line with a block element inside of it."""
    inside = 0
    for closes, name in re.findall(r"<(/?)([a-z][a-z0-9]*)\b", line):
        if name in BLOCKS:
            inside = max(inside - 1, 0) if closes else inside + 1
            if inside > 1:
                return True
    return False


def test_templates_and_icons_are_there():
    assert len(TEMPLATES) > 80


def test_no_line_of_a_template_is_too_long():
    long = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in TEMPLATES
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > MAX_WIDTH
    ]
    assert long == []


def test_an_element_with_children_has_a_line_for_each():
    found = [
        f"{path.relative_to(ROOT)}:{n}"
        for path in TEMPLATES
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if crowded(line)
    ]
    assert found == []


def test_what_is_crowded_is_found():
    assert crowded("<ul><li>One</li></ul>")
    assert crowded('<div class="a"><p>')
    assert not crowded("<p>One <b>two</b></p>")
    assert not crowded("<dt>One</dt><dd>two</dd>")


def test_every_template_compiles():
    for path in TEMPLATES:
        get_template(str(path.relative_to(ROOT / "templates")))


def test_every_icon_is_used_and_every_used_one_exists():
    files = {path.stem for path in (ROOT / "templates" / "icons").glob("*.svg")}
    used = {name for path in TEMPLATES for name in NAMED.findall(path.read_text())}
    used |= {name for name in files if any(f'"{name}"' in text for text in _python())}
    assert used == files
    with pytest.raises(KeyError):
        icon("nothing")


def _python():
    return [path.read_text() for package in ("bookings", "inbox") for path in (ROOT / package).rglob("*.py")]
