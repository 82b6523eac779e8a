-- execute: PUBLIC
-- A payment is in the currency in which its booking was priced, is about that booking for ever, and asks for what it asked.
CREATE OR REPLACE FUNCTION payment_in_its_currency() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.booking_id, NEW.currency, NEW.amount, NEW.purpose, NEW.kind, NEW.provider)
    IS DISTINCT FROM (OLD.booking_id, OLD.currency, OLD.amount, OLD.purpose, OLD.kind, OLD.provider) THEN
    RAISE EXCEPTION 'a payment stays what it is' USING ERRCODE = '23514', CONSTRAINT = 'payment_in_its_currency';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM bookings WHERE id = NEW.booking_id AND currency = NEW.currency) THEN
    RAISE EXCEPTION 'a payment is in the currency of its booking'
      USING ERRCODE = '23514', CONSTRAINT = 'payment_in_its_currency';
  END IF;
  RETURN NEW;
END $$;
