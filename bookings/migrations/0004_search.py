"""Search by the beginnings of words, whatever the accents and capitals, without any extension.

Queries must use the very expressions of these indexes: `bookings/search.py` does.
"""

from django.db import migrations

FOLD = r"""
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]', '', 'g')
$$
"""
BOOKINGS = r"""
CREATE INDEX bookings_by_words ON bookings USING gin (
  to_tsvector('simple', regexp_replace(fold(full_name || ' ' || email || ' ' || reference), '[^[:alnum:]]+', ' ', 'g'))
)
"""
CARS = r"""
CREATE INDEX cars_by_words ON cars USING gin (
  to_tsvector('simple', regexp_replace(fold(plate), '[^[:alnum:]]+', ' ', 'g'))
)
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_public_functions"), ("cars", "0001_initial")]
    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION fold(text)"),
        migrations.RunSQL(BOOKINGS, "DROP INDEX bookings_by_words"),
        migrations.RunSQL(CARS, "DROP INDEX cars_by_words"),
    ]
