-- execute: nobody
-- The customer of a mailbox, or of the digits of a phone for who has no mailbox.
CREATE OR REPLACE FUNCTION customers_of(p_key text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT array_agg(id) FROM customers WHERE p_key <> '' AND (
    email = p_key
    OR (email = '' AND ltrim(regexp_replace(normalize(phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0') = p_key)
  )
$$;
