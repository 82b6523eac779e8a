-- guards: what processes keep of the catalogue: the rules of a fleet that changed are read again
CREATE OR REPLACE TRIGGER fleets_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON fleets
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
