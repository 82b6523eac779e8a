-- execute: nobody
-- What a car costs today on each of some days, before discounts, unrounded: `cars.pricing.daily._rate` again,
-- for the guard of prices.
CREATE OR REPLACE FUNCTION day_rates(p_car bigint, p_start date, p_end date) RETURNS SETOF numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
