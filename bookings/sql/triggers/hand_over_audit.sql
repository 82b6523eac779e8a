-- guards: the history of hand-overs: none goes unwritten, nor does its undoing
CREATE OR REPLACE TRIGGER hand_over_audit AFTER UPDATE OF handed_over_at ON bookings
  FOR EACH ROW EXECUTE FUNCTION hand_over_audit();
