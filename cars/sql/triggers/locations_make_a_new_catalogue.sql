-- guards: what processes keep of the catalogue: locations that changed are read again
CREATE OR REPLACE TRIGGER locations_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON locations
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
