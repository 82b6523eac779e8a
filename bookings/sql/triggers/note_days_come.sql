-- guards: what processes keep of the ledger: days of cars that were written are read again
CREATE OR REPLACE TRIGGER note_days_come AFTER INSERT ON car_availability
  REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION note_ledger_change();
