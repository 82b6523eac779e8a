-- guards: what a payment is: the currency of its booking, and nothing that changes later
CREATE OR REPLACE TRIGGER payment_in_its_currency BEFORE INSERT OR UPDATE ON payments
  FOR EACH ROW EXECUTE FUNCTION payment_in_its_currency();
