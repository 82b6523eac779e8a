-- guards: what processes keep of the ledger: days of cars that were written are read again
CREATE OR REPLACE TRIGGER note_days_go AFTER DELETE ON car_availability
  REFERENCING OLD TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION note_ledger_change();
