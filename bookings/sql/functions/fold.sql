-- execute: PUBLIC
-- Lower case without accents, for search by the beginnings of words without any extension. Two indexes stand
-- on it, so it is never changed: another folding is another name. Queries must use the very expressions of
-- the indexes (`bookings/search.py`).
CREATE OR REPLACE FUNCTION fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]', '', 'g')
$$;
