-- execute: PUBLIC
-- Keeps the service days of spans: a day comes with its first span, lapses when the last one does and goes with it. The
-- day is one claimant of its car-day, so `one_claim_per_car_day` stands between hours and rentals. Definer: nobody else
-- writes such days.
--
-- Which local day an instant belongs to is looked up here, and never the other way round: of an hour that comes twice,
-- PostgreSQL takes the later, Python the earlier.
CREATE OR REPLACE FUNCTION keep_service_day() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  zone text;
  n integer;
  firm boolean;
  until timestamptz;
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT l.time_zone INTO zone FROM cars c JOIN locations l ON l.id = c.location_id WHERE c.id = NEW.car_id;
    IF (NEW.starts_at AT TIME ZONE zone)::date <> NEW.date
      OR ((NEW.ends_at - interval '1 minute') AT TIME ZONE zone)::date <> NEW.date
    THEN
      RAISE EXCEPTION 'a span lies within its local day' USING ERRCODE = '23514', CONSTRAINT = 'span_within_its_day';
    END IF;
    -- Not in one statement with a target: the table has two unique keys, of which only the target's waits well for a rival
    -- that inserts the same day. Between the other one and the rival's half-made row, both wait for each other.
    LOOP
      UPDATE car_availability AS day
      SET status = 'service', booking_id = NULL, hold_id = NULL, block_id = NULL,
        expires_at = CASE
          WHEN day.status <> 'service' THEN NEW.expires_at
          WHEN day.expires_at IS NULL OR NEW.expires_at IS NULL THEN NULL
          ELSE greatest(day.expires_at, NEW.expires_at)
        END
      WHERE car_id = NEW.car_id AND date = NEW.date AND (day.status = 'service' OR day.expires_at <= now());
      EXIT WHEN FOUND;
      INSERT INTO car_availability (car_id, date, status, expires_at)
      VALUES (NEW.car_id, NEW.date, 'service', NEW.expires_at)
      ON CONFLICT DO NOTHING;
      EXIT WHEN FOUND;
      IF EXISTS (
        SELECT FROM car_availability
        WHERE car_id = NEW.car_id AND date = NEW.date AND status <> 'service' AND (expires_at > now() OR expires_at IS NULL)
      ) THEN
        RAISE EXCEPTION 'the day is taken' USING ERRCODE = '23505', CONSTRAINT = 'one_claim_per_car_day';
      END IF;
    END LOOP;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    -- Locked first: the next statement sees what rivals have committed.
    PERFORM 1 FROM car_availability WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service' FOR UPDATE;
    IF FOUND THEN
      SELECT count(*), bool_or(expires_at IS NULL), max(expires_at) INTO n, firm, until
      FROM vehicle_assignments WHERE car_id = OLD.car_id AND date = OLD.date;
      IF n = 0 THEN
        DELETE FROM car_availability WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service';
      ELSE
        UPDATE car_availability SET expires_at = CASE WHEN firm THEN NULL ELSE until END
        WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service'
          AND expires_at IS DISTINCT FROM CASE WHEN firm THEN NULL ELSE until END;
      END IF;
    END IF;
  END IF;
  RETURN NULL;
END $$;
