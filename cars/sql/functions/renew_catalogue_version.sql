-- execute: nobody
-- The catalogue is another one from here on, for whoever sees this write: a new name, in place of those that nobody
-- else is replacing at this moment. Never waits, so editors of different things do not queue behind each other, and
-- no order in which they write can make them deadlock here. See `cars.catalogue`.
CREATE OR REPLACE FUNCTION renew_catalogue_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  DELETE FROM catalogue_versions
  WHERE version IN (SELECT version FROM catalogue_versions FOR UPDATE SKIP LOCKED);
  INSERT INTO catalogue_versions (version, created_at, updated_at) VALUES (gen_random_uuid(), now(), now());
  RETURN NULL;
END $$;
