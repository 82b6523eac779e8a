-- execute: exo_public, exo_staff, exo_service
-- Writes down what a booking that was just made has to prove, and until when (`due`); or answers whose limit
-- of unproven bookings is reached (`refused`), and has changed nothing then. What staff make needs no proof,
-- nor what somebody makes whose mailbox was proven for a rental that took place. A visitor is counted by the
-- hold, when there was one. Rivals of the same mailbox, visitor or network queue, where these are counted: a limit of 0
-- is none.
CREATE OR REPLACE FUNCTION must_prove(
  p_booking uuid, p_visitor text, p_network text, p_minutes integer, p_per_visitor integer, p_per_network integer,
  OUT refused text, OUT due timestamptz
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
