-- execute: exo_public, exo_staff, exo_service
-- Makes the booking's extras the given ones: more of one only while it is offered, at the pick-up place,
-- within the stock of every day and the limit per booking. What a booking has it keeps, wherever the extra is had
-- now, unless the booking's own place becomes another one in this transaction. Its days begin with the one on which its
-- car left, when that was before the pick-up day: on those days the stock alone decides, as it is booked already. Answers with the first extra that
-- cannot be had, and has changed nothing then. Counts move under the rows' own locks, so that no extra is oversold.
CREATE OR REPLACE FUNCTION book_extras(
  p_booking uuid, p_extras bigint[], p_quantities integer[]
) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
