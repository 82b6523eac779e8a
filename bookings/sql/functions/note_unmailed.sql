-- execute: exo_staff
-- Staff made a booking and had nobody mailed about it. The history says so; keys and personal data are not
-- concerned.
CREATE OR REPLACE FUNCTION note_unmailed(p_booking uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
  VALUES (p_booking, 'not_mailed', 'staff', nullif(current_setting('app.user_id', true), '')::bigint)
$$;
