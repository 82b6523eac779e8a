-- guards: what processes keep of the catalogue: closed days that changed are read again
CREATE OR REPLACE TRIGGER closed_days_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON closed_days
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
