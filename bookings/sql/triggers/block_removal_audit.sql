-- guards: the history of blocks: none goes unwritten
CREATE OR REPLACE TRIGGER block_removal_audit AFTER DELETE ON blocked_dates
  FOR EACH ROW EXECUTE FUNCTION block_removal_audit();
