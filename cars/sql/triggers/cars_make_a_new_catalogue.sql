-- guards: what processes keep of the catalogue: cars that changed are read again
CREATE OR REPLACE TRIGGER cars_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cars
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
