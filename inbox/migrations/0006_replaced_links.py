"""A forgotten PIN: `request_new_link` replaces a link that has one, because the mailbox proves more than the old link.

A link without PIN stays as it is and is mailed again. The caller brings nonce and hash: only the application has the key.
"""

from django.db import migrations, models

REQUEST_NEW_LINK = """
CREATE FUNCTION request_new_link(p_email text, p_reference text, p_hours integer, p_nonce bytea, p_hash text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted bookings;
BEGIN
  SELECT * INTO wanted FROM bookings WHERE reference = upper(p_reference) AND lower(email) = lower(p_email);
  IF NOT FOUND OR EXISTS (
    SELECT 1 FROM inbox_emails
    WHERE booking_id = wanted.id AND template = 'new_link' AND created_at > now() - interval '5 minutes'
  ) THEN
    RETURN;
  END IF;
  IF EXISTS (SELECT 1 FROM booking_secure_tokens WHERE booking_id = wanted.id AND pin_hash <> '') THEN
    PERFORM rotate_link(wanted.id, p_nonce, p_hash, p_hours);
  END IF;
  UPDATE booking_secure_tokens SET expires_at = greatest(expires_at, now() + make_interval(hours => p_hours))
  WHERE booking_id = wanted.id;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), wanted.id, 'customer', 'new_link', wanted.language, 'queued', 0, '', '');
END $$
"""
CLOSE = """
REVOKE ALL ON FUNCTION {0} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {0} TO exo_public, exo_staff, exo_service
"""
BEFORE = """
CREATE FUNCTION request_new_link(p_email text, p_reference text, p_hours integer) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  wanted bookings;
BEGIN
  SELECT * INTO wanted FROM bookings WHERE reference = upper(p_reference) AND lower(email) = lower(p_email);
  IF NOT FOUND OR EXISTS (
    SELECT 1 FROM inbox_emails
    WHERE booking_id = wanted.id AND template = 'new_link' AND created_at > now() - interval '5 minutes'
  ) THEN
    RETURN;
  END IF;
  UPDATE booking_secure_tokens SET expires_at = greatest(expires_at, now() + make_interval(hours => p_hours))
  WHERE booking_id = wanted.id;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  VALUES (gen_random_uuid(), wanted.id, 'customer', 'new_link', wanted.language, 'queued', 0, '', '');
END $$
"""
OLD, NEW = "request_new_link(text, text, integer)", "request_new_link(text, text, integer, bytea, text)"


class Migration(migrations.Migration):
    dependencies = [("inbox", "0005_delivery_states"), ("bookings", "0009_links_with_pins")]
    operations = [
        migrations.AlterField(
            model_name="inboxemail",
            name="template",
            field=models.CharField(
                choices=[
                    ("booking_received", "Request received"),
                    ("booking_confirmed", "Booking confirmed"),
                    ("booking_changed", "Booking changed"),
                    ("booking_cancelled", "Booking cancelled"),
                    ("new_link", "New link"),
                    ("link_replaced", "Link replaced"),
                    ("new_booking", "New booking"),
                ],
                max_length=30,
                verbose_name="mail",
            ),
        ),
        migrations.RunSQL(
            f"DROP FUNCTION {OLD}; {REQUEST_NEW_LINK}; {CLOSE.format(NEW)}",
            f"DROP FUNCTION {NEW}; {BEFORE}; {CLOSE.format(OLD)}",
        ),
    ]
