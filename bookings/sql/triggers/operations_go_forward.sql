-- guards: what was done with a payment: written down first, then given its outcome, never changed or deleted
CREATE OR REPLACE TRIGGER operations_go_forward BEFORE UPDATE OR DELETE ON payment_operations
  FOR EACH ROW EXECUTE FUNCTION operations_go_forward();
