"""A booking's link lives until some days after the return: when the return moves later, so does the link's end.

A trigger, because customers may move their return but never write a link.
"""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION link_follows_return() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE booking_secure_tokens
  SET expires_at = expires_at + (NEW.end_date - OLD.end_date) * interval '1 day'
  WHERE booking_id = NEW.id AND NEW.end_date > OLD.end_date;
  RETURN NULL;
END $$;
CREATE TRIGGER link_follows_return AFTER UPDATE OF end_date ON bookings
  FOR EACH ROW EXECUTE FUNCTION link_follows_return()
"""


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_change_functions")]
    operations = [
        migrations.RunSQL(
            FOLLOW, "DROP TRIGGER link_follows_return ON bookings; DROP FUNCTION link_follows_return()"
        )
    ]
