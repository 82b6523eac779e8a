"""Find bookings by the beginnings of words: name, email and reference, or the car's plate; accents and case ignored."""

import re
import unicodedata
from typing import Any

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

WORD = re.compile(r"[^\W_]+")
ACCENTS = re.compile("[\u0300-\u036f]")
MOST_WORDS = 8

# The very expressions of the indexes `bookings_by_words` and `cars_by_words`, or they would not be used.
FOUND = """(
  to_tsvector('simple', regexp_replace(
    fold(bookings.full_name || ' ' || bookings.email || ' ' || bookings.reference), '[^[:alnum:]]+', ' ', 'g'
  )) @@ to_tsquery('simple', %s)
  OR bookings.car_id IN (
    SELECT id FROM cars
    WHERE to_tsvector('simple', regexp_replace(fold(plate), '[^[:alnum:]]+', ' ', 'g')) @@ to_tsquery('simple', %s)
  )
)"""


def words_of(text: str) -> list[str]:
    """The words of a search, folded like the SQL function `fold` does; at most 8."""
    folded = ACCENTS.sub("", unicodedata.normalize("NFKD", text.lower()))
    return WORD.findall(folded)[:MOST_WORDS]


def matching(bookings: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Those bookings in which every word of `text` begins a word. Blank text finds all, mere punctuation none."""
    if not text.strip():
        return bookings
    words = words_of(text)
    if not words:
        return bookings.none()
    query = " & ".join(f"{word}:*" for word in words)
    return bookings.filter(RawSQL(FOUND, [query, query], output_field=BooleanField()))  # noqa: S611 - constant SQL
