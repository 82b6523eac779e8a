-- guards: the history of a booking's status: its rows are never changed or deleted
CREATE OR REPLACE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON booking_status_changes
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
