-- guards: the last active superuser
CREATE OR REPLACE TRIGGER somebody_may_do_everything BEFORE UPDATE OF is_active, is_superuser OR DELETE ON users
  FOR EACH ROW WHEN (OLD.is_active AND OLD.is_superuser) EXECUTE FUNCTION somebody_may_do_everything();
