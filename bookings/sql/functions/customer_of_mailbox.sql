-- execute: exo_public, exo_staff, exo_service
-- Without a mailbox ('') it is the customer of that phone's digits who has none either. Never changes a
-- customer that exists: an email does not prove who somebody is. A booking made while its customer is erased
-- gets a new customer. Found without a lock, the old one could be erased a moment later, and no retention
-- would ever look at the booking again. The lock is the one that the foreign key takes anyway.
CREATE OR REPLACE FUNCTION customer_of_mailbox(p_mailbox text, p_full_name text, p_phone text) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  found uuid;
BEGIN
  LOOP
    INSERT INTO customers (id, email, full_name, phone)
    VALUES (gen_random_uuid(), p_mailbox, p_full_name, p_phone)
    ON CONFLICT DO NOTHING
    RETURNING id INTO found;
    EXIT WHEN found IS NOT NULL;
    IF p_mailbox <> '' THEN
      SELECT id INTO found FROM customers WHERE email = p_mailbox FOR KEY SHARE;
    ELSE
      SELECT id INTO found FROM customers WHERE id = ANY(customers_of(
        ltrim(regexp_replace(normalize(p_phone, NFKD), '\(0\)|[^0-9]', '', 'g'), '0')
      )) FOR KEY SHARE;
    END IF;
    EXIT WHEN found IS NOT NULL;
  END LOOP;
  RETURN found;
END $$;
