"""Search as people type: see `exodrive/db/folding.py`, whose expressions these are. The old indexes go.

`fold()` stays for the release before this one, which still calls it.
"""

from django.db import migrations

PLAIN = (
    r"replace(replace(replace(replace(replace(translate(regexp_replace(lower(normalize(translate({text}, '´`ʹʻʼʽʾʿˈ‘’‛′', ''''''''''''''''''''''''''''), NFKD)), "
    r"'[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]', '', 'g')"
    r", 'øđðłħŧıς', 'oddlhtiσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'ŋ', 'ng')"
)
APART = rf"regexp_replace(regexp_replace({PLAIN}, '(a)[ae]|([ou])e', '\1\2', 'g'), '[^[:alnum:]]+', ' ', 'g')"
TOGETHER = (
    rf"regexp_replace(regexp_replace(regexp_replace({PLAIN}, '[''\-\u2010-\u2015\u2212]', '', 'g')"
    r", '(a)[ae]|([ou])e', '\1\2', 'g'), '[^[:alnum:]]+', ' ', 'g')"
)
WORDS = f"to_tsvector('simple', {APART} || ' ' || {TOGETHER})"
DIGITS = r"ltrim(regexp_replace(normalize(phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0')"
INDEXES = {
    "bookings_by_folded_words": ("bookings", "full_name || ' ' || email || ' ' || reference"),
    "customers_by_folded_words": ("customers", "full_name || ' ' || email"),
    "cars_by_folded_words": ("cars", "plate"),
}
OLD = {
    "bookings_by_words": ("bookings", "full_name || ' ' || email || ' ' || reference"),
    "cars_by_words": ("cars", "plate"),
}
OLD_WORDS = "to_tsvector('simple', regexp_replace(fold({text}), '[^[:alnum:]]+', ' ', 'g'))"


def by_words(name: str, table: str, words: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"CREATE INDEX {name} ON {table} USING gin ({words})", f"DROP INDEX {name}")


def without(name: str, table: str, words: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"DROP INDEX {name}", f"CREATE INDEX {name} ON {table} USING gin ({words})")


def by_phone(table: str) -> migrations.RunSQL:
    begin, end = f"{table}_by_phone", f"{table}_by_end_of_phone"
    return migrations.RunSQL(
        f"CREATE INDEX {begin} ON {table} (({DIGITS}) text_pattern_ops);"
        f"CREATE INDEX {end} ON {table} (reverse({DIGITS}) text_pattern_ops)",
        f"DROP INDEX {begin}; DROP INDEX {end}",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0018_proofs"),
        ("cars", "0004_seasons_have_a_price"),
    ]
    operations = [
        *(by_words(name, table, WORDS.format(text=text)) for name, (table, text) in INDEXES.items()),
        *(without(name, table, OLD_WORDS.format(text=text)) for name, (table, text) in OLD.items()),
        by_phone("bookings"),
        by_phone("customers"),
    ]
