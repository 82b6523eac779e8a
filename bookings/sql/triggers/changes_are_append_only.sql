-- guards: what was changed about a booking: rows that are never changed or deleted
CREATE OR REPLACE TRIGGER changes_are_append_only BEFORE UPDATE OR DELETE ON booking_changes
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
