-- execute: exo_public, exo_staff, exo_service
-- Since when a visitor has kept days of a car, one hold after the other with less than a pause between them;
-- and when the last one ends or ended. Nulls when there is none.
CREATE OR REPLACE FUNCTION hold_turn(
  p_visitor text, p_car bigint, p_start date, p_end date, p_pause interval,
  OUT since timestamptz, OUT until timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT min(h.since), max(h.expires_at) FROM holds h
  WHERE h.visitor = p_visitor AND h.visitor <> '' AND h.car_id = p_car AND h.booking_id IS NULL
    AND h.start_date <= p_end AND h.end_date >= p_start AND h.expires_at > now() - p_pause
$$;
