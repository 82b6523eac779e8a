-- execute: exo_public, exo_staff, exo_service
-- How often a booking was made, moved, changed or got another link. A function with the owner's rights, because the public
-- reads none of its history; of any booking but its own it learns 0.
CREATE OR REPLACE FUNCTION calendar_sequence(p_booking uuid) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT ((SELECT count(*) FROM booking_status_changes WHERE booking_id = p_booking)
    + (SELECT count(*) FROM booking_changes WHERE booking_id = p_booking)
    + (SELECT count(*) FROM booking_events WHERE booking_id = p_booking))::integer
  WHERE acting_role() <> 'exo_public' OR p_booking = app_booking_id()
$$;
