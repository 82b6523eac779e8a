-- execute: PUBLIC
-- How the release before this one searches; it goes with the next. Today's is `exodrive/db/folding.py`.
CREATE OR REPLACE FUNCTION fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT AS $$
  SELECT regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]', '', 'g')
$$;
