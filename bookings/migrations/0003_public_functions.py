"""What the public role may do across customers, each as one narrow function that runs with the owner's rights.

`upsert_customer` never changes a customer that exists. `idem_begin` and `idem_finish` keep answers for a retry.
`link_nonce` gives back the nonce of the booking that the request's token stands for.
"""

from django.db import migrations

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO exo_public, exo_staff, exo_service"

UPSERT_CUSTOMER = f"""
CREATE FUNCTION upsert_customer(p_email text, p_full_name text, p_phone text) RETURNS uuid LANGUAGE plpgsql {HEAD} $$
DECLARE
  found uuid;
BEGIN
  INSERT INTO customers (id, email, full_name, phone)
  VALUES (gen_random_uuid(), lower(p_email), p_full_name, p_phone)
  ON CONFLICT (email) DO NOTHING
  RETURNING id INTO found;
  IF found IS NULL THEN
    SELECT id INTO found FROM customers WHERE email = lower(p_email);
  END IF;
  RETURN found;
END $$
"""

IDEM_BEGIN = f"""
CREATE FUNCTION idem_begin(
  p_scope text, p_key text, p_fingerprint text,
  OUT state text, OUT booking uuid, OUT nonce bytea
) LANGUAGE plpgsql {HEAD} $$
DECLARE
  kept idempotency_keys;
BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_scope || chr(31) || p_key, 42)) THEN
    state := 'busy';
    RETURN;
  END IF;
  INSERT INTO idempotency_keys AS k (scope, key, fingerprint, expires_at)
  VALUES (p_scope, p_key, p_fingerprint, now() + interval '24 hours')
  ON CONFLICT (scope, key) DO UPDATE
    SET fingerprint = EXCLUDED.fingerprint, http_status = NULL, booking_id = NULL, expires_at = EXCLUDED.expires_at
    WHERE k.expires_at <= now();
  IF FOUND THEN
    state := 'new';
    RETURN;
  END IF;
  SELECT * INTO kept FROM idempotency_keys WHERE scope = p_scope AND key = p_key;
  IF kept.fingerprint <> p_fingerprint THEN
    state := 'mismatch';
    RETURN;
  END IF;
  state := 'replay';
  booking := kept.booking_id;
  SELECT t.nonce INTO nonce FROM booking_secure_tokens t WHERE t.booking_id = kept.booking_id;
END $$
"""

IDEM_FINISH = f"""
CREATE FUNCTION idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) RETURNS void LANGUAGE sql {HEAD} $$
  UPDATE idempotency_keys SET http_status = p_http, booking_id = p_booking
  WHERE scope = p_scope AND key = p_key AND http_status IS NULL
$$
"""

LINK_NONCE = f"""
CREATE FUNCTION link_nonce() RETURNS bytea LANGUAGE sql STABLE {HEAD} $$
  SELECT nonce FROM booking_secure_tokens
  WHERE expires_at > now()
    AND booking_id = coalesce(app_booking_id(), (SELECT booking_id FROM holds WHERE id = app_hold_id()))
$$
"""


def function(sql, signature):
    return migrations.RunSQL(f"{sql}; {CLOSE.format(signature)}", f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0002_status_machine")]
    operations = [
        function(UPSERT_CUSTOMER, "upsert_customer(text, text, text)"),
        function(IDEM_BEGIN, "idem_begin(text, text, text)"),
        function(IDEM_FINISH, "idem_finish(text, text, smallint, uuid)"),
        function(LINK_NONCE, "link_nonce()"),
    ]
