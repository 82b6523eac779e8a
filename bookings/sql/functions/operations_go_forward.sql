-- execute: PUBLIC
-- What was done with a payment is never deleted and never told otherwise: an operation without an outcome gets one, with
-- the sums that it moved, once. While a person is erased, its reason may become "[…]".
CREATE OR REPLACE FUNCTION operations_go_forward() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.outcome IN ('started', 'unknown')
    AND (OLD.outcome = 'started' OR NEW.outcome <> 'started')
    AND to_jsonb(NEW) - '{outcome,authorized,captured,refunded,voided,code,finished_at,updated_at}'::text[]
      = to_jsonb(OLD) - '{outcome,authorized,captured,refunded,voided,code,finished_at,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'yes' AND NEW.reason IN ('', '[…]')
    AND to_jsonb(NEW) - '{reason,updated_at}'::text[] = to_jsonb(OLD) - '{reason,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'operations of a payment are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'operations_go_forward';
END $$;
