-- guards: what processes keep of the catalogue: services that are offered, or not any more, are read again
CREATE OR REPLACE TRIGGER services_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON services
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
