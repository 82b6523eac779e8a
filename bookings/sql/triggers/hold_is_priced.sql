-- guards: the price that a hold keeps, as the public writes it
CREATE OR REPLACE TRIGGER hold_is_priced BEFORE INSERT ON holds
  FOR EACH ROW EXECUTE FUNCTION hold_is_priced();
