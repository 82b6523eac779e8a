"""Grants and policies that were wider than anybody's work needs.

The public reads of a customer only what it typed itself: an email does not prove who somebody is, so a booking made
with another's address must not show that customer's stored name and phone. The worker writes to staff and names
them, and needs no password hashes. Nobody deletes users. Staff and jobs write changes down in their own name.
"""

from django.db import migrations

BY_STAFF = "actor_kind = 'staff' AND actor_id IS NOT DISTINCT FROM nullif(current_setting('app.user_id', true), '')::bigint"
STATEMENTS = [
    (
        "REVOKE SELECT ON customers FROM exo_public; GRANT SELECT (id, email) ON customers TO exo_public",
        "REVOKE SELECT (id, email) ON customers FROM exo_public; GRANT SELECT ON customers TO exo_public",
    ),
    (
        "REVOKE SELECT ON users FROM exo_service;"
        " GRANT SELECT (id, email, full_name, is_active, is_superuser) ON users TO exo_service",
        "REVOKE SELECT (id, email, full_name, is_active, is_superuser) ON users FROM exo_service;"
        " GRANT SELECT ON users TO exo_service",
    ),
    ("REVOKE DELETE ON users FROM exo_staff", "GRANT DELETE ON users TO exo_staff"),
    (
        "REVOKE INSERT ON booking_secure_tokens FROM exo_service",
        "GRANT INSERT ON booking_secure_tokens TO exo_service",
    ),
    (
        f"ALTER POLICY staff_all ON booking_changes WITH CHECK ({BY_STAFF})",
        "ALTER POLICY staff_all ON booking_changes WITH CHECK (true)",
    ),
    (
        "ALTER POLICY service_all ON booking_changes WITH CHECK (actor_kind IN ('job', 'provider') AND actor_id IS NULL)",
        "ALTER POLICY service_all ON booking_changes WITH CHECK (true)",
    ),
    (
        "ALTER POLICY public_new ON booking_changes WITH CHECK"
        " (booking_id = (SELECT app_booking_id()) AND actor_kind = 'customer' AND actor_id IS NULL)",
        "ALTER POLICY public_new ON booking_changes WITH CHECK"
        " (booking_id = (SELECT app_booking_id()) AND actor_kind = 'customer')",
    ),
]


class Migration(migrations.Migration):
    dependencies = [("exodrive", "0007_public_writes_its_own"), ("cars", "0003_public_sees_the_offer")]
    operations = [migrations.RunSQL(forwards, backwards) for forwards, backwards in STATEMENTS]
