-- execute: nobody
-- Who does it, as the audit of moves has it. All of them concern keys or personal data, so they are security
-- events too, which managers read across bookings and which are not kept for as long. Not granted to anybody: other functions call it as the owner.
CREATE OR REPLACE FUNCTION note_event(p_booking uuid, p_kind text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
  VALUES (
    p_booking, p_kind,
    CASE acting_role()
      WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint
  );
  INSERT INTO security_events (id, created_at, updated_at, kind, actor_id, booking_id, network, detail)
  VALUES (
    gen_random_uuid(), clock_timestamp(), clock_timestamp(),
    CASE p_kind
      WHEN 'link_rotated' THEN 'link_replaced' WHEN 'copy_given' THEN 'data_read' WHEN 'erased' THEN 'data_erased'
      ELSE p_kind
    END,
    nullif(current_setting('app.user_id', true), '')::bigint, p_booking, '',
    CASE acting_role()
      WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
    END
  );
$$;
