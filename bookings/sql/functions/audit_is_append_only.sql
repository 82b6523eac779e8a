-- execute: PUBLIC
-- Audit rows are append-only with one exception: while a person is erased, a reason may become "[…]", and
-- nothing else may change. Not even the owner of the schema gets past that. Not TRUNCATE: emptying the
-- tables after a test would fail, and grants forbid it anyway.
CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'yes' AND to_jsonb(NEW) ->> 'reason' = '[…]'
    AND to_jsonb(NEW) - '{reason,updated_at}'::text[] = to_jsonb(OLD) - '{reason,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit rows are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$;
