-- execute: PUBLIC
-- Every table of ours says when a row was last changed, for raw SQL too.
CREATE OR REPLACE FUNCTION keep_updated_at() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
