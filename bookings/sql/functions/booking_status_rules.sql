-- execute: PUBLIC
-- The allowed moves of a booking. The same table stands in `bookings.lifecycle.transitions.TRANSITIONS`; a
-- test compares the two. A return that was a slip is undone by staff, soon; so is a no-show, whose days it takes again.
CREATE OR REPLACE FUNCTION booking_status_rules() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  acting text := acting_role();
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE EXCEPTION 'a booking begins as pending' USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) = ('completed', 'active') AND acting = 'exo_staff' AND NEW.returned_at IS NULL
    AND OLD.status_changed_at > clock_timestamp() - interval '15 minutes' THEN
    NEW.status_changed_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) = ('cancelled', 'active') AND acting = 'exo_staff'
    AND OLD.outcome = 'no_show' AND NEW.outcome = '' THEN
    NEW.status_changed_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (
    ('pending', 'upcoming'), ('pending', 'cancelled'),
    ('upcoming', 'active'), ('upcoming', 'cancelled'),
    ('active', 'completed'), ('active', 'cancelled'),
    ('cancelled', 'refunded')
  ) AND NOT (
    -- A fact taken back (`bookings.lifecycle.keys.undo.UNDOS`): with the fact the move that it made.
    (OLD.status, NEW.status) = ('active', 'upcoming') AND OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS NULL
  ) THEN
    RAISE EXCEPTION 'a booking cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
  END IF;
  IF acting = 'exo_public' AND NOT (OLD.status IN ('pending', 'upcoming') AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'customers may only cancel' USING ERRCODE = '42501';
  END IF;
  NEW.status_changed_at := clock_timestamp();
  RETURN NEW;
END $$;
