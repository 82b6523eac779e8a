-- execute: nobody
-- What the public writes down as a price is one that the site could have said. The quote adds up to the total
-- and counts the booking's days; the days cost at least today's rates less today's largest discount, or, on
-- the same car, what a day cost as booked or held; deposit, kilometres and terms likewise. A day that staff gave for nothing
-- stays so on that car, and what they put on the price by hand stays to the cent: there is no more and no less of it. Rates
-- are compared in whole units, because currencies round differently. Fees and extras are not asked for again: staff see the
-- price as of today beside the agreed one. What a ride costs, `ride_is_priced` looks at when it is whole.
CREATE OR REPLACE FUNCTION booking_is_priced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
END $$;
