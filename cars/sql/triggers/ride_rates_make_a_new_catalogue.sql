-- guards: what processes keep of the catalogue: tours that are sold by the car, or not any more, are read again
CREATE OR REPLACE TRIGGER ride_rates_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ride_rates
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
