"""What the public adds to a booking, it adds to its own, or to one that this very transaction has made.

Before, injected SQL could point a hold or an idempotency key at somebody else's booking (their ids stand in the
ledger), and the site would then have handed out that booking's link; it could also queue mails and take days for others.
Whether a row is new is read from the transaction that wrote it, which nobody can forge.
"""

from django.db import migrations

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO {1}"

# `xmin` has 32 bits of the 64-bit transaction number; ours, savepoints included, are at or just after the current one.
WRITTEN_NOW = """
CREATE FUNCTION written_now(p_xmin xid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  ours bigint := pg_current_xact_id()::text::bigint;
  theirs bigint := ours - ours % 4294967296 + p_xmin::text::bigint;
BEGIN
  IF theirs < ours THEN
    theirs := theirs + 4294967296;
  END IF;
  IF theirs - ours > 2147483648 THEN
    RETURN false;
  END IF;
  RETURN pg_xact_status(theirs::text::xid8) = 'in progress';
END $$
"""
MAY_ADD_TO_BOOKING = f"""
CREATE FUNCTION may_add_to_booking(p_booking uuid) RETURNS boolean LANGUAGE sql STABLE {HEAD} $$
  SELECT p_booking = app_booking_id() OR EXISTS (SELECT 1 FROM bookings WHERE id = p_booking AND written_now(xmin))
$$
"""
MAY_ADD_TO_HOLD = f"""
CREATE FUNCTION may_add_to_hold(p_hold uuid) RETURNS boolean LANGUAGE sql STABLE {HEAD} $$
  SELECT p_hold = app_hold_id() OR EXISTS (SELECT 1 FROM holds WHERE id = p_hold AND written_now(xmin))
$$
"""
IDEM_FINISH = f"""
CREATE OR REPLACE FUNCTION idem_finish(p_scope text, p_key text, p_http smallint, p_booking uuid) RETURNS void
LANGUAGE sql {HEAD} $$
  UPDATE idempotency_keys SET http_status = p_http, booking_id = p_booking
  WHERE scope = p_scope AND key = p_key AND http_status IS NULL{{condition}}
$$
"""
NOT_ANOTHERS = " AND (current_setting('role', true) <> 'exo_public' OR may_add_to_booking(p_booking))"

OWN_BOOKING = "booking_id = (SELECT app_booking_id())"
OWN_HOLD = "hold_id = (SELECT app_hold_id())"
SOON = "expires_at <= now() + interval '1 day'"
OWN_DAYS = f"expires_at <= now() OR {OWN_HOLD} OR {OWN_BOOKING}"
BECAME = (
    f"(expires_at IS NULL OR {SOON}) AND (status IN ('pending', 'held', 'buffer')"
    f" OR (status = 'booked' AND {OWN_BOOKING}))"
)
BECOMES = (
    f"{BECAME} AND (booking_id IS NULL OR {OWN_BOOKING} OR may_add_to_booking(booking_id))"
    f" AND (hold_id IS NULL OR {OWN_HOLD} OR may_add_to_hold(hold_id))"
)
ADDED = "may_add_to_booking(booking_id)"
HELD = f"id = (SELECT app_hold_id()) AND {SOON}"
NEW = "status = 'pending' AND payment_status = 'unpaid'"

# (table, policy, what it checks now, what it checked before)
CHECKS = [
    ("bookings", "public_new", f"{NEW} AND handed_over_at IS NULL AND returned_at IS NULL", NEW),
    ("booking_secure_tokens", "public_new", ADDED, "true"),
    ("booking_locations", "public_new", ADDED, "true"),
    (
        "inbox_items",
        "public_new",
        f"status = 'pending' AND kind = 'new_booking' AND {ADDED}",
        "status = 'pending'",
    ),
    (
        "inbox_emails",
        "public_new",
        f"status = 'queued' AND attempts = 0 AND recipient = '' AND {ADDED}",
        "status = 'queued'",
    ),
    ("holds", "public_change_own", f"{HELD} AND (booking_id IS NULL OR {ADDED})", HELD),
    ("car_availability", "public_claim", BECOMES, BECAME),
    ("car_availability", "public_take_over", BECOMES, BECAME),
]


def check(table, policy, condition):
    return migrations.RunSQL(
        f"ALTER POLICY {policy} ON {table} WITH CHECK ({condition[0]})",
        f"ALTER POLICY {policy} ON {table} WITH CHECK ({condition[1]})",
    )


def function(sql, signature, roles="exo_public"):
    return migrations.RunSQL(f"{sql}; {CLOSE.format(signature, roles)}", f"DROP FUNCTION {signature}")


class Migration(migrations.Migration):
    dependencies = [
        ("exodrive", "0006_seeing"),
        ("bookings", "0008_extras_in_one_order"),
        ("inbox", "0004_booking_changed"),
    ]
    operations = [
        function(WRITTEN_NOW, "written_now(xid)"),
        function(MAY_ADD_TO_BOOKING, "may_add_to_booking(uuid)"),
        function(MAY_ADD_TO_HOLD, "may_add_to_hold(uuid)"),
        migrations.RunSQL(IDEM_FINISH.format(condition=NOT_ANOTHERS), IDEM_FINISH.format(condition="")),
        *(check(table, policy, (now, before)) for table, policy, now, before in CHECKS),
    ]
