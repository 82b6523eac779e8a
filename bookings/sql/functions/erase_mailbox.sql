-- execute: exo_service
-- `unfinished`: references of bookings that still need the person; then nothing was changed. `counts`: rows
-- changed by table. Jobs may name any person; the public only the one whose mailbox has confirmed a request
-- (`confirm_erasure`), whatever else goes wrong in a page. A person is a mailbox, or without one
-- the digits of a phone (`customers_of`): its customer and every booking made with it. Locks: customer, bookings by id; a booking that is being made for the customer is
-- waited for, and then counts. Names and phones are sought in what is written about others only when they are
-- of somebody who has had a car: anybody can type, as a name, words that stand in the notes about others.
CREATE OR REPLACE FUNCTION erase_mailbox(p_mailbox text, OUT unfinished text[], OUT counts jsonb)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  who uuid[];
  mine uuid[];
  fresh uuid[];
  words text[];
  n bigint;
BEGIN
  counts := '{}';
  PERFORM 1 FROM customers WHERE id = ANY(customers_of(p_mailbox)) FOR UPDATE;
  SELECT array_agg(id) INTO who FROM customers WHERE id = ANY(customers_of(p_mailbox)) AND erased_at IS NULL;
  PERFORM 1 FROM bookings WHERE mailbox = p_mailbox OR customer_id = ANY(who) ORDER BY id FOR UPDATE;
  SELECT array_agg(id), array_agg(id) FILTER (WHERE erased_at IS NULL), array_agg(reference ORDER BY reference) FILTER (
    WHERE status IN ('pending', 'upcoming', 'active') OR payment_status = 'processing'
      -- What a cancellation cost is kept for good. Money that is owed is promised within minutes, whatever fails, in days.
      OR (status = 'cancelled' AND payment_status IN ('paid', 'partially_refunded') AND status_changed_at > now() - interval '7 days')
      OR EXISTS (SELECT 1 FROM refunds r JOIN payments p ON p.id = r.payment_id
        WHERE p.booking_id = bookings.id AND r.state IN ('created', 'pending'))
      OR deposit_status IN ('waiting', 'held')
  ) INTO mine, fresh, unfinished FROM bookings WHERE mailbox = p_mailbox OR customer_id = ANY(who);
  IF unfinished IS NOT NULL OR (who IS NULL AND mine IS NULL) THEN
    RETURN;
  END IF;
  PERFORM set_config('app.erasing', 'yes', true);

  SELECT array_agg(DISTINCT lower(word)) || p_mailbox INTO words
  FROM bookings, unnest(ARRAY[full_name, phone]) AS word
  WHERE id = ANY(fresh) AND status = 'completed'
    AND (word LIKE '%_ _%' OR length(regexp_replace(word, '[^0-9]', '', 'g')) >= 6);

  UPDATE customers SET email = 'erased-' || id || '@erased.invalid', full_name = '–', phone = '', user_id = NULL, erased_at = now()
  WHERE id = ANY(who);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('customers', n);
  UPDATE bookings SET full_name = reference, email = 'erased-' || id || '@erased.invalid', mailbox = 'erased-' || id || '@erased.invalid', phone = '', special_requests = '', delivery_address = '',
    return_note = '', pickup_note = '', driver_age = NULL, erased_at = now()
  WHERE id = ANY(fresh);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('bookings', n);

  UPDATE rides SET from_text = '', to_text = '', flight_number = '', sign_name = ''
  WHERE booking_id = ANY(fresh) AND from_text || to_text || flight_number || sign_name <> '';
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('rides', n);

  -- What was paid for stays as it was; why somebody put a line there may name the person.
  UPDATE bookings SET quote = jsonb_set(quote, '{lines}', (SELECT jsonb_agg(line - 'reason' ORDER BY nth)
    FROM jsonb_array_elements(quote -> 'lines') WITH ORDINALITY AS lines (line, nth)))
  WHERE id = ANY(fresh) AND jsonb_path_exists(quote, '$.lines[*].reason');

  -- Free text: all of the person's own bookings, and elsewhere what names the person.
  UPDATE booking_notes SET text = '[…]' WHERE text <> '[…]' AND (booking_id = ANY(mine)
    OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(text), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_notes', n);
  UPDATE booking_status_changes SET reason = '[…]' WHERE reason NOT IN ('', '[…]', 'never_confirmed', 'unpaid', 'not_proven', 'hand_over_undone', 'no_show', 'undone')
    AND (booking_id = ANY(mine) OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_status_changes', n);
  UPDATE booking_changes SET reason = '[…]' WHERE reason NOT IN ('', '[…]')
    AND (booking_id = ANY(mine) OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_changes', n);
  -- What was paid stays, as the law on accounts asks; what people and providers wrote beside it goes.
  UPDATE inbox_triage SET follow_up_note = '[…]' WHERE follow_up_note NOT IN ('', '[…]')
    AND (booking_id = ANY(mine) OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(follow_up_note), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('inbox_triage', n);
  -- A list that searches for the person, or is called after them.
  DELETE FROM saved_filters WHERE EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(name || ' ' || asked::text), w) > 0);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('saved_filters', n);
  UPDATE payment_operations SET reason = '[…]' WHERE reason NOT IN ('', '[…]') AND payment_id IN (SELECT id FROM payments WHERE booking_id = ANY(mine));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('payment_operations', n);
  UPDATE refunds SET reason = '[…]' WHERE reason NOT IN ('', '[…]') AND payment_id IN (SELECT id FROM payments WHERE booking_id = ANY(mine));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('refunds', n);
  UPDATE payments SET next_url = '' WHERE next_url <> '' AND booking_id = ANY(mine);
  UPDATE provider_events SET body = '' WHERE body <> '' AND payment_id IN (SELECT id FROM payments WHERE booking_id = ANY(mine));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('provider_events', n);
  UPDATE blocked_dates SET note = '[…]' WHERE EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(note), w) > 0);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('blocked_dates', n);
  -- A decision not to rent to somebody stays, by its keyed hash, as long as it may; what names them in it goes.
  UPDATE do_not_rent SET reason = '[…]' WHERE reason <> '[…]' AND EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('do_not_rent', n);
  UPDATE block_events SET reason = '[…]' WHERE EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('block_events', n);
  UPDATE django_admin_log SET object_repr = '[…]', change_message = '' WHERE object_repr <> '[…]' AND (
    object_id IN (SELECT unnest(who)::text UNION SELECT unnest(mine)::text)
    OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(object_repr || change_message), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('django_admin_log', n);

  -- Mails: who got one. What was not sent is not sent any more.
  DELETE FROM mail_events WHERE message_id IN (SELECT message_id FROM inbox_emails WHERE booking_id = ANY(mine) AND message_id <> '');
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('mail_events', n);
  UPDATE inbox_emails SET recipient = '', error = '', message_id = '',
    status = CASE WHEN status IN ('queued', 'sending') THEN 'failed' ELSE status END
  WHERE booking_id = ANY(mine) AND (recipient || error || message_id <> '' OR status IN ('queued', 'sending'));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('inbox_emails', n);

  -- Whatever opened a booking opens nothing any more.
  UPDATE booking_secure_tokens SET nonce = '', token_hash = 'erased-' || booking_id, expires_at = least(expires_at, now()),
    opened = 0, last_opened_at = NULL, pin_salt = '', pin_hash = '', pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = ANY(fresh);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_secure_tokens', n);
  UPDATE booking_proofs SET nonce = '', token_hash = 'erased-' || booking_id, visitor = '', network = '' WHERE booking_id = ANY(fresh);
  UPDATE holds SET code_id = NULL WHERE code_id IN (SELECT id FROM mailbox_codes WHERE mailbox = p_mailbox);
  DELETE FROM inbox_emails WHERE code_id IN (SELECT id FROM mailbox_codes WHERE mailbox = p_mailbox);
  DELETE FROM mailbox_codes WHERE mailbox = p_mailbox;
  DELETE FROM holds WHERE booking_id = ANY(mine);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('holds', n);
  DELETE FROM idempotency_keys WHERE booking_id = ANY(mine);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('idempotency_keys', n);
  DELETE FROM data_requests WHERE (booking_id = ANY(mine) OR mailbox = p_mailbox) AND kind = 'copy';
  UPDATE data_requests SET outcome = 'done', mailbox = 'erased-' || booking_id || '@erased.invalid'
  WHERE booking_id = ANY(mine) OR mailbox = p_mailbox;
  UPDATE inbox_items SET status = 'done', done_at = now() WHERE booking_id = ANY(mine) AND kind = 'erasure' AND status = 'pending';

  PERFORM note_event(b, 'erased') FROM unnest(fresh) AS b;
  PERFORM set_config('app.erasing', '', true);
END $$;
