"""The allowed moves of a booking, enforced and written down by the database itself.

The same table stands in `bookings.lifecycle.TRANSITIONS`; a test compares the two.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION booking_status_rules() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acting text := current_setting('role', true);
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.status <> 'pending' THEN
      RAISE EXCEPTION 'a booking begins as pending' USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.status = OLD.status THEN
    RETURN NEW;
  END IF;
  IF (OLD.status, NEW.status) NOT IN (
    ('pending', 'upcoming'), ('pending', 'cancelled'),
    ('upcoming', 'active'), ('upcoming', 'cancelled'),
    ('active', 'completed'), ('active', 'cancelled'),
    ('cancelled', 'refunded')
  ) THEN
    RAISE EXCEPTION 'a booking cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'booking_status_machine';
  END IF;
  IF acting = 'exo_public' AND NOT (OLD.status IN ('pending', 'upcoming') AND NEW.status = 'cancelled') THEN
    RAISE EXCEPTION 'customers may only cancel' USING ERRCODE = '42501';
  END IF;
  NEW.status_changed_at := clock_timestamp();
  RETURN NEW;
END $$
"""

# Definer: the roles that move bookings may not write the history themselves.
AUDIT = """
CREATE FUNCTION booking_status_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.status = OLD.status THEN
    RETURN NULL;
  END IF;
  INSERT INTO booking_status_changes (booking_id, from_status, to_status, actor_kind, actor_id, reason, at)
  VALUES (
    NEW.id,
    CASE WHEN TG_OP = 'UPDATE' THEN OLD.status ELSE '' END,
    NEW.status,
    CASE current_setting('role', true)
      WHEN 'exo_public' THEN 'customer'
      WHEN 'exo_staff' THEN 'staff'
      WHEN 'exo_service' THEN CASE WHEN current_setting('app.actor', true) = 'provider' THEN 'provider' ELSE 'job' END
      ELSE 'database'
    END,
    nullif(current_setting('app.user_id', true), '')::bigint,
    coalesce(current_setting('app.reason', true), ''),
    clock_timestamp()
  );
  RETURN NULL;
END $$
"""

APPEND_ONLY = """
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'audit rows are never changed or deleted'
    USING ERRCODE = '23514', CONSTRAINT = 'audit_is_append_only';
END $$
"""

TRIGGERS = """
CREATE TRIGGER booking_status_rules BEFORE INSERT OR UPDATE OF status ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_status_rules();
CREATE TRIGGER booking_status_audit AFTER INSERT OR UPDATE OF status ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_status_audit();
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON booking_status_changes
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
"""

DROP_TRIGGERS = """
DROP TRIGGER audit_is_append_only ON booking_status_changes;
DROP TRIGGER booking_status_audit ON bookings;
DROP TRIGGER booking_status_rules ON bookings;
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0001_initial")]
    operations = [
        migrations.RunSQL(RULES, "DROP FUNCTION booking_status_rules()"),
        migrations.RunSQL(AUDIT, "DROP FUNCTION booking_status_audit()"),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION audit_is_append_only()"),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
    ]
