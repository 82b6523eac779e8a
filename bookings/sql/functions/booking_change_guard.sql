-- execute: PUBLIC
-- Customers change dates, car and price only before the rental begins.
CREATE OR REPLACE FUNCTION booking_change_guard() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF acting_role() = 'exo_public' AND OLD.status NOT IN ('pending', 'upcoming') THEN
    RAISE EXCEPTION 'customers change a booking only before it begins' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
