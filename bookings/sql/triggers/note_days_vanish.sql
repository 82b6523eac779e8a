-- guards: what processes keep of the ledger: days of cars that were written are read again
CREATE OR REPLACE TRIGGER note_days_vanish AFTER TRUNCATE ON car_availability
  FOR EACH STATEMENT EXECUTE FUNCTION note_ledger_change();
