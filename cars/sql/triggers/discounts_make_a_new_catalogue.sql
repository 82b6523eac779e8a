-- guards: what processes keep of the catalogue: discounts that changed are read again
CREATE OR REPLACE TRIGGER discounts_make_a_new_catalogue AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON discounts
  FOR EACH STATEMENT EXECUTE FUNCTION renew_catalogue_version();
