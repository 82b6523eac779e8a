-- guards: the customer's link: it ends after the return, also when that moves later
CREATE OR REPLACE TRIGGER link_follows_return AFTER UPDATE OF end_date ON bookings
  FOR EACH ROW EXECUTE FUNCTION link_follows_return();
