-- guards: what processes keep of the catalogue: seasons that changed are read again
CREATE OR REPLACE TRIGGER seasons_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON seasons
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
