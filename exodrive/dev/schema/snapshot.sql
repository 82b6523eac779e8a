-- PostgreSQL 18, migrations d0273454754d4b9fd53826da478064f60c1eda3531b7adc94d07a855c2a7ff68; written by `make schema`
CREATE FUNCTION public.acting_role() RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE
    WHEN current_setting('role', true) IN ('exo_staff', 'exo_service') OR pg_has_role(session_user, current_user, 'MEMBER') THEN current_setting('role', true)
    ELSE 'exo_public'
  END
$$;
COMMENT ON FUNCTION public.acting_role() IS 'bookings/sql/functions/acting_role.sql 78637e79258ad085 098d030d308a2fd5508360ee1863f3d1';
CREATE FUNCTION public.acts_as_manager() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT nullif(current_setting('app.user_id', true), '') IS NULL OR EXISTS (
    SELECT 1 FROM users u
    WHERE u.id = current_setting('app.user_id', true)::bigint AND u.is_active AND (u.is_superuser OR EXISTS (
      SELECT 1 FROM users_groups ug JOIN auth_group g ON g.id = ug.group_id WHERE ug.user_id = u.id AND g.name = 'Manager'
    ))
  )
$$;
COMMENT ON FUNCTION public.acts_as_manager() IS 'exodrive/sql/functions/acts_as_manager.sql 56e1a0cb8b64caa7 555b6b670c62986349055892c8784804';
CREATE FUNCTION public.app_booking_id() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT booking_id FROM booking_secure_tokens
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND pin_hash IN ('', current_setting('app.pin', true))
$$;
COMMENT ON FUNCTION public.app_booking_id() IS 'bookings/sql/functions/app_booking_id.sql 20ac146cde96d790 b51bc0dfa2b8d5c82cf6d271c590b664';
CREATE FUNCTION public.app_hold_id() RETURNS uuid
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT id FROM holds WHERE token_hash = current_setting('app.token_hash', true)
$$;
COMMENT ON FUNCTION public.app_hold_id() IS 'bookings/sql/functions/app_hold_id.sql 757eaa164bfd4063 a7bc785526aab70d4430b853e24430da';
CREATE FUNCTION public.ask_for_code(p_mailbox text, p_visitor text, p_language text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  made uuid := gen_random_uuid();
  drawn bigint := ('x' || right(encode(uuid_send(gen_random_uuid()), 'hex'), 12))::bit(48)::bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(10, hashtext(p_mailbox));
  IF EXISTS (SELECT 1 FROM mailbox_codes WHERE mailbox = p_mailbox AND created_at > now() - interval '1 minute')
    OR 5 <= (SELECT count(*) FROM mailbox_codes WHERE mailbox = p_mailbox AND created_at > now() - interval '1 hour') THEN
    RETURN false;
  END IF;
  INSERT INTO mailbox_codes (id, mailbox, visitor, language, code, tries, expires_at)
  VALUES (made, p_mailbox, p_visitor, p_language, lpad((drawn % 1000000)::text, 6, '0'), 0, now() + interval '15 minutes');
  INSERT INTO inbox_emails (id, code_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), made, 'customer', 'mailbox_code', p_language, 'queued', 0, '', '');
  RETURN true;
END $$;
COMMENT ON FUNCTION public.ask_for_code(p_mailbox text, p_visitor text, p_language text) IS 'bookings/sql/functions/ask_for_code.sql 89383f4258ef847f 4cb3cbcafed879a665f5b56b7c8bf9e8';
CREATE FUNCTION public.ask_for_data(p_kind text, p_minutes integer, p_hours integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  mine uuid := app_booking_id();
BEGIN
  IF mine IS NULL THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  INSERT INTO data_requests AS r (id, booking_id, mailbox, kind, outcome, nonce, token_hash, asked_at, expires_at)
  SELECT gen_random_uuid(), mine, mailbox, p_kind, 'asked', uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(),
    now(), now() + make_interval(hours => least(greatest(p_hours, 1), 72))
  FROM bookings WHERE id = mine AND mailbox <> ''
  ON CONFLICT (booking_id, kind) DO UPDATE
    SET mailbox = EXCLUDED.mailbox, outcome = CASE WHEN r.outcome = 'waiting' THEN 'waiting' ELSE 'asked' END, nonce = EXCLUDED.nonce,
      token_hash = EXCLUDED.token_hash, asked_at = EXCLUDED.asked_at, expires_at = EXCLUDED.expires_at
    WHERE r.asked_at < now() - make_interval(mins => greatest(p_minutes, 5));
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  SELECT gen_random_uuid(), id, 'customer', 'data_' || p_kind, language, 'queued', 0, '', '' FROM bookings WHERE id = mine;
  RETURN true;
END $$;
COMMENT ON FUNCTION public.ask_for_data(p_kind text, p_minutes integer, p_hours integer) IS 'bookings/sql/functions/ask_for_data.sql e5a2c1ca5a2bd876 bf8d7f11b0162b4e0a410097829d5900';
CREATE FUNCTION public.audit_is_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'yes' AND to_jsonb(NEW) ->> 'reason' = '[…]'
    AND to_jsonb(NEW) - '{reason,updated_at}'::text[] = to_jsonb(OLD) - '{reason,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit rows are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$;
COMMENT ON FUNCTION public.audit_is_append_only() IS 'bookings/sql/functions/audit_is_append_only.sql 093c66da98b43585 f6dfa10ce1bea345e5eb5e3e18d459bf';
CREATE FUNCTION public.block_removal_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO block_events (created_at, updated_at, car_id, start_date, end_date, kind, reason, actor_id)
  VALUES (
    clock_timestamp(),
    clock_timestamp(),
    OLD.car_id,
    OLD.start_date,
    OLD.end_date,
    OLD.kind,
    OLD.note,
    nullif(current_setting('app.user_id', true), '')::bigint
  );
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.block_removal_audit() IS 'bookings/sql/functions/block_removal_audit.sql 55d05e6996831dfd 5d6c10934bfe5ca5adb8f1004156f670';
CREATE FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  rental bookings;
  first date;
  place bigint;
  moved boolean;
  refused bigint;
BEGIN
  IF acting_role() = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO STRICT rental FROM bookings WHERE id = p_booking;
  first := coalesce(rental.out_from, rental.start_date);
  SELECT location_id, updated_at >= now() INTO place, moved FROM booking_locations WHERE booking_id = p_booking AND kind = 'pick_up';
  PERFORM lock_extra_days(p_booking, p_extras, first, rental.end_date);
  WITH was AS (
    SELECT extra_id, start_date + n AS date, quantity
    FROM booking_extras, LATERAL generate_series(0, end_date - start_date) AS n WHERE booking_id = p_booking
  ), wanted AS (
    SELECT extra_id, first + n AS date, quantity
    FROM unnest(p_extras, p_quantities) AS w (extra_id, quantity),
      generate_series(0, rental.end_date - first) AS n
  ), delta AS (
    SELECT extra_id, date, wanted.quantity AS wanted,
           coalesce(wanted.quantity, 0) - coalesce(was.quantity, 0) AS more
    FROM was FULL JOIN wanted USING (extra_id, date)
  ), refusal AS (
    SELECT min(extra_id) AS id FROM delta
    LEFT JOIN extras e ON e.id = extra_id
    LEFT JOIN extra_days day USING (extra_id, date)
    WHERE wanted IS NOT NULL AND NOT coalesce(wanted > 0 AND (
      (more <= 0 AND NOT moved) OR (date < rental.start_date AND day.taken + more <= e.stock) OR (coalesce(e.location_id, place) = place AND (more <= 0 OR (
        e.is_offered AND wanted <= e.max_per_booking AND day.taken + more <= e.stock
      )))
    ), false)
  ), counted AS (
    UPDATE extra_days day SET taken = day.taken + more FROM delta, refusal
    WHERE refusal.id IS NULL AND more <> 0 AND day.extra_id = delta.extra_id AND day.date = delta.date
  )
  SELECT id INTO refused FROM refusal;
  IF refused IS NULL THEN
    DELETE FROM booking_extras WHERE booking_id = p_booking;
    INSERT INTO booking_extras (booking_id, extra_id, quantity, start_date, end_date)
    SELECT p_booking, extra_id, quantity, first, rental.end_date
    FROM unnest(p_extras, p_quantities) AS w (extra_id, quantity);
  END IF;
  RETURN refused;
END $$;
COMMENT ON FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) IS 'bookings/sql/functions/book_extras.sql 7e4bf1d15f795e17 a3e30ff13523145792cd62c5f01b5f0c';
CREATE FUNCTION public.booking_change_guard() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF acting_role() = 'exo_public' AND OLD.status NOT IN ('pending', 'upcoming') THEN
    RAISE EXCEPTION 'customers change a booking only before it begins' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.booking_change_guard() IS 'bookings/sql/functions/booking_change_guard.sql cd7ddb8eb1b5e118 a0dd37be729e62c07b6fb41c391dcfa4';
CREATE FUNCTION public.booking_is_priced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
  n integer := NEW.end_date - NEW.start_date + 1;
  same boolean := TG_OP = 'UPDATE' AND NEW.car_id = OLD.car_id;
  agreed jsonb;  -- what the booking, or the hold that becomes it, costs already
  agreed_days integer := n;
  car cars;
  was record;
  least_rate numeric;
  least_days numeric;
  most_off numeric;
  hours integer;
  given date[] := '{}';  -- days for nothing
  by_hand CONSTANT jsonpath := '$.lines[*] ? (@.code like_regex "^(kept|adjustment|late_return|excess_km|fuel|early_return)$")';
  fits boolean;
BEGIN
  IF acting_role() <> 'exo_public' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'INSERT' OR NEW.terms <> OLD.terms THEN
    hours := (NEW.terms ->> 'hours')::integer;
    IF (hours >= 0 AND hours = coalesce((OLD.terms ->> 'hours')::integer, hours)
      AND (NEW.terms ->> 'free_until')::timestamptz <= NEW.start_date + interval '2 days' - make_interval(hours => hours)
      AND (TG_OP = 'INSERT' OR NEW.terms -> 'tiers' IS NOT DISTINCT FROM OLD.terms -> 'tiers')) IS NOT TRUE THEN
      RAISE EXCEPTION 'the site sets no such terms' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.start_date, NEW.end_date, NEW.car_id, NEW.quote, NEW.total, NEW.deposit, NEW.currency)
    = (OLD.start_date, OLD.end_date, OLD.car_id, OLD.quote, OLD.total, OLD.deposit, OLD.currency) THEN
    RETURN NEW;
  END IF;
  IF NEW.kind <> 'rental' THEN
    SELECT sum(l.amount) = NEW.total AND NEW.total >= 0 AND NEW.quote ->> 'currency' = NEW.currency
      AND (NEW.quote ->> 'deposit')::numeric = NEW.deposit
      AND jsonb_path_query_array(NEW.quote, by_hand)
        = CASE WHEN TG_OP = 'UPDATE' THEN jsonb_path_query_array(OLD.quote, by_hand) ELSE '[]' END
    INTO fits FROM jsonb_to_recordset(NEW.quote -> 'lines') AS l (amount numeric);
    IF fits IS NOT TRUE THEN
      RAISE EXCEPTION 'the site says no such price' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
    END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO car FROM cars WHERE id = NEW.car_id;
  IF same THEN
    agreed := OLD.quote;
    agreed_days := OLD.end_date - OLD.start_date + 1;
  ELSIF TG_OP = 'INSERT' THEN
    SELECT quote INTO agreed FROM holds
    WHERE id = app_hold_id() AND (car_id, start_date, end_date) = (NEW.car_id, NEW.start_date, NEW.end_date);
  END IF;
  SELECT min(l.unit_price) FILTER (WHERE l.code IN ('day', 'weekend_day', 'season_day') AND l.unit_price > 0) AS rate,
    100 * -sum(l.amount) FILTER (WHERE l.code = 'discount')
      / nullif(sum(l.amount) FILTER (WHERE l.code IN ('day', 'weekend_day', 'season_day')), 0) AS off
  INTO was
  FROM jsonb_to_recordset(agreed -> 'lines') AS l (code text, unit_price numeric, amount numeric);
  SELECT coalesce(array_agg(day::date), '{}') INTO given
  FROM jsonb_to_recordset(agreed -> 'lines') AS l (code text, unit_price numeric, dates jsonb), jsonb_array_elements_text(l.dates) AS day
  WHERE l.code IN ('day', 'weekend_day', 'season_day') AND l.unit_price = 0;
  SELECT floor(least(min(rate), was.rate)), sum(floor(least(rate, was.rate))) INTO least_rate, least_days
  FROM day_rates(NEW.car_id, NEW.start_date, least(NEW.end_date, NEW.start_date + 1200)) AS rate;
  least_days := least_days - coalesce((SELECT sum(floor(least(rate, was.rate)))
    FROM unnest(given) AS day, day_rates(NEW.car_id, day, day) AS rate WHERE day BETWEEN NEW.start_date AND NEW.end_date), 0);
  SELECT greatest(0, max(percent), was.off) INTO most_off
  FROM discounts WHERE (car_id = NEW.car_id OR car_id IS NULL) AND min_days <= n;

  SELECT n <= 1200
    AND sum(l.amount) = NEW.total AND NEW.total >= 0
    AND jsonb_path_query_array(NEW.quote, by_hand)
      = CASE WHEN TG_OP = 'UPDATE' THEN jsonb_path_query_array(OLD.quote, by_hand) ELSE '[]' END
    AND sum(l.quantity) FILTER (WHERE is_days) = n
    AND sum(l.amount) FILTER (WHERE is_days) >= least_days
    AND coalesce(sum(l.amount) FILTER (WHERE l.code = 'discount'), 0)
      >= -(sum(l.amount) FILTER (WHERE is_days) * most_off / 100 + 1 + count(*) * 0.5)
    AND bool_and(l.quantity > 0 AND CASE
      WHEN is_by_hand THEN true
      WHEN l.code = 'discount' THEN l.amount <= 0
      ELSE l.amount >= l.quantity * l.unit_price
        AND (is_given OR l.unit_price >= CASE WHEN is_days THEN least_rate ELSE 0 END)
    END)
  INTO fits
  FROM jsonb_to_recordset(NEW.quote -> 'lines') AS l (code text, quantity integer, unit_price numeric, amount numeric, dates jsonb),
    LATERAL (SELECT
      l.code IN ('day', 'weekend_day', 'season_day') AS is_days,
      l.code IN ('kept', 'adjustment', 'late_return', 'excess_km', 'fuel', 'early_return') AS is_by_hand,
      coalesce(l.unit_price = 0 AND l.quantity = jsonb_array_length(l.dates)
        AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text(l.dates) AS day WHERE day::date <> ALL (given)), false) AS is_given
    ) AS kind;
  fits := fits AND NEW.quote ->> 'currency' = NEW.currency
    AND (NEW.quote ->> 'deposit')::numeric = NEW.deposit
    AND NEW.deposit >= least(floor(car.deposit), (agreed ->> 'deposit')::numeric)
    AND (NEW.quote ->> 'excess_km_price')::numeric >= 0
    AND (NEW.quote ->> 'included_km')::numeric <= n * greatest(
      car.included_km_per_day,
      (agreed ->> 'included_km')::numeric / agreed_days
    );
  IF fits IS NOT TRUE THEN
    RAISE EXCEPTION 'the site says no such price' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
  END IF;
  RETURN NEW;
END $_$;
COMMENT ON FUNCTION public.booking_is_priced() IS 'bookings/sql/functions/booking_is_priced.sql f3bf164196b8c3ff 2c92a103e509b23374645aa1aae03c8e';
CREATE FUNCTION public.booking_is_whole() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_TABLE_NAME = 'bookings' THEN
    PERFORM check_booking(NEW.id, TG_OP = 'INSERT');
    RETURN NULL;
  END IF;
  IF TG_OP <> 'INSERT' AND OLD.booking_id IS NOT NULL THEN
    PERFORM check_booking(OLD.booking_id, false);
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.booking_id IS DISTINCT FROM (CASE WHEN TG_OP = 'UPDATE' THEN OLD.booking_id END) THEN
    PERFORM check_booking(NEW.booking_id, false);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.booking_is_whole() IS 'bookings/sql/functions/booking_is_whole.sql e4bd96450fbf4d3a e6de0ab73c1198ac3dbe51ad1b88522b';
CREATE FUNCTION public.booking_status_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
    RETURN NULL;
  END IF;
  INSERT INTO booking_status_changes (booking_id, from_status, to_status, actor_kind, actor_id, reason, at)
  VALUES (
    NEW.id,
    CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '' END,
    NEW.status,
    CASE acting_role()
      WHEN 'exo_public' THEN 'customer'
      WHEN 'exo_staff' THEN 'staff'
      WHEN 'exo_service' THEN CASE WHEN current_setting('app.actor', true) = 'provider' THEN 'provider' ELSE 'job' END
      ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint,
    coalesce(current_setting('app.reason', true), ''),
    clock_timestamp()
  );
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.booking_status_audit() IS 'bookings/sql/functions/booking_status_audit.sql 716b4f907a928c07 d5434dedc0975a841639535e62acc9a5';
CREATE FUNCTION public.booking_status_rules() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  acting text := acting_role();
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE EXCEPTION 'a booking begins as pending' USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) = ('completed', 'active') AND acting = 'exo_staff' AND NEW.returned_at IS NULL
    AND OLD.status_changed_at > clock_timestamp() - interval '15 minutes' THEN
    NEW.status_changed_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) = ('cancelled', 'active') AND acting = 'exo_staff'
    AND OLD.outcome = 'no_show' AND NEW.outcome = '' THEN
    NEW.status_changed_at := clock_timestamp();
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (
    ('pending', 'upcoming'), ('pending', 'cancelled'),
    ('upcoming', 'active'), ('upcoming', 'cancelled'),
    ('active', 'completed'), ('active', 'cancelled'),
    ('cancelled', 'refunded')
  ) AND NOT (
    -- A fact taken back (`bookings.lifecycle.keys.undo.UNDOS`): with the fact the move that it made.
    (OLD.status, NEW.status) = ('active', 'upcoming') AND OLD.handed_over_at IS NOT NULL AND NEW.handed_over_at IS NULL
  ) THEN
    RAISE EXCEPTION 'a booking cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
  END IF;
  IF acting = 'exo_public' AND NOT (OLD.status IN ('pending', 'upcoming') AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'customers may only cancel' USING ERRCODE = '42501';
  END IF;
  NEW.status_changed_at := clock_timestamp();
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.booking_status_rules() IS 'bookings/sql/functions/booking_status_rules.sql 899a68a0a8e8568d fe32ceb01941696f34b080d20d4764b2';
CREATE FUNCTION public.calendar_sequence(p_booking uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT ((SELECT count(*) FROM booking_status_changes WHERE booking_id = p_booking)
    + (SELECT count(*) FROM booking_changes WHERE booking_id = p_booking)
    + (SELECT count(*) FROM booking_events WHERE booking_id = p_booking))::integer
  WHERE acting_role() <> 'exo_public' OR p_booking = app_booking_id()
$$;
COMMENT ON FUNCTION public.calendar_sequence(p_booking uuid) IS 'bookings/sql/functions/calendar_sequence.sql 543bc985c33e71e3 c74da7dad309883463d2687cd102cd06';
CREATE FUNCTION public.changes_within_reason(p_booking uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*) < 500 FROM booking_changes WHERE booking_id = p_booking
$$;
COMMENT ON FUNCTION public.changes_within_reason(p_booking uuid) IS 'bookings/sql/functions/changes_within_reason.sql 1abe8c9b77fc17ba e4db28658885a5396595fb6f1c1f3f25';
CREATE FUNCTION public.check_booking(p_booking uuid, p_new boolean) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  b bookings;
  first date;  -- on which its first car leaves
  since date;  -- its first day on the present car
  in_turn boolean;
  is_ride boolean;
  last date;
  core integer;
  gap integer;
  n integer;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = p_booking;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM check_ride(p_booking);
  is_ride := EXISTS (SELECT 1 FROM rides WHERE booking_id = p_booking);
  IF is_ride <> (b.kind <> 'rental') THEN
    RAISE EXCEPTION 'booking % is of another kind', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_hours';
  END IF;
  first := coalesce(b.out_from, b.start_date);
  SELECT coalesce(max(end_date) + 1, first), coalesce(bool_and(start_date = follows), true) INTO since, in_turn
  FROM (
    SELECT start_date, end_date, coalesce(lag(end_date) OVER (ORDER BY start_date) + 1, first) AS follows
    FROM booking_segments WHERE booking_id = b.id
  ) AS segment;
  IF NOT in_turn OR since > b.end_date OR (since > first AND b.handed_over_at IS NULL) THEN
    RAISE EXCEPTION 'booking % has not one car after the other', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_cars';
  END IF;
  last := b.end_date;
  IF b.returned_at IS NOT NULL THEN
    SELECT greatest(since, least(b.end_date, (b.returned_at AT TIME ZONE l.time_zone)::date)) INTO last
    FROM booking_locations p JOIN locations l ON l.id = p.location_id WHERE p.booking_id = b.id AND p.kind = 'drop_off';
  END IF;
  last := coalesce(b.kept_until, last);
  SELECT
    count(*) FILTER (WHERE status = CASE b.status WHEN 'pending' THEN 'pending' ELSE 'booked' END
      AND (car_id = b.car_id AND date BETWEEN since AND last OR EXISTS (
        SELECT 1 FROM booking_segments s
        WHERE s.booking_id = b.id AND s.car_id = day.car_id AND day.date BETWEEN s.start_date AND s.end_date
      ))),
    count(*) FILTER (WHERE car_id = b.car_id AND status = 'buffer' AND date > last AND date <= last + b.buffer_days),
    count(*)
  INTO core, gap, n FROM car_availability AS day WHERE booking_id = b.id;
  IF core + gap <> n OR core <> (CASE
    WHEN is_ride THEN 0
    WHEN b.status IN ('cancelled', 'refunded') AND b.kept_until IS NULL THEN 0
    ELSE last - first + 1
  END) OR ((is_ride OR b.kept_until IS NOT NULL) AND gap > 0) THEN
    RAISE EXCEPTION 'booking % has not exactly its days', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_days';
  END IF;
  IF p_new AND (
    NOT EXISTS (SELECT 1 FROM booking_secure_tokens WHERE booking_id = b.id)
    OR NOT EXISTS (SELECT 1 FROM inbox_items WHERE booking_id = b.id AND kind = 'new_booking')
    OR NOT EXISTS (SELECT 1 FROM booking_proofs WHERE booking_id = b.id)
    OR 2 <> (SELECT count(*) FROM booking_locations WHERE booking_id = b.id)
  ) THEN
    RAISE EXCEPTION 'booking % has no link, no places, no proof or no item in the inbox', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_reaches_staff';
  END IF;
  IF b.erased_at IS NULL AND NOT EXISTS (SELECT 1 FROM customers WHERE id = b.customer_id AND email = b.mailbox) THEN
    RAISE EXCEPTION 'booking % is filed under somebody else', b.reference
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_customer';
  END IF;
END $$;
COMMENT ON FUNCTION public.check_booking(p_booking uuid, p_new boolean) IS 'bookings/sql/functions/check_booking.sql 64c81a2e152b5b1b 1cd9c84dd481f2e15f0bde88dba8225e';
CREATE FUNCTION public.check_ride(p_booking uuid) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  whole boolean;
BEGIN
  SELECT CASE
    WHEN r.id IS NULL OR b.status IN ('cancelled', 'refunded') THEN s.n = 0 AND seat.n = 0
    WHEN r.departure_id IS NOT NULL THEN s.n = 0 AND seat.n = r.seats AND seat.alike
      AND (d.car_id, d.starts_at, d.ends_at) = (b.car_id, r.starts_at, r.ends_at)
    ELSE seat.n = 0 AND s.n > 0 AND s.on_car AND s.since = r.starts_at AND s.until = r.ends_at
      AND s.length = r.ends_at - r.starts_at AND s.before = r.before_minutes AND s.after = r.after_minutes
  END INTO whole
  FROM bookings b
  LEFT JOIN rides r ON r.booking_id = b.id
  LEFT JOIN tour_departures d ON d.id = r.departure_id
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, bool_and(departure_id = r.departure_id) AS alike FROM departure_seats WHERE booking_id = b.id
  ) AS seat
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, bool_and(car_id = b.car_id) AS on_car, min(starts_at) AS since, max(ends_at) AS until,
      sum(ends_at - starts_at) AS length, sum(before_minutes) AS before, sum(after_minutes) AS after
    FROM vehicle_assignments WHERE booking_id = b.id
  ) AS s
  WHERE b.id = p_booking;
  IF NOT whole THEN
    RAISE EXCEPTION 'booking % has not exactly its hours', p_booking
      USING ERRCODE = '23514', CONSTRAINT = 'booking_has_its_hours';
  END IF;
END $$;
COMMENT ON FUNCTION public.check_ride(p_booking uuid) IS 'bookings/sql/functions/check_ride.sql c9cbff2472f8ff29 f573ee97eb80407d7732bdc2ba5ce96b';
CREATE FUNCTION public.claims_are_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  before bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.assigned_to_id END;
BEGIN
  IF before IS DISTINCT FROM NEW.assigned_to_id THEN
    INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
    VALUES (
      NEW.booking_id,
      CASE WHEN NEW.assigned_to_id IS NULL THEN 'given_back' WHEN before IS NULL THEN 'claimed' ELSE 'taken_over' END,
      CASE acting_role() WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database' END,
      nullif(current_setting('app.user_id', true), '')::bigint
    );
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.claims_are_noted() IS 'inbox/sql/functions/claims_are_noted.sql babed2031e61c36b c225e79458e4a6e5cd03687569193c62';
CREATE FUNCTION public.confirm_code(p_mailbox text, p_visitor text, p_code text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  sent mailbox_codes;
BEGIN
  SELECT * INTO sent FROM mailbox_codes
  WHERE mailbox = p_mailbox AND visitor = p_visitor AND expires_at > now() AND tries < 5
  ORDER BY created_at DESC LIMIT 1 FOR UPDATE;
  UPDATE mailbox_codes SET tries = tries + 1, confirmed_at = CASE WHEN code = p_code THEN now() ELSE confirmed_at END
  WHERE id = sent.id;
  RETURN CASE WHEN sent.code = p_code THEN sent.id END;
END $$;
COMMENT ON FUNCTION public.confirm_code(p_mailbox text, p_visitor text, p_code text) IS 'bookings/sql/functions/confirm_code.sql 2a2713b43b387076 4cec8c391001e4aabcbe70cef3b85455';
CREATE FUNCTION public.confirm_copy() RETURNS jsonb
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
  RETURN data_of_mailbox(asked.mailbox);
END $$;
COMMENT ON FUNCTION public.confirm_copy() IS 'bookings/sql/functions/confirm_copy.sql cf4624576d53f24f 72cc67adb9e550036131e9348883bfe9';
CREATE FUNCTION public.confirm_erasure(OUT outcome text, OUT unfinished text[]) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  asked data_requests;
BEGIN
  SELECT * INTO asked FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'erasure';
  IF asked.id IS NULL OR asked.outcome = 'done' THEN
    outcome := asked.outcome;
    RETURN;
  END IF;
  SELECT e.unfinished INTO unfinished FROM erase_mailbox(asked.mailbox) e;
  outcome := CASE WHEN unfinished IS NULL THEN 'done' ELSE 'waiting' END;
  UPDATE data_requests r SET confirmed_at = now(), outcome = confirm_erasure.outcome WHERE id = asked.id;
  IF unfinished IS NOT NULL THEN
    INSERT INTO inbox_items (id, booking_id, kind, status) VALUES (gen_random_uuid(), asked.booking_id, 'erasure', 'pending')
    ON CONFLICT (booking_id, kind) DO UPDATE SET status = 'pending', done_at = NULL, done_by_id = NULL;
  END IF;
END $$;
COMMENT ON FUNCTION public.confirm_erasure(OUT outcome text, OUT unfinished text[]) IS 'bookings/sql/functions/confirm_erasure.sql 16eb2e74e15862b4 d2ca095381e3d77591ffe282270972f6';
CREATE FUNCTION public.correct_address(p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_most integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  b bookings;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = app_booking_id() AND status = 'pending' FOR UPDATE;
  UPDATE booking_proofs
  SET nonce = uuid_send(gen_random_uuid()), token_hash = 'unsent-' || gen_random_uuid(), corrections = corrections + 1
  WHERE booking_id = b.id AND proven_at IS NULL AND corrections < least(p_most, 10);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  UPDATE bookings SET email = p_email, mailbox = p_mailbox, customer_id = customer_of_mailbox(p_mailbox, b.full_name, b.phone)
  WHERE id = b.id;
  DELETE FROM data_requests WHERE booking_id = b.id;
  UPDATE booking_secure_tokens SET nonce = p_nonce, token_hash = p_hash WHERE booking_id = b.id;
  DELETE FROM holds WHERE booking_id = b.id;
  DELETE FROM idempotency_keys WHERE booking_id = b.id;
  PERFORM note_event(b.id, 'address_corrected');
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), b.id, 'customer', 'booking_received', b.language, 'queued', 0, '', '');
  RETURN true;
END $$;
COMMENT ON FUNCTION public.correct_address(p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_most integer) IS 'bookings/sql/functions/correct_address.sql 331c1d1d1a32224e abd8f180ff7006730dc5ae67ec072efa';
CREATE FUNCTION public.correct_customer(p_booking uuid, p_full_name text, p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_hours integer, p_minutes integer) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  b bookings;
  moved boolean;
BEGIN
  SELECT * INTO b FROM bookings WHERE id = p_booking AND erased_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  moved := b.mailbox <> p_mailbox;
  IF moved AND EXISTS (
    SELECT 1 FROM data_requests WHERE booking_id = b.id AND kind = 'erasure' AND outcome = 'waiting'
  ) THEN
    RAISE EXCEPTION 'its customer wants to be erased' USING ERRCODE = '23514', CONSTRAINT = 'erasure_waits';
  END IF;
  UPDATE bookings
  SET full_name = p_full_name, email = p_email, mailbox = p_mailbox,
    customer_id = CASE WHEN moved THEN customer_of_mailbox(p_mailbox, p_full_name, b.phone) ELSE b.customer_id END
  WHERE id = b.id;
  IF b.full_name <> p_full_name THEN
    PERFORM note_event(b.id, 'name_corrected');
  END IF;
  IF b.email <> p_email THEN
    PERFORM note_event(b.id, 'address_corrected');
  END IF;
  IF moved THEN
    DELETE FROM data_requests WHERE booking_id = b.id;
    UPDATE booking_proofs
    SET nonce = uuid_send(gen_random_uuid()), token_hash = 'unsent-' || gen_random_uuid(),
      due_at = greatest(due_at, now() + make_interval(mins => p_minutes))
    WHERE booking_id = b.id AND proven_at IS NULL;
    -- Nobody has shown that they read the new mailbox: as far as it was proven, it is by staff.
    UPDATE booking_proofs SET how = 'staff' WHERE booking_id = b.id AND how IN ('mail', 'code', 'earlier');
    UPDATE inbox_emails SET recipient = '' WHERE booking_id = b.id AND audience = 'customer';
    PERFORM rotate_link(b.id, p_nonce, p_hash, p_hours);
  END IF;
  RETURN moved;
END $$;
COMMENT ON FUNCTION public.correct_customer(p_booking uuid, p_full_name text, p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_hours integer, p_minutes integer) IS 'bookings/sql/functions/correct_customer.sql 3f16ec44836d54a7 c22cc53751bef8597fa778753f6a8f07';
CREATE FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  found uuid;
BEGIN
  LOOP
    INSERT INTO customers (id, email, full_name, phone)
    VALUES (gen_random_uuid(), p_mailbox, p_full_name, p_phone)
    ON CONFLICT DO NOTHING
    RETURNING id INTO found;
    EXIT WHEN found IS NOT NULL;
    IF p_mailbox <> '' THEN
      SELECT id INTO found FROM customers WHERE email = p_mailbox FOR KEY SHARE;
    ELSE
      SELECT id INTO found FROM customers WHERE id = ANY(customers_of(
        ltrim(regexp_replace(normalize(p_phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0')
      )) FOR KEY SHARE;
    END IF;
    EXIT WHEN found IS NOT NULL;
  END LOOP;
  RETURN found;
END $$;
COMMENT ON FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) IS 'bookings/sql/functions/customer_of_mailbox.sql 7cb1759665c6aa93 c670729f724d6b853371b513d20cf0ce';
CREATE FUNCTION public.customers_of(p_key text) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT array_agg(id) FROM customers WHERE p_key <> '' AND (
    email = p_key
    OR (email = '' AND ltrim(regexp_replace(normalize(phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0') = p_key)
  )
$$;
COMMENT ON FUNCTION public.customers_of(p_key text) IS 'bookings/sql/functions/customers_of.sql e19722a5ea4dd1f8 1fadea136a6fc1b3e2c7f54dae36171e';
CREATE FUNCTION public.data_of_mailbox(p_mailbox text) RETURNS jsonb
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;
COMMENT ON FUNCTION public.data_of_mailbox(p_mailbox text) IS 'bookings/sql/functions/data_of_mailbox.sql 3eb7805ad8d77043 fa9579d9fb768eef7119c295798e918f';
CREATE FUNCTION public.data_request(OUT kind text, OUT outcome text) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT r.kind, r.outcome FROM data_requests r
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now()
$$;
COMMENT ON FUNCTION public.data_request(OUT kind text, OUT outcome text) IS 'bookings/sql/functions/data_request.sql ec97460141518a5e 820bb8117c96dcb0adfd224c76ffa6a9';
CREATE FUNCTION public.day_rates(p_car bigint, p_start date, p_end date) RETURNS SETOF numeric
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT CASE
    WHEN s.id IS NOT NULL THEN coalesce(s.rate, c.daily_rate * s.percent / 100)
    WHEN extract(isodow FROM p_start + n) >= 6 THEN coalesce(c.weekend_rate, c.daily_rate)
    ELSE c.daily_rate
  END
  FROM cars c CROSS JOIN generate_series(0, p_end - p_start) AS n
  LEFT JOIN LATERAL (
    SELECT id, rate, percent FROM seasons
    WHERE (car_id = c.id OR car_id IS NULL) AND p_start + n BETWEEN start_date AND end_date
    ORDER BY priority DESC, car_id IS NOT NULL DESC, id DESC LIMIT 1
  ) AS s ON true
  WHERE c.id = p_car
$$;
COMMENT ON FUNCTION public.day_rates(p_car bigint, p_start date, p_end date) IS 'cars/sql/functions/day_rates.sql 10769559848db89f 629ce6ae747f51dd43fa3c7a144f7762';
CREATE FUNCTION public.erase_mailbox(p_mailbox text, OUT unfinished text[], OUT counts jsonb) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
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
END $_$;
COMMENT ON FUNCTION public.erase_mailbox(p_mailbox text, OUT unfinished text[], OUT counts jsonb) IS 'bookings/sql/functions/erase_mailbox.sql a986991dc30767a0 8ee7239b78d07b60c15d478041411a81';
CREATE FUNCTION public.fold(text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $_$
  SELECT regexp_replace(normalize(lower($1), NFKD), '[\u0300-\u036f]', '', 'g')
$_$;
COMMENT ON FUNCTION public.fold(text) IS 'bookings/sql/functions/fold.sql 22c5f9ec881b6ddd b564d9efc1de263517abd69bd7164a90';
CREATE FUNCTION public.hand_over_audit() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF NEW.handed_over_at IS DISTINCT FROM OLD.handed_over_at THEN
    INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
    VALUES (
      NEW.id,
      CASE WHEN NEW.handed_over_at IS NULL THEN 'hand_over_undone' ELSE 'handed_over' END,
      CASE acting_role()
        WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
      END,
      nullif(current_setting('app.user_id', true), '')::bigint
    );
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.hand_over_audit() IS 'bookings/sql/functions/hand_over_audit.sql e17c8028beed1e27 d4e8c24d3be7783104600b961c2f81dc';
CREATE FUNCTION public.hand_over_stays() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF OLD.handed_over_at IS NULL OR NEW.handed_over_at IS NOT DISTINCT FROM OLD.handed_over_at THEN
    RETURN NEW;
  END IF;
  IF NEW.handed_over_at IS NOT NULL OR OLD.returned_at IS NOT NULL
    OR OLD.handed_over_at < clock_timestamp() - interval '15 minutes' THEN
    RAISE EXCEPTION 'the hand-over of booking % stays', OLD.reference
      USING ERRCODE = '23514', CONSTRAINT = 'hand_over_stays';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.hand_over_stays() IS 'bookings/sql/functions/hand_over_stays.sql 98d248bd18fc2fa7 4480e913a32a980160d832bd2eaece47';
CREATE FUNCTION public.hold_is_priced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  n integer := NEW.end_date - NEW.start_date + 1;
  least_rate numeric;
  least_days numeric;
  most_off numeric;
  fits boolean;
BEGIN
  IF acting_role() <> 'exo_public' OR NEW.quote IS NULL THEN
    RETURN NEW;
  END IF;
  IF NEW.service_id IS NOT NULL THEN
    -- On a departure everybody pays for a seat; a tour without one has its car to itself.
    SELECT CASE
      WHEN NEW.departure_id IS NOT NULL THEN kind = 'tour' AND (NEW.choice -> 'private') = 'false'
        AND (NEW.choice ->> 'children')::integer >= 0
        AND NEW.seats = (NEW.choice ->> 'passengers')::integer + (NEW.choice ->> 'children')::integer
      ELSE kind <> 'tour' OR (NEW.choice -> 'private') = 'true'
    END INTO fits FROM services WHERE id = NEW.service_id;
    fits := fits AND ride_price_fits(
      NEW.service_id, NEW.car_class_id, NEW.starts_at, NEW.ends_at, NEW.choice, NEW.quote, NULL
    );
    IF fits IS NOT TRUE THEN
      RAISE EXCEPTION 'the site says no such price' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
    END IF;
    RETURN NEW;
  END IF;
  SELECT floor(min(rate)), sum(floor(rate)) INTO least_rate, least_days
  FROM day_rates(NEW.car_id, NEW.start_date, least(NEW.end_date, NEW.start_date + 1200)) AS rate;
  SELECT coalesce(max(percent), 0) INTO most_off
  FROM discounts WHERE (car_id = NEW.car_id OR car_id IS NULL) AND min_days <= n;
  SELECT n <= 1200
    AND sum(l.quantity) FILTER (WHERE is_days) = n
    AND sum(l.amount) FILTER (WHERE is_days) >= least_days
    AND bool_and(NOT is_days OR l.unit_price >= least_rate)
    AND bool_and(l.code NOT IN ('kept', 'adjustment', 'late_return', 'excess_km', 'fuel', 'early_return'))
    AND coalesce(sum(l.amount) FILTER (WHERE l.code = 'discount'), 0)
      >= -(sum(l.amount) FILTER (WHERE is_days) * most_off / 100 + 1 + count(*) * 0.5)
    AND (NEW.quote ->> 'deposit')::numeric >= (SELECT floor(deposit) FROM cars WHERE id = NEW.car_id)
    AND (NEW.quote ->> 'included_km')::numeric <= n * (SELECT included_km_per_day FROM cars WHERE id = NEW.car_id)
  INTO fits
  FROM jsonb_to_recordset(NEW.quote -> 'lines') AS l (code text, quantity integer, unit_price numeric, amount numeric),
    LATERAL (SELECT l.code IN ('day', 'weekend_day', 'season_day') AS is_days) AS kind;
  IF fits IS NOT TRUE THEN
    RAISE EXCEPTION 'the site says no such price' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.hold_is_priced() IS 'bookings/sql/functions/hold_is_priced.sql 90b4d76f5538ff59 041cfe16e2b501c4c59001254f74f342';
CREATE FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) RETURNS record
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT min(h.since), max(h.expires_at) FROM holds h
  WHERE h.visitor = p_visitor AND h.visitor <> '' AND h.car_id = p_car AND h.booking_id IS NULL
    AND h.start_date <= p_end AND h.end_date >= p_start AND h.expires_at > now() - p_pause
$$;
COMMENT ON FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) IS 'bookings/sql/functions/hold_turn.sql c77cc398e63bf706 d1e0722337bdfe1a6ad9c23f2a8b8225';
CREATE FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  lock integer;
BEGIN
  FOR lock IN SELECT DISTINCT hashtext(word) FROM unnest(ARRAY[p_visitor, p_network]) AS word WHERE word <> '' ORDER BY 1 LOOP
    PERFORM pg_advisory_xact_lock(9, lock);
  END LOOP;
  SELECT count(*) FILTER (WHERE visitor = p_visitor), count(*) FILTER (WHERE network = p_network AND p_network <> '')
  INTO of_visitor, of_network
  FROM holds WHERE booking_id IS NULL AND expires_at > now() AND (visitor = p_visitor OR network = p_network);
END $$;
COMMENT ON FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) IS 'bookings/sql/functions/holds_of.sql 0b7714963e1e343e 9440ea7c1fabeae30c83a0c85c8ac72d';
CREATE FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  kept idempotency_keys;
BEGIN
  IF acting_role() = 'exo_public' AND (
    p_scope NOT LIKE 'public:%'
    OR (p_scope LIKE 'public:hold-%' AND split_part(p_scope, ':', 2) IS DISTINCT FROM 'hold-' || app_hold_id())
  ) THEN
    RAISE EXCEPTION 'not your key' USING ERRCODE = '42501';
  END IF;
  IF length(p_scope) > 200 OR length(p_key) > 255 OR length(p_fingerprint) > 64 THEN
    RAISE EXCEPTION 'a key is shorter' USING ERRCODE = '22001';
  END IF;
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) THEN
    state := 'busy';
    RETURN;
  END IF;
  INSERT INTO idempotency_keys AS k (scope, key, fingerprint, expires_at)
  VALUES (p_scope, p_key, p_fingerprint, now() + interval '24 hours')
  ON CONFLICT (scope, key) DO UPDATE
    SET fingerprint = EXCLUDED.fingerprint, http_status = NULL, booking_id = NULL, expires_at = EXCLUDED.expires_at
    WHERE k.expires_at <= now();
  IF FOUND THEN
    state := 'new';
    RETURN;
  END IF;
  SELECT * INTO kept FROM idempotency_keys WHERE scope = p_scope AND key = p_key;
  IF kept.fingerprint <> p_fingerprint THEN
    state := 'mismatch';
    RETURN;
  END IF;
  state := 'replay';
  booking := kept.booking_id;
  SELECT t.nonce INTO nonce FROM booking_secure_tokens t WHERE t.booking_id = kept.booking_id;
END $$;
COMMENT ON FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) IS 'bookings/sql/functions/idem_begin.sql 561550ca2fa8434e 71388c43e702fb8eadb741ffd9686f77';
CREATE FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  UPDATE idempotency_keys SET http_status = p_http, booking_id = p_booking
  WHERE scope = p_scope AND key = p_key AND http_status IS NULL AND (
    acting_role() <> 'exo_public' OR (p_scope LIKE 'public:%' AND may_add_to_booking(p_booking))
  )
$$;
COMMENT ON FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) IS 'bookings/sql/functions/idem_finish.sql 8e6ac580106663dd 812768d6f681012eea08f94893df3f70';
CREATE FUNCTION public.keep_service_day() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  zone text;
  n integer;
  firm boolean;
  until timestamptz;
BEGIN
  IF TG_OP <> 'DELETE' THEN
    SELECT l.time_zone INTO zone FROM cars c JOIN locations l ON l.id = c.location_id WHERE c.id = NEW.car_id;
    IF (NEW.starts_at AT TIME ZONE zone)::date <> NEW.date
      OR ((NEW.ends_at - interval '1 minute') AT TIME ZONE zone)::date <> NEW.date
    THEN
      RAISE EXCEPTION 'a span lies within its local day' USING ERRCODE = '23514', CONSTRAINT = 'span_within_its_day';
    END IF;
    -- Not in one statement with a target: the table has two unique keys, of which only the target's waits well for a rival
    -- that inserts the same day. Between the other one and the rival's half-made row, both wait for each other.
    LOOP
      UPDATE car_availability AS day
      SET status = 'service', booking_id = NULL, hold_id = NULL, block_id = NULL,
        expires_at = CASE
          WHEN day.status <> 'service' THEN NEW.expires_at
          WHEN day.expires_at IS NULL OR NEW.expires_at IS NULL THEN NULL
          ELSE greatest(day.expires_at, NEW.expires_at)
        END
      WHERE car_id = NEW.car_id AND date = NEW.date AND (day.status = 'service' OR day.expires_at <= now());
      EXIT WHEN FOUND;
      INSERT INTO car_availability (car_id, date, status, expires_at)
      VALUES (NEW.car_id, NEW.date, 'service', NEW.expires_at)
      ON CONFLICT DO NOTHING;
      EXIT WHEN FOUND;
      IF EXISTS (
        SELECT FROM car_availability
        WHERE car_id = NEW.car_id AND date = NEW.date AND status <> 'service' AND (expires_at > now() OR expires_at IS NULL)
      ) THEN
        RAISE EXCEPTION 'the day is taken' USING ERRCODE = '23505', CONSTRAINT = 'one_claim_per_car_day';
      END IF;
    END LOOP;
  END IF;
  IF TG_OP <> 'INSERT' THEN
    -- Locked first: the next statement sees what rivals have committed.
    PERFORM 1 FROM car_availability WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service' FOR UPDATE;
    IF FOUND THEN
      SELECT count(*), bool_or(expires_at IS NULL), max(expires_at) INTO n, firm, until
      FROM vehicle_assignments WHERE car_id = OLD.car_id AND date = OLD.date;
      IF n = 0 THEN
        DELETE FROM car_availability WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service';
      ELSE
        UPDATE car_availability SET expires_at = CASE WHEN firm THEN NULL ELSE until END
        WHERE car_id = OLD.car_id AND date = OLD.date AND status = 'service'
          AND expires_at IS DISTINCT FROM CASE WHEN firm THEN NULL ELSE until END;
      END IF;
    END IF;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.keep_service_day() IS 'bookings/sql/functions/keep_service_day.sql caa47095bc2a985b 80bbea95fcc73a75bec57a496cf59ff5';
CREATE FUNCTION public.keep_updated_at() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.keep_updated_at() IS 'exodrive/sql/functions/keep_updated_at.sql 6d7ca02d8d67b316 575b604c90122fcc1b56eb21a669350d';
CREATE FUNCTION public.last_change(p_booking uuid, p_name text) RETURNS TABLE(kind text, actor bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT c.actor_kind::text, CASE WHEN acting_role() = 'exo_staff' THEN c.actor_id END
  FROM booking_changes c
  WHERE c.booking_id = p_booking
    AND (acting_role() <> 'exo_public' OR c.booking_id = app_booking_id())
    AND (c.after -> 'contact' ? p_name OR c.before -> p_name IS DISTINCT FROM c.after -> p_name)
  ORDER BY c.created_at DESC, c.id
  LIMIT 1;
$$;
COMMENT ON FUNCTION public.last_change(p_booking uuid, p_name text) IS 'bookings/sql/functions/last_change.sql 0489229596d68fe8 236939a220c72062e698e7715d9a4427';
CREATE FUNCTION public.late_cars(p_at timestamp with time zone) RETURNS SETOF bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT b.car_id
  FROM bookings b
  JOIN cars c ON c.id = b.car_id
  LEFT JOIN booking_locations p ON p.booking_id = b.id AND p.kind = 'drop_off'
  JOIN locations l ON l.id = coalesce(p.location_id, c.location_id)
  WHERE b.handed_over_at IS NOT NULL AND b.returned_at IS NULL
    AND (b.status IN ('cancelled', 'refunded') OR b.end_date < (p_at AT TIME ZONE l.time_zone)::date)
$$;
COMMENT ON FUNCTION public.late_cars(p_at timestamp with time zone) IS 'bookings/sql/functions/late_cars.sql f135d2f332994115 e4e4d4f4f5586196e0110c923fe9e3e0';
CREATE FUNCTION public.link_follows_return() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE booking_secure_tokens
  SET expires_at = greatest(
    expires_at, least(expires_at + (NEW.end_date - OLD.end_date) * interval '1 day', link_may_last_until(NEW.id))
  )
  WHERE booking_id = NEW.id AND NEW.end_date > OLD.end_date;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.link_follows_return() IS 'bookings/sql/functions/link_follows_return.sql 4d2b1d5c96d5f6d8 5e632d01319a114ddadff4d6070f28fa';
CREATE FUNCTION public.link_may_last_until(p_booking uuid) RETURNS timestamp with time zone
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT end_date + interval '400 days' FROM bookings WHERE id = p_booking
$$;
COMMENT ON FUNCTION public.link_may_last_until(p_booking uuid) IS 'bookings/sql/functions/link_may_last_until.sql 995e0aa0e39d69be 84ec7cadb2b18ab43942a1978bdb6f8b';
CREATE FUNCTION public.link_nonce() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT nonce FROM booking_secure_tokens
  WHERE expires_at > now()
    AND booking_id = coalesce(app_booking_id(), (SELECT booking_id FROM holds WHERE id = app_hold_id()))
$$;
COMMENT ON FUNCTION public.link_nonce() IS 'bookings/sql/functions/link_nonce.sql fc235536d9b33baf dbfaecde39bd2904ba886006d5919b2e';
CREATE FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  rental bookings;
  first date;
  last date;
BEGIN
  IF p_booking IS NOT NULL AND acting_role() = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RETURN;
  END IF;
  SELECT * INTO rental FROM bookings WHERE id = p_booking;
  first := coalesce(p_start, rental.out_from, rental.start_date);
  last := coalesce(p_end, rental.end_date);
  IF acting_role() = 'exo_public' AND (
    cardinality(p_extras) > 50 OR last - first > 400 OR last > current_date + 1200
    OR (first < current_date - 1 AND first IS DISTINCT FROM rental.start_date)
  ) THEN
    RETURN;
  END IF;
  INSERT INTO extra_days AS day (extra_id, date, taken)
  SELECT extra_id, date, 0 FROM (
    SELECT extra_id, start_date + n AS date
    FROM booking_extras, LATERAL generate_series(0, end_date - start_date) AS n WHERE booking_id = p_booking
    UNION
    SELECT e.id, first + n
    FROM extras e, generate_series(0, last - first) AS n
    WHERE e.id = ANY (coalesce(p_extras, ARRAY(SELECT extra_id FROM booking_extras WHERE booking_id = p_booking)))
  ) AS concerned
  ORDER BY extra_id, date
  -- A row that is there is locked and stays as it is.
  ON CONFLICT (extra_id, date) DO UPDATE SET taken = day.taken WHERE day.taken IS NULL;
END $$;
COMMENT ON FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) IS 'bookings/sql/functions/lock_extra_days.sql 2f4e53e8a258cec8 59f50dcd9f04909a25f9ee9968f7f625';
CREATE FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  wanted bookings;
  hours integer := least(greatest(p_hours, 1), 744);
BEGIN
  p_reference := regexp_replace(upper(normalize(p_reference, NFKC)), '[^[:alnum:]]+', '', 'g');
  p_reference := 'EXO-' || regexp_replace(p_reference, '^EXO', '');
  SELECT * INTO wanted FROM bookings WHERE reference = p_reference AND mailbox = p_mailbox;
  IF NOT FOUND OR EXISTS (
    SELECT 1 FROM inbox_emails
    WHERE booking_id = wanted.id AND template = 'new_link' AND created_at > now() - interval '5 minutes'
  ) THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM booking_secure_tokens WHERE booking_id = wanted.id AND pin_hash <> '') THEN
    PERFORM rotate_link(wanted.id, uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(), hours);
  END IF;
  UPDATE booking_secure_tokens SET expires_at = greatest(expires_at, now() + make_interval(hours => hours))
  WHERE booking_id = wanted.id;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), wanted.id, 'customer', 'new_link', wanted.language, 'queued', 0, '', '');
END $$;
COMMENT ON FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) IS 'inbox/sql/functions/mail_link_again.sql 84ff31284a5300a4 fc41a9c4797ad99f838edadc26206f39';
CREATE FUNCTION public.mails_within_reason(p_booking uuid) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT count(*) < 500 FROM inbox_emails WHERE booking_id = p_booking
$$;
COMMENT ON FUNCTION public.mails_within_reason(p_booking uuid) IS 'inbox/sql/functions/mails_within_reason.sql 6597edd8e66760da 99e7a00c99fd500dfb443b42eadc279b';
CREATE FUNCTION public.marks_of(p_hashes text[]) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT coalesce(jsonb_agg(to_jsonb(m) - '{mailbox_hash,phone_hash,decided_by_id,lifted_by_id}'::text[] ORDER BY m.created_at), '[]')
  FROM do_not_rent m
  WHERE (m.mailbox_hash = ANY(p_hashes) OR m.phone_hash = ANY(p_hashes))
    AND (acting_role() <> 'exo_public' OR EXISTS (
      SELECT 1 FROM data_requests
      WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND kind = 'copy' AND outcome = 'done'
    ))
$$;
COMMENT ON FUNCTION public.marks_of(p_hashes text[]) IS 'bookings/sql/functions/marks_of.sql 41ad7e12b06fdebf 08f8e080dd72bdb7249572b111553313';
CREATE FUNCTION public.may_add_to_booking(p_booking uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT p_booking = app_booking_id() OR EXISTS (SELECT 1 FROM bookings WHERE id = p_booking AND written_now(xmin))
$$;
COMMENT ON FUNCTION public.may_add_to_booking(p_booking uuid) IS 'bookings/sql/functions/may_add_to_booking.sql 252a7d3f885061ec eaae342e103a31515680c8e19f13c8ee';
CREATE FUNCTION public.may_add_to_hold(p_hold uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT p_hold = app_hold_id() OR EXISTS (SELECT 1 FROM holds WHERE id = p_hold AND written_now(xmin))
$$;
COMMENT ON FUNCTION public.may_add_to_hold(p_hold uuid) IS 'bookings/sql/functions/may_add_to_hold.sql eaac2fe6b06acf4c 80671b63ca9b5a272df0f942ceb0828b';
CREATE FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  b bookings;
  who text := left(p_visitor, 64);
  net text := left(p_network, 64);
  found_how text := '';
  lock integer;
BEGIN
  IF acting_role() = 'exo_public' AND NOT may_add_to_booking(p_booking) THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO STRICT b FROM bookings WHERE id = p_booking;
  SELECT coalesce(nullif(h.visitor, ''), who), coalesce(nullif(h.network, ''), net) INTO who, net
  FROM (SELECT 1) AS always LEFT JOIN holds h ON h.booking_id = b.id;
  IF acting_role() <> 'exo_public' THEN
    found_how := 'staff';
  ELSIF EXISTS (
    SELECT 1 FROM bookings earlier JOIN booking_proofs p ON p.booking_id = earlier.id
    WHERE earlier.mailbox = b.mailbox AND earlier.status = 'completed' AND p.how IN ('mail', 'code', 'earlier')
  ) THEN
    found_how := 'earlier';
  ELSIF EXISTS (
    SELECT 1 FROM holds h JOIN mailbox_codes c ON c.id = h.code_id
    WHERE h.booking_id = b.id AND c.mailbox = b.mailbox AND c.confirmed_at IS NOT NULL
  ) THEN
    found_how := 'code';
  ELSE
    FOR lock IN SELECT DISTINCT hashtext(word)
      FROM (VALUES (b.mailbox, p_per_visitor), (who, p_per_visitor), (net, p_per_network)) AS counted (word, most)
      WHERE word <> '' AND most > 0 ORDER BY 1
    LOOP
      PERFORM pg_advisory_xact_lock(10, lock);
    END LOOP;
    -- Each by an index of its own, and not at all where there is no limit.
    refused := CASE
      WHEN p_per_visitor > 0 AND p_per_visitor <= (
        SELECT count(*) FROM bookings o JOIN booking_proofs p ON p.booking_id = o.id
        WHERE o.mailbox = b.mailbox AND o.status = 'pending' AND p.proven_at IS NULL
      ) THEN 'mailbox'
      WHEN p_per_visitor > 0 AND who <> '' AND p_per_visitor <= (
        SELECT count(*) FROM booking_proofs p JOIN bookings o ON o.id = p.booking_id
        WHERE p.visitor = who AND p.proven_at IS NULL AND o.status = 'pending'
      ) THEN 'visitor'
      WHEN p_per_network > 0 AND net <> '' AND p_per_network <= (
        SELECT count(*) FROM booking_proofs p JOIN bookings o ON o.id = p.booking_id
        WHERE p.network = net AND p.proven_at IS NULL AND o.status = 'pending'
      ) THEN 'network'
    END;
    IF refused IS NOT NULL THEN
      RETURN;
    END IF;
    due := b.created_at + make_interval(mins => least(greatest(p_minutes, 1), 1440));
  END IF;
  INSERT INTO booking_proofs (id, booking_id, due_at, proven_at, how, visitor, network, nonce, token_hash, corrections)
  VALUES (
    gen_random_uuid(), b.id, coalesce(due, now()), CASE WHEN found_how <> '' THEN now() END, found_how,
    CASE WHEN found_how = '' THEN coalesce(who, '') ELSE '' END, CASE WHEN found_how = '' THEN coalesce(net, '') ELSE '' END,
    uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(), 0
  );
END $$;
COMMENT ON FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) IS 'bookings/sql/functions/must_prove.sql 09320def715eeade 713db9fee32c9f988b42d4795f685176';
CREATE FUNCTION public.news_end_a_snooze() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE inbox_triage SET snoozed_until = NULL WHERE booking_id = NEW.booking_id AND snoozed_until IS NOT NULL;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.news_end_a_snooze() IS 'inbox/sql/functions/news_end_a_snooze.sql 1f5ea17c62d86fad a90549eea95cc89794ec5279344532dc';
CREATE FUNCTION public.note_event(p_booking uuid, p_kind text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
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
COMMENT ON FUNCTION public.note_event(p_booking uuid, p_kind text) IS 'bookings/sql/functions/note_event.sql 49a9189dee4e0dd5 8f4dc2a1d4da290e5a5ef27dc9712f50';
CREATE FUNCTION public.note_ledger_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
    VALUES (NULL, pg_current_xact_id()::text::bigint, now(), now());
    RETURN NULL;
  END IF;
  INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
  SELECT DISTINCT car_id, pg_current_xact_id()::text::bigint, now(), now() FROM written;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO ledger_changes (car_id, xid, created_at, updated_at)
    SELECT DISTINCT car_id, pg_current_xact_id()::text::bigint, now(), now() FROM before
    WHERE car_id NOT IN (SELECT car_id FROM written);
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.note_ledger_change() IS 'bookings/sql/functions/note_ledger_change.sql 706b4a372d25a912 c91b0de83572b1178bd5de3b643cbad1';
CREATE FUNCTION public.note_unmailed(p_booking uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
  VALUES (p_booking, 'not_mailed', 'staff', nullif(current_setting('app.user_id', true), '')::bigint)
$$;
COMMENT ON FUNCTION public.note_unmailed(p_booking uuid) IS 'bookings/sql/functions/note_unmailed.sql cad0273e4708ddb0 87707dafde25767808a6401bfe10e6ec';
CREATE FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  link booking_secure_tokens;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now();
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF p_count THEN
    UPDATE booking_secure_tokens SET opened = opened + 1, last_opened_at = now()
    WHERE id = (SELECT id FROM booking_secure_tokens WHERE id = link.id FOR NO KEY UPDATE SKIP LOCKED);
  END IF;
  salt := link.pin_salt;
  is_open := link.pin_hash IN ('', coalesce(current_setting('app.pin', true), ''));
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, now()) - clock_timestamp())));
END $$;
COMMENT ON FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) IS 'bookings/sql/functions/open_link.sql ca2998a1ef9f4080 fb8fb78b5023923af0a444c75904c21f';
CREATE FUNCTION public.operations_go_forward() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.outcome IN ('started', 'unknown')
    AND (OLD.outcome = 'started' OR NEW.outcome <> 'started')
    AND to_jsonb(NEW) - '{outcome,authorized,captured,refunded,voided,code,finished_at,updated_at}'::text[]
      = to_jsonb(OLD) - '{outcome,authorized,captured,refunded,voided,code,finished_at,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'UPDATE' AND current_setting('app.erasing', true) = 'yes' AND NEW.reason IN ('', '[…]')
    AND to_jsonb(NEW) - '{reason,updated_at}'::text[] = to_jsonb(OLD) - '{reason,updated_at}'::text[] THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'operations of a payment are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'operations_go_forward';
END $$;
COMMENT ON FUNCTION public.operations_go_forward() IS 'bookings/sql/functions/operations_go_forward.sql 93dca66c0d2acc3b 002713a6733e4dd1defa78cebb77ce3f';
CREATE FUNCTION public.payment_in_its_currency() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.booking_id, NEW.currency, NEW.amount, NEW.purpose, NEW.kind, NEW.provider)
    IS DISTINCT FROM (OLD.booking_id, OLD.currency, OLD.amount, OLD.purpose, OLD.kind, OLD.provider) THEN
    RAISE EXCEPTION 'a payment stays what it is' USING ERRCODE = '23514', CONSTRAINT = 'payment_in_its_currency';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM bookings WHERE id = NEW.booking_id AND currency = NEW.currency) THEN
    RAISE EXCEPTION 'a payment is in the currency of its booking'
      USING ERRCODE = '23514', CONSTRAINT = 'payment_in_its_currency';
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.payment_in_its_currency() IS 'bookings/sql/functions/payment_in_its_currency.sql bc8aac493f41bc6b 259d31f0a6c4fdd7a82a0982e4c3c474';
CREATE FUNCTION public.prove_booking(p_hash text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  mine uuid;
BEGIN
  SELECT booking_id INTO mine FROM booking_secure_tokens
  WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now();
  UPDATE booking_proofs SET proven_at = now(), how = 'mail', visitor = '', network = ''
  WHERE booking_id = mine AND token_hash = p_hash AND proven_at IS NULL;
  RETURN FOUND OR EXISTS (SELECT 1 FROM booking_proofs WHERE booking_id = mine AND token_hash = p_hash AND proven_at IS NOT NULL);
END $$;
COMMENT ON FUNCTION public.prove_booking(p_hash text) IS 'bookings/sql/functions/prove_booking.sql d0077270bb431f21 404a3430b29b4d864cb28847a505604d';
CREATE FUNCTION public.renew_catalogue_version() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM catalogue_versions
  WHERE version IN (SELECT version FROM catalogue_versions FOR UPDATE SKIP LOCKED);
  INSERT INTO catalogue_versions (version, created_at, updated_at) VALUES (gen_random_uuid(), now(), now());
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.renew_catalogue_version() IS 'cars/sql/functions/renew_catalogue_version.sql 2e40ce5c77189c9a b283b1617c60386de12529b23c9fed03';
CREATE FUNCTION public.reopen_inbox_item() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  UPDATE inbox_items SET status = 'pending', done_at = NULL, done_by_id = NULL
  WHERE booking_id = app_booking_id() AND kind = 'new_booking'
$$;
COMMENT ON FUNCTION public.reopen_inbox_item() IS 'inbox/sql/functions/reopen_inbox_item.sql 5c209131e9cf0b9b 2fb2fa6c1d2e07f5e1a08169d3154dc2';
CREATE FUNCTION public.ride_is_priced() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
  b bookings;
  r rides;
  chosen jsonb;
  agreed jsonb;
  fits boolean;
  same boolean := false;
  free CONSTANT text[] := '{passengers,children,bags,from_text,to_text,flight_number,sign_name,updated_at}';
  -- What staff put there by hand, `booking_is_priced` keeps to the cent.
  of_the_site CONSTANT jsonpath := '$.lines[*] ? (!(@.code like_regex "^(kept|adjustment|late_return|excess_km|fuel|early_return)$"))';
BEGIN
  SELECT * INTO b FROM bookings WHERE id = CASE TG_TABLE_NAME WHEN 'rides' THEN (to_jsonb(NEW) ->> 'booking_id')::uuid ELSE NEW.id END;
  SELECT * INTO r FROM rides WHERE booking_id = b.id;
  chosen := jsonb_build_object(
    'from_place', r.from_place_id, 'to_place', r.to_place_id, 'passengers', r.passengers - r.children, 'children', r.children,
    'private', b.kind = 'tour' AND r.departure_id IS NULL
  );
  SELECT h.quote INTO agreed FROM holds h
  WHERE h.booking_id = b.id AND (h.service_id, h.car_class_id, h.starts_at, h.ends_at) = (r.service_id, r.car_class_id, r.starts_at, r.ends_at)
    AND h.departure_id IS NOT DISTINCT FROM r.departure_id
    AND (h.departure_id IS NULL OR h.choice @> (chosen - 'from_place' - 'to_place'))
    AND (h.choice -> 'from_place', h.choice -> 'to_place') IS NOT DISTINCT FROM (chosen -> 'from_place', chosen -> 'to_place');
  -- Where nothing but the people changes, and they are not paid for by the head, what was agreed stays, in whichever car staff
  -- have put them. A quote that the same transaction writes is looked at by itself.
  IF TG_TABLE_NAME = 'rides' AND TG_OP = 'UPDATE' AND (b.kind <> 'tour' OR (chosen ->> 'private')::boolean)
    AND to_jsonb(OLD) - free = to_jsonb(NEW) - free
  THEN
    same := true;
    agreed := b.quote;
  END IF;
  SELECT ride_price_fits(r.service_id, r.car_class_id, r.starts_at, r.ends_at, chosen, jsonb_set(b.quote, '{lines}', jsonb_path_query_array(b.quote, of_the_site)), agreed)
    AND s.kind = b.kind AND (same OR (c.car_class_id = r.car_class_id AND c.location_id = s.location_id))
    AND k.passengers >= r.passengers AND k.bags >= r.bags
    AND (r.departure_id IS NULL OR r.seats = r.passengers AND EXISTS (
      SELECT FROM tour_departures d JOIN tours t ON t.id = d.tour_id WHERE d.id = r.departure_id AND t.service_id = s.id
    ))
  INTO fits
  FROM services s, cars c, car_classes k WHERE s.id = r.service_id AND c.id = b.car_id AND k.id = r.car_class_id;
  IF fits IS NOT TRUE THEN
    RAISE EXCEPTION 'the site says no such price' USING ERRCODE = '23514', CONSTRAINT = 'booking_is_priced';
  END IF;
  RETURN NULL;
END $_$;
COMMENT ON FUNCTION public.ride_is_priced() IS 'bookings/sql/functions/ride_is_priced.sql bf8434abe80dad52 22adc52e60c988d079f52209bf8ea1f1';
CREATE FUNCTION public.ride_price_fits(p_service bigint, p_class bigint, p_starts timestamp with time zone, p_ends timestamp with time zone, p_choice jsonb, p_quote jsonb, p_agreed jsonb) RETURNS boolean
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  s services;
  rate ride_rates;
  units numeric;
  a_unit numeric;
  of_a_day numeric;
  least_base numeric;
  base CONSTANT text[] := '{ride,ride_unit,ride_cap,ride_km,ride_adult,ride_child}';
  here bigint := (p_choice ->> 'from_place')::bigint;
  there bigint := (p_choice ->> 'to_place')::bigint;
BEGIN
  SELECT * INTO s FROM services WHERE id = p_service;
  SELECT r.* INTO rate
  FROM ride_rates r
  LEFT JOIN places f ON f.id = here
  LEFT JOIN places t ON t.id = there
  CROSS JOIN LATERAL (SELECT CASE r.basis
    WHEN 'route' THEN CASE
      WHEN (r.from_place_id, r.to_place_id) = (here, there) THEN 1
      WHEN (r.from_place_id, r.to_place_id) = (there, here) AND r.both_ways THEN 2 END
    WHEN 'zones' THEN CASE
      WHEN (r.from_zone_id, r.to_zone_id) = (f.zone_id, t.zone_id) THEN 3
      WHEN (r.from_zone_id, r.to_zone_id) = (t.zone_id, f.zone_id) AND r.both_ways THEN 4 END
    ELSE 5
  END AS nearness) AS way
  WHERE r.service_id = p_service AND (r.car_class_id IS NULL OR r.car_class_id = p_class) AND way.nearness IS NOT NULL
    AND (r.basis <> 'person' OR NOT coalesce((p_choice ->> 'private')::boolean, false))
    AND (r.basis <> 'vehicle' OR coalesce((p_choice ->> 'private')::boolean, false))
  ORDER BY way.nearness, r.car_class_id NULLS LAST, r.amount
  LIMIT 1;
  least_base := floor(rate.amount);
  IF rate.basis = 'hour' THEN
    units := greatest(
      ceil(extract(epoch FROM p_ends - p_starts) / 60 / s.unit_minutes), ceil(s.min_minutes::numeric / s.unit_minutes)
    );
    a_unit := floor(rate.amount) * s.unit_minutes / 60;
    of_a_day := 24 * 60 / s.unit_minutes;
    least_base := CASE
      WHEN rate.day_cap IS NULL THEN units * a_unit
      ELSE div(units, of_a_day) * least(of_a_day * a_unit, floor(rate.day_cap)) + least(mod(units, of_a_day) * a_unit, floor(rate.day_cap))
    END;
  ELSIF rate.basis = 'person' THEN
    least_base := (p_choice ->> 'passengers')::integer * floor(rate.amount)
      + coalesce((p_choice ->> 'children')::integer, 0) * floor(coalesce(rate.child_amount, rate.amount));
  END IF;
  RETURN (
    SELECT coalesce(sum(l.amount) FILTER (WHERE l.code = ANY(base)), 0) >= least(floor(least_base), (
        SELECT floor(sum(was.amount)) FROM jsonb_to_recordset(p_agreed -> 'lines') AS was (code text, amount numeric)
        WHERE was.code = ANY(base)
      ))
      AND bool_and(l.quantity > 0 AND (l.code = 'ride_cap' OR (l.unit_price >= 0 AND l.amount >= l.quantity * l.unit_price - 1)))
      AND (p_quote ->> 'deposit')::numeric >= least(floor(s.deposit), (p_agreed ->> 'deposit')::numeric)
      AND (p_quote ->> 'excess_km_price')::numeric >= 0
      AND (p_quote ->> 'included_km')::numeric <= greatest(
        units * s.unit_minutes / 60 * coalesce(rate.included_km_per_hour, 0), (p_agreed ->> 'included_km')::numeric, 0
      )
    FROM jsonb_to_recordset(p_quote -> 'lines') AS l (code text, quantity integer, unit_price numeric, amount numeric)
  );
END $$;
COMMENT ON FUNCTION public.ride_price_fits(p_service bigint, p_class bigint, p_starts timestamp with time zone, p_ends timestamp with time zone, p_choice jsonb, p_quote jsonb, p_agreed jsonb) IS 'bookings/sql/functions/ride_price_fits.sql a39f9f87d6cb0f36 ab8e1de8ab4cc76334c3fd0a12184171';
CREATE FUNCTION public.rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  UPDATE booking_secure_tokens
  SET nonce = p_nonce, token_hash = p_hash, expires_at = greatest(expires_at, now() + make_interval(hours => p_hours)),
    opened = 0, last_opened_at = NULL, pin_salt = '', pin_hash = '', pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  DELETE FROM holds WHERE booking_id = p_booking;
  DELETE FROM idempotency_keys WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, 'link_rotated');
END $$;
COMMENT ON FUNCTION public.rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) IS 'bookings/sql/functions/rotate_link.sql 03d5a6705c0b5ce7 d431aabcc0a1842d93cbe5139a34315c';
CREATE FUNCTION public.security_events_are_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.created_at < now() - interval '30 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'security events are never changed, nor deleted in their first month'
    USING ERRCODE = '23514', CONSTRAINT = 'security_events_are_append_only';
END $$;
COMMENT ON FUNCTION public.security_events_are_append_only() IS 'exodrive/sql/functions/security_events_are_append_only.sql a7e17f1c862e6c8f c7fd1e4cdd9d83ddf239b27f53eaf546';
CREATE FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  IF acting_role() = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  UPDATE booking_secure_tokens
  SET pin_salt = p_salt, pin_hash = p_hash, pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, CASE WHEN p_hash = '' THEN 'pin_removed' ELSE 'pin_set' END);
END $$;
COMMENT ON FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) IS 'bookings/sql/functions/set_link_pin.sql 0b45535e9f6d4802 41ea7d524ff48c0fb792e2e7f021eb0f';
CREATE FUNCTION public.somebody_may_do_everything() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.is_active AND NEW.is_superuser THEN
    RETURN NEW;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('superusers'));
  IF NOT EXISTS (SELECT 1 FROM users u WHERE u.is_active AND u.is_superuser AND u.id <> OLD.id) THEN
    RAISE EXCEPTION 'the last active superuser stays one'
      USING ERRCODE = '23514', CONSTRAINT = 'somebody_may_do_everything';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;
COMMENT ON FUNCTION public.somebody_may_do_everything() IS 'exodrive/sql/functions/somebody_may_do_everything.sql 008b3c948196668c 83843e622e1974843cdb5c3d52126f6d';
CREATE FUNCTION public.sweep_lapsed_spans() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  DELETE FROM vehicle_assignments WHERE car_id = OLD.car_id AND date = OLD.date AND expires_at <= now();
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.sweep_lapsed_spans() IS 'bookings/sql/functions/sweep_lapsed_spans.sql eb67f8078fe1f8ef 879b0d4677d437815bf119aa85368276';
CREATE FUNCTION public.tokens_are_noted() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
  INSERT INTO security_events (id, created_at, updated_at, kind, user_id, actor_id, network, detail)
  VALUES (
    gen_random_uuid(), clock_timestamp(), clock_timestamp(), CASE TG_OP WHEN 'INSERT' THEN 'token_made' ELSE 'token_ended' END, NEW.user_id,
    nullif(current_setting('app.user_id', true), '')::bigint, '', NEW.hint
  );
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.tokens_are_noted() IS 'exodrive/sql/functions/tokens_are_noted.sql 51bb238b5d7fe146 548598a9944a17566698a042b457e683';
CREATE FUNCTION public.tokens_end_with_their_user() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  who bigint;
  another_password boolean := false;
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    who := NEW.id;
    another_password := NEW.password <> OLD.password
      AND coalesce(current_setting('app.rehashing', true), '') <> 'yes';
  ELSE
    who := OLD.user_id;
  END IF;
  IF another_password THEN
    INSERT INTO security_events (id, created_at, updated_at, kind, user_id, actor_id, network, detail)
    VALUES (
      gen_random_uuid(), clock_timestamp(), clock_timestamp(), 'password_changed', who,
      nullif(current_setting('app.user_id', true), '')::bigint, '', ''
    );
  END IF;
  IF another_password OR NOT EXISTS (
    SELECT 1 FROM users u WHERE u.id = who AND u.is_active AND (u.is_superuser OR EXISTS (
      SELECT 1 FROM users_groups ug JOIN auth_group g ON g.id = ug.group_id
      WHERE ug.user_id = who AND g.name IN ('Desk', 'Manager')
    ))
  ) THEN
    UPDATE api_tokens SET revoked_at = now() WHERE user_id = who AND revoked_at IS NULL;
  END IF;
  RETURN NULL;
END $$;
COMMENT ON FUNCTION public.tokens_end_with_their_user() IS 'exodrive/sql/functions/tokens_end_with_their_user.sql a42576a6e7cb3baa dd64df1fc0ae8a434467f6dee881c632';
CREATE FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
  SELECT p_share > 0 AND EXISTS (
    SELECT 1
    FROM cars here
    JOIN cars c ON c.location_id = here.location_id
    JOIN (
      SELECT car_id, date, status, hold_id, booking_id, expires_at FROM car_availability
      UNION ALL
      SELECT car_id, date, day_status, hold_id, booking_id, expires_at FROM vehicle_assignments
    ) a ON a.car_id = c.id AND a.date BETWEEN p_start AND p_end
    LEFT JOIN holds h ON h.id = a.hold_id
    LEFT JOIN bookings b ON b.id = a.booking_id AND b.status = 'pending'
    LEFT JOIN booking_proofs p ON p.booking_id = b.id
    WHERE here.id = p_car AND a.car_id <> p_car AND a.status <> 'buffer' AND (
      (a.hold_id IS NOT NULL AND a.expires_at > now() AND h.code_id IS NULL AND h.visitor <> '' AND h.id IS DISTINCT FROM p_replaced)
      OR (b.id IS NOT NULL AND p.proven_at IS NULL)
    )
    GROUP BY a.date
    HAVING count(DISTINCT a.car_id) >= greatest(2, (
      SELECT count(*) FROM cars WHERE location_id = min(here.location_id) AND status = 'offered'
    ) * p_share / 100)
  )
$$;
COMMENT ON FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) IS 'bookings/sql/functions/too_much_unproven.sql 0d8d72df071e89b1 ccff948f9e80d0b71e917b21e22f5b63';
CREATE FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
  link booking_secure_tokens;
  instant timestamptz;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE token_hash = current_setting('app.token_hash', true) AND expires_at > now() AND pin_hash <> '' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  instant := clock_timestamp();
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, instant) - instant)));
  fits := wait = 0 AND link.pin_hash = p_hash;
  IF wait > 0 THEN
    RETURN;
  END IF;
  IF fits THEN
    UPDATE booking_secure_tokens SET pin_failures = 0, pin_next_try_at = NULL WHERE id = link.id;
    RETURN;
  END IF;
  IF link.pin_failures >= 3 THEN
    wait := least(86400, 30 * 2 ^ least(link.pin_failures - 3, 12));
  END IF;
  UPDATE booking_secure_tokens
  SET pin_failures = link.pin_failures + 1, pin_next_try_at = instant + wait * interval '1 second'
  WHERE id = link.id;
END $$;
COMMENT ON FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) IS 'bookings/sql/functions/try_pin.sql e67db7ee9044c5b0 e77369b535b4dcabaec1d50f85002041';
CREATE FUNCTION public.written_now(p_xmin xid) RETURNS boolean
    LANGUAGE plpgsql STABLE
    AS $$
DECLARE
  ours bigint := pg_current_xact_id()::text::bigint;
  theirs bigint := ours - ours % 4294967296 + p_xmin::text::bigint;
BEGIN
  IF theirs < ours THEN
    theirs := theirs + 4294967296;
  END IF;
  IF theirs - ours > 2147483648 THEN
    RETURN false;
  END IF;
  RETURN pg_xact_status(theirs::text::xid8) = 'in progress';
END $$;
COMMENT ON FUNCTION public.written_now(p_xmin xid) IS 'bookings/sql/functions/written_now.sql fefcd10c02fc156f db3ac8684e32ae9bfd966bc94f39cbb4';


SET default_tablespace = '';

SET default_table_access_method = heap;
CREATE TABLE public.agencies (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(50) NOT NULL
);
ALTER TABLE public.agencies ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.agencies_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.api_tokens (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(100) NOT NULL,
    hint character varying(20) NOT NULL,
    token_hash character varying(64) NOT NULL,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    user_id bigint NOT NULL,
    expires_at timestamp with time zone DEFAULT (statement_timestamp() + '90 days'::interval) NOT NULL,
    scopes character varying(60) DEFAULT 'read book staff'::character varying NOT NULL
);
ALTER TABLE public.api_tokens ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.api_tokens_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group (
    id integer NOT NULL,
    name character varying(150) NOT NULL
);
ALTER TABLE public.auth_group ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_group_permissions (
    id bigint NOT NULL,
    group_id integer NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.auth_group_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_group_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.auth_permission (
    id integer NOT NULL,
    name character varying(255) NOT NULL,
    content_type_id integer NOT NULL,
    codename character varying(100) NOT NULL
);
ALTER TABLE public.auth_permission ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.auth_permission_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.block_events (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    kind character varying(12) NOT NULL,
    reason character varying(200) NOT NULL,
    actor_id bigint,
    car_id bigint NOT NULL
);
ALTER TABLE public.block_events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.block_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.blocked_dates (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    kind character varying(12) NOT NULL,
    note character varying(200) NOT NULL,
    car_id bigint NOT NULL,
    created_by_id bigint,
    after_minutes smallint DEFAULT 0 NOT NULL,
    before_minutes smallint DEFAULT 0 NOT NULL,
    ends_at timestamp with time zone,
    starts_at timestamp with time zone,
    CONSTRAINT block_has_its_hours CHECK ((((after_minutes = 0) AND (before_minutes = 0) AND (ends_at IS NULL) AND (starts_at IS NULL)) OR ((ends_at IS NOT NULL) AND (starts_at IS NOT NULL) AND (starts_at < ends_at) AND (after_minutes <= 720) AND (before_minutes <= 720)))),
    CONSTRAINT block_starts_before_it_ends CHECK ((start_date <= end_date)),
    CONSTRAINT blocked_dates_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT blocked_dates_before_minutes_check CHECK ((before_minutes >= 0))
);
ALTER TABLE public.blocked_dates ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.blocked_dates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.booking_changes (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    actor_kind character varying(8) NOT NULL,
    before jsonb NOT NULL,
    after jsonb NOT NULL,
    difference numeric(20,4) NOT NULL,
    reason text NOT NULL,
    actor_id bigint,
    booking_id uuid NOT NULL,
    CONSTRAINT booking_changes_after_length CHECK ((length((after)::text) <= 16384)),
    CONSTRAINT booking_changes_before_length CHECK ((length((before)::text) <= 16384)),
    CONSTRAINT booking_changes_reason_length CHECK ((length(reason) <= 2000))
);
CREATE TABLE public.booking_events (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    kind character varying(20) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    actor_id bigint,
    booking_id uuid NOT NULL
);
ALTER TABLE public.booking_events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.booking_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.booking_extras (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    quantity smallint NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    booking_id uuid NOT NULL,
    extra_id bigint NOT NULL,
    CONSTRAINT booking_extras_quantity_check CHECK ((quantity >= 0)),
    CONSTRAINT some_of_an_extra CHECK ((quantity > 0))
);
ALTER TABLE public.booking_extras ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.booking_extras_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.booking_locations (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    kind character varying(8) NOT NULL,
    booking_id uuid NOT NULL,
    location_id bigint NOT NULL
);
CREATE TABLE public.booking_notes (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    text text NOT NULL,
    author_id bigint,
    booking_id uuid NOT NULL
);
ALTER TABLE public.booking_notes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.booking_notes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.booking_proofs (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    due_at timestamp with time zone NOT NULL,
    proven_at timestamp with time zone,
    how character varying(8) NOT NULL,
    visitor character varying(64) NOT NULL,
    network character varying(64) NOT NULL,
    nonce bytea NOT NULL,
    token_hash character varying(64) NOT NULL,
    corrections smallint NOT NULL,
    booking_id uuid NOT NULL,
    CONSTRAINT booking_proofs_corrections_check CHECK ((corrections >= 0)),
    CONSTRAINT what_is_proven_says_how CHECK (((((how)::text = ''::text) AND (proven_at IS NULL)) OR ((proven_at IS NOT NULL) AND (NOT ((how)::text = ''::text)))))
);
CREATE TABLE public.booking_secure_tokens (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    nonce bytea NOT NULL,
    token_hash character varying(64) NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    booking_id uuid NOT NULL,
    last_opened_at timestamp with time zone,
    opened integer DEFAULT 0 NOT NULL,
    pin_failures integer DEFAULT 0 NOT NULL,
    pin_hash character varying(64) DEFAULT ''::character varying NOT NULL,
    pin_next_try_at timestamp with time zone,
    pin_salt character varying(100) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT booking_secure_tokens_nonce_length CHECK ((length(nonce) <= 16)),
    CONSTRAINT booking_secure_tokens_opened_check CHECK ((opened >= 0)),
    CONSTRAINT booking_secure_tokens_pin_failures_check CHECK ((pin_failures >= 0))
);
CREATE TABLE public.booking_segments (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    car_name character varying(121) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    pickup_odometer_km integer,
    pickup_fuel_eighths smallint,
    return_odometer_km integer NOT NULL,
    return_fuel_eighths smallint NOT NULL,
    booking_id uuid NOT NULL,
    car_id bigint NOT NULL,
    CONSTRAINT booking_segments_pickup_fuel_eighths_check CHECK ((pickup_fuel_eighths >= 0)),
    CONSTRAINT booking_segments_pickup_odometer_km_check CHECK ((pickup_odometer_km >= 0)),
    CONSTRAINT booking_segments_return_fuel_eighths_check CHECK ((return_fuel_eighths >= 0)),
    CONSTRAINT booking_segments_return_odometer_km_check CHECK ((return_odometer_km >= 0)),
    CONSTRAINT segment_fuel_in_eighths CHECK (((return_fuel_eighths <= 8) AND ((pickup_fuel_eighths IS NULL) OR (pickup_fuel_eighths <= 8)))),
    CONSTRAINT segment_starts_before_it_ends CHECK ((start_date <= end_date))
);
CREATE TABLE public.booking_status_changes (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    from_status character varying(9) NOT NULL,
    to_status character varying(9) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    reason text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor_id bigint,
    booking_id uuid NOT NULL,
    CONSTRAINT booking_status_changes_reason_length CHECK ((length(reason) <= 2000))
);
ALTER TABLE public.booking_status_changes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.booking_status_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.bookings (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    reference character varying(12) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    pickup_time time without time zone NOT NULL,
    return_time time without time zone NOT NULL,
    buffer_days smallint NOT NULL,
    status character varying(9) NOT NULL,
    status_changed_at timestamp with time zone NOT NULL,
    payment_status character varying(18) NOT NULL,
    payment_method character varying(10) NOT NULL,
    quote jsonb NOT NULL,
    terms jsonb NOT NULL,
    total numeric(20,4) NOT NULL,
    deposit numeric(20,4) NOT NULL,
    currency character varying(3) NOT NULL,
    full_name character varying(200) NOT NULL,
    email character varying(254) NOT NULL,
    phone character varying(40) NOT NULL,
    special_requests text NOT NULL,
    language character varying(2) NOT NULL,
    source character varying(6) NOT NULL,
    dates_chosen_at timestamp with time zone,
    handed_over_at timestamp with time zone,
    returned_at timestamp with time zone,
    return_odometer_km integer,
    return_fuel_eighths smallint,
    return_damage boolean,
    return_note text NOT NULL,
    car_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    delivery boolean NOT NULL,
    driver_age smallint,
    erased_at timestamp with time zone,
    mailbox character varying(254) NOT NULL,
    delivery_address character varying(300) DEFAULT ''::character varying NOT NULL,
    forgiven numeric(20,4) DEFAULT 0 NOT NULL,
    deposit_kept numeric(20,4) DEFAULT 0 NOT NULL,
    deposit_status character varying(8) DEFAULT ''::character varying NOT NULL,
    deposit_until timestamp with time zone,
    paid numeric(20,4) DEFAULT 0 NOT NULL,
    pay_until timestamp with time zone,
    refunded numeric(20,4) DEFAULT 0 NOT NULL,
    deposit_taken boolean,
    licence_seen boolean,
    out_from date,
    pickup_fuel_eighths smallint,
    pickup_note text DEFAULT ''::text NOT NULL,
    pickup_odometer_km integer,
    search_text text GENERATED ALWAYS AS (((((((((''::text || ' '::text) || regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((full_name)::text || chr(32)) || (email)::text) || chr(32)) || (reference)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' '::text) || regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((full_name)::text || chr(32)) || (email)::text) || chr(32)) || (reference)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' '::text) || regexp_replace(regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((full_name)::text || chr(32)) || (email)::text) || chr(32)) || (reference)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '[''\-\u2010-\u2015\u2212]'::text, ''::text, 'g'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' #'::text) || ltrim(regexp_replace(NORMALIZE(phone, NFKD), '\(0\)|[^0-9]'::text, ''::text, 'g'::text), '0'::text))) STORED,
    kept_until date,
    outcome character varying(7) DEFAULT ''::character varying NOT NULL,
    kind character varying(8) DEFAULT 'rental'::character varying NOT NULL,
    CONSTRAINT a_no_show_is_cancelled_and_keeps_days CHECK ((((kept_until IS NULL) AND ((outcome)::text = ''::text)) OR ((kept_until >= start_date) AND (kept_until <= end_date) AND ((outcome)::text = 'no_show'::text) AND ((status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[]))))),
    CONSTRAINT an_address_only_with_delivery CHECK ((delivery OR ((delivery_address)::text = ''::text))),
    CONSTRAINT booking_has_a_mailbox CHECK ((((mailbox)::text ~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$'::text) OR (((email)::text = ''::text) AND ((mailbox)::text = ''::text) AND ((phone)::text ~ '[1-9]([^0-9]*[0-9]){5}'::text)))),
    CONSTRAINT booking_of_a_known_kind CHECK (((kind)::text = ANY ((ARRAY['rental'::character varying, 'hourly'::character varying, 'transfer'::character varying, 'tour'::character varying])::text[]))),
    CONSTRAINT booking_starts_before_it_ends CHECK ((start_date <= end_date)),
    CONSTRAINT bookings_buffer_days_check CHECK ((buffer_days >= 0)),
    CONSTRAINT bookings_driver_age_check CHECK ((driver_age >= 0)),
    CONSTRAINT bookings_pickup_fuel_eighths_check CHECK ((pickup_fuel_eighths >= 0)),
    CONSTRAINT bookings_pickup_note_length CHECK ((length(pickup_note) <= 2000)),
    CONSTRAINT bookings_pickup_odometer_km_check CHECK ((pickup_odometer_km >= 0)),
    CONSTRAINT bookings_quote_length CHECK ((length((quote)::text) <= 65536)),
    CONSTRAINT bookings_return_fuel_eighths_check CHECK ((return_fuel_eighths >= 0)),
    CONSTRAINT bookings_return_note_length CHECK ((length(return_note) <= 2000)),
    CONSTRAINT bookings_return_odometer_km_check CHECK ((return_odometer_km >= 0)),
    CONSTRAINT bookings_special_requests_length CHECK ((length(special_requests) <= 2000)),
    CONSTRAINT bookings_terms_length CHECK ((length((terms)::text) <= 1000)),
    CONSTRAINT fuel_in_eighths CHECK (((return_fuel_eighths IS NULL) OR (return_fuel_eighths <= 8))),
    CONSTRAINT fuel_out_in_eighths CHECK (((pickup_fuel_eighths IS NULL) OR (pickup_fuel_eighths <= 8))),
    CONSTRAINT mailbox_is_the_one_shown CHECK (((NOT (((email)::text ~ '^[\x01-\x7f]*$'::text) AND (lower((email)::text) ~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$'::text))) OR ((mailbox)::text = lower((email)::text)))),
    CONSTRAINT out_early_is_handed_over_early CHECK (((out_from IS NULL) OR ((handed_over_at IS NOT NULL) AND (out_from < start_date))))
);
CREATE TABLE public.car_availability (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    date date NOT NULL,
    status character varying(8) NOT NULL,
    expires_at timestamp with time zone,
    block_id bigint,
    booking_id uuid,
    car_id bigint NOT NULL,
    hold_id uuid,
    CONSTRAINT one_claimant_that_fits_the_status CHECK ((((block_id IS NULL) AND (booking_id IS NOT NULL) AND (hold_id IS NULL) AND ((status)::text = ANY ((ARRAY['pending'::character varying, 'booked'::character varying, 'buffer'::character varying])::text[]))) OR ((block_id IS NULL) AND (booking_id IS NULL) AND (hold_id IS NOT NULL) AND ((status)::text = ANY ((ARRAY['held'::character varying, 'buffer'::character varying])::text[]))) OR ((block_id IS NOT NULL) AND (booking_id IS NULL) AND (hold_id IS NULL) AND ((status)::text = 'blocked'::text)) OR ((block_id IS NULL) AND (booking_id IS NULL) AND (hold_id IS NULL) AND ((status)::text = 'service'::text)))),
    CONSTRAINT only_holds_lapse CHECK ((((expires_at IS NULL) AND (hold_id IS NULL)) OR ((expires_at IS NOT NULL) AND (hold_id IS NOT NULL)) OR ((status)::text = 'service'::text)))
);
ALTER TABLE public.car_availability ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.car_availability_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.car_classes (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    "position" smallint NOT NULL,
    passengers smallint NOT NULL,
    bags smallint NOT NULL,
    CONSTRAINT car_classes_bags_check CHECK ((bags >= 0)),
    CONSTRAINT car_classes_passengers_check CHECK ((passengers >= 0)),
    CONSTRAINT car_classes_position_check CHECK (("position" >= 0)),
    CONSTRAINT class_takes_somebody CHECK (((passengers >= 1) AND (passengers <= 20)))
);
ALTER TABLE public.car_classes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.car_classes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.car_images (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    art character varying(50) NOT NULL,
    file character varying(100) NOT NULL,
    alt character varying(200) NOT NULL,
    alt_es character varying(200) NOT NULL,
    alt_fr character varying(200) NOT NULL,
    alt_pt character varying(200) NOT NULL,
    "position" smallint NOT NULL,
    car_id bigint NOT NULL,
    CONSTRAINT a_drawing_or_a_photo CHECK (((((art)::text = ''::text) AND ((file)::text > ''::text)) OR (((art)::text > ''::text) AND ((file)::text = ''::text)))),
    CONSTRAINT car_images_position_check CHECK (("position" >= 0))
);
ALTER TABLE public.car_images ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.car_images_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.cars (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    make character varying(60) NOT NULL,
    model character varying(60) NOT NULL,
    slug character varying(50) NOT NULL,
    year smallint NOT NULL,
    seats smallint NOT NULL,
    doors smallint NOT NULL,
    gearbox character varying(10) NOT NULL,
    fuel character varying(10) NOT NULL,
    power_kw smallint NOT NULL,
    plate character varying(20) NOT NULL,
    status character varying(12) NOT NULL,
    daily_rate numeric(11,4) NOT NULL,
    weekend_rate numeric(11,4),
    deposit numeric(11,4) NOT NULL,
    included_km_per_day integer NOT NULL,
    excess_km_price numeric(11,4) NOT NULL,
    minimum_age smallint NOT NULL,
    min_days smallint,
    max_days smallint,
    buffer_days smallint,
    description text NOT NULL,
    description_es text NOT NULL,
    description_fr text NOT NULL,
    description_pt text NOT NULL,
    location_id bigint NOT NULL,
    cut_off_hour smallint,
    dropoff_weekdays smallint,
    horizon_days smallint,
    lead_time_hours smallint,
    pickup_weekdays smallint,
    fleet_id bigint NOT NULL,
    service_due_km integer,
    service_due_on date,
    service_every_km integer,
    service_every_months smallint,
    car_class_id bigint,
    search_text text GENERATED ALWAYS AS (((((((((''::text || ' '::text) || regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((make)::text || chr(32)) || (model)::text) || chr(32)) || (plate)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' '::text) || regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((make)::text || chr(32)) || (model)::text) || chr(32)) || (plate)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' '::text) || regexp_replace(regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((((make)::text || chr(32)) || (model)::text) || chr(32)) || (plate)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '[''\-\u2010-\u2015\u2212]'::text, ''::text, 'g'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text)) || ' '::text) || regexp_replace(lower((plate)::text), '[^[:alnum:]]+'::text, ''::text, 'g'::text))) STORED,
    CONSTRAINT car_minimum_below_maximum CHECK (((min_days IS NULL) OR (max_days IS NULL) OR (min_days <= max_days))),
    CONSTRAINT cars_buffer_days_check CHECK ((buffer_days >= 0)),
    CONSTRAINT cars_cut_off_hour_check CHECK ((cut_off_hour >= 0)),
    CONSTRAINT cars_doors_check CHECK ((doors >= 0)),
    CONSTRAINT cars_dropoff_weekdays_check CHECK ((dropoff_weekdays >= 0)),
    CONSTRAINT cars_horizon_days_check CHECK ((horizon_days >= 0)),
    CONSTRAINT cars_included_km_per_day_check CHECK ((included_km_per_day >= 0)),
    CONSTRAINT cars_lead_time_hours_check CHECK ((lead_time_hours >= 0)),
    CONSTRAINT cars_max_days_check CHECK ((max_days >= 0)),
    CONSTRAINT cars_min_days_check CHECK ((min_days >= 0)),
    CONSTRAINT cars_minimum_age_check CHECK ((minimum_age >= 0)),
    CONSTRAINT cars_pickup_weekdays_check CHECK ((pickup_weekdays >= 0)),
    CONSTRAINT cars_power_kw_check CHECK ((power_kw >= 0)),
    CONSTRAINT cars_seats_check CHECK ((seats >= 0)),
    CONSTRAINT cars_service_due_km_check CHECK ((service_due_km >= 0)),
    CONSTRAINT cars_service_every_km_check CHECK ((service_every_km >= 0)),
    CONSTRAINT cars_service_every_months_check CHECK ((service_every_months >= 0)),
    CONSTRAINT cars_year_check CHECK ((year >= 0)),
    CONSTRAINT rates_are_positive CHECK (((daily_rate > (0)::numeric) AND ((weekend_rate IS NULL) OR (weekend_rate > (0)::numeric))))
);
ALTER TABLE public.cars ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.cars_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.catalogue_versions (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    version uuid DEFAULT gen_random_uuid() NOT NULL
);
CREATE TABLE public.closed_days (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    date date NOT NULL,
    every_year boolean NOT NULL,
    name character varying(60) NOT NULL,
    location_id bigint
);
ALTER TABLE public.closed_days ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.closed_days_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.customers (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    email character varying(254) NOT NULL,
    full_name character varying(200) NOT NULL,
    phone character varying(40) NOT NULL,
    user_id bigint,
    erased_at timestamp with time zone,
    CONSTRAINT customer_has_a_mailbox CHECK ((((email)::text ~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$'::text) OR (((email)::text = ''::text) AND ((phone)::text ~ '[1-9]([^0-9]*[0-9]){5}'::text))))
);
CREATE TABLE public.data_requests (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    kind character varying(7) NOT NULL,
    outcome character varying(7) NOT NULL,
    nonce bytea NOT NULL,
    token_hash character varying(64) NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    booking_id uuid NOT NULL,
    mailbox character varying(254) NOT NULL,
    CONSTRAINT data_request_has_a_mailbox CHECK (((mailbox)::text ~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$'::text))
);
CREATE TABLE public.departure_seats (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    seat smallint NOT NULL,
    expires_at timestamp with time zone,
    booking_id uuid,
    hold_id uuid,
    departure_id bigint NOT NULL,
    CONSTRAINT departure_seats_seat_check CHECK ((seat >= 0)),
    CONSTRAINT only_held_seats_lapse CHECK ((((expires_at IS NULL) AND (hold_id IS NULL)) OR ((expires_at IS NOT NULL) AND (hold_id IS NOT NULL)))),
    CONSTRAINT seat_has_one_claimant CHECK (((booking_id IS NULL) OR (hold_id IS NULL)))
);
ALTER TABLE public.departure_seats ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.departure_seats_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.discounts (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    min_days smallint NOT NULL,
    percent numeric(4,1) NOT NULL,
    car_id bigint,
    CONSTRAINT discount_is_a_percentage CHECK (((percent > (0)::numeric) AND (percent <= (90)::numeric))),
    CONSTRAINT discounts_min_days_check CHECK ((min_days >= 0))
);
ALTER TABLE public.discounts ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.discounts_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_admin_log (
    id integer NOT NULL,
    action_time timestamp with time zone NOT NULL,
    object_id text,
    object_repr character varying(200) NOT NULL,
    action_flag smallint NOT NULL,
    change_message text NOT NULL,
    content_type_id integer,
    user_id bigint NOT NULL,
    CONSTRAINT django_admin_log_action_flag_check CHECK ((action_flag >= 0))
);
ALTER TABLE public.django_admin_log ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_admin_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_content_type (
    id integer NOT NULL,
    app_label character varying(100) NOT NULL,
    model character varying(100) NOT NULL
);
ALTER TABLE public.django_content_type ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_content_type_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_migrations (
    id bigint NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied timestamp with time zone NOT NULL
);
ALTER TABLE public.django_migrations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.django_migrations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.django_session (
    session_key character varying(40) NOT NULL,
    session_data text NOT NULL,
    expire_date timestamp with time zone NOT NULL
);
CREATE TABLE public.do_not_rent (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    mailbox_hash character varying(64) NOT NULL,
    phone_hash character varying(64) NOT NULL,
    reason text NOT NULL,
    lifted_at timestamp with time zone,
    decided_by_id bigint,
    lifted_by_id bigint,
    CONSTRAINT a_mark_is_about_somebody CHECK ((NOT (((mailbox_hash)::text = ''::text) AND ((phone_hash)::text = ''::text)))),
    CONSTRAINT do_not_rent_reason_length CHECK ((length(reason) <= 500))
);
ALTER TABLE public.do_not_rent ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.do_not_rent_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.event_counts (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    name character varying(40) NOT NULL,
    code character varying(40) NOT NULL,
    count integer NOT NULL,
    CONSTRAINT event_counts_count_check CHECK ((count >= 0))
);
CREATE TABLE public.extra_days (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    date date NOT NULL,
    taken smallint NOT NULL,
    extra_id bigint NOT NULL,
    CONSTRAINT extra_days_taken_check CHECK ((taken >= 0))
);
ALTER TABLE public.extra_days ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.extra_days_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.extras (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    price numeric(11,4) NOT NULL,
    per character varying(6) NOT NULL,
    stock smallint NOT NULL,
    max_per_booking smallint NOT NULL,
    is_offered boolean NOT NULL,
    location_id bigint,
    about character varying(13) DEFAULT ''::character varying NOT NULL,
    CONSTRAINT extra_is_not_negative CHECK ((price >= (0)::numeric)),
    CONSTRAINT extras_max_per_booking_check CHECK ((max_per_booking >= 0)),
    CONSTRAINT extras_stock_check CHECK ((stock >= 0))
);
ALTER TABLE public.extras ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.extras_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.fees (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    kind character varying(12) NOT NULL,
    amount numeric(11,4) NOT NULL,
    per character varying(6) NOT NULL,
    below_age smallint,
    car_id bigint,
    location_id bigint,
    CONSTRAINT fee_is_positive CHECK ((amount > (0)::numeric)),
    CONSTRAINT fees_below_age_check CHECK ((below_age >= 0)),
    CONSTRAINT young_driver_fee_has_an_age CHECK (((NOT ((kind)::text = 'young_driver'::text)) OR (below_age IS NOT NULL)))
);
ALTER TABLE public.fees ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.fees_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE VIEW public.figure_cancellation WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    (sum(confirmed))::bigint AS confirmed,
    (sum(cancelled))::bigint AS cancelled,
    (sum(cancelled) / NULLIF(sum(confirmed), (0)::numeric)) AS share,
    (sum(never_confirmed))::bigint AS never_confirmed
   FROM ( SELECT b.start_date,
            count(*) FILTER (WHERE b.confirmed) AS confirmed,
            count(*) FILTER (WHERE (b.confirmed AND b.over)) AS cancelled,
            count(*) FILTER (WHERE (b.over AND (NOT b.confirmed))) AS never_confirmed
           FROM ( SELECT b_1.start_date,
                    (((b_1.status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])) AND ((b_1.outcome)::text <> 'no_show'::text)) AS over,
                    (((b_1.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) OR (EXISTS ( SELECT 1
                           FROM public.booking_status_changes m
                          WHERE ((m.booking_id = b_1.id) AND ((m.to_status)::text = 'upcoming'::text))
                         OFFSET 0))) AS confirmed
                   FROM public.bookings b_1
                 OFFSET 0) b
          GROUP BY b.start_date
         OFFSET 0) days
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date);
COMMENT ON VIEW public.figure_cancellation IS 'bookings/sql/views/figure_cancellation.sql 4ee83d80ce0acb76 1f65ab170db329f7e379713271ea937f';
CREATE TABLE public.locations (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(100) NOT NULL,
    slug character varying(50) NOT NULL,
    address character varying(250) NOT NULL,
    latitude numeric(9,6) NOT NULL,
    longitude numeric(9,6) NOT NULL,
    time_zone character varying(60) NOT NULL,
    phone character varying(40) NOT NULL,
    agency_id bigint NOT NULL,
    CONSTRAINT latitude_is_on_earth CHECK (((latitude >= ('-90'::integer)::numeric) AND (latitude <= (90)::numeric))),
    CONSTRAINT longitude_is_on_earth CHECK (((longitude >= ('-180'::integer)::numeric) AND (longitude <= (180)::numeric))),
    CONSTRAINT time_zone_is_area_and_city CHECK (((time_zone)::text ~ '^[A-Z][A-Za-z]+(/[A-Za-z0-9_+-]+){1,2}$'::text))
);
CREATE VIEW public.figure_lead_time WITH (security_invoker='true') AS
 SELECT month,
    count(*) AS bookings,
    avg(days) AS average,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((days)::double precision)) AS median
   FROM ( SELECT (date_trunc('month'::text, (b_1.booked_on)::timestamp without time zone))::date AS month,
            (b_1.start_date - b_1.booked_on) AS days
           FROM ( SELECT b_2.start_date,
                    ((b_2.created_at AT TIME ZONE p.time_zone))::date AS booked_on
                   FROM (((public.bookings b_2
                     JOIN public.cars c ON ((c.id = b_2.car_id)))
                     LEFT JOIN ( SELECT booking_locations.booking_id,
                            booking_locations.location_id
                           FROM public.booking_locations
                          WHERE (((booking_locations.kind)::text = 'pick_up'::text) AND ( SELECT (count(DISTINCT locations.time_zone) > 1)
                                   FROM public.locations))
                         OFFSET 0) l ON ((l.booking_id = b_2.id)))
                     JOIN public.locations p ON ((p.id = COALESCE(l.location_id, c.location_id))))
                  WHERE (((b_2.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) OR (EXISTS ( SELECT 1
                           FROM public.booking_status_changes m
                          WHERE ((m.booking_id = b_2.id) AND ((m.to_status)::text = 'upcoming'::text))
                         OFFSET 0)))
                 OFFSET 0) b_1
         OFFSET 0) b
  GROUP BY month;
COMMENT ON VIEW public.figure_lead_time IS 'bookings/sql/views/figure_lead_time.sql 0ab65760aaaa7790 6f2ff873b7df25f642a55928daabef83';
CREATE VIEW public.figure_length WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    (sum(rentals))::bigint AS rentals,
    (sum(days))::bigint AS days,
    (sum(days) / sum(rentals)) AS average
   FROM ( SELECT bookings.start_date,
            count(*) AS rentals,
            sum(((bookings.end_date - bookings.start_date) + 1)) AS days
           FROM public.bookings
          WHERE ((bookings.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[]))
          GROUP BY bookings.start_date
         OFFSET 0) b
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date);
COMMENT ON VIEW public.figure_length IS 'bookings/sql/views/figure_length.sql fd45a75aaf80cac1 0731662569f0d8791c909391702bd718';
CREATE VIEW public.figure_no_show WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    (sum(due))::bigint AS due,
    (sum(no_shows))::bigint AS no_shows,
    (sum(no_shows) / sum(due)) AS share
   FROM ( SELECT b.start_date,
            count(*) AS due,
            count(*) FILTER (WHERE b.missed) AS no_shows
           FROM ( SELECT b_1.start_date,
                    b_1.status,
                    (((b_1.status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])) AND ((b_1.outcome)::text = 'no_show'::text)) AS missed
                   FROM (public.bookings b_1
                     CROSS JOIN ( SELECT ((now() AT TIME ZONE 'UTC'::text))::date AS today
                         OFFSET 0) utc)
                  WHERE (((b_1.status)::text <> 'pending'::text) AND (b_1.start_date <= (utc.today + 1)) AND ((b_1.start_date < utc.today) OR (b_1.start_date <= ( SELECT ((now() AT TIME ZONE p.time_zone))::date AS timezone
                           FROM ((public.cars c
                             LEFT JOIN public.booking_locations l ON (((l.booking_id = b_1.id) AND ((l.kind)::text = 'pick_up'::text))))
                             JOIN public.locations p ON ((p.id = COALESCE(l.location_id, c.location_id))))
                          WHERE (c.id = b_1.car_id)))))
                 OFFSET 0) b
          WHERE (b.missed OR ((b.status)::text <> ALL ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])))
          GROUP BY b.start_date
         OFFSET 0) days
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date);
COMMENT ON VIEW public.figure_no_show IS 'bookings/sql/views/figure_no_show.sql 3eec89413a556318 20f1c0d031d8f8e9fa2e819425319b04';
CREATE TABLE public.payments (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    purpose character varying(7) NOT NULL,
    kind character varying(6) NOT NULL,
    provider character varying(20) NOT NULL,
    means character varying(8) NOT NULL,
    state character varying(18) NOT NULL,
    amount numeric(20,4) NOT NULL,
    currency character varying(3) NOT NULL,
    authorized numeric(20,4) NOT NULL,
    captured numeric(20,4) NOT NULL,
    refunded numeric(20,4) NOT NULL,
    refunding numeric(20,4) NOT NULL,
    voided numeric(20,4) NOT NULL,
    ref character varying(255) NOT NULL,
    refs jsonb NOT NULL,
    next_url text NOT NULL,
    next_until timestamp with time zone,
    due_at timestamp with time zone,
    expires_at timestamp with time zone,
    honor_until timestamp with time zone,
    failure character varying(100) NOT NULL,
    problem character varying(14) NOT NULL,
    looked_at timestamp with time zone,
    booking_id uuid NOT NULL,
    CONSTRAINT captured_within_authorized CHECK ((authorized >= (captured + voided))),
    CONSTRAINT payment_of_something CHECK ((amount > (0)::numeric)),
    CONSTRAINT payment_sums_not_below_zero CHECK (((refunded >= (0)::numeric) AND (refunding >= (0)::numeric) AND (voided >= (0)::numeric))),
    CONSTRAINT payments_next_url_length CHECK ((length(next_url) <= 2000)),
    CONSTRAINT payments_refs_length CHECK ((length((refs)::text) <= 4000)),
    CONSTRAINT refunded_within_captured CHECK ((captured >= (refunded + refunding)))
);
CREATE VIEW public.figure_payment_completion WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (began_on)::timestamp without time zone))::date AS month,
    (sum(started))::bigint AS started,
    (sum(completed))::bigint AS completed,
    (sum(completed) / sum(started)) AS share
   FROM ( SELECT ((t.began AT TIME ZONE COALESCE(p.time_zone, (one.time_zone)::character varying)))::date AS began_on,
            count(*) AS started,
            count(*) FILTER (WHERE t.paid) AS completed
           FROM ((( SELECT payments.booking_id,
                    min(payments.created_at) AS began,
                    (max(payments.captured) > (0)::numeric) AS paid
                   FROM public.payments
                  WHERE (((payments.purpose)::text = 'rental'::text) AND ((payments.provider)::text <> 'manual'::text))
                  GROUP BY payments.booking_id) t
             CROSS JOIN ( SELECT min((locations.time_zone)::text) AS time_zone
                   FROM public.locations) one)
             LEFT JOIN ( SELECT b.id,
                    p_1.time_zone
                   FROM (((public.bookings b
                     JOIN public.cars c ON ((c.id = b.car_id)))
                     LEFT JOIN public.booking_locations l ON (((l.booking_id = b.id) AND ((l.kind)::text = 'pick_up'::text))))
                     JOIN public.locations p_1 ON ((p_1.id = COALESCE(l.location_id, c.location_id))))
                  WHERE ( SELECT (count(DISTINCT locations.time_zone) > 1)
                           FROM public.locations)
                 OFFSET 0) p ON ((p.id = t.booking_id)))
          GROUP BY (((t.began AT TIME ZONE COALESCE(p.time_zone, (one.time_zone)::character varying)))::date)
         OFFSET 0) days
  GROUP BY ((date_trunc('month'::text, (began_on)::timestamp without time zone))::date);
COMMENT ON VIEW public.figure_payment_completion IS 'bookings/sql/views/figure_payment_completion.sql 3928b40d02b63df3 8218e75b8517468b1abb88c0dd729974';
CREATE VIEW public.figure_refusals WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (e.created_at AT TIME ZONE z.time_zone)))::date AS month,
    e.code,
    sum(e.count) AS refusals
   FROM (public.event_counts e
     CROSS JOIN ( SELECT locations.time_zone
           FROM public.locations
          GROUP BY locations.time_zone
          ORDER BY (count(*)) DESC, locations.time_zone
         LIMIT 1) z)
  WHERE ((((e.name)::text = 'booking_refused'::text) AND ((e.code)::text <> 'rules_refused'::text)) OR ((e.name)::text = 'rule_refused'::text))
  GROUP BY ((date_trunc('month'::text, (e.created_at AT TIME ZONE z.time_zone)))::date), e.code;
COMMENT ON VIEW public.figure_refusals IS 'bookings/sql/views/figure_refusals.sql eb5a1c0eea5b2bc6 77a02648e30e51566606912bf12d3138';
CREATE VIEW public.figure_revenue_by_car WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    currency,
    car_id,
    count(*) FILTER (WHERE ((status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[]))) AS rentals,
    sum(
        CASE
            WHEN ((status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) THEN total
            ELSE paid
        END) AS revenue
   FROM public.bookings b
  WHERE (((status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) OR (((status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])) AND (paid > (0)::numeric)))
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date), currency, car_id;
COMMENT ON VIEW public.figure_revenue_by_car IS 'bookings/sql/views/figure_revenue_by_car.sql 38bd0817de42b66a f2d002760f28f1c8588fad2a40c225f2';
CREATE VIEW public.figure_revenue_by_class WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    currency,
    seats,
    gearbox,
    (sum(rentals))::bigint AS rentals,
    sum(revenue) AS revenue
   FROM ( SELECT b.start_date,
            b.currency,
            c.seats,
            c.gearbox,
            count(*) FILTER (WHERE ((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[]))) AS rentals,
            sum(
                CASE
                    WHEN ((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) THEN b.total
                    ELSE b.paid
                END) AS revenue
           FROM (public.bookings b
             JOIN public.cars c ON ((c.id = b.car_id)))
          WHERE (((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) OR (((b.status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])) AND (b.paid > (0)::numeric)))
          GROUP BY b.start_date, b.currency, c.seats, c.gearbox
         OFFSET 0) days
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date), currency, seats, gearbox;
COMMENT ON VIEW public.figure_revenue_by_class IS 'bookings/sql/views/figure_revenue_by_class.sql 34ddf6d9d9ffea76 7c8bb4bd84caa6853a972317d85fa2e2';
CREATE VIEW public.figure_revenue_by_place WITH (security_invoker='true') AS
 SELECT (date_trunc('month'::text, (start_date)::timestamp without time zone))::date AS month,
    currency,
    location_id,
    (sum(rentals))::bigint AS rentals,
    sum(revenue) AS revenue
   FROM ( SELECT b.start_date,
            b.currency,
            COALESCE(l.location_id, c.location_id) AS location_id,
            count(*) FILTER (WHERE ((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[]))) AS rentals,
            sum(
                CASE
                    WHEN ((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) THEN b.total
                    ELSE b.paid
                END) AS revenue
           FROM ((public.bookings b
             JOIN public.cars c ON ((c.id = b.car_id)))
             LEFT JOIN public.booking_locations l ON (((l.booking_id = b.id) AND ((l.kind)::text = 'pick_up'::text))))
          WHERE (((b.status)::text = ANY ((ARRAY['upcoming'::character varying, 'active'::character varying, 'completed'::character varying])::text[])) OR (((b.status)::text = ANY ((ARRAY['cancelled'::character varying, 'refunded'::character varying])::text[])) AND (b.paid > (0)::numeric)))
          GROUP BY b.start_date, b.currency, COALESCE(l.location_id, c.location_id)
         OFFSET 0) days
  GROUP BY ((date_trunc('month'::text, (start_date)::timestamp without time zone))::date), currency, location_id;
COMMENT ON VIEW public.figure_revenue_by_place IS 'bookings/sql/views/figure_revenue_by_place.sql 1fdad9202b6dd588 78403db7acf86b490d1cecb5bbd8a8f6';
CREATE VIEW public.figure_seconds_to_confirm WITH (security_invoker='true') AS
 SELECT month,
    count(*) AS bookings,
    avg(seconds) AS average,
    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((seconds)::double precision)) AS median,
    percentile_cont((0.9)::double precision) WITHIN GROUP (ORDER BY ((seconds)::double precision)) AS nine_of_ten
   FROM ( SELECT (date_trunc('month'::text, (b_1.created_at AT TIME ZONE p.time_zone)))::date AS month,
            EXTRACT(epoch FROM (b_1.created_at - b_1.dates_chosen_at)) AS seconds
           FROM (((public.bookings b_1
             JOIN public.cars c ON ((c.id = b_1.car_id)))
             LEFT JOIN ( SELECT booking_locations.booking_id,
                    booking_locations.location_id
                   FROM public.booking_locations
                  WHERE (((booking_locations.kind)::text = 'pick_up'::text) AND ( SELECT (count(DISTINCT locations.time_zone) > 1)
                           FROM public.locations))
                 OFFSET 0) l ON ((l.booking_id = b_1.id)))
             JOIN public.locations p ON ((p.id = COALESCE(l.location_id, c.location_id))))
          WHERE (b_1.dates_chosen_at IS NOT NULL)
         OFFSET 0) b
  GROUP BY month;
COMMENT ON VIEW public.figure_seconds_to_confirm IS 'bookings/sql/views/figure_seconds_to_confirm.sql 7f7b27a11a2ac048 4b4fd017def77ef2016786a6b35ecb31';
CREATE VIEW public.figure_utilisation WITH (security_invoker='true') AS
 WITH taken AS (
         SELECT (date_trunc('month'::text, (days_1.date)::timestamp without time zone))::date AS month,
            sum(days_1.rented) AS rented,
            sum(days_1.blocked) AS blocked
           FROM ( SELECT car_availability.date,
                    count(*) FILTER (WHERE ((car_availability.status)::text = 'booked'::text)) AS rented,
                    count(*) FILTER (WHERE ((car_availability.status)::text = 'blocked'::text)) AS blocked
                   FROM public.car_availability
                  GROUP BY car_availability.date
                 OFFSET 0) days_1
          GROUP BY ((date_trunc('month'::text, (days_1.date)::timestamp without time zone))::date)
        ), fleet AS (
         SELECT c.id,
            LEAST(((c.created_at AT TIME ZONE p.time_zone))::date, t.since) AS since,
                CASE c.status
                    WHEN 'retired'::text THEN COALESCE(t.until, '-infinity'::date)
                    ELSE 'infinity'::date
                END AS until
           FROM ((public.cars c
             JOIN public.locations p ON ((p.id = c.location_id)))
             CROSS JOIN LATERAL ( SELECT min(car_availability.date) AS since,
                    max(car_availability.date) AS until
                   FROM public.car_availability
                  WHERE (car_availability.car_id = c.id)) t)
        ), months AS (
         SELECT (month.month)::date AS month,
            ((month.month + '1 mon -1 days'::interval))::date AS last
           FROM generate_series(( SELECT date_trunc('month'::text, (min(fleet.since))::timestamp without time zone) AS date_trunc
                   FROM fleet), ( SELECT GREATEST((now() AT TIME ZONE 'UTC'::text), (max(taken_1.month))::timestamp without time zone) AS "greatest"
                   FROM taken taken_1), '1 mon'::interval) month(month)
        ), days AS (
         SELECT months.month,
            sum(GREATEST(0, ((LEAST(months.last, fleet.until) - GREATEST(months.month, fleet.since)) + 1))) AS days
           FROM (months
             JOIN fleet ON (((fleet.since <= months.last) AND (fleet.until >= months.month))))
          GROUP BY months.month
        )
 SELECT days.month,
    (COALESCE(taken.rented, (0)::numeric))::bigint AS rented,
    (((days.days)::numeric - COALESCE(taken.blocked, (0)::numeric)))::bigint AS available,
    (COALESCE(taken.rented, (0)::numeric) / NULLIF(((days.days)::numeric - COALESCE(taken.blocked, (0)::numeric)), (0)::numeric)) AS share
   FROM (days
     LEFT JOIN taken USING (month));
COMMENT ON VIEW public.figure_utilisation IS 'bookings/sql/views/figure_utilisation.sql 78fbe80dedbf1886 70af49891cf8a727ad4014ac3f723bc7';
CREATE TABLE public.fleets (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    min_days smallint NOT NULL,
    max_days smallint NOT NULL,
    buffer_days smallint NOT NULL,
    horizon_days smallint NOT NULL,
    lead_time_hours smallint NOT NULL,
    cut_off_hour smallint NOT NULL,
    pickup_weekdays smallint NOT NULL,
    dropoff_weekdays smallint NOT NULL,
    CONSTRAINT fleet_minimum_below_maximum CHECK (((min_days >= 1) AND (min_days <= max_days))),
    CONSTRAINT fleet_weekdays_are_some CHECK ((((dropoff_weekdays >= 1) AND (dropoff_weekdays <= 127)) AND ((pickup_weekdays >= 1) AND (pickup_weekdays <= 127)))),
    CONSTRAINT fleets_buffer_days_check CHECK ((buffer_days >= 0)),
    CONSTRAINT fleets_cut_off_hour_check CHECK ((cut_off_hour >= 0)),
    CONSTRAINT fleets_dropoff_weekdays_check CHECK ((dropoff_weekdays >= 0)),
    CONSTRAINT fleets_horizon_days_check CHECK ((horizon_days >= 0)),
    CONSTRAINT fleets_lead_time_hours_check CHECK ((lead_time_hours >= 0)),
    CONSTRAINT fleets_max_days_check CHECK ((max_days >= 0)),
    CONSTRAINT fleets_min_days_check CHECK ((min_days >= 0)),
    CONSTRAINT fleets_pickup_weekdays_check CHECK ((pickup_weekdays >= 0))
);
ALTER TABLE public.fleets ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.fleets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.heartbeats (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(20) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    beat_at timestamp with time zone NOT NULL
);
CREATE TABLE public.holds (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    buffer_days smallint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    extended_at timestamp with time zone,
    dates_chosen_at timestamp with time zone NOT NULL,
    source character varying(6) NOT NULL,
    nonce bytea NOT NULL,
    token_hash character varying(64) NOT NULL,
    booking_id uuid,
    car_id bigint NOT NULL,
    visitor character varying(64) NOT NULL,
    network character varying(64) NOT NULL,
    since timestamp with time zone NOT NULL,
    code_id uuid,
    quote jsonb,
    after_minutes smallint DEFAULT 0 NOT NULL,
    before_minutes smallint DEFAULT 0 NOT NULL,
    ends_at timestamp with time zone,
    starts_at timestamp with time zone,
    car_class_id bigint,
    choice jsonb DEFAULT '{}'::jsonb NOT NULL,
    service_id bigint,
    seats smallint DEFAULT 0 NOT NULL,
    departure_id bigint,
    CONSTRAINT hold_has_its_hours CHECK ((((after_minutes = 0) AND (before_minutes = 0) AND (ends_at IS NULL) AND (starts_at IS NULL)) OR ((ends_at IS NOT NULL) AND (starts_at IS NOT NULL) AND (starts_at < ends_at) AND (after_minutes <= 720) AND (before_minutes <= 720)))),
    CONSTRAINT hold_has_seats_on_a_departure CHECK ((((departure_id IS NULL) AND (seats = 0)) OR ((departure_id IS NOT NULL) AND ((seats >= 1) AND (seats <= 60))))),
    CONSTRAINT hold_of_a_ride_has_its_class CHECK ((((car_class_id IS NULL) AND (service_id IS NULL)) OR ((car_class_id IS NOT NULL) AND (service_id IS NOT NULL) AND (starts_at IS NOT NULL)))),
    CONSTRAINT hold_starts_before_it_ends CHECK ((start_date <= end_date)),
    CONSTRAINT holds_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT holds_before_minutes_check CHECK ((before_minutes >= 0)),
    CONSTRAINT holds_buffer_days_check CHECK ((buffer_days >= 0)),
    CONSTRAINT holds_choice_length CHECK ((length((choice)::text) <= 1000)),
    CONSTRAINT holds_nonce_length CHECK ((length(nonce) <= 16)),
    CONSTRAINT holds_quote_length CHECK ((length((quote)::text) <= 65536)),
    CONSTRAINT holds_seats_check CHECK ((seats >= 0))
);
CREATE TABLE public.idempotency_keys (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    scope character varying(200) NOT NULL,
    key character varying(255) NOT NULL,
    fingerprint character varying(64) NOT NULL,
    http_status smallint,
    expires_at timestamp with time zone NOT NULL,
    booking_id uuid,
    CONSTRAINT idempotency_keys_http_status_check CHECK ((http_status >= 0))
);
ALTER TABLE public.idempotency_keys ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.idempotency_keys_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.inbox_emails (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    audience character varying(8) NOT NULL,
    template character varying(30) NOT NULL,
    language character varying(2) NOT NULL,
    status character varying(7) NOT NULL,
    attempts smallint NOT NULL,
    due_at timestamp with time zone,
    claimed_at timestamp with time zone,
    sent_at timestamp with time zone,
    recipient text NOT NULL,
    error character varying(200) NOT NULL,
    booking_id uuid,
    delivery character varying(10) DEFAULT ''::character varying NOT NULL,
    delivery_at timestamp with time zone,
    message_id character varying(200) DEFAULT ''::character varying NOT NULL,
    code_id uuid,
    payment_id uuid,
    CONSTRAINT inbox_emails_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT inbox_emails_recipient_length CHECK ((length(recipient) <= 32768)),
    CONSTRAINT mail_about_a_booking_or_a_code CHECK ((((booking_id IS NULL) AND (code_id IS NOT NULL)) OR ((booking_id IS NOT NULL) AND (code_id IS NULL))))
);
CREATE TABLE public.inbox_items (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    kind character varying(20) NOT NULL,
    status character varying(7) NOT NULL,
    done_at timestamp with time zone,
    booking_id uuid NOT NULL,
    done_by_id bigint
);
CREATE TABLE public.inbox_triage (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    snoozed_until date,
    follow_up_on date,
    follow_up_note character varying(200) NOT NULL,
    assigned_to_id bigint,
    booking_id uuid NOT NULL,
    CONSTRAINT a_note_has_its_day CHECK (((follow_up_on IS NOT NULL) OR ((follow_up_note)::text = ''::text)))
);
ALTER TABLE public.inbox_triage ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.inbox_triage_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.job_runs (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    ok boolean,
    count integer NOT NULL,
    error text NOT NULL
);
ALTER TABLE public.job_runs ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.job_runs_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.ledger_changes (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    car_id bigint,
    xid bigint NOT NULL
);
ALTER TABLE public.ledger_changes ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ledger_changes_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.location_hours (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    location_id bigint NOT NULL,
    CONSTRAINT location_hours_weekday_check CHECK ((weekday >= 0)),
    CONSTRAINT opens_before_it_closes CHECK ((opens < closes))
);
ALTER TABLE public.location_hours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.location_hours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.locations ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.locations_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mail_events (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    event_id character varying(200) NOT NULL,
    message_id character varying(200) NOT NULL,
    kind character varying(10) NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE public.mail_events ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.mail_events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.mailbox_codes (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    mailbox character varying(254) NOT NULL,
    visitor character varying(64) NOT NULL,
    language character varying(2) NOT NULL,
    code character varying(6) NOT NULL,
    tries smallint NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    CONSTRAINT code_has_a_mailbox CHECK (((mailbox)::text ~ '^[a-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])$'::text)),
    CONSTRAINT mailbox_codes_tries_check CHECK ((tries >= 0))
);
CREATE TABLE public.otp_static_staticdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    user_id bigint NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_static_staticdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0))
);
ALTER TABLE public.otp_static_staticdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_staticdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.otp_static_statictoken (
    id integer NOT NULL,
    token character varying(16) NOT NULL,
    device_id integer NOT NULL
);
ALTER TABLE public.otp_static_statictoken ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_static_statictoken_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.otp_totp_totpdevice (
    id integer NOT NULL,
    name character varying(64) NOT NULL,
    confirmed boolean NOT NULL,
    key character varying(80) NOT NULL,
    step smallint NOT NULL,
    t0 bigint NOT NULL,
    digits smallint NOT NULL,
    tolerance smallint NOT NULL,
    drift smallint NOT NULL,
    last_t bigint NOT NULL,
    user_id bigint NOT NULL,
    throttling_failure_count integer NOT NULL,
    throttling_failure_timestamp timestamp with time zone,
    created_at timestamp with time zone,
    last_used_at timestamp with time zone,
    CONSTRAINT otp_totp_totpdevice_digits_check CHECK ((digits >= 0)),
    CONSTRAINT otp_totp_totpdevice_step_check CHECK ((step >= 0)),
    CONSTRAINT otp_totp_totpdevice_throttling_failure_count_check CHECK ((throttling_failure_count >= 0)),
    CONSTRAINT otp_totp_totpdevice_tolerance_check CHECK ((tolerance >= 0))
);
ALTER TABLE public.otp_totp_totpdevice ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.otp_totp_totpdevice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.payment_operations (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    kind character varying(11) NOT NULL,
    request_id character varying(108) NOT NULL,
    outcome character varying(7) NOT NULL,
    amount numeric(20,4),
    authorized numeric(20,4) NOT NULL,
    captured numeric(20,4) NOT NULL,
    refunded numeric(20,4) NOT NULL,
    voided numeric(20,4) NOT NULL,
    code character varying(100) NOT NULL,
    reason character varying(300) NOT NULL,
    actor_kind character varying(8) NOT NULL,
    finished_at timestamp with time zone,
    actor_id bigint,
    payment_id uuid NOT NULL,
    refund_id uuid
);
CREATE TABLE public.places (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    slug character varying(50) NOT NULL,
    kind character varying(8) NOT NULL,
    latitude numeric(9,6) NOT NULL,
    longitude numeric(9,6) NOT NULL,
    radius_km numeric(4,1) NOT NULL,
    wait_minutes smallint,
    zone_id bigint,
    CONSTRAINT place_has_a_radius CHECK ((radius_km > (0)::numeric)),
    CONSTRAINT place_is_on_earth CHECK ((((latitude >= ('-90'::integer)::numeric) AND (latitude <= (90)::numeric)) AND ((longitude >= ('-180'::integer)::numeric) AND (longitude <= (180)::numeric)))),
    CONSTRAINT places_wait_minutes_check CHECK ((wait_minutes >= 0)),
    CONSTRAINT waiting_has_an_end CHECK (((wait_minutes IS NULL) OR (wait_minutes <= 240)))
);
ALTER TABLE public.places ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.places_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.provider_events (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    provider character varying(20) NOT NULL,
    event_id character varying(255) NOT NULL,
    type character varying(100) NOT NULL,
    payment_id_sent uuid,
    refs jsonb NOT NULL,
    body bytea NOT NULL,
    state character varying(8) NOT NULL,
    attempts smallint NOT NULL,
    due_at timestamp with time zone,
    error character varying(100) NOT NULL,
    payment_id uuid,
    CONSTRAINT provider_events_attempts_check CHECK ((attempts >= 0)),
    CONSTRAINT provider_events_refs_length CHECK ((length((refs)::text) <= 4000))
);
CREATE TABLE public.refunds (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    amount numeric(20,4) NOT NULL,
    state character varying(9) NOT NULL,
    reason character varying(300) NOT NULL,
    ref character varying(255) NOT NULL,
    goodwill boolean NOT NULL,
    external boolean NOT NULL,
    failure character varying(100) NOT NULL,
    tried_at timestamp with time zone,
    payment_id uuid NOT NULL,
    CONSTRAINT refund_of_something CHECK ((amount > (0)::numeric))
);
CREATE TABLE public.rental_terms (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    kind character varying(13) NOT NULL,
    words character varying(200) NOT NULL,
    words_es character varying(200) NOT NULL,
    words_fr character varying(200) NOT NULL,
    words_pt character varying(200) NOT NULL,
    car_id bigint,
    fleet_id bigint,
    CONSTRAINT term_of_a_fleet_or_of_a_car CHECK ((((car_id IS NOT NULL) AND (fleet_id IS NULL)) OR ((car_id IS NULL) AND (fleet_id IS NOT NULL)))),
    CONSTRAINT term_of_a_fleet_says_something CHECK ((((words)::text > ''::text) OR (car_id IS NOT NULL)))
);
ALTER TABLE public.rental_terms ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.rental_terms_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.ride_rates (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    service_kind character varying(8) GENERATED ALWAYS AS (
CASE
    WHEN ((basis)::text = 'hour'::text) THEN 'hourly'::text
    WHEN ((basis)::text = ANY ((ARRAY['route'::character varying, 'zones'::character varying, 'band'::character varying])::text[])) THEN 'transfer'::text
    ELSE 'tour'::text
END) STORED,
    basis character varying(7) NOT NULL,
    both_ways boolean NOT NULL,
    to_km smallint,
    minutes smallint,
    amount numeric(11,4) NOT NULL,
    child_amount numeric(11,4),
    day_cap numeric(11,4),
    included_km_per_hour smallint,
    excess_km_price numeric(11,4),
    car_class_id bigint,
    from_place_id bigint,
    to_place_id bigint,
    service_id bigint NOT NULL,
    from_zone_id bigint,
    to_zone_id bigint,
    CONSTRAINT day_cap_covers_an_hour CHECK (((day_cap IS NULL) OR (day_cap >= amount))),
    CONSTRAINT only_hours_add_up_to_a_day CHECK ((((basis)::text = 'hour'::text) OR ((day_cap IS NULL) AND (included_km_per_hour IS NULL)))),
    CONSTRAINT only_hours_and_distances_count_km CHECK ((((basis)::text = ANY ((ARRAY['hour'::character varying, 'band'::character varying])::text[])) OR (excess_km_price IS NULL))),
    CONSTRAINT only_persons_are_children CHECK ((((basis)::text = 'person'::text) OR (child_amount IS NULL))),
    CONSTRAINT rate_says_from_where_to_where CHECK (((((basis)::text = ANY ((ARRAY['hour'::character varying, 'person'::character varying, 'vehicle'::character varying])::text[])) AND (to_km IS NULL) AND (from_place_id IS NULL) AND (to_place_id IS NULL) AND (from_zone_id IS NULL) AND (to_zone_id IS NULL)) OR (((basis)::text = 'route'::text) AND (from_place_id IS NOT NULL) AND (to_km IS NULL) AND (to_place_id IS NOT NULL) AND (from_zone_id IS NULL) AND (to_zone_id IS NULL)) OR (((basis)::text = 'zones'::text) AND (from_zone_id IS NOT NULL) AND (to_km IS NULL) AND (to_zone_id IS NOT NULL) AND (from_place_id IS NULL) AND (to_place_id IS NULL)) OR (((basis)::text = 'band'::text) AND (to_km >= 1) AND (to_km IS NOT NULL) AND (from_place_id IS NULL) AND (to_place_id IS NULL) AND (from_zone_id IS NULL) AND (to_zone_id IS NULL)))),
    CONSTRAINT ride_rate_is_positive CHECK (((amount > (0)::numeric) AND ((child_amount IS NULL) OR (child_amount >= (0)::numeric)))),
    CONSTRAINT ride_rates_included_km_per_hour_check CHECK ((included_km_per_hour >= 0)),
    CONSTRAINT ride_rates_minutes_check CHECK ((minutes >= 0)),
    CONSTRAINT ride_rates_to_km_check CHECK ((to_km >= 0)),
    CONSTRAINT route_leads_somewhere CHECK (((from_place_id IS NULL) OR (NOT ((from_place_id = to_place_id) AND (from_place_id IS NOT NULL) AND (to_place_id IS NOT NULL))))),
    CONSTRAINT transfer_rate_has_a_duration CHECK (((((basis)::text = ANY ((ARRAY['route'::character varying, 'zones'::character varying, 'band'::character varying])::text[])) AND (minutes >= 1) AND (minutes IS NOT NULL)) OR (((basis)::text = ANY ((ARRAY['hour'::character varying, 'person'::character varying, 'vehicle'::character varying])::text[])) AND (minutes IS NULL))))
);
ALTER TABLE public.ride_rates ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.ride_rates_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.rides (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    before_minutes smallint NOT NULL,
    after_minutes smallint NOT NULL,
    id uuid NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    booking_id uuid NOT NULL,
    bags smallint NOT NULL,
    car_class_id bigint NOT NULL,
    children smallint NOT NULL,
    distance_km numeric(6,1),
    driver_name character varying(200) NOT NULL,
    flight_number character varying(6) NOT NULL,
    from_place_id bigint,
    from_text character varying(250) NOT NULL,
    given_car boolean NOT NULL,
    passengers smallint NOT NULL,
    service_id bigint NOT NULL,
    sign_name character varying(200) NOT NULL,
    to_place_id bigint,
    to_text character varying(250) NOT NULL,
    seats smallint DEFAULT 0 NOT NULL,
    departure_id bigint,
    CONSTRAINT ride_has_its_hours CHECK (((ends_at IS NOT NULL) AND (starts_at IS NOT NULL) AND (starts_at < ends_at) AND (after_minutes <= 720) AND (before_minutes <= 720))),
    CONSTRAINT ride_has_seats_on_a_departure CHECK ((((departure_id IS NULL) AND (seats = 0)) OR ((departure_id IS NOT NULL) AND ((seats >= 1) AND (seats <= 60))))),
    CONSTRAINT ride_of_some_people CHECK (((bags <= 99) AND (children <= 60) AND ((passengers >= 1) AND (passengers <= 60)))),
    CONSTRAINT rides_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT rides_bags_check CHECK ((bags >= 0)),
    CONSTRAINT rides_before_minutes_check CHECK ((before_minutes >= 0)),
    CONSTRAINT rides_children_check CHECK ((children >= 0)),
    CONSTRAINT rides_passengers_check CHECK ((passengers >= 0)),
    CONSTRAINT rides_seats_check CHECK ((seats >= 0))
);
CREATE TABLE public.sandbox_orders (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    payment_id_sent uuid NOT NULL,
    kind character varying(6) NOT NULL,
    amount numeric(20,4) NOT NULL,
    currency character varying(3) NOT NULL,
    description character varying(200) NOT NULL,
    state character varying(18) NOT NULL,
    captured numeric(20,4) NOT NULL,
    voided numeric(20,4) NOT NULL,
    failure character varying(100) NOT NULL,
    refunds jsonb NOT NULL,
    requests jsonb NOT NULL,
    return_url text NOT NULL,
    cancel_url text NOT NULL,
    expires_at timestamp with time zone,
    honor_until timestamp with time zone,
    CONSTRAINT sandbox_orders_cancel_url_length CHECK ((length(cancel_url) <= 2000)),
    CONSTRAINT sandbox_orders_refunds_length CHECK ((length((refunds)::text) <= 65536)),
    CONSTRAINT sandbox_orders_requests_length CHECK ((length((requests)::text) <= 65536)),
    CONSTRAINT sandbox_orders_return_url_length CHECK ((length(return_url) <= 2000))
);
CREATE TABLE public.saved_filters (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    asked jsonb NOT NULL,
    shared boolean NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT saved_filters_asked_length CHECK ((length((asked)::text) <= 1000))
);
ALTER TABLE public.saved_filters ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.saved_filters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.seasons (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    priority smallint NOT NULL,
    rate numeric(11,4),
    percent smallint,
    car_id bigint,
    CONSTRAINT season_has_a_rate_or_a_percentage CHECK ((((percent > 0) AND (percent IS NOT NULL) AND (rate IS NULL)) OR ((percent IS NULL) AND (rate > (0)::numeric) AND (rate IS NOT NULL)))),
    CONSTRAINT season_starts_before_it_ends CHECK ((start_date <= end_date)),
    CONSTRAINT seasons_percent_check CHECK ((percent >= 0))
);
ALTER TABLE public.seasons ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.seasons_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.security_events (
    id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    kind character varying(20) NOT NULL,
    user_id bigint,
    actor_id bigint,
    booking_id uuid,
    network character varying(43) NOT NULL,
    detail character varying(60) NOT NULL
);
CREATE TABLE public.service_hours (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    weekday smallint NOT NULL,
    opens time without time zone NOT NULL,
    closes time without time zone NOT NULL,
    service_id bigint NOT NULL,
    CONSTRAINT service_hours_of_a_weekday CHECK ((weekday <= 6)),
    CONSTRAINT service_hours_weekday_check CHECK ((weekday >= 0))
);
ALTER TABLE public.service_hours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.service_hours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.services (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    kind character varying(8) NOT NULL,
    slug character varying(50) NOT NULL,
    with_driver boolean NOT NULL,
    is_offered boolean NOT NULL,
    tax_rate numeric(5,2) NOT NULL,
    deposit numeric(11,4) NOT NULL,
    description text NOT NULL,
    description_es text NOT NULL,
    description_fr text NOT NULL,
    description_pt text NOT NULL,
    unit_minutes smallint NOT NULL,
    min_minutes smallint NOT NULL,
    max_minutes smallint NOT NULL,
    step_minutes smallint NOT NULL,
    quick_minutes smallint[] NOT NULL,
    before_minutes smallint NOT NULL,
    after_minutes smallint NOT NULL,
    lead_time_minutes smallint NOT NULL,
    horizon_days smallint NOT NULL,
    free_cancel_hours smallint NOT NULL,
    cancel_until_minutes smallint NOT NULL,
    location_id bigint NOT NULL,
    CONSTRAINT gaps_of_half_a_day CHECK (((after_minutes <= 720) AND (before_minutes <= 720))),
    CONSTRAINT quick_durations_are_durations CHECK (((1 <= ALL (quick_minutes)) AND (10080 >= ALL (quick_minutes)) AND (
CASE
    WHEN (quick_minutes IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(quick_minutes, 1), 0)
END <= 8))),
    CONSTRAINT services_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT services_before_minutes_check CHECK ((before_minutes >= 0)),
    CONSTRAINT services_cancel_until_minutes_check CHECK ((cancel_until_minutes >= 0)),
    CONSTRAINT services_free_cancel_hours_check CHECK ((free_cancel_hours >= 0)),
    CONSTRAINT services_horizon_days_check CHECK ((horizon_days >= 0)),
    CONSTRAINT services_lead_time_minutes_check CHECK ((lead_time_minutes >= 0)),
    CONSTRAINT services_max_minutes_check CHECK ((max_minutes >= 0)),
    CONSTRAINT services_min_minutes_check CHECK ((min_minutes >= 0)),
    CONSTRAINT services_step_minutes_check CHECK ((step_minutes >= 0)),
    CONSTRAINT services_unit_minutes_check CHECK ((unit_minutes >= 0)),
    CONSTRAINT shortest_ride_below_longest CHECK (((max_minutes <= 10080) AND (min_minutes >= 1) AND (min_minutes <= max_minutes))),
    CONSTRAINT tax_is_a_percentage CHECK (((tax_rate >= (0)::numeric) AND (tax_rate <= (100)::numeric))),
    CONSTRAINT units_and_steps_divide_the_hour CHECK (((step_minutes = ANY (ARRAY[5, 10, 15, 20, 30, 60])) AND (unit_minutes = ANY (ARRAY[15, 30, 60]))))
);
ALTER TABLE public.services ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.services_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.surcharges (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL,
    kind character varying(12) NOT NULL,
    percent numeric(4,1),
    amount numeric(11,4),
    per character varying(12) NOT NULL,
    from_time time without time zone,
    to_time time without time zone,
    weekdays smallint,
    first_day date,
    last_day date,
    every_year boolean NOT NULL,
    notice_minutes smallint,
    car_class_id bigint,
    place_id bigint,
    service_id bigint NOT NULL,
    CONSTRAINT holiday_has_its_days CHECK ((((first_day IS NOT NULL) AND ((kind)::text = 'holiday'::text) AND (last_day >= first_day) AND (last_day IS NOT NULL) AND (last_day < (first_day + '365 days'::interval))) OR ((NOT ((kind)::text = 'holiday'::text)) AND (NOT every_year) AND (first_day IS NULL) AND (last_day IS NULL)))),
    CONSTRAINT night_has_its_hours CHECK ((((from_time IS NOT NULL) AND ((kind)::text = 'night'::text) AND (to_time IS NOT NULL) AND (NOT ((from_time = to_time) AND (from_time IS NOT NULL) AND (to_time IS NOT NULL)))) OR ((NOT ((kind)::text = 'night'::text)) AND (from_time IS NULL) AND (to_time IS NULL)))),
    CONSTRAINT short_notice_has_its_minutes CHECK (((((kind)::text = 'short_notice'::text) AND (notice_minutes >= 1) AND (notice_minutes IS NOT NULL)) OR ((NOT ((kind)::text = 'short_notice'::text)) AND (notice_minutes IS NULL)))),
    CONSTRAINT surcharge_counts_what_it_is_for CHECK (((((kind)::text = 'waiting'::text) AND ((per)::text = 'quarter_hour'::text) AND (percent IS NULL)) OR (((kind)::text = 'extra_stop'::text) AND ((per)::text = 'stop'::text) AND (percent IS NULL)) OR (((kind)::text = ANY ((ARRAY['night'::character varying, 'holiday'::character varying, 'airport'::character varying, 'short_notice'::character varying])::text[])) AND ((per)::text = ANY ((ARRAY['ride'::character varying, 'unit'::character varying])::text[]))))),
    CONSTRAINT surcharge_percent_or_amount CHECK ((((amount IS NULL) AND (percent > (0)::numeric) AND (percent IS NOT NULL) AND (percent <= (300)::numeric)) OR ((amount > (0)::numeric) AND (amount IS NOT NULL) AND (percent IS NULL)))),
    CONSTRAINT surcharge_weekdays_are_some CHECK (((weekdays IS NULL) OR ((weekdays >= 1) AND (weekdays <= 127)))),
    CONSTRAINT surcharges_notice_minutes_check CHECK ((notice_minutes >= 0)),
    CONSTRAINT surcharges_weekdays_check CHECK ((weekdays >= 0))
);
ALTER TABLE public.surcharges ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.surcharges_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tour_departures (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    before_minutes smallint NOT NULL,
    after_minutes smallint NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    capacity smallint NOT NULL,
    cutoff_minutes smallint NOT NULL,
    language character varying(2) NOT NULL,
    status character varying(9) NOT NULL,
    car_id bigint NOT NULL,
    tour_id bigint NOT NULL,
    CONSTRAINT departure_has_its_hours CHECK (((ends_at IS NOT NULL) AND (starts_at IS NOT NULL) AND (starts_at < ends_at) AND (after_minutes <= 720) AND (before_minutes <= 720))),
    CONSTRAINT departure_has_some_seats CHECK ((((capacity >= 1) AND (capacity <= 60)) AND (cutoff_minutes <= 10080))),
    CONSTRAINT departure_of_a_known_status CHECK (((status)::text = ANY ((ARRAY['open'::character varying, 'closed'::character varying, 'cancelled'::character varying, 'done'::character varying])::text[]))),
    CONSTRAINT tour_departures_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT tour_departures_before_minutes_check CHECK ((before_minutes >= 0)),
    CONSTRAINT tour_departures_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT tour_departures_cutoff_minutes_check CHECK ((cutoff_minutes >= 0))
);
ALTER TABLE public.tour_departures ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tour_departures_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.tours (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    service_kind character varying(8) GENERATED ALWAYS AS ('tour'::character varying) STORED,
    duration_minutes smallint NOT NULL,
    languages character varying(2)[] NOT NULL,
    default_capacity smallint NOT NULL,
    min_passengers smallint NOT NULL,
    meeting_place_id bigint NOT NULL,
    service_id bigint NOT NULL,
    CONSTRAINT tour_fits_its_seats CHECK (((min_passengers >= 1) AND (min_passengers <= default_capacity))),
    CONSTRAINT tour_has_a_duration CHECK (((duration_minutes >= 15) AND (duration_minutes <= 10080))),
    CONSTRAINT tour_is_told_in_some_language CHECK ((
CASE
    WHEN (languages IS NULL) THEN NULL::integer
    ELSE COALESCE(array_length(languages, 1), 0)
END >= 1)),
    CONSTRAINT tours_default_capacity_check CHECK ((default_capacity >= 0)),
    CONSTRAINT tours_duration_minutes_check CHECK ((duration_minutes >= 0)),
    CONSTRAINT tours_min_passengers_check CHECK ((min_passengers >= 0))
);
ALTER TABLE public.tours ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.tours_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.users (
    id bigint NOT NULL,
    password character varying(128) NOT NULL,
    last_login timestamp with time zone,
    is_superuser boolean NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    email character varying(254) NOT NULL,
    full_name character varying(200) NOT NULL,
    is_active boolean NOT NULL,
    is_staff boolean NOT NULL
);
CREATE TABLE public.users_groups (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    group_id integer NOT NULL
);
ALTER TABLE public.users_groups ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.users_groups_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE public.users ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.users_user_permissions (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    permission_id integer NOT NULL
);
ALTER TABLE public.users_user_permissions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.users_user_permissions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.vehicle_assignments (
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    id uuid NOT NULL,
    date date NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    before_minutes smallint DEFAULT 0 NOT NULL,
    after_minutes smallint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone,
    block_id bigint,
    booking_id uuid,
    car_id bigint NOT NULL,
    hold_id uuid,
    day_status character varying(8) GENERATED ALWAYS AS ('service'::character varying) STORED NOT NULL,
    departure_id bigint,
    CONSTRAINT gaps_below_a_day CHECK (((after_minutes <= 720) AND (before_minutes <= 720))),
    CONSTRAINT only_held_spans_lapse CHECK ((((expires_at IS NULL) AND (hold_id IS NULL)) OR ((expires_at IS NOT NULL) AND (hold_id IS NOT NULL)))),
    CONSTRAINT span_has_one_claimant CHECK ((((block_id IS NULL) AND (booking_id IS NOT NULL) AND (departure_id IS NULL) AND (hold_id IS NULL)) OR ((block_id IS NULL) AND (booking_id IS NULL) AND (departure_id IS NULL) AND (hold_id IS NOT NULL)) OR ((block_id IS NOT NULL) AND (booking_id IS NULL) AND (departure_id IS NULL) AND (hold_id IS NULL)) OR ((block_id IS NULL) AND (booking_id IS NULL) AND (departure_id IS NOT NULL) AND (hold_id IS NULL)))),
    CONSTRAINT span_in_whole_minutes CHECK (((starts_at < ends_at) AND (ends_at <= (starts_at + '25:00:00'::interval)) AND (EXTRACT(second FROM (starts_at AT TIME ZONE 'UTC'::text)) = (0)::numeric) AND (EXTRACT(second FROM (ends_at AT TIME ZONE 'UTC'::text)) = (0)::numeric) AND (starts_at >= '2000-01-03 00:00:00+00'::timestamp with time zone) AND (ends_at < '2200-01-03 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT vehicle_assignments_after_minutes_check CHECK ((after_minutes >= 0)),
    CONSTRAINT vehicle_assignments_before_minutes_check CHECK ((before_minutes >= 0))
);
CREATE TABLE public.zones (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    name character varying(60) NOT NULL,
    name_es character varying(60) NOT NULL,
    name_fr character varying(60) NOT NULL,
    name_pt character varying(60) NOT NULL
);
ALTER TABLE public.zones ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.zones_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
INSERT INTO public.agencies VALUES
	(1, now(), now(), 'Exodrive', 'exodrive');
INSERT INTO public.auth_group VALUES
	(1, 'Desk'),
	(2, 'Manager');
INSERT INTO public.auth_permission VALUES
	(1, 'Can add user', 1, 'add_user'),
	(2, 'Can change user', 1, 'change_user'),
	(3, 'Can delete user', 1, 'delete_user'),
	(4, 'Can view user', 1, 'view_user'),
	(5, 'Can add API token', 2, 'add_apitoken'),
	(6, 'Can change API token', 2, 'change_apitoken'),
	(7, 'Can delete API token', 2, 'delete_apitoken'),
	(8, 'Can view API token', 2, 'view_apitoken'),
	(9, 'Can add job run', 3, 'add_jobrun'),
	(10, 'Can change job run', 3, 'change_jobrun'),
	(11, 'Can delete job run', 3, 'delete_jobrun'),
	(12, 'Can view job run', 3, 'view_jobrun'),
	(13, 'Can add heartbeat', 4, 'add_heartbeat'),
	(14, 'Can change heartbeat', 4, 'change_heartbeat'),
	(15, 'Can delete heartbeat', 4, 'delete_heartbeat'),
	(16, 'Can view heartbeat', 4, 'view_heartbeat'),
	(17, 'Can add event count', 5, 'add_eventcount'),
	(18, 'Can change event count', 5, 'change_eventcount'),
	(19, 'Can delete event count', 5, 'delete_eventcount'),
	(20, 'Can view event count', 5, 'view_eventcount'),
	(21, 'Can add security event', 6, 'add_securityevent'),
	(22, 'Can change security event', 6, 'change_securityevent'),
	(23, 'Can delete security event', 6, 'delete_securityevent'),
	(24, 'Can view security event', 6, 'view_securityevent'),
	(25, 'Can add TOTP device', 7, 'add_totpdevice'),
	(26, 'Can change TOTP device', 7, 'change_totpdevice'),
	(27, 'Can delete TOTP device', 7, 'delete_totpdevice'),
	(28, 'Can view TOTP device', 7, 'view_totpdevice'),
	(29, 'Can add static device', 8, 'add_staticdevice'),
	(30, 'Can change static device', 8, 'change_staticdevice'),
	(31, 'Can delete static device', 8, 'delete_staticdevice'),
	(32, 'Can view static device', 8, 'view_staticdevice'),
	(33, 'Can add static token', 9, 'add_statictoken'),
	(34, 'Can change static token', 9, 'change_statictoken'),
	(35, 'Can delete static token', 9, 'delete_statictoken'),
	(36, 'Can view static token', 9, 'view_statictoken'),
	(37, 'Can add agency', 10, 'add_agency'),
	(38, 'Can change agency', 10, 'change_agency'),
	(39, 'Can delete agency', 10, 'delete_agency'),
	(40, 'Can view agency', 10, 'view_agency'),
	(41, 'Can add location', 11, 'add_location'),
	(42, 'Can change location', 11, 'change_location'),
	(43, 'Can delete location', 11, 'delete_location'),
	(44, 'Can view location', 11, 'view_location'),
	(45, 'Can add car', 12, 'add_car'),
	(46, 'Can change car', 12, 'change_car'),
	(47, 'Can delete car', 12, 'delete_car'),
	(48, 'Can view car', 12, 'view_car'),
	(49, 'Can add opening hours', 13, 'add_openinghours'),
	(50, 'Can change opening hours', 13, 'change_openinghours'),
	(51, 'Can delete opening hours', 13, 'delete_openinghours'),
	(52, 'Can view opening hours', 13, 'view_openinghours'),
	(53, 'Can add picture', 14, 'add_carimage'),
	(54, 'Can change picture', 14, 'change_carimage'),
	(55, 'Can delete picture', 14, 'delete_carimage'),
	(56, 'Can view picture', 14, 'view_carimage'),
	(57, 'Can add season', 15, 'add_season'),
	(58, 'Can change season', 15, 'change_season'),
	(59, 'Can delete season', 15, 'delete_season'),
	(60, 'Can view season', 15, 'view_season'),
	(61, 'Can add closed day', 16, 'add_closedday'),
	(62, 'Can change closed day', 16, 'change_closedday'),
	(63, 'Can delete closed day', 16, 'delete_closedday'),
	(64, 'Can view closed day', 16, 'view_closedday'),
	(65, 'Can add discount', 17, 'add_discount'),
	(66, 'Can change discount', 17, 'change_discount'),
	(67, 'Can delete discount', 17, 'delete_discount'),
	(68, 'Can view discount', 17, 'view_discount'),
	(69, 'Can add extra', 18, 'add_extra'),
	(70, 'Can change extra', 18, 'change_extra'),
	(71, 'Can delete extra', 18, 'delete_extra'),
	(72, 'Can view extra', 18, 'view_extra'),
	(73, 'Can add fee', 19, 'add_fee'),
	(74, 'Can change fee', 19, 'change_fee'),
	(75, 'Can delete fee', 19, 'delete_fee'),
	(76, 'Can view fee', 19, 'view_fee'),
	(77, 'Can add fleet', 20, 'add_fleet'),
	(78, 'Can change fleet', 20, 'change_fleet'),
	(79, 'Can delete fleet', 20, 'delete_fleet'),
	(80, 'Can view fleet', 20, 'view_fleet'),
	(81, 'Can add rental term', 21, 'add_term'),
	(82, 'Can change rental term', 21, 'change_term'),
	(83, 'Can delete rental term', 21, 'delete_term'),
	(84, 'Can view rental term', 21, 'view_term'),
	(85, 'Can add place of rides', 23, 'add_place'),
	(86, 'Can change place of rides', 23, 'change_place'),
	(87, 'Can delete place of rides', 23, 'delete_place'),
	(88, 'Can view place of rides', 23, 'view_place'),
	(89, 'Can add zone', 24, 'add_zone'),
	(90, 'Can change zone', 24, 'change_zone'),
	(91, 'Can delete zone', 24, 'delete_zone'),
	(92, 'Can view zone', 24, 'view_zone'),
	(93, 'Can add car class', 25, 'add_carclass'),
	(94, 'Can change car class', 25, 'change_carclass'),
	(95, 'Can delete car class', 25, 'delete_carclass'),
	(96, 'Can view car class', 25, 'view_carclass'),
	(97, 'Can add ride service', 26, 'add_service'),
	(98, 'Can change ride service', 26, 'change_service'),
	(99, 'Can delete ride service', 26, 'delete_service'),
	(100, 'Can view ride service', 26, 'view_service'),
	(101, 'Can add hours of a service', 27, 'add_servicehours'),
	(102, 'Can change hours of a service', 27, 'change_servicehours'),
	(103, 'Can delete hours of a service', 27, 'delete_servicehours'),
	(104, 'Can view hours of a service', 27, 'view_servicehours'),
	(105, 'Can add surcharge', 28, 'add_surcharge'),
	(106, 'Can change surcharge', 28, 'change_surcharge'),
	(107, 'Can delete surcharge', 28, 'delete_surcharge'),
	(108, 'Can view surcharge', 28, 'view_surcharge'),
	(109, 'Can add tour', 29, 'add_tour'),
	(110, 'Can change tour', 29, 'change_tour'),
	(111, 'Can delete tour', 29, 'delete_tour'),
	(112, 'Can view tour', 29, 'view_tour'),
	(113, 'Can add rate of a ride', 30, 'add_riderate'),
	(114, 'Can change rate of a ride', 30, 'change_riderate'),
	(115, 'Can delete rate of a ride', 30, 'delete_riderate'),
	(116, 'Can view rate of a ride', 30, 'view_riderate'),
	(117, 'Can add block', 31, 'add_block'),
	(118, 'Can change block', 31, 'change_block'),
	(119, 'Can delete block', 31, 'delete_block'),
	(120, 'Can view block', 31, 'view_block'),
	(121, 'Can add booking', 32, 'add_booking'),
	(122, 'Can change booking', 32, 'change_booking'),
	(123, 'Can delete booking', 32, 'delete_booking'),
	(124, 'Can view booking', 32, 'view_booking'),
	(125, 'Can add place of a booking', 33, 'add_bookinglocation'),
	(126, 'Can change place of a booking', 33, 'change_bookinglocation'),
	(127, 'Can delete place of a booking', 33, 'delete_bookinglocation'),
	(128, 'Can view place of a booking', 33, 'view_bookinglocation'),
	(129, 'Can add note', 34, 'add_bookingnote'),
	(130, 'Can change note', 34, 'change_bookingnote'),
	(131, 'Can delete note', 34, 'delete_bookingnote'),
	(132, 'Can view note', 34, 'view_bookingnote'),
	(133, 'Can add customer', 35, 'add_customer'),
	(134, 'Can change customer', 35, 'change_customer'),
	(135, 'Can delete customer', 35, 'delete_customer'),
	(136, 'Can view customer', 35, 'view_customer'),
	(137, 'Can add hold', 36, 'add_hold'),
	(138, 'Can change hold', 36, 'change_hold'),
	(139, 'Can delete hold', 36, 'delete_hold'),
	(140, 'Can view hold', 36, 'view_hold'),
	(141, 'Can add taken day', 37, 'add_caravailability'),
	(142, 'Can change taken day', 37, 'change_caravailability'),
	(143, 'Can delete taken day', 37, 'delete_caravailability'),
	(144, 'Can view taken day', 37, 'view_caravailability'),
	(145, 'Can add idempotency key', 38, 'add_idempotencykey'),
	(146, 'Can change idempotency key', 38, 'change_idempotencykey'),
	(147, 'Can delete idempotency key', 38, 'delete_idempotencykey'),
	(148, 'Can view idempotency key', 38, 'view_idempotencykey'),
	(149, 'Can add status change', 39, 'add_statuschange'),
	(150, 'Can change status change', 39, 'change_statuschange'),
	(151, 'Can delete status change', 39, 'delete_statuschange'),
	(152, 'Can view status change', 39, 'view_statuschange'),
	(153, 'Can add change', 40, 'add_bookingchange'),
	(154, 'Can change change', 40, 'change_bookingchange'),
	(155, 'Can delete change', 40, 'delete_bookingchange'),
	(156, 'Can view change', 40, 'view_bookingchange'),
	(157, 'Can add extra of a booking', 41, 'add_bookingextra'),
	(158, 'Can change extra of a booking', 41, 'change_bookingextra'),
	(159, 'Can delete extra of a booking', 41, 'delete_bookingextra'),
	(160, 'Can view extra of a booking', 41, 'view_bookingextra'),
	(161, 'Can add day of an extra', 42, 'add_extraday'),
	(162, 'Can change day of an extra', 42, 'change_extraday'),
	(163, 'Can delete day of an extra', 42, 'delete_extraday'),
	(164, 'Can view day of an extra', 42, 'view_extraday'),
	(165, 'Can add event', 43, 'add_bookingevent'),
	(166, 'Can change event', 43, 'change_bookingevent'),
	(167, 'Can delete event', 43, 'delete_bookingevent'),
	(168, 'Can view event', 43, 'view_bookingevent'),
	(169, 'Can add request about personal data', 44, 'add_datarequest'),
	(170, 'Can change request about personal data', 44, 'change_datarequest'),
	(171, 'Can delete request about personal data', 44, 'delete_datarequest'),
	(172, 'Can view request about personal data', 44, 'view_datarequest'),
	(173, 'Can add booking link', 45, 'add_bookinglink'),
	(174, 'Can change booking link', 45, 'change_bookinglink'),
	(175, 'Can delete booking link', 45, 'delete_bookinglink'),
	(176, 'Can view booking link', 45, 'view_bookinglink'),
	(177, 'Can add code for a mailbox', 46, 'add_mailboxcode'),
	(178, 'Can change code for a mailbox', 46, 'change_mailboxcode'),
	(179, 'Can delete code for a mailbox', 46, 'delete_mailboxcode'),
	(180, 'Can view code for a mailbox', 46, 'view_mailboxcode'),
	(181, 'Can add proof of a mailbox', 47, 'add_bookingproof'),
	(182, 'Can change proof of a mailbox', 47, 'change_bookingproof'),
	(183, 'Can delete proof of a mailbox', 47, 'delete_bookingproof'),
	(184, 'Can view proof of a mailbox', 47, 'view_bookingproof'),
	(185, 'Can add payment', 48, 'add_payment'),
	(186, 'Can change payment', 48, 'change_payment'),
	(187, 'Can delete payment', 48, 'delete_payment'),
	(188, 'Can view payment', 48, 'view_payment'),
	(189, 'Can add provider event', 49, 'add_providerevent'),
	(190, 'Can change provider event', 49, 'change_providerevent'),
	(191, 'Can delete provider event', 49, 'delete_providerevent'),
	(192, 'Can view provider event', 49, 'view_providerevent'),
	(193, 'Can add refund', 50, 'add_refund'),
	(194, 'Can change refund', 50, 'change_refund'),
	(195, 'Can delete refund', 50, 'delete_refund'),
	(196, 'Can view refund', 50, 'view_refund'),
	(197, 'Can add payment operation', 51, 'add_paymentoperation'),
	(198, 'Can change payment operation', 51, 'change_paymentoperation'),
	(199, 'Can delete payment operation', 51, 'delete_paymentoperation'),
	(200, 'Can view payment operation', 51, 'view_paymentoperation'),
	(201, 'Can add sandbox order', 52, 'add_sandboxorder'),
	(202, 'Can change sandbox order', 52, 'change_sandboxorder'),
	(203, 'Can delete sandbox order', 52, 'delete_sandboxorder'),
	(204, 'Can view sandbox order', 52, 'view_sandboxorder'),
	(205, 'Can add days on a former car', 53, 'add_bookingsegment'),
	(206, 'Can change days on a former car', 53, 'change_bookingsegment'),
	(207, 'Can delete days on a former car', 53, 'delete_bookingsegment'),
	(208, 'Can view days on a former car', 53, 'view_bookingsegment'),
	(209, 'Can add person we do not rent to', 54, 'add_donotrent'),
	(210, 'Can change person we do not rent to', 54, 'change_donotrent'),
	(211, 'Can delete person we do not rent to', 54, 'delete_donotrent'),
	(212, 'Can view person we do not rent to', 54, 'view_donotrent'),
	(213, 'Can add removed block', 55, 'add_blockevent'),
	(214, 'Can change removed block', 55, 'change_blockevent'),
	(215, 'Can delete removed block', 55, 'delete_blockevent'),
	(216, 'Can view removed block', 55, 'view_blockevent'),
	(217, 'Can add ride', 56, 'add_ride'),
	(218, 'Can change ride', 56, 'change_ride'),
	(219, 'Can delete ride', 56, 'delete_ride'),
	(220, 'Can view ride', 56, 'view_ride'),
	(221, 'Can add span', 57, 'add_vehicleassignment'),
	(222, 'Can change span', 57, 'change_vehicleassignment'),
	(223, 'Can delete span', 57, 'delete_vehicleassignment'),
	(224, 'Can view span', 57, 'view_vehicleassignment'),
	(225, 'Can add departure', 60, 'add_tourdeparture'),
	(226, 'Can change departure', 60, 'change_tourdeparture'),
	(227, 'Can delete departure', 60, 'delete_tourdeparture'),
	(228, 'Can view departure', 60, 'view_tourdeparture'),
	(229, 'Can add mail', 61, 'add_inboxemail'),
	(230, 'Can change mail', 61, 'change_inboxemail'),
	(231, 'Can delete mail', 61, 'delete_inboxemail'),
	(232, 'Can view mail', 61, 'view_inboxemail'),
	(233, 'Can add inbox item', 62, 'add_inboxitem'),
	(234, 'Can change inbox item', 62, 'change_inboxitem'),
	(235, 'Can delete inbox item', 62, 'delete_inboxitem'),
	(236, 'Can view inbox item', 62, 'view_inboxitem'),
	(237, 'Can add mail event', 63, 'add_mailevent'),
	(238, 'Can change mail event', 63, 'change_mailevent'),
	(239, 'Can delete mail event', 63, 'delete_mailevent'),
	(240, 'Can view mail event', 63, 'view_mailevent'),
	(241, 'Can add who does what', 64, 'add_inboxtriage'),
	(242, 'Can change who does what', 64, 'change_inboxtriage'),
	(243, 'Can delete who does what', 64, 'delete_inboxtriage'),
	(244, 'Can view who does what', 64, 'view_inboxtriage'),
	(245, 'Can add saved filter', 65, 'add_savedfilter'),
	(246, 'Can change saved filter', 65, 'change_savedfilter'),
	(247, 'Can delete saved filter', 65, 'delete_savedfilter'),
	(248, 'Can view saved filter', 65, 'view_savedfilter'),
	(249, 'Can add log entry', 66, 'add_logentry'),
	(250, 'Can change log entry', 66, 'change_logentry'),
	(251, 'Can delete log entry', 66, 'delete_logentry'),
	(252, 'Can view log entry', 66, 'view_logentry'),
	(253, 'Can add permission', 67, 'add_permission'),
	(254, 'Can change permission', 67, 'change_permission'),
	(255, 'Can delete permission', 67, 'delete_permission'),
	(256, 'Can view permission', 67, 'view_permission'),
	(257, 'Can add group', 68, 'add_group'),
	(258, 'Can change group', 68, 'change_group'),
	(259, 'Can delete group', 68, 'delete_group'),
	(260, 'Can view group', 68, 'view_group'),
	(261, 'Can add content type', 69, 'add_contenttype'),
	(262, 'Can change content type', 69, 'change_contenttype'),
	(263, 'Can delete content type', 69, 'delete_contenttype'),
	(264, 'Can view content type', 69, 'view_contenttype'),
	(265, 'Can add session', 70, 'add_session'),
	(266, 'Can change session', 70, 'change_session'),
	(267, 'Can delete session', 70, 'delete_session'),
	(268, 'Can view session', 70, 'view_session');
INSERT INTO public.catalogue_versions VALUES
	(now(), now(), gen_random_uuid());
INSERT INTO public.django_content_type VALUES
	(1, 'exodrive', 'user'),
	(2, 'exodrive', 'apitoken'),
	(3, 'exodrive', 'jobrun'),
	(4, 'exodrive', 'heartbeat'),
	(5, 'exodrive', 'eventcount'),
	(6, 'exodrive', 'securityevent'),
	(7, 'otp_totp', 'totpdevice'),
	(8, 'otp_static', 'staticdevice'),
	(9, 'otp_static', 'statictoken'),
	(10, 'cars', 'agency'),
	(11, 'cars', 'location'),
	(12, 'cars', 'car'),
	(13, 'cars', 'openinghours'),
	(14, 'cars', 'carimage'),
	(15, 'cars', 'season'),
	(16, 'cars', 'closedday'),
	(17, 'cars', 'discount'),
	(18, 'cars', 'extra'),
	(19, 'cars', 'fee'),
	(20, 'cars', 'fleet'),
	(21, 'cars', 'term'),
	(22, 'cars', 'catalogueversion'),
	(23, 'cars', 'place'),
	(24, 'cars', 'zone'),
	(25, 'cars', 'carclass'),
	(26, 'cars', 'service'),
	(27, 'cars', 'servicehours'),
	(28, 'cars', 'surcharge'),
	(29, 'cars', 'tour'),
	(30, 'cars', 'riderate'),
	(31, 'bookings', 'block'),
	(32, 'bookings', 'booking'),
	(33, 'bookings', 'bookinglocation'),
	(34, 'bookings', 'bookingnote'),
	(35, 'bookings', 'customer'),
	(36, 'bookings', 'hold'),
	(37, 'bookings', 'caravailability'),
	(38, 'bookings', 'idempotencykey'),
	(39, 'bookings', 'statuschange'),
	(40, 'bookings', 'bookingchange'),
	(41, 'bookings', 'bookingextra'),
	(42, 'bookings', 'extraday'),
	(43, 'bookings', 'bookingevent'),
	(44, 'bookings', 'datarequest'),
	(45, 'bookings', 'bookinglink'),
	(46, 'bookings', 'mailboxcode'),
	(47, 'bookings', 'bookingproof'),
	(48, 'bookings', 'payment'),
	(49, 'bookings', 'providerevent'),
	(50, 'bookings', 'refund'),
	(51, 'bookings', 'paymentoperation'),
	(52, 'bookings', 'sandboxorder'),
	(53, 'bookings', 'bookingsegment'),
	(54, 'bookings', 'donotrent'),
	(55, 'bookings', 'blockevent'),
	(56, 'bookings', 'ride'),
	(57, 'bookings', 'vehicleassignment'),
	(58, 'bookings', 'ledgerchange'),
	(59, 'bookings', 'departureseat'),
	(60, 'bookings', 'tourdeparture'),
	(61, 'inbox', 'inboxemail'),
	(62, 'inbox', 'inboxitem'),
	(63, 'inbox', 'mailevent'),
	(64, 'inbox', 'inboxtriage'),
	(65, 'inbox', 'savedfilter'),
	(66, 'admin', 'logentry'),
	(67, 'auth', 'permission'),
	(68, 'auth', 'group'),
	(69, 'contenttypes', 'contenttype'),
	(70, 'sessions', 'session');
INSERT INTO public.django_migrations VALUES
	(1, 'contenttypes', '0001_initial', now()),
	(2, 'contenttypes', '0002_remove_content_type_name', now()),
	(3, 'auth', '0001_initial', now()),
	(4, 'auth', '0002_alter_permission_name_max_length', now()),
	(5, 'auth', '0003_alter_user_email_max_length', now()),
	(6, 'auth', '0004_alter_user_username_opts', now()),
	(7, 'auth', '0005_alter_user_last_login_null', now()),
	(8, 'auth', '0006_require_contenttypes_0002', now()),
	(9, 'auth', '0007_alter_validators_add_error_messages', now()),
	(10, 'auth', '0008_alter_user_username_max_length', now()),
	(11, 'auth', '0009_alter_user_last_name_max_length', now()),
	(12, 'auth', '0010_alter_group_name_max_length', now()),
	(13, 'auth', '0011_update_proxy_permissions', now()),
	(14, 'auth', '0012_alter_user_first_name_max_length', now()),
	(15, 'exodrive', '0001_initial', now()),
	(16, 'admin', '0001_initial', now()),
	(17, 'admin', '0002_logentry_remove_auto_add', now()),
	(18, 'admin', '0003_logentry_add_action_flag_choices', now()),
	(19, 'cars', '0001_initial', now()),
	(20, 'cars', '0002_rules_and_prices', now()),
	(21, 'bookings', '0001_initial', now()),
	(22, 'cars', '0003_public_sees_the_offer', now()),
	(23, 'cars', '0004_seasons_have_a_price', now()),
	(24, 'cars', '0005_lists_as_readers_sort', now()),
	(25, 'cars', '0006_room_for_every_amount', now()),
	(26, 'cars', '0007_what_comes_with_a_rental', now()),
	(27, 'cars', '0008_terms_that_pages_promised', now()),
	(28, 'cars', '0034_time_zones_have_a_city', now()),
	(29, 'cars', '0035_time_zone_is_area_and_city', now()),
	(30, 'cars', '0036_one_agency', now()),
	(31, 'cars', '0037_service', now()),
	(32, 'cars', '0038_constraints_in_words', now()),
	(33, 'cars', '0039_several_spans_a_day', now()),
	(34, 'cars', '0040_catalogue_versions', now()),
	(35, 'cars', '0041_rides', now()),
	(36, 'inbox', '0001_initial', now()),
	(37, 'bookings', '0002_status_machine', now()),
	(38, 'bookings', '0003_public_functions', now()),
	(39, 'inbox', '0002_new_link', now()),
	(40, 'inbox', '0003_reopen_item', now()),
	(41, 'inbox', '0004_booking_changed', now()),
	(42, 'sessions', '0001_initial', now()),
	(43, 'exodrive', '0002_django_tables', now()),
	(44, 'exodrive', '0003_groups', now()),
	(45, 'exodrive', '0004_prune_runs', now()),
	(46, 'exodrive', '0006_seeing', now()),
	(47, 'bookings', '0004_search', now()),
	(48, 'bookings', '0005_changes_and_extras', now()),
	(49, 'bookings', '0006_change_functions', now()),
	(50, 'bookings', '0007_links_follow_the_return', now()),
	(51, 'bookings', '0008_extras_in_one_order', now()),
	(52, 'exodrive', '0007_public_writes_its_own', now()),
	(53, 'bookings', '0009_links_with_pins', now()),
	(54, 'bookings', '0010_data_requests', now()),
	(55, 'bookings', '0011_copy_and_erase', now()),
	(56, 'bookings', '0012_mailboxes_confirm', now()),
	(57, 'bookings', '0013_customers_stay_who_they_are', now()),
	(58, 'bookings', '0014_nobody_stops_being_public', now()),
	(59, 'bookings', '0015_booking_link', now()),
	(60, 'bookings', '0016_what_a_booking_can_hold', now()),
	(61, 'bookings', '0017_mailboxes', now()),
	(62, 'bookings', '0018_proofs', now()),
	(63, 'bookings', '0019_search_as_people_type', now()),
	(64, 'bookings', '0020_names_that_are_seen', now()),
	(65, 'bookings', '0021_holds_keep_their_quote', now()),
	(66, 'bookings', '0022_room_for_every_amount', now()),
	(67, 'bookings', '0023_what_stays_short', now()),
	(68, 'bookings', '0024_short_quotes', now()),
	(69, 'bookings', '0025_counted_by_index', now()),
	(70, 'bookings', '0026_corrected_names', now()),
	(71, 'bookings', '0027_delivery_addresses', now()),
	(72, 'bookings', '0028_payments', now()),
	(73, 'bookings', '0029_hand_over', now()),
	(74, 'bookings', '0030_segments', now()),
	(75, 'bookings', '0031_any_part_of_a_name', now()),
	(76, 'bookings', '0032_who_has_it', now()),
	(77, 'bookings', '0033_lists_in_order', now()),
	(78, 'bookings', '0034_no_shows', now()),
	(79, 'bookings', '0035_bookings_by_phone', now()),
	(80, 'bookings', '0036_kinds_of_events', now()),
	(81, 'bookings', '0037_block_events', now()),
	(82, 'bookings', '0038_months_of_pick_ups', now()),
	(83, 'bookings', '0039_hours', now()),
	(84, 'bookings', '0040_flat_lists', now()),
	(85, 'bookings', '0041_booked_rides', now()),
	(86, 'bookings', '0042_ledger_changes', now()),
	(87, 'bookings', '0043_tours_with_seats', now()),
	(88, 'otp_totp', '0001_initial', now()),
	(89, 'otp_totp', '0002_auto_20190420_0723', now()),
	(90, 'otp_totp', '0003_add_timestamps', now()),
	(91, 'otp_static', '0001_initial', now()),
	(92, 'otp_static', '0002_throttling', now()),
	(93, 'otp_static', '0003_add_timestamps', now()),
	(94, 'exodrive', '0008_no_more_than_needed', now()),
	(95, 'exodrive', '0009_second_step', now()),
	(96, 'exodrive', '0010_tokens_expire', now()),
	(97, 'exodrive', '0011_security_events', now()),
	(98, 'exodrive', '0012_corrected_addresses', now()),
	(99, 'exodrive', '0013_corrected_names', now()),
	(100, 'exodrive', '0014_flat_lists', now()),
	(101, 'inbox', '0005_delivery_states', now()),
	(102, 'inbox', '0006_replaced_links', now()),
	(103, 'inbox', '0007_data_requests', now()),
	(104, 'inbox', '0008_mailboxes_get_new_links', now()),
	(105, 'inbox', '0009_proofs', now()),
	(106, 'inbox', '0010_paced_mails', now()),
	(107, 'inbox', '0011_recipients_stay_short', now()),
	(108, 'inbox', '0012_payment_mails', now()),
	(109, 'inbox', '0013_triage', now()),
	(110, 'inbox', '0014_ride_driver', now()),
	(111, 'inbox', '0015_too_few_passengers', now());
INSERT INTO public.fleets VALUES
	(1, now(), now(), 'Exodrive', 1, 28, 0, 365, 0, 12, 127, 127);
INSERT INTO public.rental_terms VALUES
	(1, now(), now(), 'insurance', 'Full insurance', 'Seguro a todo riesgo', 'Assurance tous risques', 'Seguro contra todos os riscos', NULL, 1),
	(2, now(), now(), 'roadside', '24-hour roadside help', 'Asistencia en carretera 24 horas', 'Assistance routière 24 h/24', 'Assistência em viagem 24 horas', NULL, 1),
	(3, now(), now(), 'second_driver', 'A second driver is free of charge and shows the same documents.', 'El segundo conductor no tiene coste y presenta los mismos documentos.', 'Un deuxième conducteur est sans supplément et présente les mêmes documents.', 'O segundo condutor não tem custo e apresenta os mesmos documentos.', NULL, 1),
	(4, now(), now(), 'fuel', 'Bring the car back with the same amount of fuel or charge.', 'Devuelva el coche con la misma cantidad de combustible o de carga.', 'Rendez la voiture avec la même quantité de carburant ou la même charge.', 'Devolva o carro com a mesma quantidade de combustível ou carga.', NULL, 1),
	(5, now(), now(), 'licence', 'A full licence, held for 3 years', 'Carnet desde hace 3 años', 'Permis depuis 3 ans', 'Carta há 3 anos', NULL, 1);
SELECT pg_catalog.setval('public.agencies_id_seq', 1, true);
SELECT pg_catalog.setval('public.api_tokens_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_group_id_seq', 2, true);
SELECT pg_catalog.setval('public.auth_group_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.auth_permission_id_seq', 268, true);
SELECT pg_catalog.setval('public.block_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.blocked_dates_id_seq', 1, false);
SELECT pg_catalog.setval('public.booking_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.booking_extras_id_seq', 1, false);
SELECT pg_catalog.setval('public.booking_notes_id_seq', 1, false);
SELECT pg_catalog.setval('public.booking_status_changes_id_seq', 1, false);
SELECT pg_catalog.setval('public.car_availability_id_seq', 1, false);
SELECT pg_catalog.setval('public.car_classes_id_seq', 1, false);
SELECT pg_catalog.setval('public.car_images_id_seq', 1, false);
SELECT pg_catalog.setval('public.cars_id_seq', 1, false);
SELECT pg_catalog.setval('public.closed_days_id_seq', 1, false);
SELECT pg_catalog.setval('public.departure_seats_id_seq', 1, false);
SELECT pg_catalog.setval('public.discounts_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_admin_log_id_seq', 1, false);
SELECT pg_catalog.setval('public.django_content_type_id_seq', 70, true);
SELECT pg_catalog.setval('public.django_migrations_id_seq', 111, true);
SELECT pg_catalog.setval('public.do_not_rent_id_seq', 1, false);
SELECT pg_catalog.setval('public.extra_days_id_seq', 1, false);
SELECT pg_catalog.setval('public.extras_id_seq', 1, false);
SELECT pg_catalog.setval('public.fees_id_seq', 1, false);
SELECT pg_catalog.setval('public.fleets_id_seq', 1, true);
SELECT pg_catalog.setval('public.idempotency_keys_id_seq', 1, false);
SELECT pg_catalog.setval('public.inbox_triage_id_seq', 1, false);
SELECT pg_catalog.setval('public.job_runs_id_seq', 1, false);
SELECT pg_catalog.setval('public.ledger_changes_id_seq', 1, false);
SELECT pg_catalog.setval('public.location_hours_id_seq', 1, false);
SELECT pg_catalog.setval('public.locations_id_seq', 1, false);
SELECT pg_catalog.setval('public.mail_events_id_seq', 1, false);
SELECT pg_catalog.setval('public.otp_static_staticdevice_id_seq', 1, false);
SELECT pg_catalog.setval('public.otp_static_statictoken_id_seq', 1, false);
SELECT pg_catalog.setval('public.otp_totp_totpdevice_id_seq', 1, false);
SELECT pg_catalog.setval('public.places_id_seq', 1, false);
SELECT pg_catalog.setval('public.rental_terms_id_seq', 5, true);
SELECT pg_catalog.setval('public.ride_rates_id_seq', 1, false);
SELECT pg_catalog.setval('public.saved_filters_id_seq', 1, false);
SELECT pg_catalog.setval('public.seasons_id_seq', 1, false);
SELECT pg_catalog.setval('public.service_hours_id_seq', 1, false);
SELECT pg_catalog.setval('public.services_id_seq', 1, false);
SELECT pg_catalog.setval('public.surcharges_id_seq', 1, false);
SELECT pg_catalog.setval('public.tour_departures_id_seq', 1, false);
SELECT pg_catalog.setval('public.tours_id_seq', 1, false);
SELECT pg_catalog.setval('public.users_groups_id_seq', 1, false);
SELECT pg_catalog.setval('public.users_id_seq', 1, false);
SELECT pg_catalog.setval('public.users_user_permissions_id_seq', 1, false);
SELECT pg_catalog.setval('public.zones_id_seq', 1, false);
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT a_day_and_its_use UNIQUE (car_id, date, status);
ALTER TABLE ONLY public.agencies
    ADD CONSTRAINT agencies_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.agencies
    ADD CONSTRAINT agencies_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_name_key UNIQUE (name);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_permission_id_0cd325b0_uniq UNIQUE (group_id, permission_id);
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_group
    ADD CONSTRAINT auth_group_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_codename_01ab375a_uniq UNIQUE (content_type_id, codename);
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.block_events
    ADD CONSTRAINT block_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.blocked_dates
    ADD CONSTRAINT blocked_dates_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_changes
    ADD CONSTRAINT booking_changes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_events
    ADD CONSTRAINT booking_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_extras
    ADD CONSTRAINT booking_extras_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_locations
    ADD CONSTRAINT booking_locations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_notes
    ADD CONSTRAINT booking_notes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_proofs
    ADD CONSTRAINT booking_proofs_booking_id_key UNIQUE (booking_id);
ALTER TABLE ONLY public.booking_proofs
    ADD CONSTRAINT booking_proofs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_proofs
    ADD CONSTRAINT booking_proofs_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.booking_secure_tokens
    ADD CONSTRAINT booking_secure_tokens_booking_id_key UNIQUE (booking_id);
ALTER TABLE ONLY public.booking_secure_tokens
    ADD CONSTRAINT booking_secure_tokens_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_secure_tokens
    ADD CONSTRAINT booking_secure_tokens_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.booking_segments
    ADD CONSTRAINT booking_segments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.booking_status_changes
    ADD CONSTRAINT booking_status_changes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT car_availability_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.car_classes
    ADD CONSTRAINT car_classes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.car_images
    ADD CONSTRAINT car_images_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_plate_key UNIQUE (plate);
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.catalogue_versions
    ADD CONSTRAINT catalogue_versions_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.closed_days
    ADD CONSTRAINT closed_days_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.data_requests
    ADD CONSTRAINT data_requests_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.data_requests
    ADD CONSTRAINT data_requests_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.departure_seats
    ADD CONSTRAINT departure_seats_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.discounts
    ADD CONSTRAINT discounts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_app_label_model_76bd3d3b_uniq UNIQUE (app_label, model);
ALTER TABLE ONLY public.django_content_type
    ADD CONSTRAINT django_content_type_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_migrations
    ADD CONSTRAINT django_migrations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.django_session
    ADD CONSTRAINT django_session_pkey PRIMARY KEY (session_key);
ALTER TABLE ONLY public.do_not_rent
    ADD CONSTRAINT do_not_rent_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.event_counts
    ADD CONSTRAINT event_counts_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.extra_days
    ADD CONSTRAINT extra_days_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.extras
    ADD CONSTRAINT extras_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.fees
    ADD CONSTRAINT fees_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.fleets
    ADD CONSTRAINT fleets_name_key UNIQUE (name);
ALTER TABLE ONLY public.fleets
    ADD CONSTRAINT fleets_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.heartbeats
    ADD CONSTRAINT heartbeats_pkey PRIMARY KEY (name);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_token_hash_key UNIQUE (token_hash);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox_emails
    ADD CONSTRAINT inbox_emails_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT inbox_items_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.inbox_triage
    ADD CONSTRAINT inbox_triage_booking_id_key UNIQUE (booking_id);
ALTER TABLE ONLY public.inbox_triage
    ADD CONSTRAINT inbox_triage_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.job_runs
    ADD CONSTRAINT job_runs_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_changes
    ADD CONSTRAINT ledger_changes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.location_hours
    ADD CONSTRAINT location_hours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT locations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT locations_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.mail_events
    ADD CONSTRAINT mail_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.mailbox_codes
    ADD CONSTRAINT mailbox_codes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT no_car_twice_at_once EXCLUDE USING gist (int8range(((((car_id * 268435456) + ((EXTRACT(epoch FROM (starts_at AT TIME ZONE 'UTC'::text)))::bigint / 60)) - 15778080) - before_minutes), ((((car_id * 268435456) + ((EXTRACT(epoch FROM (ends_at AT TIME ZONE 'UTC'::text)))::bigint / 60)) - 15778080) + after_minutes)) WITH &&);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT one_answer_per_key UNIQUE (scope, key);
ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT one_booking_per_reference UNIQUE (reference);
ALTER TABLE ONLY public.booking_segments
    ADD CONSTRAINT one_car_at_a_time UNIQUE (booking_id, start_date);
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT one_claim_per_car_day UNIQUE (car_id, date);
ALTER TABLE ONLY public.extra_days
    ADD CONSTRAINT one_count_per_extra_day UNIQUE (extra_id, date);
ALTER TABLE ONLY public.data_requests
    ADD CONSTRAINT one_data_request_of_each_kind UNIQUE (booking_id, kind);
ALTER TABLE ONLY public.saved_filters
    ADD CONSTRAINT one_filter_per_person_and_name UNIQUE (user_id, name);
ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT one_item_per_booking_and_kind UNIQUE (booking_id, kind);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT one_operation_per_request UNIQUE (request_id);
ALTER TABLE ONLY public.booking_locations
    ADD CONSTRAINT one_place_of_each_kind UNIQUE (booking_id, kind);
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT one_rate_for_the_same_ride UNIQUE NULLS NOT DISTINCT (service_id, car_class_id, basis, from_place_id, to_place_id, from_zone_id, to_zone_id, to_km);
ALTER TABLE ONLY public.booking_extras
    ADD CONSTRAINT one_row_per_booking_and_extra UNIQUE (booking_id, extra_id);
ALTER TABLE ONLY public.mail_events
    ADD CONSTRAINT one_row_per_mail_event UNIQUE (event_id);
ALTER TABLE ONLY public.provider_events
    ADD CONSTRAINT one_row_per_provider_event UNIQUE (provider, event_id);
ALTER TABLE ONLY public.departure_seats
    ADD CONSTRAINT one_row_per_seat UNIQUE (departure_id, seat);
ALTER TABLE ONLY public.rental_terms
    ADD CONSTRAINT one_term_of_a_kind_per_car UNIQUE (car_id, kind);
ALTER TABLE ONLY public.rental_terms
    ADD CONSTRAINT one_term_of_a_kind_per_fleet UNIQUE (fleet_id, kind);
ALTER TABLE ONLY public.location_hours
    ADD CONSTRAINT opens_once_at_a_time UNIQUE (location_id, weekday, opens);
ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictoken_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT payment_operations_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.provider_events
    ADD CONSTRAINT provider_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rental_terms
    ADD CONSTRAINT rental_terms_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_booking_id_key UNIQUE (booking_id);
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.sandbox_orders
    ADD CONSTRAINT sandbox_orders_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.saved_filters
    ADD CONSTRAINT saved_filters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.seasons
    ADD CONSTRAINT seasons_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.security_events
    ADD CONSTRAINT security_events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.services
    ADD CONSTRAINT service_and_its_kind UNIQUE (id, kind);
ALTER TABLE ONLY public.service_hours
    ADD CONSTRAINT service_hours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.service_hours
    ADD CONSTRAINT service_opens_once_at_a_time UNIQUE (service_id, weekday, opens);
ALTER TABLE ONLY public.services
    ADD CONSTRAINT services_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.services
    ADD CONSTRAINT services_slug_key UNIQUE (slug);
ALTER TABLE ONLY public.surcharges
    ADD CONSTRAINT surcharges_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tour_departures
    ADD CONSTRAINT tour_departures_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_service_id_key UNIQUE (service_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE ONLY public.users_groups
    ADD CONSTRAINT users_groups_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users_groups
    ADD CONSTRAINT users_groups_user_id_group_id_fc7788e8_uniq UNIQUE (user_id, group_id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users_user_permissions
    ADD CONSTRAINT users_user_permissions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users_user_permissions
    ADD CONSTRAINT users_user_permissions_user_id_permission_id_3b86cbdf_uniq UNIQUE (user_id, permission_id);
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.zones
    ADD CONSTRAINT zones_pkey PRIMARY KEY (id);
CREATE INDEX agencies_slug_b1d65ef8_like ON public.agencies USING btree (slug varchar_pattern_ops);
CREATE INDEX api_tokens_token_hash_70d52dcc_like ON public.api_tokens USING btree (token_hash varchar_pattern_ops);
CREATE INDEX api_tokens_user_id_2db24e1c ON public.api_tokens USING btree (user_id);
CREATE INDEX auth_group_name_a6ea08ec_like ON public.auth_group USING btree (name varchar_pattern_ops);
CREATE INDEX auth_group_permissions_group_id_b120cbf9 ON public.auth_group_permissions USING btree (group_id);
CREATE INDEX auth_group_permissions_permission_id_84c5c92e ON public.auth_group_permissions USING btree (permission_id);
CREATE INDEX auth_permission_content_type_id_2f476e4b ON public.auth_permission USING btree (content_type_id);
CREATE INDEX block_events_actor_id_b2329310 ON public.block_events USING btree (actor_id);
CREATE INDEX block_events_of_a_car ON public.block_events USING btree (car_id, created_at DESC);
CREATE INDEX blocked_dates_car_id_3b4365e1 ON public.blocked_dates USING btree (car_id);
CREATE INDEX blocked_dates_created_by_id_ba040e97 ON public.blocked_dates USING btree (created_by_id);
CREATE INDEX booking_changes_actor_id_8af1199b ON public.booking_changes USING btree (actor_id);
CREATE INDEX booking_changes_booking_id_bb09faea ON public.booking_changes USING btree (booking_id);
CREATE INDEX booking_events_actor_id_503a6ec7 ON public.booking_events USING btree (actor_id);
CREATE INDEX booking_events_booking_id_8845ff70 ON public.booking_events USING btree (booking_id);
CREATE INDEX booking_extras_booking_id_c79de2c9 ON public.booking_extras USING btree (booking_id);
CREATE INDEX booking_extras_extra_id_8d6ed51f ON public.booking_extras USING btree (extra_id);
CREATE INDEX booking_locations_booking_id_98000792 ON public.booking_locations USING btree (booking_id);
CREATE INDEX booking_locations_location_id_120481c0 ON public.booking_locations USING btree (location_id);
CREATE INDEX booking_notes_author_id_84a93eda ON public.booking_notes USING btree (author_id);
CREATE INDEX booking_notes_booking_id_c05410bc ON public.booking_notes USING btree (booking_id);
CREATE INDEX booking_proofs_token_hash_c7fe104c_like ON public.booking_proofs USING btree (token_hash varchar_pattern_ops);
CREATE INDEX booking_secure_tokens_token_hash_c27e941a_like ON public.booking_secure_tokens USING btree (token_hash varchar_pattern_ops);
CREATE INDEX booking_segments_car_id_4a614108 ON public.booking_segments USING btree (car_id);
CREATE INDEX booking_status_changes_actor_id_51125156 ON public.booking_status_changes USING btree (actor_id);
CREATE INDEX booking_status_changes_booking_id_b711878a ON public.booking_status_changes USING btree (booking_id);
CREATE INDEX bookings_by_parts ON public.bookings USING gin (string_to_array(((((regexp_replace(search_text, '(...)'::text, '\1|'::text, 'g'::text) || '|'::text) || regexp_replace(substr(search_text, 2), '(...)'::text, '\1|'::text, 'g'::text)) || '|'::text) || regexp_replace(substr(search_text, 3), '(...)'::text, '\1|'::text, 'g'::text)), '|'::text));
CREATE INDEX bookings_by_phone ON public.bookings USING btree (ltrim(regexp_replace(NORMALIZE(phone, NFKD), '\(0\)|[^0-9]'::text, ''::text, 'g'::text), '0'::text) text_pattern_ops);
CREATE INDEX bookings_by_pick_up ON public.bookings USING btree (start_date, pickup_time, id);
CREATE INDEX bookings_by_return ON public.bookings USING btree (end_date, return_time, id);
CREATE INDEX bookings_by_status_and_pick_up ON public.bookings USING btree (status, start_date, pickup_time, id);
CREATE INDEX bookings_car_id_4a79c848 ON public.bookings USING btree (car_id);
CREATE INDEX bookings_customer_id_621160fd ON public.bookings USING btree (customer_id);
CREATE INDEX bookings_of_a_car_by_pick_up ON public.bookings USING btree (car_id, start_date);
CREATE INDEX bookings_of_a_mailbox ON public.bookings USING btree (mailbox);
CREATE INDEX bookings_whose_deposit_failed ON public.bookings USING btree (id) WHERE ((deposit_status)::text = 'failed'::text);
CREATE INDEX car_availability_block_id_0be0ee0e ON public.car_availability USING btree (block_id);
CREATE INDEX car_availability_booking_id_983b570a ON public.car_availability USING btree (booking_id);
CREATE INDEX car_availability_hold_id_5e50f600 ON public.car_availability USING btree (hold_id);
CREATE INDEX car_images_art_9a7e764e ON public.car_images USING btree (art);
CREATE INDEX car_images_art_9a7e764e_like ON public.car_images USING btree (art varchar_pattern_ops);
CREATE INDEX car_images_car_id_126d3698 ON public.car_images USING btree (car_id);
CREATE INDEX cars_car_class_id_646d4b79 ON public.cars USING btree (car_class_id);
CREATE INDEX cars_fleet_id_efe573a4 ON public.cars USING btree (fleet_id);
CREATE INDEX cars_location_id_6960a81b ON public.cars USING btree (location_id);
CREATE INDEX cars_plate_2693d042_like ON public.cars USING btree (plate varchar_pattern_ops);
CREATE INDEX cars_slug_a67c85fd_like ON public.cars USING btree (slug varchar_pattern_ops);
CREATE INDEX closed_days_location_id_494e5bee ON public.closed_days USING btree (location_id);
CREATE INDEX codes_of_a_mailbox ON public.mailbox_codes USING btree (mailbox, created_at);
CREATE INDEX customers_by_end_of_phone ON public.customers USING btree (reverse(ltrim(regexp_replace(NORMALIZE(phone, NFKD), '\(0\)|[^0-9]'::text, ''::text, 'g'::text), '0'::text)) text_pattern_ops);
CREATE INDEX customers_by_folded_words ON public.customers USING gin (to_tsvector('simple'::regconfig, ((regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((full_name)::text || ' '::text) || (email)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text) || ' '::text) || regexp_replace(regexp_replace(regexp_replace(replace(replace(replace(replace(replace(translate(regexp_replace(lower(NORMALIZE(translate((((full_name)::text || ' '::text) || (email)::text), '´`ʹʻʼʽʾʿˈ‘’‛′'::text, ''''''''''''''''''''''''''''::text), NFKD)), '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe2f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]'::text, ''::text, 'g'::text), 'øđðłħŧıς'::text, 'oddlhtiσ'::text), 'ß'::text, 'ss'::text), 'æ'::text, 'ae'::text), 'œ'::text, 'oe'::text), 'þ'::text, 'th'::text), 'ŋ'::text, 'ng'::text), '[''\-\u2010-\u2015\u2212]'::text, ''::text, 'g'::text), '(a)[ae]|([ou])e'::text, '\1\2'::text, 'g'::text), '[^[:alnum:]]+'::text, ' '::text, 'g'::text))));
CREATE INDEX customers_by_phone ON public.customers USING btree (ltrim(regexp_replace(NORMALIZE(phone, NFKD), '\(0\)|[^0-9]'::text, ''::text, 'g'::text), '0'::text) text_pattern_ops);
CREATE INDEX customers_email_af8f39bb ON public.customers USING btree (email);
CREATE INDEX customers_email_af8f39bb_like ON public.customers USING btree (email varchar_pattern_ops);
CREATE INDEX data_requests_booking_id_fb0300b7 ON public.data_requests USING btree (booking_id);
CREATE INDEX data_requests_token_hash_4d8c5f0e_like ON public.data_requests USING btree (token_hash varchar_pattern_ops);
CREATE INDEX days_that_may_lapse ON public.car_availability USING btree (date, car_id) WHERE (expires_at IS NOT NULL);
CREATE INDEX departures_of_a_tour ON public.tour_departures USING btree (tour_id, starts_at);
CREATE INDEX discounts_car_id_8a1cde1a ON public.discounts USING btree (car_id);
CREATE INDEX django_admin_log_content_type_id_c4bce8eb ON public.django_admin_log USING btree (content_type_id);
CREATE INDEX django_admin_log_user_id_c564eba6 ON public.django_admin_log USING btree (user_id);
CREATE INDEX django_session_expire_date_a5c62663 ON public.django_session USING btree (expire_date);
CREATE INDEX django_session_session_key_c0390e0f_like ON public.django_session USING btree (session_key varchar_pattern_ops);
CREATE INDEX do_not_rent_decided_by_id_0ac8cd46 ON public.do_not_rent USING btree (decided_by_id);
CREATE INDEX do_not_rent_lifted_by_id_3be106c4 ON public.do_not_rent USING btree (lifted_by_id);
CREATE INDEX event_counts_by_time ON public.event_counts USING btree (created_at);
CREATE INDEX events_of_a_mail ON public.mail_events USING btree (message_id);
CREATE INDEX events_of_a_payment ON public.provider_events USING btree (payment_id);
CREATE INDEX events_that_wait ON public.provider_events USING btree (due_at) WHERE ((due_at IS NOT NULL) AND ((state)::text = ANY ((ARRAY['received'::character varying, 'orphan'::character varying, 'failed'::character varying])::text[])));
CREATE INDEX extras_location_id_b05e1d16 ON public.extras USING btree (location_id);
CREATE INDEX fees_car_id_a784ee5c ON public.fees USING btree (car_id);
CREATE INDEX fees_location_id_f56ddc7e ON public.fees USING btree (location_id);
CREATE INDEX fleets_name_17444f0d_like ON public.fleets USING btree (name varchar_pattern_ops);
CREATE INDEX follow_ups_by_day ON public.inbox_triage USING btree (follow_up_on) WHERE (follow_up_on IS NOT NULL);
CREATE INDEX heartbeats_name_3df58c73_like ON public.heartbeats USING btree (name varchar_pattern_ops);
CREATE INDEX holds_booking_id_b00d3864 ON public.holds USING btree (booking_id);
CREATE INDEX holds_car_class_id_59fbb40e ON public.holds USING btree (car_class_id);
CREATE INDEX holds_car_id_d8c279e7 ON public.holds USING btree (car_id);
CREATE INDEX holds_code_id_ee59d1fc ON public.holds USING btree (code_id);
CREATE INDEX holds_departure_id_a57a3cfc ON public.holds USING btree (departure_id);
CREATE INDEX holds_expires_at_144bb2b0 ON public.holds USING btree (expires_at);
CREATE INDEX holds_of_a_network ON public.holds USING btree (network) WHERE (booking_id IS NULL);
CREATE INDEX holds_of_a_visitor ON public.holds USING btree (visitor, car_id) WHERE (booking_id IS NULL);
CREATE INDEX holds_service_id_96cec9a3 ON public.holds USING btree (service_id);
CREATE INDEX holds_token_hash_a01e3aee_like ON public.holds USING btree (token_hash varchar_pattern_ops);
CREATE INDEX idempotency_keys_booking_id_fceda663 ON public.idempotency_keys USING btree (booking_id);
CREATE INDEX idempotency_keys_expires_at_36540ab1 ON public.idempotency_keys USING btree (expires_at);
CREATE INDEX inbox_emails_booking_id_f0d5703a ON public.inbox_emails USING btree (booking_id);
CREATE INDEX inbox_emails_code_id_ed691f71 ON public.inbox_emails USING btree (code_id);
CREATE INDEX inbox_emails_payment_id_df2023ee ON public.inbox_emails USING btree (payment_id);
CREATE INDEX inbox_items_booking_id_ed0d9b35 ON public.inbox_items USING btree (booking_id);
CREATE INDEX inbox_items_done_by_id_21f65b1c ON public.inbox_items USING btree (done_by_id);
CREATE INDEX inbox_triage_assigned_to_id_98c5a06f ON public.inbox_triage USING btree (assigned_to_id);
CREATE INDEX latest_runs_of_a_job ON public.job_runs USING btree (name, started_at DESC);
CREATE INDEX ledger_changes_xid_a01602c5 ON public.ledger_changes USING btree (xid);
CREATE INDEX location_hours_location_id_ead96011 ON public.location_hours USING btree (location_id);
CREATE INDEX locations_agency_id_ab2f9e7b ON public.locations USING btree (agency_id);
CREATE INDEX locations_slug_79c6d0f3_like ON public.locations USING btree (slug varchar_pattern_ops);
CREATE INDEX mails_by_their_providers_id ON public.inbox_emails USING btree (message_id) WHERE (NOT ((message_id)::text = ''::text));
CREATE INDEX mails_to_send ON public.inbox_emails USING btree (created_at) WHERE ((status)::text = ANY ((ARRAY['queued'::character varying, 'sending'::character varying])::text[]));
CREATE INDEX mails_to_somebody ON public.inbox_emails USING btree (recipient, sent_at) WHERE ((status)::text = 'sent'::text);
CREATE INDEX offered_cars_by_price ON public.cars USING btree (daily_rate, id) WHERE ((status)::text = 'offered'::text);
CREATE UNIQUE INDEX one_customer_has_the_car ON public.bookings USING btree (car_id) WHERE ((handed_over_at IS NOT NULL) AND (returned_at IS NULL));
CREATE UNIQUE INDEX one_customer_per_mailbox ON public.customers USING btree (email) WHERE (NOT ((email)::text = ''::text));
CREATE UNIQUE INDEX one_customer_per_phone ON public.customers USING btree (ltrim(regexp_replace(NORMALIZE(phone, NFKD), '\(0\)|[^0-9]'::text, ''::text, 'g'::text), '0'::text)) WHERE ((email)::text = ''::text);
CREATE UNIQUE INDEX one_payment_per_providers_reference ON public.payments USING btree (provider, ref) WHERE (NOT ((ref)::text = ''::text));
CREATE UNIQUE INDEX one_refund_per_providers_reference ON public.refunds USING btree (payment_id, ref) WHERE (NOT ((ref)::text = ''::text));
CREATE INDEX operations_of_a_payment ON public.payment_operations USING btree (payment_id);
CREATE INDEX operations_without_outcome ON public.payment_operations USING btree (created_at) WHERE ((outcome)::text = ANY ((ARRAY['started'::character varying, 'unknown'::character varying])::text[]));
CREATE INDEX otp_static_staticdevice_user_id_7f9cff2b ON public.otp_static_staticdevice USING btree (user_id);
CREATE INDEX otp_static_statictoken_device_id_74b7c7d1 ON public.otp_static_statictoken USING btree (device_id);
CREATE INDEX otp_static_statictoken_token_d0a51866 ON public.otp_static_statictoken USING btree (token);
CREATE INDEX otp_static_statictoken_token_d0a51866_like ON public.otp_static_statictoken USING btree (token varchar_pattern_ops);
CREATE INDEX otp_totp_totpdevice_user_id_0fb18292 ON public.otp_totp_totpdevice USING btree (user_id);
CREATE INDEX payment_operations_actor_id_8301123e ON public.payment_operations USING btree (actor_id);
CREATE INDEX payment_operations_payment_id_6107a1be ON public.payment_operations USING btree (payment_id);
CREATE INDEX payment_operations_refund_id_a7800fe9 ON public.payment_operations USING btree (refund_id);
CREATE INDEX payments_booking_id_fa2b6c3e ON public.payments USING btree (booking_id);
CREATE INDEX payments_by_time ON public.payments USING btree (created_at, id);
CREATE INDEX payments_of_a_booking ON public.payments USING btree (booking_id);
CREATE INDEX payments_that_wait ON public.payments USING btree (due_at) WHERE ((state)::text = ANY ((ARRAY['scheduled'::character varying, 'created'::character varying, 'action_required'::character varying, 'processing'::character varying, 'authorized'::character varying])::text[]));
CREATE INDEX payments_with_a_problem ON public.payments USING btree (problem) WHERE (NOT ((problem)::text = ''::text));
CREATE INDEX pending_items_oldest_first ON public.inbox_items USING btree (created_at) WHERE ((status)::text = 'pending'::text);
CREATE INDEX places_slug_ce3c78a3_like ON public.places USING btree (slug varchar_pattern_ops);
CREATE INDEX places_zone_id_29a7e7c6 ON public.places USING btree (zone_id);
CREATE INDEX proofs_of_a_network ON public.booking_proofs USING btree (network) WHERE (proven_at IS NULL);
CREATE INDEX proofs_of_a_visitor ON public.booking_proofs USING btree (visitor) WHERE (proven_at IS NULL);
CREATE INDEX proofs_to_come ON public.booking_proofs USING btree (due_at) WHERE (proven_at IS NULL);
CREATE INDEX provider_events_payment_id_15913a8e ON public.provider_events USING btree (payment_id);
CREATE INDEX refunds_on_their_way ON public.refunds USING btree (created_at) WHERE ((state)::text = ANY ((ARRAY['created'::character varying, 'pending'::character varying])::text[]));
CREATE INDEX refunds_payment_id_075bbbe0 ON public.refunds USING btree (payment_id);
CREATE INDEX rental_terms_car_id_5ac0f8c5 ON public.rental_terms USING btree (car_id);
CREATE INDEX rental_terms_fleet_id_52d2e642 ON public.rental_terms USING btree (fleet_id);
CREATE INDEX ride_rates_car_class_id_5c5ab31a ON public.ride_rates USING btree (car_class_id);
CREATE INDEX ride_rates_from_place_id_a9ec43fe ON public.ride_rates USING btree (from_place_id);
CREATE INDEX ride_rates_from_zone_id_8b47b39b ON public.ride_rates USING btree (from_zone_id);
CREATE INDEX ride_rates_service_id_a4010db7 ON public.ride_rates USING btree (service_id);
CREATE INDEX ride_rates_to_place_id_c18e74e1 ON public.ride_rates USING btree (to_place_id);
CREATE INDEX ride_rates_to_zone_id_298ec160 ON public.ride_rates USING btree (to_zone_id);
CREATE INDEX rides_car_class_id_1a70b6f8 ON public.rides USING btree (car_class_id);
CREATE INDEX rides_departure_id_57384bd6 ON public.rides USING btree (departure_id);
CREATE INDEX rides_from_place_id_e5091536 ON public.rides USING btree (from_place_id);
CREATE INDEX rides_service_id_7df3494b ON public.rides USING btree (service_id);
CREATE INDEX rides_to_place_id_733289cc ON public.rides USING btree (to_place_id);
CREATE INDEX saved_filters_user_id_bb81e365 ON public.saved_filters USING btree (user_id);
CREATE INDEX seasons_car_id_82abcf19 ON public.seasons USING btree (car_id);
CREATE INDEX seats_of_a_booking ON public.departure_seats USING btree (booking_id) WHERE (booking_id IS NOT NULL);
CREATE INDEX seats_of_a_hold ON public.departure_seats USING btree (hold_id) WHERE (hold_id IS NOT NULL);
CREATE INDEX security_events_actor_id_676d782f ON public.security_events USING btree (actor_id);
CREATE INDEX security_events_by_time ON public.security_events USING btree (created_at DESC, id DESC);
CREATE INDEX security_events_of_a_booking ON public.security_events USING btree (booking_id);
CREATE INDEX security_events_user_id_a7089086 ON public.security_events USING btree (user_id);
CREATE INDEX service_hours_service_id_0838b319 ON public.service_hours USING btree (service_id);
CREATE INDEX services_location_id_f8efb9b6 ON public.services USING btree (location_id);
CREATE INDEX services_slug_188bbf19_like ON public.services USING btree (slug varchar_pattern_ops);
CREATE INDEX snoozed_bookings ON public.inbox_triage USING btree (snoozed_until) WHERE (snoozed_until IS NOT NULL);
CREATE INDEX spans_of_a_block ON public.vehicle_assignments USING btree (block_id) WHERE (block_id IS NOT NULL);
CREATE INDEX spans_of_a_booking ON public.vehicle_assignments USING btree (booking_id) WHERE (booking_id IS NOT NULL);
CREATE INDEX spans_of_a_car ON public.vehicle_assignments USING btree (car_id, date);
CREATE INDEX spans_of_a_day ON public.vehicle_assignments USING btree (date, car_id) INCLUDE (starts_at, ends_at, before_minutes, after_minutes, expires_at);
CREATE INDEX spans_of_a_departure ON public.vehicle_assignments USING btree (departure_id) WHERE (departure_id IS NOT NULL);
CREATE INDEX spans_of_a_hold ON public.vehicle_assignments USING btree (hold_id) WHERE (hold_id IS NOT NULL);
CREATE INDEX surcharges_car_class_id_fff55497 ON public.surcharges USING btree (car_class_id);
CREATE INDEX surcharges_place_id_e2ca041e ON public.surcharges USING btree (place_id);
CREATE INDEX surcharges_service_id_3b9875ae ON public.surcharges USING btree (service_id);
CREATE INDEX taken_cars_of_a_day ON public.car_availability USING btree (date, car_id) INCLUDE (expires_at, status);
CREATE INDEX tour_departures_car_id_f3fe6824 ON public.tour_departures USING btree (car_id);
CREATE INDEX tour_departures_tour_id_db5e9b11 ON public.tour_departures USING btree (tour_id);
CREATE INDEX tours_meeting_place_id_d417e6ec ON public.tours USING btree (meeting_place_id);
CREATE INDEX users_email_0ea73cca_like ON public.users USING btree (email varchar_pattern_ops);
CREATE INDEX users_groups_group_id_2f3517aa ON public.users_groups USING btree (group_id);
CREATE INDEX users_groups_user_id_f500bee5 ON public.users_groups USING btree (user_id);
CREATE INDEX users_user_permissions_permission_id_6d08dcd2 ON public.users_user_permissions USING btree (permission_id);
CREATE INDEX users_user_permissions_user_id_92473840 ON public.users_user_permissions USING btree (user_id);
CREATE STATISTICS public.bookings_by_month ON (date_trunc('month'::text, start_date::timestamp without time zone)::date) FROM public.bookings;
CREATE TRIGGER audit_is_append_only BEFORE DELETE OR UPDATE ON public.booking_status_changes FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();
COMMENT ON TRIGGER audit_is_append_only ON public.booking_status_changes IS 'bookings/sql/triggers/audit_is_append_only.sql e0402a2d3c4fd4c6 c04fe48e57e290522de282908325493e';
CREATE TRIGGER block_events_are_append_only BEFORE DELETE OR UPDATE ON public.block_events FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();
COMMENT ON TRIGGER block_events_are_append_only ON public.block_events IS 'bookings/sql/triggers/block_events_are_append_only.sql 446ca71077526f5d db3fe8d6e47cbf8c9e651bd48772f6c9';
CREATE TRIGGER block_removal_audit AFTER DELETE ON public.blocked_dates FOR EACH ROW EXECUTE FUNCTION public.block_removal_audit();
COMMENT ON TRIGGER block_removal_audit ON public.blocked_dates IS 'bookings/sql/triggers/block_removal_audit.sql d4e3a60041bd0c5d e51329efc306cc1eec1de72573ec53f4';
CREATE TRIGGER booking_change_guard BEFORE UPDATE OF start_date, end_date, car_id, buffer_days, quote, terms, total, deposit, delivery ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.booking_change_guard();
COMMENT ON TRIGGER booking_change_guard ON public.bookings IS 'bookings/sql/triggers/booking_change_guard.sql 2ca76081f624f4d5 47acef0af82d49905efae601ae9d2253';
CREATE TRIGGER booking_is_priced BEFORE INSERT OR UPDATE OF start_date, end_date, car_id, quote, terms, total, deposit, currency ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.booking_is_priced();
COMMENT ON TRIGGER booking_is_priced ON public.bookings IS 'bookings/sql/triggers/booking_is_priced.sql 6f03c983b1185c17 5ed5b705097c84015e211fdadb165bef';
CREATE CONSTRAINT TRIGGER booking_is_whole AFTER INSERT OR UPDATE OF status, car_id, start_date, end_date, buffer_days, handed_over_at, returned_at, kept_until, customer_id, mailbox ON public.bookings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER booking_is_whole ON public.bookings IS 'bookings/sql/triggers/booking_is_whole.sql 84306e5d38e46981 5729291fde8e53aa657168e629f4ecbe';
CREATE TRIGGER booking_status_audit AFTER INSERT OR UPDATE OF status ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.booking_status_audit();
COMMENT ON TRIGGER booking_status_audit ON public.bookings IS 'bookings/sql/triggers/booking_status_audit.sql b8719fb89453cb3e dc7a1284cd822b12af63ff467bd692cd';
CREATE TRIGGER booking_status_rules BEFORE INSERT OR UPDATE OF status ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.booking_status_rules();
COMMENT ON TRIGGER booking_status_rules ON public.bookings IS 'bookings/sql/triggers/booking_status_rules.sql 535fc88ac460a79c 20b3405554feadfd60bce2f45ed62663';
CREATE TRIGGER cars_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.cars FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER cars_make_a_new_catalogue ON public.cars IS 'cars/sql/triggers/cars_make_a_new_catalogue.sql bdd9157be5dfde12 ad0e91521d1cee28bad5a7b1dea8fcd6';
CREATE TRIGGER changes_are_append_only BEFORE DELETE OR UPDATE ON public.booking_changes FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();
COMMENT ON TRIGGER changes_are_append_only ON public.booking_changes IS 'bookings/sql/triggers/changes_are_append_only.sql 90bf1ae54ac5abdf d3ab4ac5714a7918d78ad81176728eb7';
CREATE TRIGGER claims_are_noted AFTER INSERT OR UPDATE OF assigned_to_id ON public.inbox_triage FOR EACH ROW EXECUTE FUNCTION public.claims_are_noted();
COMMENT ON TRIGGER claims_are_noted ON public.inbox_triage IS 'inbox/sql/triggers/claims_are_noted.sql 162271c3ecad4d64 c7167c61bbc677cef862703f35ac7607';
CREATE TRIGGER closed_days_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.closed_days FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER closed_days_make_a_new_catalogue ON public.closed_days IS 'cars/sql/triggers/closed_days_make_a_new_catalogue.sql e1b6659f0b6b78d5 95c1d2490c5095013ef1f0ca1c58e903';
CREATE CONSTRAINT TRIGGER days_of_a_booking_change AFTER UPDATE ON public.car_availability DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.booking_id IS NOT NULL) OR (new.booking_id IS NOT NULL))) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER days_of_a_booking_change ON public.car_availability IS 'bookings/sql/triggers/days_of_a_booking_change.sql 7a03d944954dcb5a 4b68d4834a4b872863d4b9ba2be03d2a';
CREATE CONSTRAINT TRIGGER days_of_a_booking_come AFTER INSERT ON public.car_availability DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER days_of_a_booking_come ON public.car_availability IS 'bookings/sql/triggers/days_of_a_booking_come.sql b5659ee3941aa8fa 1c50035dcb56330867fb71be6c91d7ad';
CREATE CONSTRAINT TRIGGER days_of_a_booking_go AFTER DELETE ON public.car_availability DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER days_of_a_booking_go ON public.car_availability IS 'bookings/sql/triggers/days_of_a_booking_go.sql c891a6c367eaf08f 161e689d76af84192a0d56692d9a174b';
CREATE TRIGGER departures_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OF status OR TRUNCATE ON public.tour_departures FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER departures_make_a_new_catalogue ON public.tour_departures IS 'bookings/sql/triggers/departures_make_a_new_catalogue.sql 89e23a19177bd262 b841927dd738ada1f883fcd920b38130';
CREATE TRIGGER discounts_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.discounts FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER discounts_make_a_new_catalogue ON public.discounts IS 'cars/sql/triggers/discounts_make_a_new_catalogue.sql 784a7edd098059c9 58c63e0cec0f6a7b92a7246664629a33';
CREATE TRIGGER ended_tokens_are_noted AFTER UPDATE OF revoked_at ON public.api_tokens FOR EACH ROW WHEN (((old.revoked_at IS NULL) AND (new.revoked_at IS NOT NULL))) EXECUTE FUNCTION public.tokens_are_noted();
COMMENT ON TRIGGER ended_tokens_are_noted ON public.api_tokens IS 'exodrive/sql/triggers/ended_tokens_are_noted.sql fa49e050b29dc475 99f8f238d1cde48403c0eb8f556e3282';
CREATE TRIGGER events_are_append_only BEFORE DELETE OR UPDATE ON public.booking_events FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();
COMMENT ON TRIGGER events_are_append_only ON public.booking_events IS 'bookings/sql/triggers/events_are_append_only.sql 9c07f5cd75d02982 58102eef22d5a00aa4887a2740f61090';
CREATE TRIGGER extras_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.extras FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER extras_make_a_new_catalogue ON public.extras IS 'cars/sql/triggers/extras_make_a_new_catalogue.sql 4def04f8718847a1 f269c8c1396dc8e69579e56a45a08f84';
CREATE TRIGGER fees_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.fees FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER fees_make_a_new_catalogue ON public.fees IS 'cars/sql/triggers/fees_make_a_new_catalogue.sql b52e96d3afe5451b 2b750a0978144148591d68060bf3ede0';
CREATE TRIGGER fleets_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.fleets FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER fleets_make_a_new_catalogue ON public.fleets IS 'cars/sql/triggers/fleets_make_a_new_catalogue.sql 60b23021b7732db0 40c94bcf78b47f7e8aefbf378e254da3';
CREATE TRIGGER hand_over_audit AFTER UPDATE OF handed_over_at ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.hand_over_audit();
COMMENT ON TRIGGER hand_over_audit ON public.bookings IS 'bookings/sql/triggers/hand_over_audit.sql 79467c7db6bfe0f5 6fab53bb7853c572ee280c3c721b171b';
CREATE TRIGGER hand_over_stays BEFORE UPDATE OF handed_over_at ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.hand_over_stays();
COMMENT ON TRIGGER hand_over_stays ON public.bookings IS 'bookings/sql/triggers/hand_over_stays.sql 7de679c996cc2dbd 3f4bd84acdc79d85c7cbd90de638abdc';
CREATE TRIGGER hold_is_priced BEFORE INSERT ON public.holds FOR EACH ROW EXECUTE FUNCTION public.hold_is_priced();
COMMENT ON TRIGGER hold_is_priced ON public.holds IS 'bookings/sql/triggers/hold_is_priced.sql d2a44d55556522a1 f5740e70af44a33f54065434932f6499';
CREATE TRIGGER keep_service_day AFTER INSERT OR DELETE OR UPDATE OF car_id, date, starts_at, ends_at, expires_at ON public.vehicle_assignments FOR EACH ROW EXECUTE FUNCTION public.keep_service_day();
COMMENT ON TRIGGER keep_service_day ON public.vehicle_assignments IS 'bookings/sql/triggers/keep_service_day.sql e2b6a08cfe1e229a 5f18fd5b3ad3061aaf459162527d98b1';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.agencies FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.agencies IS 'cars/sql/access.py 3ab50a0bc82afd2a 68b430ee228cf3a0b9a5481c08f97de7';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.api_tokens FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.api_tokens IS 'exodrive/sql/access.py 40ba3c4f2b06d6b9 a555508fb58a5a1df7996406e032a805';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.block_events FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.block_events IS 'bookings/sql/access.py 5960f7253194382a 659f6ede6ff1417accfa88b748dcb0cd';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.blocked_dates FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.blocked_dates IS 'bookings/sql/access.py de403b4174635dfb 773b564648c294b57f9bedcad0b5348b';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_changes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_changes IS 'bookings/sql/access.py 4d4fa96a94f16307 6f9b64db1d78f13777cb2ccb21a3e632';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_events FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_events IS 'bookings/sql/access.py 13f66d2de4d02220 fc95c6a44c0ba528236a2ada142890c5';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_extras FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_extras IS 'bookings/sql/access.py c7a7d2b882f45e5f c08e0a17c1713c35af825022ac003a18';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_locations FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_locations IS 'bookings/sql/access.py d343e019516f3bac 4de8672e19c535155335aead8f818152';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_notes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_notes IS 'bookings/sql/access.py 754e7862abdc12df a0fb25a9e209e0d02e7d0b8a4d66fee6';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_proofs FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_proofs IS 'bookings/sql/access.py aa181e498acacfa6 4ff02c2f6c2cfa4a32e04ca676ec590c';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_secure_tokens FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_secure_tokens IS 'bookings/sql/access.py e468035082ab81c2 fb52feebfe4b2cb40ce41b81cec59310';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_segments FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_segments IS 'bookings/sql/access.py 18ca3cb9f95fd4e7 a373f63adc101ed5d79a4c0ce580ab07';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.booking_status_changes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.booking_status_changes IS 'bookings/sql/access.py e8718711acee99e6 5b1ba1ffc0c2172ff39e2c6147ce43c2';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.bookings IS 'bookings/sql/access.py 74e3eb9681c595e1 db260c6ccaab64aca03a9dc55a767800';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.car_availability FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.car_availability IS 'bookings/sql/access.py f8b622eb363b9bc1 ee2dbd60c33af7a5d9ec6adb075c613c';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.car_classes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.car_classes IS 'cars/sql/access.py e119cac5a3be6218 bbc4c7e5cbb3475f0a48203c6b08f8ad';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.car_images FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.car_images IS 'cars/sql/access.py e4adf6b14d53f7e3 eaebf36efaa3a8260f82fe07b1cd22f8';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.cars FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.cars IS 'cars/sql/access.py 1de1350942f722b8 e264320618a4c67b3545d6e300851c30';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.catalogue_versions FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.catalogue_versions IS 'cars/sql/access.py 15221f8adabdbf5b e2acccc482e10eedfdef8a3c7c17e72c';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.closed_days FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.closed_days IS 'cars/sql/access.py 1ecbcba56c62a0f3 46b0d937a6fba2d7590b15097e221d05';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.customers FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.customers IS 'bookings/sql/access.py bfce3ac21c80ac47 6cc03c8fc1726a5d2eccab03c34fb11e';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.data_requests FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.data_requests IS 'bookings/sql/access.py 95aaf224d4bd2731 2d764e4a0fdeddb4452420d2b107b064';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.departure_seats FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.departure_seats IS 'bookings/sql/access.py dca83b53d088d232 a315dd362f7c83435d08d4adaad4bd9a';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.discounts FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.discounts IS 'cars/sql/access.py be43ae2e765e59dc 265c861978978e786b694489bd7ba573';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.do_not_rent FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.do_not_rent IS 'bookings/sql/access.py 6c4433528c6c2367 5fa21db4ae79c32ed328cfaee27f7959';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.event_counts FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.event_counts IS 'exodrive/sql/access.py 3d8a3c2956bd538b 97f0ddde05d82f3ada51293d92e55c32';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.extra_days FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.extra_days IS 'bookings/sql/access.py 82cf7eb97c6bd795 5e26ec2543de1180f367d652d4b7fdf1';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.extras FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.extras IS 'cars/sql/access.py c7d84fb11dcd93e6 5c9d2789d30347fb13d2faba1f20b9cc';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.fees FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.fees IS 'cars/sql/access.py 30b1275274399938 7534e28e41de5517cd964bf6a6880baf';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.fleets FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.fleets IS 'cars/sql/access.py e17d3e48715161fc b401063f508803546946fbb4618673f0';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.heartbeats FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.heartbeats IS 'exodrive/sql/access.py 28df129fe25bed12 47351702317631e87724c47a10dcc7be';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.holds FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.holds IS 'bookings/sql/access.py 7d69681df999e71d 4981e20781822a69128a1bf64bcf13ae';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.idempotency_keys FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.idempotency_keys IS 'bookings/sql/access.py 3581a485e48f2ece d99323421e286d04491cf1cfdc69b03f';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.inbox_emails FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.inbox_emails IS 'inbox/sql/access.py 4cf57de67f0e2384 3e949d1e7ec0d24945bedad344ca48af';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.inbox_items FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.inbox_items IS 'inbox/sql/access.py d73717eab2638aa9 1bab7ad7baea3e977492e30adc18535d';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.inbox_triage FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.inbox_triage IS 'inbox/sql/access.py e87a57dda7873810 73cccce1e14e455dafb45024d43be680';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.job_runs FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.job_runs IS 'exodrive/sql/access.py 72c3eb5b080c9369 891aab92f7e2d0d176fffba3c88399cb';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.ledger_changes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.ledger_changes IS 'bookings/sql/access.py 19e83f8b8c73bafe 52d25b357ab704c504ff012aeb8c49f8';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.location_hours FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.location_hours IS 'cars/sql/access.py 62ef3f240bb64be5 44fd833479911eecc553310ccb9897f8';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.locations FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.locations IS 'cars/sql/access.py c61923c6667f46d3 8eef4075a034c549c968311a4244a94c';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.mail_events FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.mail_events IS 'inbox/sql/access.py 1c2b30dbebeff292 4fefce038bc826b5930c8b9bc7ac1431';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.mailbox_codes FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.mailbox_codes IS 'bookings/sql/access.py c03618b7be9cadaf 8872bb58af27f7fe57cc8dabf0418513';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.payment_operations FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.payment_operations IS 'bookings/sql/access.py b286327ca5110125 be575989ab1abf98de4137b62986cc8f';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.payments IS 'bookings/sql/access.py 0457789538f1ef7c a79f103805ac69d1cd4cfc63b7be77ef';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.places FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.places IS 'cars/sql/access.py c02f8da9ee8da570 f4cba3318957a890289a48f40c942d78';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.provider_events FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.provider_events IS 'bookings/sql/access.py d660cb66e1b988ed f66a04b34089ccfd35b84f48238ac850';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.refunds FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.refunds IS 'bookings/sql/access.py ce47aa98045fe286 447ab52d7aecdb7bfdbb4ddb15fda08f';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.rental_terms FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.rental_terms IS 'cars/sql/access.py 3621ec6a32d98dc6 22b4d7dcb5fe6708859f71f1295fe2a0';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.ride_rates FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.ride_rates IS 'cars/sql/access.py 12dc66a56630dc08 0a808d09711ccd9a7cbc0a1035839abe';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.rides FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.rides IS 'bookings/sql/access.py 6a4ca781e2827a3c e56c2221e70a48b1b8d16f1d21cf428c';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.sandbox_orders FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.sandbox_orders IS 'bookings/sql/access.py f857925a3e4b40c7 78d44684358e636928b0840599b59b07';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.saved_filters FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.saved_filters IS 'inbox/sql/access.py 079ea68d80ddb5f8 cb26ceb46e9f273f78dec86e92633233';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.seasons FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.seasons IS 'cars/sql/access.py 1bae20212bc31ad5 2378f7de285981476983661012a16b9a';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.security_events FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.security_events IS 'exodrive/sql/access.py 281173886048a82a 19f25f58967687ce45439fbf8dff9fc5';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.service_hours FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.service_hours IS 'cars/sql/access.py f9ba5319fa36868f 2c067bab14e6fc1b195738de50049c98';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.services FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.services IS 'cars/sql/access.py e01da6a5649028ac 3cbc0ea056a85bb0c1be4dcc80773e4b';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.surcharges FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.surcharges IS 'cars/sql/access.py ace8844fa590ebb9 fbb4bd63eddea2a7f88cd37f0d5eaf9e';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.tour_departures FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.tour_departures IS 'bookings/sql/access.py d2c82af2b628b2bd 4e405e2b68a633837fdd408c6ae83c47';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.tours FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.tours IS 'cars/sql/access.py 759cf849ced568ff e043cb2c898c09f8e6ee78ec9a1c1108';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.users FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.users IS 'exodrive/sql/access.py c3a5016e50696369 84ebf67d0bc3442336f6ee256d16c0a3';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.vehicle_assignments FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.vehicle_assignments IS 'bookings/sql/access.py d27bb119bbc0a4e0 163810faec9c21cb8ff998b85060a478';
CREATE TRIGGER keep_updated_at BEFORE UPDATE ON public.zones FOR EACH ROW EXECUTE FUNCTION public.keep_updated_at();
COMMENT ON TRIGGER keep_updated_at ON public.zones IS 'cars/sql/access.py 8de8c32fb18bcb40 929dc5e012dcdd70f34de95ac9a1d05b';
CREATE TRIGGER link_follows_return AFTER UPDATE OF end_date ON public.bookings FOR EACH ROW EXECUTE FUNCTION public.link_follows_return();
COMMENT ON TRIGGER link_follows_return ON public.bookings IS 'bookings/sql/triggers/link_follows_return.sql 89ba1db1ee87071d 491223192b5c56eae1fbf6cd779901e8';
CREATE TRIGGER location_hours_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.location_hours FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER location_hours_make_a_new_catalogue ON public.location_hours IS 'cars/sql/triggers/location_hours_make_a_new_catalogue.sql cee494390ff15b45 d405e14df0fa701c91a731b73acfdde4';
CREATE TRIGGER locations_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.locations FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER locations_make_a_new_catalogue ON public.locations IS 'cars/sql/triggers/locations_make_a_new_catalogue.sql 7df4722edb01259c a6a0b81706501d3895912126961ab187';
CREATE TRIGGER new_tokens_are_noted AFTER INSERT ON public.api_tokens FOR EACH ROW EXECUTE FUNCTION public.tokens_are_noted();
COMMENT ON TRIGGER new_tokens_are_noted ON public.api_tokens IS 'exodrive/sql/triggers/new_tokens_are_noted.sql 76b2a7c4f0e456d1 5fdeb9e88964d4e1205ee57b5cd777f9';
CREATE TRIGGER news_end_a_snooze AFTER INSERT OR UPDATE OF status ON public.inbox_items FOR EACH ROW WHEN (((new.status)::text = 'pending'::text)) EXECUTE FUNCTION public.news_end_a_snooze();
COMMENT ON TRIGGER news_end_a_snooze ON public.inbox_items IS 'inbox/sql/triggers/news_end_a_snooze.sql fdd1a0f4a1a9d7a3 17be91774b596351c8dff4a38edf452f';
CREATE TRIGGER note_days_change AFTER UPDATE ON public.car_availability REFERENCING OLD TABLE AS before NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.note_ledger_change();
COMMENT ON TRIGGER note_days_change ON public.car_availability IS 'bookings/sql/triggers/note_days_change.sql 45283f68c54563a8 57c98769e97474ddef52fd658128b063';
CREATE TRIGGER note_days_come AFTER INSERT ON public.car_availability REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.note_ledger_change();
COMMENT ON TRIGGER note_days_come ON public.car_availability IS 'bookings/sql/triggers/note_days_come.sql 7b3c5b46ffbd5caa 971cc354bcf39509de00a38f24d9cd3c';
CREATE TRIGGER note_days_go AFTER DELETE ON public.car_availability REFERENCING OLD TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION public.note_ledger_change();
COMMENT ON TRIGGER note_days_go ON public.car_availability IS 'bookings/sql/triggers/note_days_go.sql ddc026b999406d8a 4cee9ffdeed8bf5d76494a4101299da3';
CREATE TRIGGER note_days_vanish AFTER TRUNCATE ON public.car_availability FOR EACH STATEMENT EXECUTE FUNCTION public.note_ledger_change();
COMMENT ON TRIGGER note_days_vanish ON public.car_availability IS 'bookings/sql/triggers/note_days_vanish.sql db77ceb85b1cacfb d70eb3f3c8ddd9e80a2c78ad24f23144';
CREATE TRIGGER operations_go_forward BEFORE DELETE OR UPDATE ON public.payment_operations FOR EACH ROW EXECUTE FUNCTION public.operations_go_forward();
COMMENT ON TRIGGER operations_go_forward ON public.payment_operations IS 'bookings/sql/triggers/operations_go_forward.sql 68cb4979a181cf2a b4d759eb7f37bcad5159d4df5a8eac7b';
CREATE TRIGGER payment_in_its_currency BEFORE INSERT OR UPDATE ON public.payments FOR EACH ROW EXECUTE FUNCTION public.payment_in_its_currency();
COMMENT ON TRIGGER payment_in_its_currency ON public.payments IS 'bookings/sql/triggers/payment_in_its_currency.sql 363cd7283ab3de0b 1207f879070f62cfac5ca1067d3db557';
CREATE CONSTRAINT TRIGGER ride_is_priced AFTER INSERT OR UPDATE OF quote, total, deposit, currency, car_id ON public.bookings DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((((new.kind)::text <> 'rental'::text) AND (public.acting_role() = 'exo_public'::text))) EXECUTE FUNCTION public.ride_is_priced();
COMMENT ON TRIGGER ride_is_priced ON public.bookings IS 'bookings/sql/triggers/ride_is_priced.sql d27de96eb31469be 3b235404fde6f29be92366922d15b369';
CREATE CONSTRAINT TRIGGER ride_is_whole AFTER INSERT OR DELETE OR UPDATE ON public.rides DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER ride_is_whole ON public.rides IS 'bookings/sql/triggers/ride_is_whole.sql b98291ae8e53701c 3bfa1c1698c9c060d6d4e166a565aca3';
CREATE CONSTRAINT TRIGGER ride_keeps_its_price AFTER UPDATE ON public.rides DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((public.acting_role() = 'exo_public'::text) AND ((to_jsonb(old.*) - '{from_text,to_text,flight_number,sign_name,updated_at}'::text[]) IS DISTINCT FROM (to_jsonb(new.*) - '{from_text,to_text,flight_number,sign_name,updated_at}'::text[])))) EXECUTE FUNCTION public.ride_is_priced();
COMMENT ON TRIGGER ride_keeps_its_price ON public.rides IS 'bookings/sql/triggers/ride_keeps_its_price.sql c827ebff35ba21af 56a29f12016f238c36551f435fd2f7cc';
CREATE TRIGGER ride_rates_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.ride_rates FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER ride_rates_make_a_new_catalogue ON public.ride_rates IS 'cars/sql/triggers/ride_rates_make_a_new_catalogue.sql 0105c29f1eeb70cc d24e5a2b58b7d8a3047f8a4887611353';
CREATE TRIGGER seasons_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.seasons FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER seasons_make_a_new_catalogue ON public.seasons IS 'cars/sql/triggers/seasons_make_a_new_catalogue.sql d0f20d0a953693c6 05fb3c0e2ba875c7cdcb3c5a71fc4e1d';
CREATE CONSTRAINT TRIGGER seats_of_a_booking_change AFTER UPDATE ON public.departure_seats DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.booking_id IS NOT NULL) OR (new.booking_id IS NOT NULL))) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER seats_of_a_booking_change ON public.departure_seats IS 'bookings/sql/triggers/seats_of_a_booking_change.sql 8948ca7c74819650 e2b1ac6a69d87b3bb3b976dd24408b5f';
CREATE CONSTRAINT TRIGGER seats_of_a_booking_come AFTER INSERT ON public.departure_seats DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER seats_of_a_booking_come ON public.departure_seats IS 'bookings/sql/triggers/seats_of_a_booking_come.sql c35c78a99809782c 9d7274273a73d12baacf090913389ce3';
CREATE CONSTRAINT TRIGGER seats_of_a_booking_go AFTER DELETE ON public.departure_seats DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER seats_of_a_booking_go ON public.departure_seats IS 'bookings/sql/triggers/seats_of_a_booking_go.sql 7984dc9b7fbcd1d7 1b3a0067f97e9b2dfd15048db737a204';
CREATE TRIGGER security_events_are_append_only BEFORE DELETE OR UPDATE ON public.security_events FOR EACH ROW EXECUTE FUNCTION public.security_events_are_append_only();
COMMENT ON TRIGGER security_events_are_append_only ON public.security_events IS 'exodrive/sql/triggers/security_events_are_append_only.sql c7eb7ec0f2531a65 70c77f2da056ac089843b2c5bf117e8d';
CREATE TRIGGER segments_are_append_only BEFORE DELETE OR UPDATE ON public.booking_segments FOR EACH ROW EXECUTE FUNCTION public.audit_is_append_only();
COMMENT ON TRIGGER segments_are_append_only ON public.booking_segments IS 'bookings/sql/triggers/segments_are_append_only.sql 2030948648ebd1be c5d9b43c8394a1a5c210919a810499df';
CREATE CONSTRAINT TRIGGER segments_are_whole AFTER INSERT OR DELETE OR UPDATE ON public.booking_segments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER segments_are_whole ON public.booking_segments IS 'bookings/sql/triggers/segments_are_whole.sql e0113ebb7ac449a0 9caddfa2917484c3816ef1c24cafca75';
CREATE TRIGGER services_make_a_new_catalogue AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.services FOR EACH STATEMENT EXECUTE FUNCTION public.renew_catalogue_version();
COMMENT ON TRIGGER services_make_a_new_catalogue ON public.services IS 'cars/sql/triggers/services_make_a_new_catalogue.sql da75a7f7a49ca07e d11672e3008937cd6e927f2be744c2fc';
CREATE TRIGGER somebody_may_do_everything BEFORE DELETE OR UPDATE OF is_active, is_superuser ON public.users FOR EACH ROW WHEN ((old.is_active AND old.is_superuser)) EXECUTE FUNCTION public.somebody_may_do_everything();
COMMENT ON TRIGGER somebody_may_do_everything ON public.users IS 'exodrive/sql/triggers/somebody_may_do_everything.sql 00a0f71cd4d194ec ad6a24adac4dfc2cbb09cab210eb7f59';
CREATE CONSTRAINT TRIGGER spans_of_a_booking_change AFTER UPDATE ON public.vehicle_assignments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.booking_id IS NOT NULL) OR (new.booking_id IS NOT NULL))) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER spans_of_a_booking_change ON public.vehicle_assignments IS 'bookings/sql/triggers/spans_of_a_booking_change.sql 081454704278e606 fe72213f88557f2e522a9fa6e82a6943';
CREATE CONSTRAINT TRIGGER spans_of_a_booking_come AFTER INSERT ON public.vehicle_assignments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((new.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER spans_of_a_booking_come ON public.vehicle_assignments IS 'bookings/sql/triggers/spans_of_a_booking_come.sql c7a96dd6295ce997 3f7aa3b5096fd8b6be2bf44b97912d5c';
CREATE CONSTRAINT TRIGGER spans_of_a_booking_go AFTER DELETE ON public.vehicle_assignments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.booking_id IS NOT NULL)) EXECUTE FUNCTION public.booking_is_whole();
COMMENT ON TRIGGER spans_of_a_booking_go ON public.vehicle_assignments IS 'bookings/sql/triggers/spans_of_a_booking_go.sql 0343cdc60a5fc37a 3054071d443671df2a0822eee1666658';
CREATE TRIGGER sweep_lapsed_spans AFTER UPDATE OF status ON public.car_availability FOR EACH ROW WHEN ((((old.status)::text = 'service'::text) AND ((new.status)::text <> 'service'::text))) EXECUTE FUNCTION public.sweep_lapsed_spans();
COMMENT ON TRIGGER sweep_lapsed_spans ON public.car_availability IS 'bookings/sql/triggers/sweep_lapsed_spans.sql 2dcc119004fd9095 3afd382fd7d5bc843f06bcc0d50e4a37';
CREATE CONSTRAINT TRIGGER tokens_end_with_their_group AFTER DELETE ON public.users_groups DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.tokens_end_with_their_user();
COMMENT ON TRIGGER tokens_end_with_their_group ON public.users_groups IS 'exodrive/sql/triggers/tokens_end_with_their_group.sql ee4a945a3003ce8e 1e2d3c50e57fedd2c696181bfc2ab79b';
CREATE TRIGGER tokens_end_with_their_user AFTER UPDATE OF password, is_active, is_superuser ON public.users FOR EACH ROW EXECUTE FUNCTION public.tokens_end_with_their_user();
COMMENT ON TRIGGER tokens_end_with_their_user ON public.users IS 'exodrive/sql/triggers/tokens_end_with_their_user.sql c2ce9a96b4b733f6 ab9b31b5d934c3526cc98010bf8067d9';
ALTER TABLE ONLY public.api_tokens
    ADD CONSTRAINT api_tokens_user_id_2db24e1c_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissio_permission_id_84c5c92e_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_group_permissions
    ADD CONSTRAINT auth_group_permissions_group_id_b120cbf9_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.auth_permission
    ADD CONSTRAINT auth_permission_content_type_id_2f476e4b_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.block_events
    ADD CONSTRAINT block_events_car_id_2286fee2_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.blocked_dates
    ADD CONSTRAINT blocked_dates_car_id_3b4365e1_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.blocked_dates
    ADD CONSTRAINT blocked_dates_created_by_id_ba040e97_fk_users_id FOREIGN KEY (created_by_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_changes
    ADD CONSTRAINT booking_changes_booking_id_bb09faea_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_events
    ADD CONSTRAINT booking_events_booking_id_8845ff70_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_extras
    ADD CONSTRAINT booking_extras_booking_id_c79de2c9_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_extras
    ADD CONSTRAINT booking_extras_extra_id_8d6ed51f_fk_extras_id FOREIGN KEY (extra_id) REFERENCES public.extras(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_locations
    ADD CONSTRAINT booking_locations_booking_id_98000792_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_locations
    ADD CONSTRAINT booking_locations_location_id_120481c0_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_notes
    ADD CONSTRAINT booking_notes_author_id_84a93eda_fk_users_id FOREIGN KEY (author_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_notes
    ADD CONSTRAINT booking_notes_booking_id_c05410bc_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_proofs
    ADD CONSTRAINT booking_proofs_booking_id_6b4bd034_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_secure_tokens
    ADD CONSTRAINT booking_secure_tokens_booking_id_8e6fea1e_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_segments
    ADD CONSTRAINT booking_segments_booking_id_7e88ed12_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_segments
    ADD CONSTRAINT booking_segments_car_id_4a614108_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.booking_status_changes
    ADD CONSTRAINT booking_status_changes_booking_id_b711878a_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_car_id_4a79c848_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.bookings
    ADD CONSTRAINT bookings_customer_id_621160fd_fk_customers_id FOREIGN KEY (customer_id) REFERENCES public.customers(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT car_availability_block_id_0be0ee0e_fk_blocked_dates_id FOREIGN KEY (block_id) REFERENCES public.blocked_dates(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT car_availability_booking_id_983b570a_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT car_availability_car_id_7907e45c_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.car_availability
    ADD CONSTRAINT car_availability_hold_id_5e50f600_fk_holds_id FOREIGN KEY (hold_id) REFERENCES public.holds(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.car_images
    ADD CONSTRAINT car_images_car_id_126d3698_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_car_class_id_646d4b79_fk_car_classes_id FOREIGN KEY (car_class_id) REFERENCES public.car_classes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_fleet_id_efe573a4_fk_fleets_id FOREIGN KEY (fleet_id) REFERENCES public.fleets(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.cars
    ADD CONSTRAINT cars_location_id_6960a81b_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.closed_days
    ADD CONSTRAINT closed_days_location_id_494e5bee_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.customers
    ADD CONSTRAINT customers_user_id_28f6c6eb_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.data_requests
    ADD CONSTRAINT data_requests_booking_id_fb0300b7_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.departure_seats
    ADD CONSTRAINT departure_seats_booking_id_08141c24_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.departure_seats
    ADD CONSTRAINT departure_seats_departure_id_693ff4e7_fk_tour_departures_id FOREIGN KEY (departure_id) REFERENCES public.tour_departures(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.departure_seats
    ADD CONSTRAINT departure_seats_hold_id_b830a605_fk_holds_id FOREIGN KEY (hold_id) REFERENCES public.holds(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.discounts
    ADD CONSTRAINT discounts_car_id_8a1cde1a_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_content_type_id_c4bce8eb_fk_django_co FOREIGN KEY (content_type_id) REFERENCES public.django_content_type(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.django_admin_log
    ADD CONSTRAINT django_admin_log_user_id_c564eba6_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.do_not_rent
    ADD CONSTRAINT do_not_rent_decided_by_id_0ac8cd46_fk_users_id FOREIGN KEY (decided_by_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.do_not_rent
    ADD CONSTRAINT do_not_rent_lifted_by_id_3be106c4_fk_users_id FOREIGN KEY (lifted_by_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.extra_days
    ADD CONSTRAINT extra_days_extra_id_6050aa39_fk_extras_id FOREIGN KEY (extra_id) REFERENCES public.extras(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.extras
    ADD CONSTRAINT extras_location_id_b05e1d16_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.fees
    ADD CONSTRAINT fees_car_id_a784ee5c_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.fees
    ADD CONSTRAINT fees_location_id_f56ddc7e_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_booking_id_b00d3864_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_car_class_id_59fbb40e_fk_car_classes_id FOREIGN KEY (car_class_id) REFERENCES public.car_classes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_car_id_d8c279e7_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_code_id_ee59d1fc_fk_mailbox_codes_id FOREIGN KEY (code_id) REFERENCES public.mailbox_codes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_departure_id_a57a3cfc_fk_tour_departures_id FOREIGN KEY (departure_id) REFERENCES public.tour_departures(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.holds
    ADD CONSTRAINT holds_service_id_96cec9a3_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT idempotency_keys_booking_id_fceda663_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_emails
    ADD CONSTRAINT inbox_emails_booking_id_f0d5703a_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_emails
    ADD CONSTRAINT inbox_emails_code_id_ed691f71_fk_mailbox_codes_id FOREIGN KEY (code_id) REFERENCES public.mailbox_codes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_emails
    ADD CONSTRAINT inbox_emails_payment_id_df2023ee_fk_payments_id FOREIGN KEY (payment_id) REFERENCES public.payments(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT inbox_items_booking_id_ed0d9b35_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_items
    ADD CONSTRAINT inbox_items_done_by_id_21f65b1c_fk_users_id FOREIGN KEY (done_by_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_triage
    ADD CONSTRAINT inbox_triage_assigned_to_id_98c5a06f_fk_users_id FOREIGN KEY (assigned_to_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.inbox_triage
    ADD CONSTRAINT inbox_triage_booking_id_579575de_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.location_hours
    ADD CONSTRAINT location_hours_location_id_ead96011_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.locations
    ADD CONSTRAINT locations_agency_id_ab2f9e7b_fk_agencies_id FOREIGN KEY (agency_id) REFERENCES public.agencies(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.otp_static_staticdevice
    ADD CONSTRAINT otp_static_staticdevice_user_id_7f9cff2b_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.otp_static_statictoken
    ADD CONSTRAINT otp_static_statictok_device_id_74b7c7d1_fk_otp_stati FOREIGN KEY (device_id) REFERENCES public.otp_static_staticdevice(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.otp_totp_totpdevice
    ADD CONSTRAINT otp_totp_totpdevice_user_id_0fb18292_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT payment_operations_payment_id_6107a1be_fk_payments_id FOREIGN KEY (payment_id) REFERENCES public.payments(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.payment_operations
    ADD CONSTRAINT payment_operations_refund_id_a7800fe9_fk_refunds_id FOREIGN KEY (refund_id) REFERENCES public.refunds(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.payments
    ADD CONSTRAINT payments_booking_id_fa2b6c3e_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.places
    ADD CONSTRAINT places_zone_id_29a7e7c6_fk_zones_id FOREIGN KEY (zone_id) REFERENCES public.zones(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.provider_events
    ADD CONSTRAINT provider_events_payment_id_15913a8e_fk_payments_id FOREIGN KEY (payment_id) REFERENCES public.payments(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT rate_of_the_kind_of_its_service FOREIGN KEY (service_id, service_kind) REFERENCES public.services(id, kind);
ALTER TABLE ONLY public.refunds
    ADD CONSTRAINT refunds_payment_id_075bbbe0_fk_payments_id FOREIGN KEY (payment_id) REFERENCES public.payments(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rental_terms
    ADD CONSTRAINT rental_terms_car_id_5ac0f8c5_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rental_terms
    ADD CONSTRAINT rental_terms_fleet_id_52d2e642_fk_fleets_id FOREIGN KEY (fleet_id) REFERENCES public.fleets(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_car_class_id_5c5ab31a_fk_car_classes_id FOREIGN KEY (car_class_id) REFERENCES public.car_classes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_from_place_id_a9ec43fe_fk_places_id FOREIGN KEY (from_place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_from_zone_id_8b47b39b_fk_zones_id FOREIGN KEY (from_zone_id) REFERENCES public.zones(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_service_id_a4010db7_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_to_place_id_c18e74e1_fk_places_id FOREIGN KEY (to_place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.ride_rates
    ADD CONSTRAINT ride_rates_to_zone_id_298ec160_fk_zones_id FOREIGN KEY (to_zone_id) REFERENCES public.zones(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_booking_id_25d51d06_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_car_class_id_1a70b6f8_fk_car_classes_id FOREIGN KEY (car_class_id) REFERENCES public.car_classes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_departure_id_57384bd6_fk_tour_departures_id FOREIGN KEY (departure_id) REFERENCES public.tour_departures(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_from_place_id_e5091536_fk_places_id FOREIGN KEY (from_place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_service_id_7df3494b_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.rides
    ADD CONSTRAINT rides_to_place_id_733289cc_fk_places_id FOREIGN KEY (to_place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.saved_filters
    ADD CONSTRAINT saved_filters_user_id_bb81e365_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.seasons
    ADD CONSTRAINT seasons_car_id_82abcf19_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.service_hours
    ADD CONSTRAINT service_hours_service_id_0838b319_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.services
    ADD CONSTRAINT services_location_id_f8efb9b6_fk_locations_id FOREIGN KEY (location_id) REFERENCES public.locations(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT span_on_a_service_day FOREIGN KEY (car_id, date, day_status) REFERENCES public.car_availability(car_id, date, status) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.surcharges
    ADD CONSTRAINT surcharges_car_class_id_fff55497_fk_car_classes_id FOREIGN KEY (car_class_id) REFERENCES public.car_classes(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.surcharges
    ADD CONSTRAINT surcharges_place_id_e2ca041e_fk_places_id FOREIGN KEY (place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.surcharges
    ADD CONSTRAINT surcharges_service_id_3b9875ae_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tour_departures
    ADD CONSTRAINT tour_departures_car_id_f3fe6824_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tour_departures
    ADD CONSTRAINT tour_departures_tour_id_db5e9b11_fk_tours_id FOREIGN KEY (tour_id) REFERENCES public.tours(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tour_of_a_service_that_is_one FOREIGN KEY (service_id, service_kind) REFERENCES public.services(id, kind);
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_meeting_place_id_d417e6ec_fk_places_id FOREIGN KEY (meeting_place_id) REFERENCES public.places(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.tours
    ADD CONSTRAINT tours_service_id_c8d295bb_fk_services_id FOREIGN KEY (service_id) REFERENCES public.services(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.users_groups
    ADD CONSTRAINT users_groups_group_id_2f3517aa_fk_auth_group_id FOREIGN KEY (group_id) REFERENCES public.auth_group(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.users_groups
    ADD CONSTRAINT users_groups_user_id_f500bee5_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.users_user_permissions
    ADD CONSTRAINT users_user_permissio_permission_id_6d08dcd2_fk_auth_perm FOREIGN KEY (permission_id) REFERENCES public.auth_permission(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.users_user_permissions
    ADD CONSTRAINT users_user_permissions_user_id_92473840_fk_users_id FOREIGN KEY (user_id) REFERENCES public.users(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_block_id_8927ea90_fk_blocked_dates_id FOREIGN KEY (block_id) REFERENCES public.blocked_dates(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_booking_id_773e1a94_fk_bookings_id FOREIGN KEY (booking_id) REFERENCES public.bookings(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_car_id_21a48b98_fk_cars_id FOREIGN KEY (car_id) REFERENCES public.cars(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_departure_id_01bf6779_fk_tour_departures_id FOREIGN KEY (departure_id) REFERENCES public.tour_departures(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE ONLY public.vehicle_assignments
    ADD CONSTRAINT vehicle_assignments_hold_id_15c5ac79_fk_holds_id FOREIGN KEY (hold_id) REFERENCES public.holds(id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE public.agencies ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.api_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY app_all ON public.api_tokens TO exo_app USING (true) WITH CHECK (true);
COMMENT ON POLICY app_all ON public.api_tokens IS 'exodrive/sql/access.py 8ebc02e12ed7618f 849699ddbe32761ddd27eb8fe3b43050';
CREATE POLICY app_all ON public.users TO exo_app USING (true) WITH CHECK (true);
COMMENT ON POLICY app_all ON public.users IS 'exodrive/sql/access.py 29783acbeafac882 849699ddbe32761ddd27eb8fe3b43050';
ALTER TABLE public.block_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.blocked_dates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_extras ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_locations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_notes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_secure_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.booking_status_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.bookings ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.car_availability ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.car_classes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.car_images ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.cars ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.catalogue_versions ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.closed_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.data_requests ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.departure_seats ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.discounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.do_not_rent ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.event_counts ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.extra_days ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.extras ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.fees ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.fleets ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.heartbeats ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.idempotency_keys ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.inbox_emails ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.inbox_items ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.inbox_triage ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.job_runs ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ledger_changes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.location_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.locations ENABLE ROW LEVEL SECURITY;
CREATE POLICY login_new ON public.security_events FOR INSERT TO exo_app WITH CHECK ((NOT (actor_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)));
COMMENT ON POLICY login_new ON public.security_events IS 'exodrive/sql/access.py eacc907c4d04818e 16fdcf1c38e6f4abe49df37f3481200f';
ALTER TABLE public.mail_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.mailbox_codes ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payment_operations ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.payments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.places ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.provider_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY public_change_own ON public.booking_locations FOR UPDATE TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id))) WITH CHECK ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_change_own ON public.booking_locations IS 'bookings/sql/access.py a89ca7abe2e7600c a04fcba685672ea0a9a7f33635080230';
CREATE POLICY public_change_own ON public.bookings FOR UPDATE TO exo_public USING ((id = ( SELECT public.app_booking_id() AS app_booking_id))) WITH CHECK ((id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_change_own ON public.bookings IS 'bookings/sql/access.py 0e188a57fbdfe7a3 0074197d324a091177664830a2be4cc0';
CREATE POLICY public_change_own ON public.holds FOR UPDATE TO exo_public USING ((id = ( SELECT public.app_hold_id() AS app_hold_id))) WITH CHECK (((id = ( SELECT public.app_hold_id() AS app_hold_id)) AND (expires_at <= (now() + '1 day'::interval)) AND ((booking_id IS NULL) OR public.may_add_to_booking(booking_id))));
COMMENT ON POLICY public_change_own ON public.holds IS 'bookings/sql/access.py 293c2902dd2eb61a 10d05f67a7e0f03415a8dec2607e14fc';
CREATE POLICY public_change_own ON public.rides FOR UPDATE TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id))) WITH CHECK ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_change_own ON public.rides IS 'bookings/sql/access.py 684014de94bee4db a04fcba685672ea0a9a7f33635080230';
CREATE POLICY public_change_own ON public.vehicle_assignments FOR UPDATE TO exo_public USING (((hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) WITH CHECK (((block_id IS NULL) AND (departure_id IS NULL) AND ((expires_at IS NULL) OR (expires_at <= (now() + '1 day'::interval))) AND ((booking_id IS NULL) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) OR public.may_add_to_booking(booking_id)) AND ((hold_id IS NULL) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR public.may_add_to_hold(hold_id))));
COMMENT ON POLICY public_change_own ON public.vehicle_assignments IS 'bookings/sql/access.py 7d91d9595825c534 cda65e606a7d132dc7e97c38763f0c76';
CREATE POLICY public_claim ON public.car_availability FOR INSERT TO exo_public WITH CHECK ((((expires_at IS NULL) OR (expires_at <= (now() + '1 day'::interval))) AND (((status)::text = ANY ((ARRAY['pending'::character varying, 'held'::character varying, 'buffer'::character varying])::text[])) OR (((status)::text = 'booked'::text) AND (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) AND ((booking_id IS NULL) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) OR public.may_add_to_booking(booking_id)) AND ((hold_id IS NULL) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR public.may_add_to_hold(hold_id))));
COMMENT ON POLICY public_claim ON public.car_availability IS 'bookings/sql/access.py 0a989fc48a2f68e3 7d6995b2f5637768742119f7697e39d6';
CREATE POLICY public_claim ON public.vehicle_assignments FOR INSERT TO exo_public WITH CHECK (((block_id IS NULL) AND (departure_id IS NULL) AND ((expires_at IS NULL) OR (expires_at <= (now() + '1 day'::interval))) AND ((booking_id IS NULL) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) OR public.may_add_to_booking(booking_id)) AND ((hold_id IS NULL) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR public.may_add_to_hold(hold_id))));
COMMENT ON POLICY public_claim ON public.vehicle_assignments IS 'bookings/sql/access.py ce943c7284de9dcd 4d7534a1845392bdf9e8569ade01b1ad';
CREATE POLICY public_drop_own ON public.holds FOR DELETE TO exo_public USING (((id = ( SELECT public.app_hold_id() AS app_hold_id)) AND (booking_id IS NULL)));
COMMENT ON POLICY public_drop_own ON public.holds IS 'bookings/sql/access.py bc9af5603a35b475 ce966823d54291612a1b69112e79ab01';
CREATE POLICY public_new ON public.booking_changes FOR INSERT TO exo_public WITH CHECK (((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) AND ((actor_kind)::text = 'customer'::text) AND (actor_id IS NULL) AND public.changes_within_reason(booking_id)));
COMMENT ON POLICY public_new ON public.booking_changes IS 'bookings/sql/access.py a211edd5c7efe10a 87448c75e1bd849b5ad54d936416eb45';
CREATE POLICY public_new ON public.booking_locations FOR INSERT TO exo_public WITH CHECK (public.may_add_to_booking(booking_id));
COMMENT ON POLICY public_new ON public.booking_locations IS 'bookings/sql/access.py 91f5aa8617ef5894 17f0a0aff29d906307dd5335b3ee4e20';
CREATE POLICY public_new ON public.booking_secure_tokens FOR INSERT TO exo_public WITH CHECK ((public.may_add_to_booking(booking_id) AND (expires_at <= public.link_may_last_until(booking_id))));
COMMENT ON POLICY public_new ON public.booking_secure_tokens IS 'bookings/sql/access.py 43903f2c11aad871 b04e3123cec22e27e615d0b5e3e8d9ee';
CREATE POLICY public_new ON public.bookings FOR INSERT TO exo_public WITH CHECK ((((status)::text = 'pending'::text) AND ((mailbox)::text <> ''::text) AND ((payment_status)::text = 'unpaid'::text) AND ((deposit_status)::text = ''::text) AND ((paid = (0)::numeric) AND (refunded = (0)::numeric) AND (forgiven = (0)::numeric) AND (deposit_kept = (0)::numeric)) AND (deposit_until IS NULL) AND ((pay_until IS NULL) OR (pay_until <= (now() + '1 day'::interval))) AND (num_nonnulls(handed_over_at, returned_at, return_odometer_km, return_fuel_eighths, return_damage, out_from, pickup_odometer_km, pickup_fuel_eighths, licence_seen, deposit_taken, erased_at, kept_until) = 0) AND ((return_note = ''::text) AND (pickup_note = ''::text) AND ((outcome)::text = ''::text))));
COMMENT ON POLICY public_new ON public.bookings IS 'bookings/sql/access.py 4443e0c14ec855ad 415922eaabd1973cf8299f2a9ac08dbc';
CREATE POLICY public_new ON public.event_counts FOR INSERT TO exo_public WITH CHECK (((count >= 1) AND (count <= 1000000)));
COMMENT ON POLICY public_new ON public.event_counts IS 'exodrive/sql/access.py 0e0e40c580b712c5 99074cef8ac6f0c68f0d8e2c082afbee';
CREATE POLICY public_new ON public.holds FOR INSERT TO exo_public WITH CHECK (((booking_id IS NULL) AND (expires_at <= (now() + '1 day'::interval))));
COMMENT ON POLICY public_new ON public.holds IS 'bookings/sql/access.py 5f113dd9e08ce56a 926365da34d03858caeace650c6b8c68';
CREATE POLICY public_new ON public.inbox_emails FOR INSERT TO exo_public WITH CHECK ((((status)::text = 'queued'::text) AND (attempts = 0) AND (recipient = ''::text) AND (payment_id IS NULL) AND public.may_add_to_booking(booking_id) AND public.mails_within_reason(booking_id)));
COMMENT ON POLICY public_new ON public.inbox_emails IS 'inbox/sql/access.py d94ae2354e2fa21f a0da5a687a077449064d47271207c61f';
CREATE POLICY public_new ON public.inbox_items FOR INSERT TO exo_public WITH CHECK ((((status)::text = 'pending'::text) AND ((kind)::text = 'new_booking'::text) AND public.may_add_to_booking(booking_id)));
COMMENT ON POLICY public_new ON public.inbox_items IS 'inbox/sql/access.py 6a6b6fdfbdfac181 1e2dc5e851410f79ad49e3d14d17cc0b';
CREATE POLICY public_new ON public.rides FOR INSERT TO exo_public WITH CHECK ((public.may_add_to_booking(booking_id) AND ((driver_name)::text = ''::text)));
COMMENT ON POLICY public_new ON public.rides IS 'bookings/sql/access.py ceb3d6444f25debb c0d847417d63fe4eb023c26b75d624fe';
CREATE POLICY public_of_visible_cars ON public.car_images FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.cars
  WHERE (cars.id = car_images.car_id))));
COMMENT ON POLICY public_of_visible_cars ON public.car_images IS 'cars/sql/access.py bf522475b18a81b2 cb8a8a0b8e959f2c01735f0fe4180270';
CREATE POLICY public_offered ON public.cars FOR SELECT TO exo_public USING (((status)::text = 'offered'::text));
COMMENT ON POLICY public_offered ON public.cars IS 'cars/sql/access.py 18ab917890a596a2 4af9910300536bae4cf884a3649e4dca';
CREATE POLICY public_offered ON public.services FOR SELECT TO exo_public USING (is_offered);
COMMENT ON POLICY public_offered ON public.services IS 'cars/sql/access.py a63640bc0d9ed952 a8a9cb10116e615fdb830b59aee6938f';
CREATE POLICY public_own ON public.booking_extras FOR SELECT TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.booking_extras IS 'bookings/sql/access.py 0d83eb277584776f 76de0e207d617487481d4ff978a7e529';
CREATE POLICY public_own ON public.booking_locations FOR SELECT TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.booking_locations IS 'bookings/sql/access.py 6d487913cd21544e 76de0e207d617487481d4ff978a7e529';
CREATE POLICY public_own ON public.booking_proofs FOR SELECT TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.booking_proofs IS 'bookings/sql/access.py b4a93595f4c3d330 76de0e207d617487481d4ff978a7e529';
CREATE POLICY public_own ON public.booking_segments FOR SELECT TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.booking_segments IS 'bookings/sql/access.py 8ee337e017b97060 76de0e207d617487481d4ff978a7e529';
CREATE POLICY public_own ON public.bookings FOR SELECT TO exo_public USING ((id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.bookings IS 'bookings/sql/access.py 9a88a20ed3802533 f7fe5e402e091c939c70bbebd839a332';
CREATE POLICY public_own ON public.cars FOR SELECT TO exo_public USING (((id = ( SELECT bookings.car_id
   FROM public.bookings
  WHERE (bookings.id = ( SELECT public.app_booking_id() AS app_booking_id)))) OR (id = ( SELECT holds.car_id
   FROM public.holds
  WHERE (holds.id = ( SELECT public.app_hold_id() AS app_hold_id))))));
COMMENT ON POLICY public_own ON public.cars IS 'cars/sql/access.py 73ce38fc8842db80 b51795f550269bb727a1da7bd8531adf';
CREATE POLICY public_own ON public.customers FOR SELECT TO exo_public USING ((id = ( SELECT bookings.customer_id
   FROM public.bookings)));
COMMENT ON POLICY public_own ON public.customers IS 'bookings/sql/access.py d45e774497916fb5 55c34f78c0a8be9a20d7e9b83f011697';
CREATE POLICY public_own ON public.holds FOR SELECT TO exo_public USING ((id = ( SELECT public.app_hold_id() AS app_hold_id)));
COMMENT ON POLICY public_own ON public.holds IS 'bookings/sql/access.py 54b96a1c4f505d65 5cc7085b292c4340fb20e57c8d512550';
CREATE POLICY public_own ON public.rides FOR SELECT TO exo_public USING ((booking_id = ( SELECT public.app_booking_id() AS app_booking_id)));
COMMENT ON POLICY public_own ON public.rides IS 'bookings/sql/access.py f7a293bed574150c 76de0e207d617487481d4ff978a7e529';
CREATE POLICY public_own ON public.services FOR SELECT TO exo_public USING (((id = ( SELECT rides.service_id
   FROM public.rides
  WHERE (rides.booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) OR (id = ( SELECT holds.service_id
   FROM public.holds
  WHERE (holds.id = ( SELECT public.app_hold_id() AS app_hold_id))))));
COMMENT ON POLICY public_own ON public.services IS 'cars/sql/access.py 0d7a7d2559b75b29 2490a7cfd228d8369d77e925e9af4840';
CREATE POLICY public_read ON public.car_availability FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.car_availability IS 'bookings/sql/access.py b8a686268bf4fbb9 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.car_classes FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.car_classes IS 'cars/sql/access.py 0cf93a8eb29a9e43 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.catalogue_versions FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.catalogue_versions IS 'cars/sql/access.py 9f4f1d274c8d5d99 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.closed_days FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.closed_days IS 'cars/sql/access.py 51119e0e40d8844f e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.departure_seats FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.departure_seats IS 'bookings/sql/access.py 330b17ebbf00b93e e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.discounts FOR SELECT TO exo_public USING (((car_id IS NULL) OR (EXISTS ( SELECT 1
   FROM public.cars
  WHERE (cars.id = discounts.car_id)))));
COMMENT ON POLICY public_read ON public.discounts IS 'cars/sql/access.py a42ce60d7b795c47 02774b63d6977caf1e3c35b52f651f67';
CREATE POLICY public_read ON public.extra_days FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.extra_days IS 'bookings/sql/access.py ff09b414cfa7cc90 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.extras FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.extras IS 'cars/sql/access.py 88361166ebb7cdb4 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.fees FOR SELECT TO exo_public USING (((car_id IS NULL) OR (EXISTS ( SELECT 1
   FROM public.cars
  WHERE (cars.id = fees.car_id)))));
COMMENT ON POLICY public_read ON public.fees IS 'cars/sql/access.py 011f11a9eeea94a7 d999651062022e25fb46344e5bd5941f';
CREATE POLICY public_read ON public.fleets FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.fleets IS 'cars/sql/access.py 649d1ea501acc7a2 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.ledger_changes FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.ledger_changes IS 'bookings/sql/access.py 8d8bac62ae3e21f6 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.location_hours FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.location_hours IS 'cars/sql/access.py c21e55304ea9eca6 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.locations FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.locations IS 'cars/sql/access.py 323aa5254e32c95b e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.places FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.places IS 'cars/sql/access.py 2f2ea9e1effcb570 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.rental_terms FOR SELECT TO exo_public USING (((car_id IS NULL) OR (EXISTS ( SELECT 1
   FROM public.cars
  WHERE (cars.id = rental_terms.car_id)))));
COMMENT ON POLICY public_read ON public.rental_terms IS 'cars/sql/access.py 1639abc339ec6aca 31b83041697dace24e338350fcab235f';
CREATE POLICY public_read ON public.ride_rates FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.services
  WHERE (services.id = ride_rates.service_id))));
COMMENT ON POLICY public_read ON public.ride_rates IS 'cars/sql/access.py b40614ac459705da f7a9f603b779ec2045b62ab8e4cc2a70';
CREATE POLICY public_read ON public.seasons FOR SELECT TO exo_public USING (((car_id IS NULL) OR (EXISTS ( SELECT 1
   FROM public.cars
  WHERE (cars.id = seasons.car_id)))));
COMMENT ON POLICY public_read ON public.seasons IS 'cars/sql/access.py 684a3ce22ecbe4e1 f03d96d219d27c6db9f8fcafe3e61b74';
CREATE POLICY public_read ON public.service_hours FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.services
  WHERE (services.id = service_hours.service_id))));
COMMENT ON POLICY public_read ON public.service_hours IS 'cars/sql/access.py 17809e0a05dc89d2 1dfaa103ef8b81d5fdf2bcc091d439fd';
CREATE POLICY public_read ON public.surcharges FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.services
  WHERE (services.id = surcharges.service_id))));
COMMENT ON POLICY public_read ON public.surcharges IS 'cars/sql/access.py be5cf660699ebf09 4f730759225dc133af0c147dbc99be0e';
CREATE POLICY public_read ON public.tour_departures FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.tours
  WHERE (tours.id = tour_departures.tour_id))));
COMMENT ON POLICY public_read ON public.tour_departures IS 'bookings/sql/access.py 781060011ed7c7b5 260539a8d355eeb10e2879a05f23bd53';
CREATE POLICY public_read ON public.tours FOR SELECT TO exo_public USING ((EXISTS ( SELECT 1
   FROM public.services
  WHERE (services.id = tours.service_id))));
COMMENT ON POLICY public_read ON public.tours IS 'cars/sql/access.py a565a3740ca470bc 18f4d09f431e34ebbb232d326c44e647';
CREATE POLICY public_read ON public.vehicle_assignments FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.vehicle_assignments IS 'bookings/sql/access.py ccfd437c4ed69e85 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_read ON public.zones FOR SELECT TO exo_public USING (true);
COMMENT ON POLICY public_read ON public.zones IS 'cars/sql/access.py 09930f1600506655 e1c059f74bc8a9d007185a604541a384';
CREATE POLICY public_release ON public.car_availability FOR DELETE TO exo_public USING (((expires_at <= now()) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id))));
COMMENT ON POLICY public_release ON public.car_availability IS 'bookings/sql/access.py 2f69843e41b35aee e534c6103dd62c7a58259441bd438096';
CREATE POLICY public_release ON public.vehicle_assignments FOR DELETE TO exo_public USING (((expires_at <= now()) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id))));
COMMENT ON POLICY public_release ON public.vehicle_assignments IS 'bookings/sql/access.py a3a9ad933b36265c e534c6103dd62c7a58259441bd438096';
CREATE POLICY public_take ON public.departure_seats FOR UPDATE TO exo_public USING ((((booking_id IS NULL) AND (hold_id IS NULL)) OR (expires_at <= now()) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) WITH CHECK ((((expires_at IS NULL) OR (expires_at <= (now() + '1 day'::interval))) AND ((booking_id IS NULL) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) OR public.may_add_to_booking(booking_id)) AND ((hold_id IS NULL) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR public.may_add_to_hold(hold_id))));
COMMENT ON POLICY public_take ON public.departure_seats IS 'bookings/sql/access.py 325562f5883339f8 1f9cc28dc4d5def394b3f1ca17152275';
CREATE POLICY public_take_over ON public.car_availability FOR UPDATE TO exo_public USING (((expires_at <= now()) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) WITH CHECK ((((expires_at IS NULL) OR (expires_at <= (now() + '1 day'::interval))) AND (((status)::text = ANY ((ARRAY['pending'::character varying, 'held'::character varying, 'buffer'::character varying])::text[])) OR (((status)::text = 'booked'::text) AND (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)))) AND ((booking_id IS NULL) OR (booking_id = ( SELECT public.app_booking_id() AS app_booking_id)) OR public.may_add_to_booking(booking_id)) AND ((hold_id IS NULL) OR (hold_id = ( SELECT public.app_hold_id() AS app_hold_id)) OR public.may_add_to_hold(hold_id))));
COMMENT ON POLICY public_take_over ON public.car_availability IS 'bookings/sql/access.py 0f62a769851fe3a5 0fc1081f6f488738aeeaad55552271ce';
ALTER TABLE public.refunds ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.rental_terms ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.ride_rates ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.rides ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sandbox_orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.saved_filters ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.seasons ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.security_events ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_all ON public.booking_changes TO exo_service USING (true) WITH CHECK ((((actor_kind)::text = ANY ((ARRAY['job'::character varying, 'provider'::character varying])::text[])) AND (actor_id IS NULL)));
COMMENT ON POLICY service_all ON public.booking_changes IS 'bookings/sql/access.py 88aa431f2679d0d4 3d767b3ebcc54785834fd87baa1ce5e4';
CREATE POLICY service_all ON public.booking_locations TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.booking_locations IS 'bookings/sql/access.py f9a451d72c3386ee 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.booking_proofs TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.booking_proofs IS 'bookings/sql/access.py c7a694656c72350f 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.booking_secure_tokens TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.booking_secure_tokens IS 'bookings/sql/access.py 9be1c9f3ed65ac1c 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.bookings TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.bookings IS 'bookings/sql/access.py 02f86ffbda3305e7 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.customers TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.customers IS 'bookings/sql/access.py 5c8c94d16cc97b6f 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.data_requests TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.data_requests IS 'bookings/sql/access.py 6dbd0b0af39d16d3 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.departure_seats TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.departure_seats IS 'bookings/sql/access.py fd9b1751809c3a16 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.do_not_rent TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.do_not_rent IS 'bookings/sql/access.py 651aeb7208a787d1 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.event_counts TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.event_counts IS 'exodrive/sql/access.py 1a1baff96994c1f1 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.heartbeats TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.heartbeats IS 'exodrive/sql/access.py 6b74baa319bbf70d 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.holds TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.holds IS 'bookings/sql/access.py 4f3e2b0ebffc7bda 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.idempotency_keys TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.idempotency_keys IS 'bookings/sql/access.py 0a3a28434507bd9a 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.inbox_emails TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.inbox_emails IS 'inbox/sql/access.py f9b6389b8a30e9db 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.inbox_items TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.inbox_items IS 'inbox/sql/access.py d7a555c6aeab0c11 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.job_runs TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.job_runs IS 'exodrive/sql/access.py 4cab7440e440abc3 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.ledger_changes TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.ledger_changes IS 'bookings/sql/access.py 5dc02332003da68f 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.mail_events TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.mail_events IS 'inbox/sql/access.py a87cae5d4a84ea1b 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.mailbox_codes TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.mailbox_codes IS 'bookings/sql/access.py 30ce3a73b13976a6 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.payments TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.payments IS 'bookings/sql/access.py daffda10f91469d4 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.provider_events TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.provider_events IS 'bookings/sql/access.py 8a21abd151c9003b 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.refunds TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.refunds IS 'bookings/sql/access.py df05b59210b7959e 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.rides TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.rides IS 'bookings/sql/access.py 3210a34162873fe1 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.sandbox_orders TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.sandbox_orders IS 'bookings/sql/access.py 78efb8b5d6a9f303 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.tour_departures TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.tour_departures IS 'bookings/sql/access.py 8689d4e545deb707 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_all ON public.vehicle_assignments TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_all ON public.vehicle_assignments IS 'bookings/sql/access.py d040840b45f5a165 2f7c9c7e19cc0580bb963abcdbb31a56';
CREATE POLICY service_change ON public.car_availability FOR UPDATE TO exo_service USING ((((status)::text <> 'service'::text) OR (expires_at <= now()))) WITH CHECK (((status)::text <> 'service'::text));
COMMENT ON POLICY service_change ON public.car_availability IS 'bookings/sql/access.py ab409aab52a347f9 2cd98fea6a681edc5b30506d70ae8f73';
CREATE POLICY service_claim ON public.car_availability FOR INSERT TO exo_service WITH CHECK (((status)::text <> 'service'::text));
COMMENT ON POLICY service_claim ON public.car_availability IS 'bookings/sql/access.py c78d393ffbddf0ff 4fb51d753edb078a4776b2ff3fcf93e9';
ALTER TABLE public.service_hours ENABLE ROW LEVEL SECURITY;
CREATE POLICY service_new ON public.payment_operations FOR INSERT TO exo_service WITH CHECK ((((actor_kind)::text = ANY ((ARRAY['job'::character varying, 'provider'::character varying, 'customer'::character varying])::text[])) AND (actor_id IS NULL)));
COMMENT ON POLICY service_new ON public.payment_operations IS 'bookings/sql/access.py 105382a3e91e4b97 d291f1176200cb9eb93a7cf4833804af';
CREATE POLICY service_new ON public.security_events FOR INSERT TO exo_service WITH CHECK ((NOT (actor_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)));
COMMENT ON POLICY service_new ON public.security_events IS 'exodrive/sql/access.py 47c27a5f6fee3828 381f6ef2d02f911c3a5fa9f4f3e3582e';
CREATE POLICY service_old ON public.security_events FOR DELETE TO exo_service USING ((created_at < (now() - '30 days'::interval)));
COMMENT ON POLICY service_old ON public.security_events IS 'exodrive/sql/access.py 7211545f07ad4fb2 1ddeda3fe163f034097b0d607785483e';
CREATE POLICY service_outcome ON public.payment_operations FOR UPDATE TO exo_service USING (true) WITH CHECK (true);
COMMENT ON POLICY service_outcome ON public.payment_operations IS 'bookings/sql/access.py 346a370ec7636fb4 eb726693b98a5382cc74a3661b5825af';
CREATE POLICY service_read ON public.agencies FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.agencies IS 'cars/sql/access.py 685b14b485830251 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.block_events FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.block_events IS 'bookings/sql/access.py ef879a98378aefa6 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.blocked_dates FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.blocked_dates IS 'bookings/sql/access.py 22482d158a104831 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.booking_events FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.booking_events IS 'bookings/sql/access.py 82718f55192287b4 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.booking_extras FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.booking_extras IS 'bookings/sql/access.py 1906c60b7f5472ab 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.booking_segments FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.booking_segments IS 'bookings/sql/access.py 84796128fc233aa0 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.booking_status_changes FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.booking_status_changes IS 'bookings/sql/access.py 5d0f1b32c02ab421 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.car_availability FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.car_availability IS 'bookings/sql/access.py a98d6140ca09a403 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.car_classes FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.car_classes IS 'cars/sql/access.py f512ae89ba71a0c1 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.car_images FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.car_images IS 'cars/sql/access.py 17fbb7bb29b22e53 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.cars FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.cars IS 'cars/sql/access.py 839d6c4112b3f43f 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.catalogue_versions FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.catalogue_versions IS 'cars/sql/access.py 84833c3f2ef7e878 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.closed_days FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.closed_days IS 'cars/sql/access.py 993385f1b676d5e7 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.discounts FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.discounts IS 'cars/sql/access.py 9a3728aa4907230a 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.extra_days FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.extra_days IS 'bookings/sql/access.py 54c787a7f45d59c3 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.extras FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.extras IS 'cars/sql/access.py b5342b71185e0060 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.fees FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.fees IS 'cars/sql/access.py 0b97cf6dc215fba7 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.fleets FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.fleets IS 'cars/sql/access.py 8afd948b0b4c7049 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.inbox_triage FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.inbox_triage IS 'inbox/sql/access.py 1a74b55f98414c00 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.location_hours FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.location_hours IS 'cars/sql/access.py 2b3b2cb3a6391489 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.locations FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.locations IS 'cars/sql/access.py 5b0de870b8d689cd 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.payment_operations FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.payment_operations IS 'bookings/sql/access.py 44c61823d7316e38 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.places FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.places IS 'cars/sql/access.py 8bb41ca721fd582e 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.rental_terms FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.rental_terms IS 'cars/sql/access.py bb214829f2a10807 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.ride_rates FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.ride_rates IS 'cars/sql/access.py 52211250fdc8d3e1 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.seasons FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.seasons IS 'cars/sql/access.py abd92fba49ae41c4 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.security_events FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.security_events IS 'exodrive/sql/access.py c76aed74ed2dc4e8 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.service_hours FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.service_hours IS 'cars/sql/access.py 2a5b692225b30abe 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.services FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.services IS 'cars/sql/access.py db084faafce13172 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.surcharges FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.surcharges IS 'cars/sql/access.py 9d0b7ef476b47090 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.tours FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.tours IS 'cars/sql/access.py 06c204e89161f4a1 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.users FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.users IS 'exodrive/sql/access.py 65634bfa78efa7d1 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_read ON public.zones FOR SELECT TO exo_service USING (true);
COMMENT ON POLICY service_read ON public.zones IS 'cars/sql/access.py 5e5c5c0e01d29034 97c27411cb12aea49ab7182385ee7169';
CREATE POLICY service_release ON public.car_availability FOR DELETE TO exo_service USING (true);
COMMENT ON POLICY service_release ON public.car_availability IS 'bookings/sql/access.py abfa6504647c5b78 6cba7c42b7232b38135f91f066c56c94';
ALTER TABLE public.services ENABLE ROW LEVEL SECURITY;
CREATE POLICY staff_all ON public.agencies TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.agencies IS 'cars/sql/access.py b2c89693db29fdf2 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.api_tokens TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.api_tokens IS 'exodrive/sql/access.py 92e779ce18e3f4a8 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.blocked_dates TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.blocked_dates IS 'bookings/sql/access.py 363289866efa1a94 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.booking_changes TO exo_staff USING (true) WITH CHECK ((((actor_kind)::text = 'staff'::text) AND (NOT (actor_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint))));
COMMENT ON POLICY staff_all ON public.booking_changes IS 'bookings/sql/access.py b25d54da8b5aeb71 eb818a979b6494a0d378c88bdbd5c474';
CREATE POLICY staff_all ON public.booking_locations TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.booking_locations IS 'bookings/sql/access.py 1f1b10adf109d12b b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.booking_notes TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.booking_notes IS 'bookings/sql/access.py d317d0c1781a4e90 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.booking_proofs TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.booking_proofs IS 'bookings/sql/access.py d3bcf5c8691f0af3 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.booking_secure_tokens TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.booking_secure_tokens IS 'bookings/sql/access.py 4f73e7d6b76e3ef8 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.booking_segments TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.booking_segments IS 'bookings/sql/access.py 80d7563386a36ff5 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.bookings TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.bookings IS 'bookings/sql/access.py bfa8d888f37127a3 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.car_classes TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.car_classes IS 'cars/sql/access.py 82d10c522128820b b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.car_images TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.car_images IS 'cars/sql/access.py 0a273cf533a56d1c b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.cars TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.cars IS 'cars/sql/access.py 63c76c8e03b410ce b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.closed_days TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.closed_days IS 'cars/sql/access.py b42aa4cd77b40e95 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.customers TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.customers IS 'bookings/sql/access.py 4c9291faf5160089 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.departure_seats TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.departure_seats IS 'bookings/sql/access.py 73dbd44ff223e8ea b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.discounts TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.discounts IS 'cars/sql/access.py 15911b28dab9638a b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.extras TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.extras IS 'cars/sql/access.py bbfc9534ebbcd151 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.fees TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.fees IS 'cars/sql/access.py c32e1be3046ba1e5 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.fleets TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.fleets IS 'cars/sql/access.py 55aefecfbfe86ae4 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.holds TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.holds IS 'bookings/sql/access.py 6cadd2d7f6f2f6dc b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.inbox_emails TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.inbox_emails IS 'inbox/sql/access.py dcd8bff1ac77de97 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.inbox_items TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.inbox_items IS 'inbox/sql/access.py 3934a7ff09773c01 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.inbox_triage TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.inbox_triage IS 'inbox/sql/access.py 6c27f59a28ce5b1d b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.location_hours TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.location_hours IS 'cars/sql/access.py 252778cbe706f251 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.locations TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.locations IS 'cars/sql/access.py fc7ec16078bc0f1b b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.payments TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.payments IS 'bookings/sql/access.py 8ea33d90b5ae5f81 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.places TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.places IS 'cars/sql/access.py bd7bf056e0d4ded6 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.provider_events TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.provider_events IS 'bookings/sql/access.py 10a554a70ad04e49 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.refunds TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.refunds IS 'bookings/sql/access.py 66186c2282bbe29a b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.rental_terms TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.rental_terms IS 'cars/sql/access.py 9c2ddd7b0275173e b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.ride_rates TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.ride_rates IS 'cars/sql/access.py ff0ed841b2b7c649 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.rides TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.rides IS 'bookings/sql/access.py af6aba59c8a30c9b b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.seasons TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.seasons IS 'cars/sql/access.py 3d93f4d20c64d8fc b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.service_hours TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.service_hours IS 'cars/sql/access.py 13d26c2eef545162 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.services TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.services IS 'cars/sql/access.py a47c56fae66e085d b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.surcharges TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.surcharges IS 'cars/sql/access.py 9ceccc85e71dd1ac b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.tour_departures TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.tour_departures IS 'bookings/sql/access.py bed419261434617d b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.tours TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.tours IS 'cars/sql/access.py 133f66c1fbaa7bc7 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.users TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.users IS 'exodrive/sql/access.py 0734f25f315636e6 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.vehicle_assignments TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.vehicle_assignments IS 'bookings/sql/access.py b8f5cd4ff54b5bd5 b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_all ON public.zones TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_all ON public.zones IS 'cars/sql/access.py 205696082df6f4bd b4fe35823ae64390502a95fcabc1b671';
CREATE POLICY staff_change ON public.car_availability FOR UPDATE TO exo_staff USING ((((status)::text <> 'service'::text) OR (expires_at <= now()))) WITH CHECK (((status)::text <> 'service'::text));
COMMENT ON POLICY staff_change ON public.car_availability IS 'bookings/sql/access.py a3e4a0c71d5c6e5d 65db7304956f30d3c11111c3966ecfb6';
CREATE POLICY staff_change_own ON public.saved_filters FOR UPDATE TO exo_staff USING ((user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)) WITH CHECK ((user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint));
COMMENT ON POLICY staff_change_own ON public.saved_filters IS 'inbox/sql/access.py 06e959830584e26f 4d07c65b83ab41d44c2402919cade5db';
CREATE POLICY staff_claim ON public.car_availability FOR INSERT TO exo_staff WITH CHECK (((status)::text <> 'service'::text));
COMMENT ON POLICY staff_claim ON public.car_availability IS 'bookings/sql/access.py f8a910f66859a8ee 2f33729f42e1b223a0c27044ace8afc2';
CREATE POLICY staff_drop_own ON public.saved_filters FOR DELETE TO exo_staff USING ((user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint));
COMMENT ON POLICY staff_drop_own ON public.saved_filters IS 'inbox/sql/access.py 5137461ce9fa7bad 08009b92d8a721d9abd792c59f7d537b';
CREATE POLICY staff_lift ON public.do_not_rent FOR UPDATE TO exo_staff USING (( SELECT public.acts_as_manager() AS acts_as_manager)) WITH CHECK ((( SELECT public.acts_as_manager() AS acts_as_manager) AND (NOT (lifted_by_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint))));
COMMENT ON POLICY staff_lift ON public.do_not_rent IS 'bookings/sql/access.py df9d6b101f2e8aaa 51280ed358ca6a54061569b13281e8a9';
CREATE POLICY staff_new ON public.do_not_rent FOR INSERT TO exo_staff WITH CHECK ((( SELECT public.acts_as_manager() AS acts_as_manager) AND (NOT (decided_by_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint))));
COMMENT ON POLICY staff_new ON public.do_not_rent IS 'bookings/sql/access.py 8070518253cf01c1 ca8bd7b6c8087cce8c562e501832f4ae';
CREATE POLICY staff_new ON public.payment_operations FOR INSERT TO exo_staff WITH CHECK ((((actor_kind)::text = 'staff'::text) AND (NOT (actor_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint))));
COMMENT ON POLICY staff_new ON public.payment_operations IS 'bookings/sql/access.py 214b669ea241fe7a d53be39bb6a932cf7e4317c711b3dda5';
CREATE POLICY staff_new ON public.saved_filters FOR INSERT TO exo_staff WITH CHECK ((user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint));
COMMENT ON POLICY staff_new ON public.saved_filters IS 'inbox/sql/access.py b51e40db8850d4ca 96bdb13a252f84e3b03b2b45cf4da8ba';
CREATE POLICY staff_new ON public.security_events FOR INSERT TO exo_staff WITH CHECK ((NOT (actor_id IS DISTINCT FROM (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)));
COMMENT ON POLICY staff_new ON public.security_events IS 'exodrive/sql/access.py 7746fa4ce774e3d6 5cf4cdd688cb6708e954e67f9e99ae6b';
CREATE POLICY staff_outcome ON public.payment_operations FOR UPDATE TO exo_staff USING (true) WITH CHECK (true);
COMMENT ON POLICY staff_outcome ON public.payment_operations IS 'bookings/sql/access.py 2b5d92f74faa5754 066f0d53d8b19cbf11e26a215e1f9044';
CREATE POLICY staff_own_or_shared ON public.saved_filters FOR SELECT TO exo_staff USING ((shared OR (user_id = (NULLIF(current_setting('app.user_id'::text, true), ''::text))::bigint)));
COMMENT ON POLICY staff_own_or_shared ON public.saved_filters IS 'inbox/sql/access.py d6e3c415baf28c0b f40e56ce8e2b4caf8b391cd4df8ddb40';
CREATE POLICY staff_read ON public.block_events FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.block_events IS 'bookings/sql/access.py fd6e9ef5070639e7 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.booking_events FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.booking_events IS 'bookings/sql/access.py ee2c844b67df5239 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.booking_extras FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.booking_extras IS 'bookings/sql/access.py ffb5bd4ea28d086f c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.booking_status_changes FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.booking_status_changes IS 'bookings/sql/access.py 8c825f090ff24681 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.car_availability FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.car_availability IS 'bookings/sql/access.py 1457ef67317cb4ae c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.catalogue_versions FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.catalogue_versions IS 'cars/sql/access.py e087b5c92a83b784 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.data_requests FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.data_requests IS 'bookings/sql/access.py 2dbcb169f9c893da c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.do_not_rent FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.do_not_rent IS 'bookings/sql/access.py 617a4a149d2a8200 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.event_counts FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.event_counts IS 'exodrive/sql/access.py aaa4328aef5d6a57 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.extra_days FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.extra_days IS 'bookings/sql/access.py c2e202adef4cffa5 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.heartbeats FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.heartbeats IS 'exodrive/sql/access.py 597aef0ff8c26b0d c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.idempotency_keys FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.idempotency_keys IS 'bookings/sql/access.py ad66adaf6d6249af c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.job_runs FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.job_runs IS 'exodrive/sql/access.py d0c6e662d06a889f c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.ledger_changes FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.ledger_changes IS 'bookings/sql/access.py 69d82c888764d8a0 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.mail_events FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.mail_events IS 'inbox/sql/access.py ef3409659994c60e c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.payment_operations FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.payment_operations IS 'bookings/sql/access.py 5deee17bc1e9d37a c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_read ON public.security_events FOR SELECT TO exo_staff USING (true);
COMMENT ON POLICY staff_read ON public.security_events IS 'exodrive/sql/access.py 8f5e51dbe7f49199 c674a4dcc18bbd87b5a3622a866bd222';
CREATE POLICY staff_release ON public.car_availability FOR DELETE TO exo_staff USING (true);
COMMENT ON POLICY staff_release ON public.car_availability IS 'bookings/sql/access.py 9a93e713db265765 aa1e122c18bcb9e29f8c2f68526f5d69';
ALTER TABLE public.surcharges ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tour_departures ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tours ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.vehicle_assignments ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.zones ENABLE ROW LEVEL SECURITY;
REVOKE ALL ON FUNCTION pg_catalog.lo_close(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_close(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_close(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_creat(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_creat(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_creat(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_create(oid) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_create(oid) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_create(oid) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_from_bytea(oid, bytea) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_get(oid) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_get(oid) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_get(oid) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_get(oid, bigint, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_get(oid, bigint, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_get(oid, bigint, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_lseek(integer, integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_lseek(integer, integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_lseek(integer, integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_lseek64(integer, bigint, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_lseek64(integer, bigint, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_lseek64(integer, bigint, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_open(oid, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_open(oid, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_open(oid, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_put(oid, bigint, bytea) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_tell(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_tell(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_tell(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_tell64(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_tell64(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_tell64(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_truncate(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_truncate(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_truncate(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_truncate64(integer, bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_truncate64(integer, bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_truncate64(integer, bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lo_unlink(oid) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lo_unlink(oid) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lo_unlink(oid) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.loread(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.loread(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.loread(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.lowrite(integer, bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.lowrite(integer, bytea) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.lowrite(integer, bytea) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock(bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock(bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_advisory_lock_shared(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_cancel_backend(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_cancel_backend(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_cancel_backend(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message bytea, flush boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message bytea, flush boolean) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message bytea, flush boolean) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message text, flush boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message text, flush boolean) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_logical_emit_message(transactional boolean, prefix text, message text, flush boolean) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_notify(text, text) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_notify(text, text) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_notify(text, text) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_stat_get_activity(pid integer, OUT datid oid, OUT pid integer, OUT usesysid oid, OUT application_name text, OUT state text, OUT query text, OUT wait_event_type text, OUT wait_event text, OUT xact_start timestamp with time zone, OUT query_start timestamp with time zone, OUT backend_start timestamp with time zone, OUT state_change timestamp with time zone, OUT client_addr inet, OUT client_hostname text, OUT client_port integer, OUT backend_xid xid, OUT backend_xmin xid, OUT backend_type text, OUT ssl boolean, OUT sslversion text, OUT sslcipher text, OUT sslbits integer, OUT ssl_client_dn text, OUT ssl_client_serial numeric, OUT ssl_issuer_dn text, OUT gss_auth boolean, OUT gss_princ text, OUT gss_enc boolean, OUT gss_delegation boolean, OUT leader_pid integer, OUT query_id bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_stat_get_activity(pid integer, OUT datid oid, OUT pid integer, OUT usesysid oid, OUT application_name text, OUT state text, OUT query text, OUT wait_event_type text, OUT wait_event text, OUT xact_start timestamp with time zone, OUT query_start timestamp with time zone, OUT backend_start timestamp with time zone, OUT state_change timestamp with time zone, OUT client_addr inet, OUT client_hostname text, OUT client_port integer, OUT backend_xid xid, OUT backend_xmin xid, OUT backend_type text, OUT ssl boolean, OUT sslversion text, OUT sslcipher text, OUT sslbits integer, OUT ssl_client_dn text, OUT ssl_client_serial numeric, OUT ssl_issuer_dn text, OUT gss_auth boolean, OUT gss_princ text, OUT gss_enc boolean, OUT gss_delegation boolean, OUT leader_pid integer, OUT query_id bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_stat_get_activity(pid integer, OUT datid oid, OUT pid integer, OUT usesysid oid, OUT application_name text, OUT state text, OUT query text, OUT wait_event_type text, OUT wait_event text, OUT xact_start timestamp with time zone, OUT query_start timestamp with time zone, OUT backend_start timestamp with time zone, OUT state_change timestamp with time zone, OUT client_addr inet, OUT client_hostname text, OUT client_port integer, OUT backend_xid xid, OUT backend_xmin xid, OUT backend_type text, OUT ssl boolean, OUT sslversion text, OUT sslcipher text, OUT sslbits integer, OUT ssl_client_dn text, OUT ssl_client_serial numeric, OUT ssl_issuer_dn text, OUT gss_auth boolean, OUT gss_princ text, OUT gss_enc boolean, OUT gss_delegation boolean, OUT leader_pid integer, OUT query_id bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_stat_get_backend_activity(integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_stat_get_backend_activity(integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_stat_get_backend_activity(integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_terminate_backend(pid integer, timeout bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_terminate_backend(pid integer, timeout bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_terminate_backend(pid integer, timeout bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(bigint) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(bigint) TO exo_owner;
REVOKE ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer) TO pg_monitor;
GRANT ALL ON FUNCTION pg_catalog.pg_try_advisory_lock_shared(integer, integer) TO exo_owner;
REVOKE ALL ON FUNCTION public.acting_role() FROM PUBLIC;
GRANT ALL ON FUNCTION public.acting_role() TO exo_public;
GRANT ALL ON FUNCTION public.acting_role() TO exo_staff;
GRANT ALL ON FUNCTION public.acting_role() TO exo_service;
REVOKE ALL ON FUNCTION public.acts_as_manager() FROM PUBLIC;
GRANT ALL ON FUNCTION public.acts_as_manager() TO exo_staff;
REVOKE ALL ON FUNCTION public.app_booking_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_booking_id() TO exo_public;
GRANT ALL ON FUNCTION public.app_booking_id() TO exo_staff;
GRANT ALL ON FUNCTION public.app_booking_id() TO exo_service;
REVOKE ALL ON FUNCTION public.app_hold_id() FROM PUBLIC;
GRANT ALL ON FUNCTION public.app_hold_id() TO exo_public;
GRANT ALL ON FUNCTION public.app_hold_id() TO exo_staff;
GRANT ALL ON FUNCTION public.app_hold_id() TO exo_service;
REVOKE ALL ON FUNCTION public.ask_for_code(p_mailbox text, p_visitor text, p_language text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ask_for_code(p_mailbox text, p_visitor text, p_language text) TO exo_public;
GRANT ALL ON FUNCTION public.ask_for_code(p_mailbox text, p_visitor text, p_language text) TO exo_staff;
REVOKE ALL ON FUNCTION public.ask_for_data(p_kind text, p_minutes integer, p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ask_for_data(p_kind text, p_minutes integer, p_hours integer) TO exo_public;
REVOKE ALL ON FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) TO exo_public;
GRANT ALL ON FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) TO exo_staff;
GRANT ALL ON FUNCTION public.book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) TO exo_service;
REVOKE ALL ON FUNCTION public.booking_is_priced() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.booking_is_whole() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.calendar_sequence(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.calendar_sequence(p_booking uuid) TO exo_public;
GRANT ALL ON FUNCTION public.calendar_sequence(p_booking uuid) TO exo_service;
GRANT ALL ON FUNCTION public.calendar_sequence(p_booking uuid) TO exo_staff;
REVOKE ALL ON FUNCTION public.changes_within_reason(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.changes_within_reason(p_booking uuid) TO exo_public;
REVOKE ALL ON FUNCTION public.check_booking(p_booking uuid, p_new boolean) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.check_ride(p_booking uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.claims_are_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.confirm_code(p_mailbox text, p_visitor text, p_code text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.confirm_code(p_mailbox text, p_visitor text, p_code text) TO exo_public;
REVOKE ALL ON FUNCTION public.confirm_copy() FROM PUBLIC;
GRANT ALL ON FUNCTION public.confirm_copy() TO exo_public;
REVOKE ALL ON FUNCTION public.confirm_erasure(OUT outcome text, OUT unfinished text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.confirm_erasure(OUT outcome text, OUT unfinished text[]) TO exo_public;
REVOKE ALL ON FUNCTION public.correct_address(p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.correct_address(p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_most integer) TO exo_public;
REVOKE ALL ON FUNCTION public.correct_customer(p_booking uuid, p_full_name text, p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_hours integer, p_minutes integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.correct_customer(p_booking uuid, p_full_name text, p_email text, p_mailbox text, p_nonce bytea, p_hash text, p_hours integer, p_minutes integer) TO exo_staff;
REVOKE ALL ON FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) TO exo_public;
GRANT ALL ON FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) TO exo_service;
GRANT ALL ON FUNCTION public.customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) TO exo_staff;
REVOKE ALL ON FUNCTION public.customers_of(p_key text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.data_of_mailbox(p_mailbox text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.data_of_mailbox(p_mailbox text) TO exo_service;
REVOKE ALL ON FUNCTION public.data_request(OUT kind text, OUT outcome text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.data_request(OUT kind text, OUT outcome text) TO exo_public;
REVOKE ALL ON FUNCTION public.day_rates(p_car bigint, p_start date, p_end date) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.erase_mailbox(p_mailbox text, OUT unfinished text[], OUT counts jsonb) FROM PUBLIC;
GRANT ALL ON FUNCTION public.erase_mailbox(p_mailbox text, OUT unfinished text[], OUT counts jsonb) TO exo_service;
REVOKE ALL ON FUNCTION public.hold_is_priced() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) TO exo_public;
GRANT ALL ON FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) TO exo_service;
GRANT ALL ON FUNCTION public.hold_turn(p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval, OUT since timestamp with time zone, OUT until timestamp with time zone) TO exo_staff;
REVOKE ALL ON FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) TO exo_public;
GRANT ALL ON FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) TO exo_service;
GRANT ALL ON FUNCTION public.holds_of(p_visitor text, p_network text, OUT of_visitor integer, OUT of_network integer) TO exo_staff;
REVOKE ALL ON FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) TO exo_public;
GRANT ALL ON FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) TO exo_staff;
GRANT ALL ON FUNCTION public.idem_begin(p_scope text, p_key text, p_fingerprint text, OUT state text, OUT booking uuid, OUT nonce bytea) TO exo_service;
REVOKE ALL ON FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) TO exo_public;
GRANT ALL ON FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) TO exo_staff;
GRANT ALL ON FUNCTION public.idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) TO exo_service;
REVOKE ALL ON FUNCTION public.last_change(p_booking uuid, p_name text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.last_change(p_booking uuid, p_name text) TO exo_public;
GRANT ALL ON FUNCTION public.last_change(p_booking uuid, p_name text) TO exo_staff;
REVOKE ALL ON FUNCTION public.late_cars(p_at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.late_cars(p_at timestamp with time zone) TO exo_public;
GRANT ALL ON FUNCTION public.late_cars(p_at timestamp with time zone) TO exo_service;
GRANT ALL ON FUNCTION public.late_cars(p_at timestamp with time zone) TO exo_staff;
REVOKE ALL ON FUNCTION public.link_may_last_until(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.link_may_last_until(p_booking uuid) TO exo_public;
REVOKE ALL ON FUNCTION public.link_nonce() FROM PUBLIC;
GRANT ALL ON FUNCTION public.link_nonce() TO exo_public;
GRANT ALL ON FUNCTION public.link_nonce() TO exo_staff;
GRANT ALL ON FUNCTION public.link_nonce() TO exo_service;
REVOKE ALL ON FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) FROM PUBLIC;
GRANT ALL ON FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) TO exo_public;
GRANT ALL ON FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) TO exo_staff;
GRANT ALL ON FUNCTION public.lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) TO exo_service;
REVOKE ALL ON FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) TO exo_public;
GRANT ALL ON FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) TO exo_service;
GRANT ALL ON FUNCTION public.mail_link_again(p_mailbox text, p_reference text, p_hours integer) TO exo_staff;
REVOKE ALL ON FUNCTION public.mails_within_reason(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.mails_within_reason(p_booking uuid) TO exo_public;
REVOKE ALL ON FUNCTION public.marks_of(p_hashes text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.marks_of(p_hashes text[]) TO exo_public;
GRANT ALL ON FUNCTION public.marks_of(p_hashes text[]) TO exo_service;
REVOKE ALL ON FUNCTION public.may_add_to_booking(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.may_add_to_booking(p_booking uuid) TO exo_public;
REVOKE ALL ON FUNCTION public.may_add_to_hold(p_hold uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.may_add_to_hold(p_hold uuid) TO exo_public;
REVOKE ALL ON FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) TO exo_public;
GRANT ALL ON FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) TO exo_service;
GRANT ALL ON FUNCTION public.must_prove(p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer, OUT refused text, OUT due timestamp with time zone) TO exo_staff;
REVOKE ALL ON FUNCTION public.news_end_a_snooze() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.note_event(p_booking uuid, p_kind text) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.note_ledger_change() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.note_unmailed(p_booking uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.note_unmailed(p_booking uuid) TO exo_staff;
REVOKE ALL ON FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) TO exo_public;
GRANT ALL ON FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) TO exo_staff;
GRANT ALL ON FUNCTION public.open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) TO exo_service;
REVOKE ALL ON FUNCTION public.prove_booking(p_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.prove_booking(p_hash text) TO exo_public;
GRANT ALL ON FUNCTION public.prove_booking(p_hash text) TO exo_service;
GRANT ALL ON FUNCTION public.prove_booking(p_hash text) TO exo_staff;
REVOKE ALL ON FUNCTION public.renew_catalogue_version() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.reopen_inbox_item() FROM PUBLIC;
GRANT ALL ON FUNCTION public.reopen_inbox_item() TO exo_public;
REVOKE ALL ON FUNCTION public.ride_is_priced() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.ride_price_fits(p_service bigint, p_class bigint, p_starts timestamp with time zone, p_ends timestamp with time zone, p_choice jsonb, p_quote jsonb, p_agreed jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION public.rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) TO exo_staff;
GRANT ALL ON FUNCTION public.rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) TO exo_service;
REVOKE ALL ON FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) TO exo_public;
GRANT ALL ON FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) TO exo_staff;
GRANT ALL ON FUNCTION public.set_link_pin(p_booking uuid, p_salt text, p_hash text) TO exo_service;
REVOKE ALL ON FUNCTION public.tokens_are_noted() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.tokens_end_with_their_user() FROM PUBLIC;
REVOKE ALL ON FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) TO exo_public;
GRANT ALL ON FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) TO exo_service;
GRANT ALL ON FUNCTION public.too_much_unproven(p_car bigint, p_start date, p_end date, p_share integer, p_replaced uuid) TO exo_staff;
REVOKE ALL ON FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) TO exo_public;
GRANT ALL ON FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) TO exo_staff;
GRANT ALL ON FUNCTION public.try_pin(p_hash text, OUT fits boolean, OUT wait integer) TO exo_service;
REVOKE ALL ON FUNCTION public.written_now(p_xmin xid) FROM PUBLIC;
GRANT ALL ON FUNCTION public.written_now(p_xmin xid) TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.agencies TO exo_staff;
GRANT SELECT ON TABLE public.agencies TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.api_tokens TO exo_staff;
GRANT SELECT ON TABLE public.api_tokens TO exo_app;
GRANT UPDATE(last_used_at) ON TABLE public.api_tokens TO exo_app;
GRANT SELECT ON TABLE public.auth_group TO exo_app;
GRANT SELECT ON TABLE public.auth_group TO exo_staff;
GRANT SELECT ON TABLE public.auth_group TO exo_service;
GRANT SELECT ON TABLE public.auth_group_permissions TO exo_app;
GRANT SELECT ON TABLE public.auth_group_permissions TO exo_staff;
GRANT SELECT ON TABLE public.auth_permission TO exo_app;
GRANT SELECT ON TABLE public.auth_permission TO exo_staff;
GRANT SELECT ON TABLE public.block_events TO exo_service;
GRANT SELECT ON TABLE public.block_events TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.blocked_dates TO exo_staff;
GRANT SELECT ON TABLE public.blocked_dates TO exo_service;
GRANT SELECT,INSERT ON TABLE public.booking_changes TO exo_staff;
GRANT SELECT,INSERT ON TABLE public.booking_changes TO exo_service;
GRANT INSERT ON TABLE public.booking_changes TO exo_public;
GRANT SELECT ON TABLE public.booking_events TO exo_staff;
GRANT SELECT ON TABLE public.booking_events TO exo_service;
GRANT SELECT ON TABLE public.booking_extras TO exo_staff;
GRANT SELECT ON TABLE public.booking_extras TO exo_service;
GRANT SELECT ON TABLE public.booking_extras TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_locations TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_locations TO exo_service;
GRANT SELECT,INSERT ON TABLE public.booking_locations TO exo_public;
GRANT UPDATE(location_id) ON TABLE public.booking_locations TO exo_public;
GRANT SELECT,INSERT ON TABLE public.booking_notes TO exo_staff;
GRANT SELECT ON TABLE public.booking_proofs TO exo_service;
GRANT SELECT ON TABLE public.booking_proofs TO exo_staff;
GRANT SELECT(id) ON TABLE public.booking_proofs TO exo_public;
GRANT SELECT(due_at) ON TABLE public.booking_proofs TO exo_public;
GRANT SELECT(proven_at) ON TABLE public.booking_proofs TO exo_public;
GRANT UPDATE(proven_at) ON TABLE public.booking_proofs TO exo_service;
GRANT UPDATE(proven_at) ON TABLE public.booking_proofs TO exo_staff;
GRANT UPDATE(how) ON TABLE public.booking_proofs TO exo_service;
GRANT UPDATE(how) ON TABLE public.booking_proofs TO exo_staff;
GRANT UPDATE(visitor) ON TABLE public.booking_proofs TO exo_service;
GRANT UPDATE(network) ON TABLE public.booking_proofs TO exo_service;
GRANT UPDATE(token_hash) ON TABLE public.booking_proofs TO exo_service;
GRANT SELECT(booking_id) ON TABLE public.booking_proofs TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.booking_secure_tokens TO exo_staff;
GRANT SELECT,UPDATE ON TABLE public.booking_secure_tokens TO exo_service;
GRANT INSERT ON TABLE public.booking_secure_tokens TO exo_public;
GRANT SELECT ON TABLE public.booking_segments TO exo_public;
GRANT SELECT ON TABLE public.booking_segments TO exo_service;
GRANT SELECT,INSERT ON TABLE public.booking_segments TO exo_staff;
GRANT SELECT ON TABLE public.booking_status_changes TO exo_staff;
GRANT SELECT ON TABLE public.booking_status_changes TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.bookings TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.bookings TO exo_service;
GRANT SELECT,INSERT ON TABLE public.bookings TO exo_public;
GRANT UPDATE(start_date) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(end_date) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(pickup_time) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(return_time) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(buffer_days) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(status) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(quote) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(terms) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(total) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(deposit) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(phone) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(special_requests) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(car_id) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(delivery) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(driver_age) ON TABLE public.bookings TO exo_public;
GRANT UPDATE(delivery_address) ON TABLE public.bookings TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.car_availability TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.car_availability TO exo_service;
GRANT INSERT,DELETE,UPDATE ON TABLE public.car_availability TO exo_public;
GRANT SELECT(date) ON TABLE public.car_availability TO exo_public;
GRANT SELECT(status) ON TABLE public.car_availability TO exo_public;
GRANT SELECT(expires_at) ON TABLE public.car_availability TO exo_public;
GRANT SELECT(booking_id) ON TABLE public.car_availability TO exo_public;
GRANT SELECT(car_id) ON TABLE public.car_availability TO exo_public;
GRANT SELECT(hold_id) ON TABLE public.car_availability TO exo_public;
GRANT SELECT ON TABLE public.car_classes TO exo_public;
GRANT SELECT ON TABLE public.car_classes TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.car_classes TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.car_images TO exo_staff;
GRANT SELECT ON TABLE public.car_images TO exo_service;
GRANT SELECT ON TABLE public.car_images TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.cars TO exo_staff;
GRANT SELECT ON TABLE public.cars TO exo_service;
GRANT SELECT ON TABLE public.cars TO exo_public;
GRANT SELECT ON TABLE public.catalogue_versions TO exo_public;
GRANT SELECT ON TABLE public.catalogue_versions TO exo_service;
GRANT SELECT ON TABLE public.catalogue_versions TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.closed_days TO exo_staff;
GRANT SELECT ON TABLE public.closed_days TO exo_service;
GRANT SELECT ON TABLE public.closed_days TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.customers TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.customers TO exo_service;
GRANT SELECT(id) ON TABLE public.customers TO exo_public;
GRANT SELECT(email) ON TABLE public.customers TO exo_public;
GRANT SELECT ON TABLE public.data_requests TO exo_staff;
GRANT SELECT,DELETE ON TABLE public.data_requests TO exo_service;
GRANT UPDATE(token_hash) ON TABLE public.data_requests TO exo_service;
GRANT SELECT ON TABLE public.departure_seats TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.departure_seats TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.departure_seats TO exo_staff;
GRANT UPDATE(expires_at) ON TABLE public.departure_seats TO exo_public;
GRANT UPDATE(booking_id) ON TABLE public.departure_seats TO exo_public;
GRANT UPDATE(hold_id) ON TABLE public.departure_seats TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.discounts TO exo_staff;
GRANT SELECT ON TABLE public.discounts TO exo_service;
GRANT SELECT ON TABLE public.discounts TO exo_public;
GRANT SELECT,INSERT ON TABLE public.django_admin_log TO exo_staff;
GRANT SELECT ON TABLE public.django_content_type TO exo_app;
GRANT SELECT ON TABLE public.django_content_type TO exo_staff;
GRANT SELECT ON TABLE public.django_migrations TO exo_app;
GRANT SELECT ON TABLE public.django_migrations TO exo_staff;
GRANT SELECT ON TABLE public.django_migrations TO exo_service;
GRANT SELECT ON TABLE public.django_migrations TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.django_session TO exo_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.django_session TO exo_staff;
GRANT SELECT,DELETE ON TABLE public.do_not_rent TO exo_service;
GRANT SELECT,INSERT ON TABLE public.do_not_rent TO exo_staff;
GRANT UPDATE(lifted_at) ON TABLE public.do_not_rent TO exo_staff;
GRANT UPDATE(lifted_by_id) ON TABLE public.do_not_rent TO exo_staff;
GRANT SELECT ON TABLE public.event_counts TO exo_staff;
GRANT SELECT,INSERT,DELETE ON TABLE public.event_counts TO exo_service;
GRANT INSERT ON TABLE public.event_counts TO exo_public;
GRANT SELECT ON TABLE public.extra_days TO exo_staff;
GRANT SELECT ON TABLE public.extra_days TO exo_service;
GRANT SELECT ON TABLE public.extra_days TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.extras TO exo_staff;
GRANT SELECT ON TABLE public.extras TO exo_service;
GRANT SELECT ON TABLE public.extras TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fees TO exo_staff;
GRANT SELECT ON TABLE public.fees TO exo_service;
GRANT SELECT ON TABLE public.fees TO exo_public;
GRANT SELECT ON TABLE public.figure_cancellation TO exo_service;
GRANT SELECT ON TABLE public.figure_cancellation TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.locations TO exo_staff;
GRANT SELECT ON TABLE public.locations TO exo_service;
GRANT SELECT ON TABLE public.locations TO exo_public;
GRANT SELECT ON TABLE public.figure_lead_time TO exo_service;
GRANT SELECT ON TABLE public.figure_lead_time TO exo_staff;
GRANT SELECT ON TABLE public.figure_length TO exo_service;
GRANT SELECT ON TABLE public.figure_length TO exo_staff;
GRANT SELECT ON TABLE public.figure_no_show TO exo_service;
GRANT SELECT ON TABLE public.figure_no_show TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payments TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.payments TO exo_staff;
GRANT SELECT ON TABLE public.figure_payment_completion TO exo_service;
GRANT SELECT ON TABLE public.figure_payment_completion TO exo_staff;
GRANT SELECT ON TABLE public.figure_refusals TO exo_service;
GRANT SELECT ON TABLE public.figure_refusals TO exo_staff;
GRANT SELECT ON TABLE public.figure_revenue_by_car TO exo_service;
GRANT SELECT ON TABLE public.figure_revenue_by_car TO exo_staff;
GRANT SELECT ON TABLE public.figure_revenue_by_class TO exo_service;
GRANT SELECT ON TABLE public.figure_revenue_by_class TO exo_staff;
GRANT SELECT ON TABLE public.figure_revenue_by_place TO exo_service;
GRANT SELECT ON TABLE public.figure_revenue_by_place TO exo_staff;
GRANT SELECT ON TABLE public.figure_seconds_to_confirm TO exo_service;
GRANT SELECT ON TABLE public.figure_seconds_to_confirm TO exo_staff;
GRANT SELECT ON TABLE public.figure_utilisation TO exo_service;
GRANT SELECT ON TABLE public.figure_utilisation TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.fleets TO exo_staff;
GRANT SELECT ON TABLE public.fleets TO exo_service;
GRANT SELECT ON TABLE public.fleets TO exo_public;
GRANT SELECT ON TABLE public.heartbeats TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.heartbeats TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.holds TO exo_staff;
GRANT SELECT,DELETE,UPDATE ON TABLE public.holds TO exo_service;
GRANT SELECT,INSERT,DELETE ON TABLE public.holds TO exo_public;
GRANT UPDATE(expires_at) ON TABLE public.holds TO exo_public;
GRANT UPDATE(extended_at) ON TABLE public.holds TO exo_public;
GRANT UPDATE(booking_id) ON TABLE public.holds TO exo_public;
GRANT SELECT ON TABLE public.idempotency_keys TO exo_staff;
GRANT SELECT,DELETE ON TABLE public.idempotency_keys TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.inbox_emails TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_emails TO exo_service;
GRANT INSERT ON TABLE public.inbox_emails TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.inbox_items TO exo_staff;
GRANT SELECT,INSERT,UPDATE ON TABLE public.inbox_items TO exo_service;
GRANT INSERT ON TABLE public.inbox_items TO exo_public;
GRANT SELECT ON TABLE public.inbox_triage TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.inbox_triage TO exo_staff;
GRANT SELECT ON TABLE public.job_runs TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job_runs TO exo_service;
GRANT SELECT ON TABLE public.ledger_changes TO exo_public;
GRANT SELECT,DELETE ON TABLE public.ledger_changes TO exo_service;
GRANT SELECT ON TABLE public.ledger_changes TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.location_hours TO exo_staff;
GRANT SELECT ON TABLE public.location_hours TO exo_service;
GRANT SELECT ON TABLE public.location_hours TO exo_public;
GRANT SELECT ON TABLE public.mail_events TO exo_staff;
GRANT SELECT,INSERT,DELETE ON TABLE public.mail_events TO exo_service;
GRANT SELECT,DELETE ON TABLE public.mailbox_codes TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_static_staticdevice TO exo_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_static_statictoken TO exo_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.otp_totp_totpdevice TO exo_app;
GRANT SELECT,INSERT ON TABLE public.payment_operations TO exo_service;
GRANT SELECT,INSERT ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(outcome) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(outcome) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(authorized) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(authorized) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(captured) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(captured) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(refunded) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(refunded) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(voided) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(voided) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(code) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(code) ON TABLE public.payment_operations TO exo_staff;
GRANT UPDATE(finished_at) ON TABLE public.payment_operations TO exo_service;
GRANT UPDATE(finished_at) ON TABLE public.payment_operations TO exo_staff;
GRANT SELECT ON TABLE public.places TO exo_public;
GRANT SELECT ON TABLE public.places TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.places TO exo_staff;
GRANT SELECT,INSERT,DELETE ON TABLE public.provider_events TO exo_service;
GRANT SELECT ON TABLE public.provider_events TO exo_staff;
GRANT UPDATE(state) ON TABLE public.provider_events TO exo_service;
GRANT UPDATE(state) ON TABLE public.provider_events TO exo_staff;
GRANT UPDATE(attempts) ON TABLE public.provider_events TO exo_service;
GRANT UPDATE(attempts) ON TABLE public.provider_events TO exo_staff;
GRANT UPDATE(due_at) ON TABLE public.provider_events TO exo_service;
GRANT UPDATE(due_at) ON TABLE public.provider_events TO exo_staff;
GRANT UPDATE(error) ON TABLE public.provider_events TO exo_service;
GRANT UPDATE(payment_id) ON TABLE public.provider_events TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.refunds TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.refunds TO exo_staff;
GRANT SELECT ON TABLE public.rental_terms TO exo_public;
GRANT SELECT ON TABLE public.rental_terms TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rental_terms TO exo_staff;
GRANT SELECT ON TABLE public.ride_rates TO exo_public;
GRANT SELECT ON TABLE public.ride_rates TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.ride_rates TO exo_staff;
GRANT SELECT,INSERT ON TABLE public.rides TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rides TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.rides TO exo_staff;
GRANT UPDATE(before_minutes) ON TABLE public.rides TO exo_public;
GRANT UPDATE(after_minutes) ON TABLE public.rides TO exo_public;
GRANT UPDATE(starts_at) ON TABLE public.rides TO exo_public;
GRANT UPDATE(ends_at) ON TABLE public.rides TO exo_public;
GRANT UPDATE(bags) ON TABLE public.rides TO exo_public;
GRANT UPDATE(children) ON TABLE public.rides TO exo_public;
GRANT UPDATE(distance_km) ON TABLE public.rides TO exo_public;
GRANT UPDATE(flight_number) ON TABLE public.rides TO exo_public;
GRANT UPDATE(from_place_id) ON TABLE public.rides TO exo_public;
GRANT UPDATE(from_text) ON TABLE public.rides TO exo_public;
GRANT UPDATE(passengers) ON TABLE public.rides TO exo_public;
GRANT UPDATE(sign_name) ON TABLE public.rides TO exo_public;
GRANT UPDATE(to_place_id) ON TABLE public.rides TO exo_public;
GRANT UPDATE(to_text) ON TABLE public.rides TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.sandbox_orders TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.saved_filters TO exo_staff;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.seasons TO exo_staff;
GRANT SELECT ON TABLE public.seasons TO exo_service;
GRANT SELECT ON TABLE public.seasons TO exo_public;
GRANT INSERT ON TABLE public.security_events TO exo_app;
GRANT SELECT,INSERT,DELETE ON TABLE public.security_events TO exo_service;
GRANT SELECT,INSERT ON TABLE public.security_events TO exo_staff;
GRANT SELECT ON TABLE public.service_hours TO exo_public;
GRANT SELECT ON TABLE public.service_hours TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.service_hours TO exo_staff;
GRANT SELECT ON TABLE public.services TO exo_public;
GRANT SELECT ON TABLE public.services TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.services TO exo_staff;
GRANT SELECT ON TABLE public.surcharges TO exo_public;
GRANT SELECT ON TABLE public.surcharges TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.surcharges TO exo_staff;
GRANT SELECT ON TABLE public.tour_departures TO exo_public;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tour_departures TO exo_service;
GRANT SELECT,INSERT,UPDATE ON TABLE public.tour_departures TO exo_staff;
GRANT SELECT ON TABLE public.tours TO exo_public;
GRANT SELECT ON TABLE public.tours TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tours TO exo_staff;
GRANT SELECT ON TABLE public.users TO exo_app;
GRANT SELECT,INSERT,UPDATE ON TABLE public.users TO exo_staff;
GRANT SELECT(id) ON TABLE public.users TO exo_service;
GRANT UPDATE(password) ON TABLE public.users TO exo_app;
GRANT UPDATE(last_login) ON TABLE public.users TO exo_app;
GRANT SELECT(is_superuser) ON TABLE public.users TO exo_service;
GRANT UPDATE(updated_at) ON TABLE public.users TO exo_app;
GRANT SELECT(email) ON TABLE public.users TO exo_service;
GRANT SELECT(full_name) ON TABLE public.users TO exo_service;
GRANT SELECT(is_active) ON TABLE public.users TO exo_service;
GRANT SELECT ON TABLE public.users_groups TO exo_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users_groups TO exo_staff;
GRANT SELECT ON TABLE public.users_groups TO exo_service;
GRANT SELECT ON TABLE public.users_user_permissions TO exo_app;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.users_user_permissions TO exo_staff;
GRANT INSERT,DELETE,UPDATE ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vehicle_assignments TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.vehicle_assignments TO exo_staff;
GRANT SELECT(id) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(date) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(starts_at) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(ends_at) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(before_minutes) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(after_minutes) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(expires_at) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(booking_id) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(car_id) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT(hold_id) ON TABLE public.vehicle_assignments TO exo_public;
GRANT SELECT ON TABLE public.zones TO exo_public;
GRANT SELECT ON TABLE public.zones TO exo_service;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.zones TO exo_staff;
