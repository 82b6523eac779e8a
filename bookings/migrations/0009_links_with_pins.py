"""Links that count how often they were opened, that staff can replace, and that may ask for a PIN.

The wall stands in `app_booking_id()`: a link with a PIN opens nothing until the request also carries the PIN's hash
(`app.pin`). No view can forget it, and a stolen link alone is worth nothing to whoever can read as exo_public.
`try_pin` counts wrong PINs under the row's lock, so that neither patience nor many connections walk through them.
"""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from exodrive.rls import SERVICE, STAFF, Protect, reading

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO {1}"
EVERYBODY = "exo_public, exo_staff, exo_service"
LINK = "token_hash = current_setting('app.token_hash', true) AND expires_at > now()"

APP_BOOKING_ID = f"""
CREATE OR REPLACE FUNCTION app_booking_id() RETURNS uuid LANGUAGE sql STABLE {HEAD} $$
  SELECT booking_id FROM booking_secure_tokens
  WHERE {LINK} AND pin_hash IN ('', current_setting('app.pin', true))
$$
"""
WITHOUT_PIN = f"""
CREATE OR REPLACE FUNCTION app_booking_id() RETURNS uuid LANGUAGE sql STABLE {HEAD} $$
  SELECT booking_id FROM booking_secure_tokens WHERE {LINK}
$$
"""

# Who does it, as the audit of moves has it. Not granted to anybody: the functions below call it as the owner.
NOTE_EVENT = f"""
CREATE FUNCTION note_event(p_booking uuid, p_kind text) RETURNS void LANGUAGE sql {HEAD} $$
  INSERT INTO booking_events (booking_id, kind, actor_kind, actor_id)
  VALUES (
    p_booking, p_kind,
    CASE current_setting('role', true)
      WHEN 'exo_public' THEN 'customer' WHEN 'exo_staff' THEN 'staff' WHEN 'exo_service' THEN 'job' ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint
  )
$$
"""

# Opening waits for nobody: while a change of the booking has the row, one opening goes uncounted.
OPEN_LINK = f"""
CREATE FUNCTION open_link(p_count boolean, OUT salt text, OUT is_open boolean, OUT wait integer) LANGUAGE plpgsql {HEAD} $$
DECLARE
  link booking_secure_tokens;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE {LINK};
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF p_count THEN
    UPDATE booking_secure_tokens SET opened = opened + 1, last_opened_at = now()
    WHERE id = (SELECT id FROM booking_secure_tokens WHERE id = link.id FOR NO KEY UPDATE SKIP LOCKED);
  END IF;
  salt := link.pin_salt;
  is_open := link.pin_hash IN ('', coalesce(current_setting('app.pin', true), ''));
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, now()) - clock_timestamp())));
END $$
"""

# Three mistakes are free, then every one doubles the wait: 30 s, 1 min, 2 min, … up to a day. `wait` in seconds.
TRY_PIN = f"""
CREATE FUNCTION try_pin(p_hash text, OUT fits boolean, OUT wait integer) LANGUAGE plpgsql {HEAD} $$
DECLARE
  link booking_secure_tokens;
  instant timestamptz;
BEGIN
  SELECT * INTO link FROM booking_secure_tokens WHERE {LINK} AND pin_hash <> '' FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  instant := clock_timestamp();
  wait := greatest(0, ceil(extract(epoch FROM coalesce(link.pin_next_try_at, instant) - instant)));
  fits := wait = 0 AND link.pin_hash = p_hash;
  IF wait > 0 THEN
    RETURN;
  END IF;
  IF fits THEN
    UPDATE booking_secure_tokens SET pin_failures = 0, pin_next_try_at = NULL WHERE id = link.id;
    RETURN;
  END IF;
  IF link.pin_failures >= 3 THEN
    wait := least(86400, 30 * 2 ^ least(link.pin_failures - 3, 12));
  END IF;
  UPDATE booking_secure_tokens
  SET pin_failures = link.pin_failures + 1, pin_next_try_at = instant + wait * interval '1 second'
  WHERE id = link.id;
END $$
"""

