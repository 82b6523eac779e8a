-- execute: nobody
-- Who does it, as the audit of moves has it. Not granted to anybody: other functions call it as the owner.
CREATE OR REPLACE FUNCTION note_event(p_booking uuid, p_kind text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
  VALUES (
    p_booking, p_kind,
    CASE acting_role()
      WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint
  )
$$;
