-- execute: nobody
-- The price that a hold of the public keeps is one that the site could have said: its days cost at least
-- today's rates less today's largest discount. What the hold becomes is measured by it (`booking_is_priced`).
CREATE OR REPLACE FUNCTION hold_is_priced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