# Empty salt and hash take the PIN away.
SET_LINK_PIN = f"""
CREATE FUNCTION set_link_pin(p_booking uuid, p_salt text, p_hash text) RETURNS void LANGUAGE plpgsql {HEAD} $$
BEGIN
  IF current_setting('role', true) = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  UPDATE booking_secure_tokens
  SET pin_salt = p_salt, pin_hash = p_hash, pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, CASE WHEN p_hash = '' THEN 'pin_removed' ELSE 'pin_set' END);
END $$
"""

# What led to the old link must not lead to the new one: converted holds and answers kept for a retry go.
ROTATE_LINK = f"""
CREATE FUNCTION rotate_link(p_booking uuid, p_nonce bytea, p_hash text, p_hours integer) RETURNS void LANGUAGE plpgsql {HEAD} $$
BEGIN
  UPDATE booking_secure_tokens
  SET nonce = p_nonce, token_hash = p_hash, expires_at = greatest(expires_at, now() + make_interval(hours => p_hours)),
    opened = 0, last_opened_at = NULL, pin_salt = '', pin_hash = '', pin_failures = 0, pin_next_try_at = NULL
  WHERE booking_id = p_booking;
  DELETE FROM holds WHERE booking_id = p_booking;
  DELETE FROM idempotency_keys WHERE booking_id = p_booking;
  PERFORM note_event(p_booking, 'link_rotated');
END $$
"""

APPEND_ONLY = """
CREATE TRIGGER events_are_append_only BEFORE UPDATE OR DELETE ON booking_events
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
ALTER TABLE booking_secure_tokens ALTER opened SET DEFAULT 0, ALTER pin_salt SET DEFAULT '',
  ALTER pin_hash SET DEFAULT '', ALTER pin_failures SET DEFAULT 0
"""
NO_LONGER = """
ALTER TABLE booking_secure_tokens ALTER opened DROP DEFAULT, ALTER pin_salt DROP DEFAULT,
  ALTER pin_hash DROP DEFAULT, ALTER pin_failures DROP DEFAULT;
DROP TRIGGER events_are_append_only ON booking_events
"""


def function(sql, signature, roles=EVERYBODY):
    close = CLOSE.format(signature, roles) if roles else f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC"
    return migrations.RunSQL(f"{sql}; {close}", f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0008_extras_in_one_order"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="bookingtoken",
            name="last_opened_at",
            field=models.DateTimeField(null=True, verbose_name="last opened"),
        ),
        migrations.AddField(
            model_name="bookingtoken",
            name="opened",
            field=models.PositiveIntegerField(default=0, verbose_name="opened"),
        ),
        migrations.AddField(
            model_name="bookingtoken",
            name="pin_failures",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="bookingtoken",
            name="pin_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.AddField(
            model_name="bookingtoken",
            name="pin_next_try_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bookingtoken",
            name="pin_salt",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
        migrations.CreateModel(
            name="BookingEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("link_rotated", "Link replaced"),
                            ("pin_set", "PIN set"),
                            ("pin_removed", "PIN removed"),
                            ("copy_given", "Copy of the data handed over"),
                            ("erased", "Personal data erased"),
                        ],
                        max_length=20,
                        verbose_name="what",
                    ),
                ),
                (
                    "actor_kind",
                    models.CharField(
                        choices=[
                            ("staff", "Staff"),
                            ("customer", "Customer"),
                            ("provider", "Payment provider"),
                            ("job", "Automatic"),
                            ("database", "Database"),
                        ],
                        max_length=8,
                        verbose_name="actor",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="who",
                    ),
                ),
                (
                    "booking",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="bookings.booking",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "db_table": "booking_events",
                "ordering": ["created_at", "id"],
            },
        ),
        Protect(
            "booking_events",
            grants={STAFF: "SELECT", SERVICE: "SELECT"},
            policies=reading(STAFF) | reading(SERVICE),
        ),
        migrations.RunSQL(APPEND_ONLY, NO_LONGER),
        migrations.RunSQL(APP_BOOKING_ID, WITHOUT_PIN),
        function(NOTE_EVENT, "note_event(uuid, text)", roles=""),
        function(OPEN_LINK, "open_link(boolean)"),
        function(TRY_PIN, "try_pin(text)"),
        function(SET_LINK_PIN, "set_link_pin(uuid, text, text)"),
        function(ROTATE_LINK, "rotate_link(uuid, bytea, text, integer)", "exo_staff, exo_service"),
    ]
