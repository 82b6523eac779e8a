-- guards: that the keys were given: undone within 15 minutes, or not at all
CREATE OR REPLACE TRIGGER hand_over_stays BEFORE UPDATE OF handed_over_at ON bookings
  FOR EACH ROW EXECUTE FUNCTION hand_over_stays();
