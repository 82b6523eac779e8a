"""Extras of a booking are counted in one step, and their days locked in one order.

`lock_extra_days` locks every day of every extra that a booking has or would have, by extra and date, before customer
and booking are touched: two changes that swap extras in opposite directions queue instead of deadlocking.
`book_extras` then makes the booking's extras the given ones: more of one only while it is offered, at the pick-up
place, within the stock of every day and the limit per booking. What a booking has it keeps. It answers with the first
extra that cannot be had, and has changed nothing then. Together they take the place of `take_extra` and
`give_extras_back`.
"""

from importlib import import_module

from django.db import migrations

before = import_module("bookings.migrations.0006_change_functions")

ANOTHERS = "current_setting('role', true) = 'exo_public' AND p_booking IS DISTINCT FROM app_booking_id()"

LOCK_EXTRA_DAYS = f"""
CREATE FUNCTION lock_extra_days(p_booking uuid, p_extras bigint[], p_start date, p_end date) RETURNS void
LANGUAGE plpgsql {before.HEAD} $$
BEGIN
  IF p_booking IS NOT NULL AND {ANOTHERS} THEN
    RETURN;
  END IF;
  INSERT INTO extra_days AS day (extra_id, date, taken)
  SELECT extra_id, date, 0 FROM (
    SELECT extra_id, start_date + n AS date
    FROM booking_extras, LATERAL generate_series(0, end_date - start_date) AS n WHERE booking_id = p_booking
    UNION
    SELECT e.id, coalesce(p_start, b.start_date) + n
    FROM extras e LEFT JOIN bookings b ON b.id = p_booking,
      LATERAL generate_series(0, coalesce(p_end, b.end_date) - coalesce(p_start, b.start_date)) AS n
    WHERE e.id = ANY (coalesce(p_extras, ARRAY(SELECT extra_id FROM booking_extras WHERE booking_id = p_booking)))
  ) AS concerned
  ORDER BY extra_id, date
  -- A row that is there is locked and stays as it is.
  ON CONFLICT (extra_id, date) DO UPDATE SET taken = day.taken WHERE day.taken IS NULL;
END $$
"""

BOOK_EXTRAS = f"""
CREATE FUNCTION book_extras(p_booking uuid, p_extras bigint[], p_quantities integer[]) RETURNS bigint
LANGUAGE plpgsql {before.HEAD} $$
DECLARE
  rental bookings;
  place bigint;
  refused bigint;
BEGIN
  IF {ANOTHERS} THEN
    RAISE EXCEPTION 'not your booking' USING ERRCODE = '42501';
  END IF;
  SELECT * INTO STRICT rental FROM bookings WHERE id = p_booking;
  SELECT location_id INTO place FROM booking_locations WHERE booking_id = p_booking AND kind = 'pick_up';
  PERFORM lock_extra_days(p_booking, p_extras, rental.start_date, rental.end_date);
  WITH was AS (
    SELECT extra_id, start_date + n AS date, quantity
    FROM booking_extras, LATERAL generate_series(0, end_date - start_date) AS n WHERE booking_id = p_booking
  ), wanted AS (
    SELECT extra_id, rental.start_date + n AS date, quantity
    FROM unnest(p_extras, p_quantities) AS w (extra_id, quantity),
      generate_series(0, rental.end_date - rental.start_date) AS n
  ), delta AS (
    SELECT extra_id, date, wanted.quantity AS wanted,
           coalesce(wanted.quantity, 0) - coalesce(was.quantity, 0) AS more
    FROM was FULL JOIN wanted USING (extra_id, date)
  ), refusal AS (
    SELECT min(extra_id) AS id FROM delta
    LEFT JOIN extras e ON e.id = extra_id
    LEFT JOIN extra_days day USING (extra_id, date)
    WHERE wanted IS NOT NULL AND NOT coalesce(wanted > 0 AND coalesce(e.location_id, place) = place AND (more <= 0 OR (
      e.is_offered AND wanted <= e.max_per_booking AND day.taken + more <= e.stock
    )), false)
  ), counted AS (
    UPDATE extra_days day SET taken = day.taken + more FROM delta, refusal
    WHERE refusal.id IS NULL AND more <> 0 AND day.extra_id = delta.extra_id AND day.date = delta.date
  )
  SELECT id INTO refused FROM refusal;
  IF refused IS NULL THEN
    DELETE FROM booking_extras WHERE booking_id = p_booking;
    INSERT INTO booking_extras (booking_id, extra_id, quantity, start_date, end_date)
    SELECT p_booking, extra_id, quantity, rental.start_date, rental.end_date
    FROM unnest(p_extras, p_quantities) AS w (extra_id, quantity);
  END IF;
  RETURN refused;
END $$
"""


def given(sql, signature):
    return f"{sql}; {before.CLOSE.format(signature)}"


TAKE, GIVE_BACK = "take_extra(uuid, bigint, date, date, integer)", "give_extras_back(uuid)"


class Migration(migrations.Migration):
    dependencies = [("bookings", "0007_links_follow_the_return")]
    operations = [
        before.function(LOCK_EXTRA_DAYS, "lock_extra_days(uuid, bigint[], date, date)"),
        before.function(BOOK_EXTRAS, "book_extras(uuid, bigint[], integer[])"),
        migrations.RunSQL(f"DROP FUNCTION {TAKE}", given(before.TAKE_EXTRA, TAKE)),
        migrations.RunSQL(f"DROP FUNCTION {GIVE_BACK}", given(before.GIVE_EXTRAS_BACK, GIVE_BACK)),
    ]
