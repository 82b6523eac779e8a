"""Guards inside functions and triggers ask `acting_role()` instead of the setting `role`.

Rights and policies are those of the role that began a statement, but injected SQL may change the setting halfway through
it: `SELECT set_config('role', 'none', false), set_link_pin(…)`. The guards then saw nobody they knew and let pass what
only staff and jobs may do, also with a login that can be nobody but exo_public.
"""

from importlib import import_module

from django.db import migrations

HEAD = "SECURITY DEFINER SET search_path = public, pg_temp AS"
CLOSE = "REVOKE ALL ON FUNCTION {0} FROM PUBLIC; GRANT EXECUTE ON FUNCTION {0} TO exo_public, exo_staff, exo_service"
SETTING = "current_setting('role', true)"

# Inside, `current_user` is the schema's owner. Only that login and superusers, who may everything anyway, are nobody.
ACTING_ROLE = f"""
CREATE FUNCTION acting_role() RETURNS text LANGUAGE sql STABLE {HEAD} $$
  SELECT CASE
    WHEN {SETTING} IN ('exo_staff', 'exo_service') OR pg_has_role(session_user, current_user, 'MEMBER') THEN {SETTING}
    ELSE 'exo_public'
  END
$$
"""


status = import_module("bookings.migrations.0002_status_machine")
change = import_module("bookings.migrations.0006_change_functions")
extras = import_module("bookings.migrations.0008_extras_in_one_order")
links = import_module("bookings.migrations.0009_links_with_pins")
its_own = import_module("exodrive.migrations.0007_public_writes_its_own")

GUARDS = [
    status.RULES,
    status.AUDIT,
    change.CHANGE_GUARD.partition("CREATE TRIGGER")[0],
    extras.LOCK_EXTRA_DAYS,
    extras.BOOK_EXTRAS,
    links.NOTE_EVENT,
    links.SET_LINK_PIN,
    its_own.IDEM_FINISH.format(condition=its_own.NOT_ANOTHERS),
]


def guarded(sql):
    """Let the function ask `acting_role()`; back again it asks the setting."""
    before = sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    return migrations.RunSQL(before.replace(SETTING, "acting_role()"), before)


class Migration(migrations.Migration):
    dependencies = [
        ("bookings", "0013_customers_stay_who_they_are"),
        ("exodrive", "0007_public_writes_its_own"),
    ]
    operations = [
        migrations.RunSQL(
            f"{ACTING_ROLE}; {CLOSE.format('acting_role()')}",
            "DROP FUNCTION acting_role()",
        ),
        *map(guarded, GUARDS),
    ]
