"""Collecting, checking and compiling translations without gettext's binaries."""

import gettext
import os
from pathlib import Path

import pytest

from exodrive.i18n import catalogues

PAGE = """
{% load i18n %}<p title='it"s'>don't {% translate "Hello" %} {{ _("Price")|upper }} {% translate "May" context "month" %}
  {# Translators: the customer #}
  {% blocktranslate count n=days with name=who %}{{ n }} day for {{ name }}{% plural %}\
{{ n }} days for {{ name }}{% endblocktranslate %}
      {% blocktranslate trimmed %}
        100% yours,
        at once
      {% endblocktranslate %}
"""
MODULE = """
from django.utils.translation import gettext as _, ngettext
SAY = _("Hi %(name)s, "
        "welcome")
DAYS = ngettext("One day", "%d days", 2)
NOT_MARKED = "secret"
"""
TEXTS = {
    "Hello": "Bonjour",
    "Price": "Prix",
    "May": "Mai",
    "Hi %(name)s, welcome": "Bonjour %(name)s, bienvenue",
    "100%% yours, at once": "100 %% à vous, tout de suite",
    ("%(n)s day for %(name)s", "%(n)s days for %(name)s"): (
        "%(n)s jour pour %(name)s",
        "%(n)s jours pour %(name)s",
    ),
    ("One day", "%d days"): ("Un jour", "%d jours"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A small project whose French is complete."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "cars" / "tests").mkdir(parents=True)
    (tmp_path / "cars" / "say.py").write_text(MODULE)
    (tmp_path / "cars" / "tests" / "test_say.py").write_text('_("only in a test")\n')
    path = catalogues.path_of(tmp_path / "locale", "fr")
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogues.update(path, catalogues.collect(tmp_path)))
    catalog = catalogues.load(path)
    for message in catalog:
        if message.id:
            message.string = TEXTS[message.id]
    path.write_bytes(catalogues.po_bytes(catalog))
    return tmp_path


def french(site: Path) -> Path:
    return catalogues.path_of(site / "locale", "fr")


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_texts_of_code_and_templates_are_found(site: Path) -> None:
    catalog = catalogues.collect(site)
    assert {message.id for message in catalog if message.id} == set(TEXTS)
    assert catalog.get("May", "month").context == "month"
    assert catalog.get(("%(n)s day for %(name)s", ""), None).auto_comments == ["the customer"]


def test_a_complete_catalogue_has_no_problems(site: Path) -> None:
    assert catalogues.problems(site, ("fr",)) == []


def test_catalogues_carry_no_locations_and_no_dates(site: Path) -> None:
    text = french(site).read_text()
    assert ("#:" in text, "Date" in text) == (False, False)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('"Bonjour"', '""', "fr: no translation: 'Hello'"),
        ('msgid "Hello"', '#, fuzzy\nmsgid "Hello"', "fr: fuzzy: 'Hello'"),
        (
            "Bonjour %(name)s",
            "Bonjour %(nom)s",
            "fr: placeholders differ in “Bonjour %(nom)s, bienvenue”: 'Hi %(name)s, welcome'",
        ),
        ('msgstr[1] "%d jours"', 'msgstr[1] ""', "fr: no translation: 'One day'"),
    ],
)
def test_each_kind_of_gap_is_named(site: Path, old: str, new: str, problem: str) -> None:
    rewrite(french(site), old, new)
    assert catalogues.problems(site, ("fr",)) == [problem]


def test_a_changed_text_makes_the_catalogue_stale(site: Path) -> None:
    rewrite(site / "templates" / "page.html", '"Hello"', '"Good day"')
    assert catalogues.problems(site, ("fr",)) == [
        "fr: no translation: 'Good day'",
        "fr: locale/fr/LC_MESSAGES/django.po is stale: run manage.py extract_messages",
    ]


def test_update_keeps_what_is_translated_and_drops_the_rest(site: Path) -> None:
    rewrite(site / "templates" / "page.html", '"Hello"', '"Good day"')
    path = french(site)
    path.write_bytes(catalogues.update(path, catalogues.collect(site)))
    catalog = catalogues.load(path)
    assert (catalog.get("Price").string, catalog.get("Good day").string, catalog.get("Hello")) == (
        "Prix",
        "",
        None,
    )


def test_both_sides_of_a_merge_are_kept(site: Path) -> None:
    path = french(site)
    rewrite(
        path,
        'msgid "Hello"\nmsgstr "Bonjour"\n',
        '<<<<<<< HEAD\nmsgid "Hello"\nmsgstr "Bonjour"\n=======\nmsgid "Help"\nmsgstr "Aide"\n>>>>>>> other\n',
    )
    catalog = catalogues.load(path)
    assert (catalog.get("Hello").string, catalog.get("Help").string) == ("Bonjour", "Aide")


def test_compiling_writes_only_what_changed(site: Path) -> None:
    assert catalogues.compile_all(site / "locale") == 1
    assert catalogues.compile_all(site / "locale") == 0
    path = french(site)
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert compiled.gettext("Hello") == "Bonjour"
    assert compiled.ngettext("One day", "%d days", 2) == "%d jours"
    os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 10))
    assert catalogues.compile_all(site / "locale") == 1
