-- guards: which car it was before a swap: rows that are never changed or deleted
CREATE OR REPLACE TRIGGER segments_are_append_only BEFORE UPDATE OR DELETE ON booking_segments
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
