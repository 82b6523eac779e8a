"""`reopen_inbox_item` brings a booking back to the staff's attention when its customer moves it.

The public role may not read the inbox, and without reading no UPDATE finds its row. So this function does it, for the
booking that the request's token opens and for no other.
"""

from django.db import migrations

REOPEN = """
CREATE FUNCTION reopen_inbox_item() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE inbox_items SET status = 'pending', done_at = NULL, done_by_id = NULL
  WHERE booking_id = app_booking_id() AND kind = 'new_booking'
$$
"""
CLOSE = """
REVOKE ALL ON FUNCTION reopen_inbox_item() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION reopen_inbox_item() TO exo_public
"""


class Migration(migrations.Migration):
    dependencies = [("inbox", "0002_new_link")]
    operations = [migrations.RunSQL(f"{REOPEN};{CLOSE}", "DROP FUNCTION reopen_inbox_item()")]
