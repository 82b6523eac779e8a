-- guards: which blocks were removed: rows that are never changed or deleted
CREATE OR REPLACE TRIGGER block_events_are_append_only BEFORE UPDATE OR DELETE ON block_events
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
