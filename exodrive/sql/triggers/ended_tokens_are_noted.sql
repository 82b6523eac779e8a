-- guards: the security events: no token is ended unwritten
CREATE OR REPLACE TRIGGER ended_tokens_are_noted AFTER UPDATE OF revoked_at ON api_tokens
  FOR EACH ROW WHEN (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL)
  EXECUTE FUNCTION tokens_are_noted();
