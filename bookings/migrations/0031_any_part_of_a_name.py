"""Bookings and cars are found by any part of what they are called: a column that the database keeps by itself, with every
spelling of it (`exodrive/db/folding.py`), and an index of the three letters that follow each other.

Not a field of the models: Django would read it back from every INSERT, and the public may not read what it inserts.
"""

from django.db import migrations

PLAIN = (
    r"replace(replace(replace(replace(replace(translate(regexp_replace(lower(normalize(translate({text}, '´`ʹʻʼʽʾʿˈ‘’‛′', ''''''''''''''''''''''''''''), NFKD)), "
    r"'[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g')"
    r", 'øđðłħŧıς', 'oddlhtiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ŋ', 'ng')"
)
SPACED = r"regexp_replace({text}, '[^[:alnum:]]+', ' ', 'g')"
VOWELS = r"regexp_replace({text}, '(a)[ae]|([ou])e', '\1\2', 'g')"
JOINED = rf"regexp_replace({PLAIN}, '[''\-\u2010-\u2015\u2212]', '', 'g')"
SPELLINGS = (
    SPACED.format(text=PLAIN),
    SPACED.format(text=VOWELS.format(text=PLAIN)),
    SPACED.format(text=VOWELS.format(text=JOINED)),
)
DIGITS = r"ltrim(regexp_replace(normalize(phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0')"
ALONE = "regexp_replace(lower({text}), '[^[:alnum:]]+', '', 'g')"
# Where letters change places, a part may begin at any of them.
THREES = (
    r"string_to_array(regexp_replace(search_text, '(...)', '\1|', 'g')"
    r" || '|' || regexp_replace(substr(search_text, 2), '(...)', '\1|', 'g')"
    r" || '|' || regexp_replace(substr(search_text, 3), '(...)', '\1|', 'g'), '|')"
)


def spelt(text: str) -> str:
    return " || ' ' || ".join(["''", *(spelling.replace("{text}", text) for spelling in SPELLINGS)])


def words(text: str) -> str:
    """As 0019 made them."""
    apart = SPACED.format(text=VOWELS.format(text=PLAIN)).replace("{text}", text)
    together = SPACED.format(text=VOWELS.format(text=JOINED)).replace("{text}", text)
    return f"to_tsvector('simple', {apart} || ' ' || {together})"


def kept(table: str, expression: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD COLUMN search_text text GENERATED ALWAYS AS ({expression}) STORED",
        f"ALTER TABLE {table} DROP COLUMN search_text",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0030_segments"),
        ("cars", "0037_service"),
    ]

    operations = [
        kept(
            "bookings",
            f"{spelt('full_name || chr(32) || email || chr(32) || reference')} || ' #' || {DIGITS}",
        ),
        kept(
            "cars",
            f"{spelt('make || chr(32) || model || chr(32) || plate')} || ' ' || {ALONE.format(text='plate')}",
        ),
        migrations.RunSQL(
            f"CREATE INDEX bookings_by_parts ON bookings USING gin (({THREES}))",
            "DROP INDEX bookings_by_parts",
        ),
        # Any part of a word is found by them, its beginning too.
        migrations.RunSQL(
            "DROP INDEX bookings_by_folded_words",
            "CREATE INDEX bookings_by_folded_words ON bookings"
            f" USING gin ({words('full_name || chr(32) || email || chr(32) || reference')})",
        ),
        migrations.RunSQL(
            "DROP INDEX cars_by_folded_words",
            f"CREATE INDEX cars_by_folded_words ON cars USING gin ({words('plate')})",
        ),
        # And of a number, its end too.
        migrations.RunSQL(
            "DROP INDEX bookings_by_end_of_phone",
            f"CREATE INDEX bookings_by_end_of_phone ON bookings (reverse({DIGITS}) text_pattern_ops)",
        ),
    ]
