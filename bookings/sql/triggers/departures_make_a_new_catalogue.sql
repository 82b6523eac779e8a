-- guards: what processes keep of the catalogue: whether anything is ridden, which a departure may decide
CREATE OR REPLACE TRIGGER departures_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OF status OR TRUNCATE ON tour_departures
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
