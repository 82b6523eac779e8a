"""What is held about a person, and its erasure: each one function, in one transaction, for command, job and customer alike.

A person is an email address: the customer of that address and every booking made with it. Jobs may name any person; the
public only the one whose mailbox has confirmed a request (`data_requests`), whatever else goes wrong in a page.
Locks: customer, bookings by id; a booking that is being made for the customer is waited for, and then counts.
"""

from django.db import migrations

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO {1}"
EVERYBODY = "exo_public, exo_staff, exo_service"

# Every table with a booking_id, without secrets and without who of the staff it was.
PERSONAL_DATA = f"""
CREATE FUNCTION personal_data(p_email text) RETURNS jsonb LANGUAGE plpgsql STABLE {HEAD} $$
DECLARE
  hidden constant text[] := '{{nonce,token_hash,pin_hash,pin_salt,pin_failures,pin_next_try_at,visitor,fingerprint,actor_id,author_id,done_by_id,user_id,customer_id}}';
  who uuid[];
  mine uuid[];
  rows jsonb;
  found jsonb;
  name text;
BEGIN
  SELECT array_agg(id) INTO who FROM customers WHERE email = lower(p_email);
  SELECT array_agg(id) INTO mine FROM bookings WHERE lower(email) = lower(p_email) OR customer_id = ANY(who);
  SELECT jsonb_agg(to_jsonb(c) - hidden) INTO rows FROM customers c WHERE id = ANY(who);
  found := jsonb_build_object('customers', coalesce(rows, '[]'));
  SELECT jsonb_agg(to_jsonb(b) - hidden || jsonb_build_object('car', cars.make || ' ' || cars.model) ORDER BY b.created_at)
  INTO rows FROM bookings b JOIN cars ON cars.id = b.car_id WHERE b.id = ANY(mine);
  found := found || jsonb_build_object('bookings', coalesce(rows, '[]'));
  FOREACH name IN ARRAY ARRAY[
    'booking_locations', 'booking_extras', 'car_availability', 'holds', 'booking_status_changes', 'booking_changes',
    'booking_events', 'booking_notes', 'booking_secure_tokens', 'inbox_items', 'inbox_emails', 'data_requests', 'idempotency_keys'
  ] LOOP
    EXECUTE format('SELECT jsonb_agg(to_jsonb(t) - $1 ORDER BY t.created_at, t.id) FROM %I t WHERE t.booking_id = ANY($2)', name)
    INTO rows USING hidden, mine;
    found := found || jsonb_build_object(name, coalesce(rows, '[]'));
  END LOOP;
  SELECT jsonb_agg(to_jsonb(e) ORDER BY e.at) INTO rows FROM mail_events e
  WHERE e.message_id IN (SELECT m.message_id FROM inbox_emails m WHERE m.booking_id = ANY(mine) AND m.message_id <> '');
  RETURN found || jsonb_build_object('mail_events', coalesce(rows, '[]'));
END $$
"""

# `unfinished`: references of bookings that still need the person; then nothing was changed. `counts`: rows changed by table.
ERASE_PERSON = f"""
CREATE FUNCTION erase_person(p_email text, OUT unfinished text[], OUT counts jsonb) LANGUAGE plpgsql {HEAD} $$
DECLARE
  who uuid[];
  mine uuid[];
  fresh uuid[];
  words text[];
  n bigint;
BEGIN
  counts := '{{}}';
  PERFORM 1 FROM customers WHERE email = lower(p_email) FOR UPDATE;
  SELECT array_agg(id) INTO who FROM customers WHERE email = lower(p_email) AND erased_at IS NULL;
  PERFORM 1 FROM bookings WHERE lower(email) = lower(p_email) OR customer_id = ANY(who) ORDER BY id FOR UPDATE;
  SELECT array_agg(id), array_agg(id) FILTER (WHERE erased_at IS NULL), array_agg(reference ORDER BY reference) FILTER (
    WHERE status IN ('pending', 'upcoming', 'active') OR payment_status = 'processing'
      OR (status = 'cancelled' AND payment_status IN ('paid', 'partially_refunded'))
  ) INTO mine, fresh, unfinished FROM bookings WHERE lower(email) = lower(p_email) OR customer_id = ANY(who);
  IF unfinished IS NOT NULL OR (who IS NULL AND mine IS NULL) THEN
    RETURN;
  END IF;
  PERFORM set_config('app.erasing', 'yes', true);

  SELECT array_agg(DISTINCT lower(word)) INTO words FROM (
    SELECT unnest(ARRAY[email, full_name, phone]) AS word FROM customers WHERE id = ANY(who)
    UNION SELECT unnest(ARRAY[email, full_name, phone]) FROM bookings WHERE id = ANY(fresh)
  ) AS known WHERE word LIKE '%@%' OR word LIKE '%_ _%' OR length(regexp_replace(word, '[^0-9]', '', 'g')) >= 6;

  UPDATE customers SET email = 'erased-' || id || '@erased.invalid', full_name = '–', phone = '', user_id = NULL, erased_at = now()
  WHERE id = ANY(who);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('customers', n);
  UPDATE bookings SET full_name = reference, email = 'erased-' || id || '@erased.invalid', phone = '', special_requests = '',
    return_note = '', driver_age = NULL, erased_at = now()
  WHERE id = ANY(fresh);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('bookings', n);

  -- Free text: all of the person's own bookings, and elsewhere what names the person.
  UPDATE booking_notes SET text = '[…]' WHERE text <> '[…]' AND (booking_id = ANY(mine)
    OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(text), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_notes', n);
  UPDATE booking_status_changes SET reason = '[…]' WHERE reason NOT IN ('', '[…]', 'never_confirmed', 'unpaid')
    AND (booking_id = ANY(mine) OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_status_changes', n);
  UPDATE booking_changes SET reason = '[…]' WHERE reason NOT IN ('', '[…]')
    AND (booking_id = ANY(mine) OR EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(reason), w) > 0));
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('booking_changes', n);
  UPDATE blocked_dates SET note = '[…]' WHERE EXISTS (SELECT 1 FROM unnest(words) w WHERE strpos(lower(note), w) > 0);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('blocked_dates', n);
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
  DELETE FROM holds WHERE booking_id = ANY(mine);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('holds', n);
  DELETE FROM idempotency_keys WHERE booking_id = ANY(mine);
  GET DIAGNOSTICS n = ROW_COUNT;
  counts := counts || jsonb_build_object('idempotency_keys', n);
  DELETE FROM data_requests WHERE booking_id = ANY(mine) AND kind = 'copy';
  UPDATE data_requests SET outcome = 'done' WHERE booking_id = ANY(mine) AND outcome <> 'done';
  UPDATE inbox_items SET status = 'done', done_at = now() WHERE booking_id = ANY(mine) AND kind = 'erasure' AND status = 'pending';

  PERFORM note_event(b, 'erased') FROM unnest(fresh) AS b;
  PERFORM set_config('app.erasing', '', true);
END $$
"""

