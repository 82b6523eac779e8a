-- execute: exo_public, exo_staff, exo_service
-- Keeps the answer for a retry. The public may only point a key at its own booking: their ids stand in the
-- ledger, and the site would hand out the link of whatever booking the key names.
CREATE OR REPLACE FUNCTION idem_finish(
  p_scope text, p_key text, p_http smallint, p_booking uuid
) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE idempotency_keys SET http_status = p_http, booking_id = p_booking
  WHERE scope = p_scope AND key = p_key AND http_status IS NULL AND (
    acting_role() <> 'exo_public' OR (p_scope LIKE 'public:%' AND may_add_to_booking(p_booking))
  )
$$;
