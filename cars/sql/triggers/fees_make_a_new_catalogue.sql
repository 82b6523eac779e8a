-- guards: what processes keep of the catalogue: fees that changed are read again
CREATE OR REPLACE TRIGGER fees_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON fees
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
