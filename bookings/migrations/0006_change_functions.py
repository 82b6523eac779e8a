"""What a change of a booking needs of the database.

`take_extra` and `give_extras_back` count extras per day, so that none is oversold: the count moves only where stock
allows it, under the row's own lock. `live_holds` says how many cars a visitor holds, and makes rivals of the same
visitor queue. The change guard lets customers change dates, car and price only before the rental begins.
"""

from django.db import migrations

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO exo_public, exo_staff, exo_service"

TAKE_EXTRA = f"""
CREATE FUNCTION take_extra(p_booking uuid, p_extra bigint, p_start date, p_end date, p_quantity integer) RETURNS boolean
LANGUAGE plpgsql {HEAD} $$
DECLARE
  most integer;
  moved integer;
BEGIN
  IF p_quantity < 1 THEN
    RETURN false;
  END IF;
  SELECT stock INTO most FROM extras WHERE id = p_extra AND is_offered AND p_quantity <= max_per_booking;
  IF most IS NULL OR p_quantity > most THEN
    RETURN false;
  END IF;
  INSERT INTO extra_days AS day (extra_id, date, taken)
  SELECT p_extra, p_start + n, p_quantity FROM generate_series(0, p_end - p_start) AS n ORDER BY n
  ON CONFLICT (extra_id, date) DO UPDATE SET taken = day.taken + EXCLUDED.taken
  WHERE day.taken + EXCLUDED.taken <= most;
  GET DIAGNOSTICS moved = ROW_COUNT;
  IF moved < p_end - p_start + 1 THEN
    RETURN false;
  END IF;
  INSERT INTO booking_extras (booking_id, extra_id, quantity, start_date, end_date)
  VALUES (p_booking, p_extra, p_quantity, p_start, p_end);
  RETURN true;
END $$
"""

GIVE_EXTRAS_BACK = f"""
CREATE FUNCTION give_extras_back(p_booking uuid) RETURNS void LANGUAGE plpgsql {HEAD} $$
DECLARE
  had booking_extras;
BEGIN
  IF current_setting('role', true) = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id() THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  FOR had IN SELECT * FROM booking_extras WHERE booking_id = p_booking ORDER BY extra_id LOOP
    UPDATE extra_days SET taken = taken - had.quantity
    WHERE extra_id = had.extra_id AND date BETWEEN had.start_date AND had.end_date;
  END LOOP;
  DELETE FROM booking_extras WHERE booking_id = p_booking;
END $$
"""

LIVE_HOLDS = f"""
CREATE FUNCTION live_holds(p_visitor text) RETURNS integer LANGUAGE plpgsql {HEAD} $$
BEGIN
  PERFORM pg_advisory_xact_lock(9, hashtext(p_visitor));
  RETURN (
    SELECT count(*) FROM holds
    WHERE visitor = p_visitor AND booking_id IS NULL AND expires_at > now()
  );
END $$
"""

CHANGE_GUARD = """
CREATE FUNCTION booking_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('role', true) = 'exo_public' AND OLD.status NOT IN ('pending', 'upcoming') THEN
    RAISE EXCEPTION 'customers change a booking only before it begins' USING ERRCODE = '42501';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER booking_change_guard BEFORE UPDATE OF
  start_date, end_date, car_id, buffer_days, quote, terms, total, deposit, delivery ON bookings
  FOR EACH ROW EXECUTE FUNCTION booking_change_guard();
CREATE TRIGGER changes_are_append_only BEFORE UPDATE OR DELETE ON booking_changes
  FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();
GRANT UPDATE (start_date, end_date, car_id, buffer_days, quote, terms, total, deposit, delivery, driver_age)
  ON bookings TO exo_public
"""

DROP_CHANGE_GUARD = """
REVOKE UPDATE (start_date, end_date, car_id, buffer_days, quote, terms, total, deposit, delivery, driver_age)
  ON bookings FROM exo_public;
DROP TRIGGER changes_are_append_only ON booking_changes;
DROP TRIGGER booking_change_guard ON bookings;
DROP FUNCTION booking_change_guard()
"""


def function(sql, signature):
    return migrations.RunSQL(f"{sql}; {CLOSE.format(signature)}", f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):
    dependencies = [("bookings", "0005_changes_and_extras")]
    operations = [
        function(TAKE_EXTRA, "take_extra(uuid, bigint, date, date, integer)"),
        function(GIVE_EXTRAS_BACK, "give_extras_back(uuid)"),
        function(LIVE_HOLDS, "live_holds(text)"),
        migrations.RunSQL(CHANGE_GUARD, DROP_CHANGE_GUARD),
    ]
