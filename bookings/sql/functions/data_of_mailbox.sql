-- execute: exo_service
-- What is held about a person: every table with a booking_id, without secrets and without who of the staff
-- it was. Jobs may name any person; the public only the one whose mailbox has confirmed a request
-- (`confirm_copy`).
CREATE OR REPLACE FUNCTION data_of_mailbox(p_mailbox text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  hidden constant text[] := '{nonce,token_hash,network,pin_hash,pin_salt,pin_failures,pin_next_try_at,visitor,fingerprint,actor_id,author_id,done_by_id,user_id,customer_id,next_url,search_text,assigned_to_id}';
  who uuid[];
  mine uuid[];
  rows jsonb;
  found jsonb;
  name text;
BEGIN
  who := customers_of(p_mailbox);
  SELECT array_agg(id) INTO mine FROM bookings WHERE mailbox = p_mailbox OR customer_id = ANY(who);
  SELECT jsonb_agg(to_jsonb(c) - hidden) INTO rows FROM customers c WHERE id = ANY(who);
  found := jsonb_build_object('customers', coalesce(rows, '[]'));
  SELECT jsonb_agg(to_jsonb(b) - hidden || jsonb_build_object('car', cars.make || ' ' || cars.model) ORDER BY b.created_at)
  INTO rows FROM bookings b JOIN cars ON cars.id = b.car_id WHERE b.id = ANY(mine);
  found := found || jsonb_build_object('bookings', coalesce(rows, '[]'));
  FOREACH name IN ARRAY ARRAY[
    'booking_locations', 'booking_segments', 'booking_extras', 'car_availability', 'rides', 'vehicle_assignments', 'departure_seats', 'holds', 'booking_status_changes', 'booking_changes',
    'booking_events', 'security_events', 'booking_notes', 'booking_secure_tokens', 'booking_proofs', 'payments', 'inbox_items', 'inbox_triage', 'inbox_emails', 'data_requests', 'idempotency_keys'
  ] LOOP
    EXECUTE format('SELECT jsonb_agg(to_jsonb(t) - $1 ORDER BY t.created_at, t.id) FROM %I t WHERE t.booking_id = ANY($2)', name)
    INTO rows USING hidden, mine;
    found := found || jsonb_build_object(name, coalesce(rows, '[]'));
  END LOOP;
  FOREACH name IN ARRAY ARRAY['payment_operations', 'refunds'] LOOP
    EXECUTE format('SELECT jsonb_agg(to_jsonb(t) - $1 ORDER BY t.created_at, t.id) FROM %I t JOIN payments p ON p.id = t.payment_id WHERE p.booking_id = ANY($2)', name)
    INTO rows USING hidden, mine;
    found := found || jsonb_build_object(name, coalesce(rows, '[]'));
  END LOOP;
  SELECT jsonb_agg(to_jsonb(e) || jsonb_build_object('body', encode(e.body, 'escape')) ORDER BY e.created_at, e.id) INTO rows
  FROM provider_events e JOIN payments p ON p.id = e.payment_id WHERE p.booking_id = ANY(mine);
  found := found || jsonb_build_object('provider_events', coalesce(rows, '[]'));
  SELECT jsonb_agg(to_jsonb(e) ORDER BY e.at) INTO rows FROM mail_events e
  WHERE e.message_id IN (SELECT m.message_id FROM inbox_emails m WHERE m.booking_id = ANY(mine) AND m.message_id <> '');
  RETURN found || jsonb_build_object('mail_events', coalesce(rows, '[]'));
END $$;
