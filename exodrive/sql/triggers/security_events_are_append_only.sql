-- guards: the security events: rows that are never changed, nor deleted before they may be forgotten
CREATE OR REPLACE TRIGGER security_events_are_append_only BEFORE UPDATE OR DELETE ON security_events
  FOR EACH ROW EXECUTE FUNCTION security_events_are_append_only();
