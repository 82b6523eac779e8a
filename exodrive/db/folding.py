"""Words as people type them when they look for somebody: without accents, capitals, digraphs, apostrophes or hyphens.

All of it is built-in SQL: an index can stand on an expression from the release on that brings it, which it cannot on a
function of ours. So a changed expression needs its index changed too (a test compares the plans).
"""

from django.db.models import Func, TextField

# Before NFKD, which makes a space and an accent of some.
APOSTROPHES = "´`ʹʻʼʽʾʿˈ‘’‛′"
ACCENTS = r"\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f"
INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
LETTERS = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng"}
STROKED, PLAIN = "øđðłħŧıς", "oddlhtiσ"
JOINTS = r"[''\-\u2010-\u2015\u2212]"  # within a word; the quote is doubled, for SQL


def _plain(text: str) -> str:
    quotes = "''" * len(APOSTROPHES)
    text = f"lower(normalize(translate({text}, '{APOSTROPHES}', '{quotes}'), NFKD))"
    text = f"translate(regexp_replace({text}, '[{ACCENTS}{INVISIBLE}]', '', 'g'), '{STROKED}', '{PLAIN}')"
    for letter, spelt in LETTERS.items():
        text = f"replace({text}, '{letter}', '{spelt}')"
    return text


def _spaced(text: str) -> str:
    """An umlaut is written with an e, or without; both are the vowel alone. So is a Danish å."""
    text = rf"regexp_replace({text}, '(a)[ae]|([ou])e', '\1\2', 'g')"
    return f"regexp_replace({text}, '[^[:alnum:]]+', ' ', 'g')"


def spellings_of(text: str) -> list[str]:
    """SQL for the ways in which `text` is written: with its digraphs, without them, and without joints, too."""
    plain = f"regexp_replace({_plain(text)}, '[^[:alnum:]]+', ' ', 'g')"
    together = _spaced(f"regexp_replace({_plain(text)}, '{JOINTS}', '', 'g')")
    return [plain, _spaced(_plain(text)), together]


def words_of(text: str) -> str:
    """SQL for the words of `text`: apart where apostrophes and hyphens are, and written together, too."""
    together = _spaced(f"regexp_replace({_plain(text)}, '{JOINTS}', '', 'g')")
    return f"to_tsvector('simple', {_spaced(_plain(text))} || ' ' || {together})"


def beginnings_of(text: str) -> str:
    """SQL for a query for words that begin like each of `text`, or like them written together; NULL without a word."""
    together = _spaced(f"regexp_replace({_plain('typed')}, '{JOINTS}', '', 'g')")
    both = f"{_all(_spaced(_plain('typed')))} || {_all(together)}"
    return f"(SELECT {both} FROM (SELECT {text} AS typed) AS said)"  # noqa: S608  our own expressions


def _all(words: str) -> str:
    query = "SELECT to_tsquery('simple', string_agg(word || ':*', ' & '))"
    return f"({query} FROM regexp_split_to_table({words}, ' ') AS word WHERE word <> '')"


class Folded(Func):
    """A text as lists are sorted by it: no server has to know the collations of our readers."""

    template = f"regexp_replace({_plain('%(expressions)s')}, '{JOINTS}', '', 'g')"
    output_field = TextField()


class Words(Func):
    """The words of some columns, as the GIN indexes keep them."""

    template = words_of("%(expressions)s")
    arg_joiner = " || ' ' || "
    output_field = TextField()


class Beginnings(Func):
    """A query for words that begin like each typed one; NULL, which matches nothing, when there is no word."""

    template = beginnings_of("%(expressions)s")
    output_field = TextField()


class Digits(Func):
    """The digits of a telephone number, without what dials abroad (00) or between towns (0)."""

    template = r"ltrim(regexp_replace(normalize(%(expressions)s, NFKD), '\(0\)|[^0-9]', '', 'g'), '0')"
    output_field = TextField()
