-- execute: nobody
-- What the public writes down as the price of a ride is one that the site could have said, looked at when the transaction
-- commits: the booking comes before its ride. The car is of the class that is paid for, and stands where the service is. On a
-- departure everybody pays for a seat, and the departure is one of that service. What was agreed when the same ride was held,
-- stays.
CREATE OR REPLACE FUNCTION ride_is_priced() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
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
END $$;
