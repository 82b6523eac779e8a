-- guards: what processes keep of the catalogue: extras that changed are read again
CREATE OR REPLACE TRIGGER extras_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON extras
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
