-- execute: nobody
-- What a booking is made of, looked at when the transaction commits: a live one has exactly its days, on its
-- car, and a cancelled one has none; a new one has its link, its places and its item in the inbox, and is
-- filed under the customer of its mailbox. The verbs write all of that; this is for whoever writes past them.
CREATE OR REPLACE FUNCTION booking_is_whole() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'bookings' THEN
    PERFORM check_booking(NEW.id, TG_OP = 'INSERT');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.booking_id IS NOT NULL THEN
    PERFORM check_booking(OLD.booking_id, false);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.booking_id IS DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.booking_id END) THEN
    PERFORM check_booking(NEW.booking_id, false);
  END IF;
  RETURN NULL;
END $$;
