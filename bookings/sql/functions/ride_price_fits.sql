-- execute: nobody
-- Whether the site could have said this quote for a ride: what it is charged by costs at least today's rate for its class,
-- hours and way, or what was agreed before for the very same; nothing is taken off but the most of a day; deposit and
-- kilometres likewise. Surcharges and extras are not asked for again: staff see the price as of today beside the agreed one.
-- `p_choice` has the places by id and how many people there are. Rates are compared in whole units, because currencies
-- round differently.
CREATE OR REPLACE FUNCTION ride_price_fits(
  p_service bigint, p_class bigint, p_starts timestamptz, p_ends timestamptz, p_choice jsonb, p_quote jsonb, p_agreed jsonb
) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
