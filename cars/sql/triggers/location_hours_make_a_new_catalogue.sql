-- guards: what processes keep of the catalogue: opening hours that changed are read again
CREATE OR REPLACE TRIGGER location_hours_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON location_hours
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
