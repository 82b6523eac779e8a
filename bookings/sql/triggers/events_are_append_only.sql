-- guards: what else happened to a booking: rows that are never changed or deleted
CREATE OR REPLACE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE ON booking_events
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
