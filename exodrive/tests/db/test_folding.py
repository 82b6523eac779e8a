"""How texts are folded for search and for sorting, compared with a model of it in Python."""

import re
import unicodedata

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from bookings.tests.support.examples import budget
from exodrive.db.folding import Beginnings, Digits, Folded, Words
from exodrive.rls import STAFF, acting_as

pytestmark = pytest.mark.django_db
LETTERS = "aeouåäöüßẞæøœđłþñçéİıǾŋ’ʼ '´`‐- \u00ad\u200b\u2066\ufeffAEOUZΣςΆйЙﬁ"
APOSTROPHES = dict.fromkeys(map(ord, "´`ʹʻʼʽʾʿˈ‘’‛′"), "'")
STROKED = zip("øđðłħŧıς", "oddlhtiσ", strict=True)
SPELT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ŋ": "ng", **dict(STROKED)})
LEFT_OUT = re.compile(r"[\u0300-\u036f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def folded(text):
    apart = unicodedata.normalize("NFKD", text.translate(APOSTROPHES))
    return LEFT_OUT.sub("", "".join(map(str.lower, apart))).translate(SPELT)


def together(text):
    return re.sub("['‐-―−-]", "", folded(text))


def words(text):
    """Apart at apostrophes and hyphens, and written together."""
    both = folded(text), together(text)
    vowels = (re.sub("(a)[ae]|([ou])e", lambda hit: hit[1] or hit[2], one) for one in both)
    return {word for one in vowels for word in re.findall(r"[^\W_]+", one)}


def ask(sql, *values):
    with acting_as(STAFF), connection.cursor() as cursor:
        cursor.execute("SELECT " + sql, values)
        return cursor.fetchone()[0]


def in_sql(expression, text):
    return ask(
        expression.template.replace("%(expressions)s", "said") + " FROM (SELECT %s::text AS said) AS t", text
    )


@budget(300)
@given(st.text(st.characters(max_codepoint=0x52F, exclude_characters="\0")) | st.text(LETTERS))
def test_texts_are_folded_as_the_model_says(text):
    assert in_sql(Folded, text) == together(text)


@budget(300)
@given(st.text(LETTERS))
def test_words_are_those_of_the_model(text):
    assert set(ask("tsvector_to_array(%s::tsvector)", in_sql(Words, text))) == words(text)


@budget(300)
@given(st.text(LETTERS, min_size=1), st.data())
def test_a_name_is_found_by_any_beginning_of_it(name, data):
    typed = name[: data.draw(st.integers(1, len(name)))]
    if words(typed):
        assert ask("%s::tsvector @@ %s::tsquery", in_sql(Words, name), in_sql(Beginnings, typed))


@budget(100)
@given(st.text("+0123456789() -./０９\u00a0"))
def test_of_a_number_its_digits_count(text):
    plain = unicodedata.normalize("NFKD", text).replace("(0)", "")
    assert in_sql(Digits, text) == re.sub("[^0-9]", "", plain).lstrip("0")
