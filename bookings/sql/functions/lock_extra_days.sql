-- execute: exo_public, exo_staff, exo_service
-- Locks every day of every extra that a booking has or would have, by extra and date, before customer and
-- booking are touched: two changes that swap extras in opposite directions queue instead of deadlocking. The
-- rows stay, so for the public only days that somebody could rent: of others there is none to have (`book_extras`),
-- and the verb says why.
CREATE OR REPLACE FUNCTION lock_extra_days(
  p_booking uuid, p_extras bigint[], p_start date, p_end date
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