# For the booking that the request's token opens; one mail of a kind in p_minutes. True when a mail was queued.
ASK_FOR_DATA = f"""
CREATE FUNCTION ask_for_data(p_kind text, p_nonce bytea, p_hash text, p_minutes integer, p_hours integer) RETURNS boolean LANGUAGE plpgsql {HEAD} $$
DECLARE
  mine uuid := app_booking_id();
BEGIN
  IF mine IS NULL THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  INSERT INTO data_requests AS r (id, booking_id, kind, outcome, nonce, token_hash, asked_at, expires_at)
  VALUES (gen_random_uuid(), mine, p_kind, 'asked', p_nonce, p_hash, now(), now() + make_interval(hours => p_hours))
  ON CONFLICT (booking_id, kind) DO UPDATE
    SET outcome = CASE WHEN r.outcome = 'waiting' THEN 'waiting' ELSE 'asked' END, nonce = EXCLUDED.nonce,
      token_hash = EXCLUDED.token_hash, asked_at = EXCLUDED.asked_at, expires_at = EXCLUDED.expires_at
    WHERE r.asked_at < now() - make_interval(mins => p_minutes);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  SELECT gen_random_uuid(), id, 'customer', 'data_' || p_kind, language, 'queued', 0, '', '' FROM bookings WHERE id = mine;
  RETURN true;
END $$
"""

DATA_REQUEST = f"""
CREATE FUNCTION data_request(OUT kind text, OUT outcome text) LANGUAGE sql STABLE {HEAD} $$
  SELECT r.kind, r.outcome FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now()
$$
"""

CONFIRM_COPY = f"""
CREATE FUNCTION confirm_copy() RETURNS jsonb LANGUAGE plpgsql {HEAD} $$
DECLARE
  asked data_requests;
BEGIN
  UPDATE data_requests SET confirmed_at = now(), outcome = 'done'
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'copy'
  RETURNING * INTO asked;
  IF asked.id IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM note_event(asked.booking_id, 'copy_given');
  RETURN (SELECT personal_data(email) FROM bookings WHERE id = asked.booking_id);
END $$
"""

# What cannot be erased yet becomes an item for staff, and is tried again every day.
CONFIRM_ERASURE = f"""
CREATE FUNCTION confirm_erasure(OUT outcome text, OUT unfinished text[]) LANGUAGE plpgsql {HEAD} $$
DECLARE
  asked data_requests;
BEGIN
  SELECT * INTO asked FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'erasure';
  IF asked.id IS NULL OR asked.outcome = 'done' THEN
    outcome := asked.outcome;
    RETURN;
  END IF;
  SELECT e.unfinished INTO unfinished FROM bookings b, erase_person(b.email) e WHERE b.id = asked.booking_id;
  outcome := CASE WHEN unfinished IS NULL THEN 'done' ELSE 'waiting' END;
  UPDATE data_requests r SET confirmed_at = now(), outcome = confirm_erasure.outcome WHERE id = asked.id;
  IF unfinished IS NOT NULL THEN
    INSERT INTO inbox_items (id, booking_id, kind, status) VALUES (gen_random_uuid(), asked.booking_id, 'erasure', 'pending')
    ON CONFLICT (booking_id, kind) DO UPDATE SET status = 'pending', done_at = NULL, done_by_id = NULL;
  END IF;
END $$
"""


def function(sql, signature, roles=EVERYBODY):
    return migrations.RunSQL(f"{sql}; {CLOSE.format(signature, roles)}", f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0010_data_requests")]
    operations = [
        function(PERSONAL_DATA, "personal_data(text)", "exo_service"),
        function(ERASE_PERSON, "erase_person(text)", "exo_service"),
        function(ASK_FOR_DATA, "ask_for_data(text, bytea, text, integer, integer)", "exo_public"),
        function(DATA_REQUEST, "data_request()", "exo_public"),
        function(CONFIRM_COPY, "confirm_copy()", "exo_public"),
        function(CONFIRM_ERASURE, "confirm_erasure()", "exo_public"),
    ]
