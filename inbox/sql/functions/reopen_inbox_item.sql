-- execute: exo_public
-- Brings a booking back to the staff's attention when its customer moves it. The public role may not read
-- the inbox, and without reading no UPDATE finds its row; so this does it, for the booking that the
-- request's token opens and for no other.
CREATE OR REPLACE FUNCTION reopen_inbox_item() RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE inbox_items SET status = 'pending', done_at = NULL, done_by_id = NULL
  WHERE booking_id = app_booking_id() AND kind = 'new_booking'
$$;
