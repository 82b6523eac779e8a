"""`request_new_link` queues a mail with the booking's link and answers nothing: nobody learns who has a booking."""

from django.db import migrations

REQUEST_NEW_LINK = """
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
CLOSE = """
REVOKE ALL ON FUNCTION request_new_link(text, text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION request_new_link(text, text, integer) TO exo_public, exo_staff, exo_service
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0001_initial"), ("bookings", "0003_public_functions")]
    operations = [
        migrations.RunSQL(
            f"{REQUEST_NEW_LINK};{CLOSE}", "DROP FUNCTION request_new_link(text, text, integer)"
        )
    ]
