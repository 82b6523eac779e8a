"""Only the mailbox can confirm a request about personal data: its link begins to work when the worker writes the mail.

`ask_for_data` took nonce and hash from its caller. Injected SQL could bring a hash whose token it knew, with a booking
made under somebody else's address, and read or erase that person without their mailbox. Now the database draws the
nonce, which the public never reads, and exo_service alone sets the hash.
"""

from importlib import import_module

from django.db import migrations

before = import_module("bookings.migrations.0011_copy_and_erase")
OLD = "ask_for_data(text, bytea, text, integer, integer)"
NEW = "ask_for_data(text, integer, integer)"

ASK_FOR_DATA = f"""
CREATE FUNCTION ask_for_data(p_kind text, p_minutes integer, p_hours integer) RETURNS boolean
LANGUAGE plpgsql {before.HEAD} $$
DECLARE
  mine uuid := app_booking_id();
BEGIN
  IF mine IS NULL THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  INSERT INTO data_requests AS r (id, booking_id, kind, outcome, nonce, token_hash, asked_at, expires_at)
  VALUES (
    gen_random_uuid(), mine, p_kind, 'asked', uuid_send(gen_random_uuid()), 'unsent-' || gen_random_uuid(),
    now(), now() + make_interval(hours => p_hours)
  )
  ON CONFLICT (booking_id, kind) DO UPDATE
    SET outcome = CASE WHEN r.outcome = 'waiting' THEN 'waiting' ELSE 'asked' END, nonce = EXCLUDED.nonce,
      token_hash = EXCLUDED.token_hash, asked_at = EXCLUDED.asked_at, expires_at = EXCLUDED.expires_at
    WHERE r.asked_at < now() - make_interval(mins => p_minutes);
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO inbox_emails (id, booking_id, audience, template, language, status, attempts, recipient, error)
  SELECT gen_random_uuid(), id, 'customer', 'data_' || p_kind, language, 'queued', 0, '', '' FROM bookings WHERE id = mine;
  RETURN true;
END $$
"""


def given(sql, signature):
    return f"{sql}; {before.CLOSE.format(signature, 'exo_public')}"


class Migration(migrations.Migration):
    dependencies = [("bookings", "0011_copy_and_erase")]
    operations = [
        migrations.RunSQL(f"DROP FUNCTION {OLD}", given(before.ASK_FOR_DATA, OLD)),
        migrations.RunSQL(given(ASK_FOR_DATA, NEW), f"DROP FUNCTION {NEW}"),
        migrations.RunSQL(
            "GRANT UPDATE (token_hash) ON data_requests TO exo_service",
            "REVOKE UPDATE (token_hash) ON data_requests FROM exo_service",
        ),
    ]
