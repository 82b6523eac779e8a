-- execute: exo_public, exo_staff
-- Who changed one thing of a booking last. The public asks about its own and is told no names.
CREATE OR REPLACE FUNCTION last_change(p_booking uuid, p_name text) RETURNS TABLE (kind text, actor bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT c.actor_kind::text, CASE WHEN acting_role() = 'exo_staff' THEN c.actor_id END
  FROM booking_changes c
  WHERE c.booking_id = p_booking
    AND (acting_role() <> 'exo_public' OR c.booking_id = app_booking_id())
    AND (c.after -> 'contact' ? p_name OR c.before -> p_name IS DISTINCT FROM c.after -> p_name)
  ORDER BY c.created_at DESC, c.id
  LIMIT 1;
$$;
