-- execute: PUBLIC
-- That the keys were given is written down once, and taken back within 15 minutes or not at all: by this clock,
-- whatever the application's says (`bookings.lifecycle.keys.undo`).
CREATE OR REPLACE FUNCTION hand_over_stays() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.handed_over_at IS NULL OR NEW.handed_over_at IS NOT DISTINCT FROM OLD.handed_over_at THEN
    RETURN NEW;
  END IF;
  IF NEW.handed_over_at IS NOT NULL OR OLD.returned_at IS NOT NULL
    OR OLD.handed_over_at < clock_timestamp() - interval '15 minutes' THEN
    RAISE EXCEPTION 'the hand-over of booking % stays', OLD.reference
      USING ERRCODE = '23514', CONSTRAINT = 'hand_over_stays';
  END IF;
  RETURN NEW;
END $$;
