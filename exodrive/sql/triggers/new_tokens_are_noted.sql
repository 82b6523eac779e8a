-- guards: the security events: no token is made unwritten
CREATE OR REPLACE TRIGGER new_tokens_are_noted AFTER INSERT ON api_tokens
  FOR EACH ROW EXECUTE FUNCTION tokens_are_noted();
