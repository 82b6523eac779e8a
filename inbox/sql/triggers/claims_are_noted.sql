-- guards: the history of who had a booking
CREATE OR REPLACE TRIGGER claims_are_noted AFTER INSERT OR UPDATE OF assigned_to_id ON inbox_triage
  FOR EACH ROW EXECUTE FUNCTION claims_are_noted();
