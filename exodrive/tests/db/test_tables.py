"""Every table is protected or listed: a new one without policies, or a grant nobody wrote down, fails here.

What each role reads and writes in each of our tables, and the functions that run as the owner: `isolation.py`.
"""

import pytest
from django.apps import apps
from django.db import connection

from exodrive.db.access.files import read
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db
ROLES = ("exo_app", "exo_public", "exo_staff", "exo_service")
OURS = {"exodrive", "cars", "bookings", "inbox"}


def query(sql):
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables():
    return {
        name
        for (name,) in query("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
    }


def our_tables():
    """Tables of our own models; automatic many-to-many tables stand among Django's."""
    return {m._meta.db_table for m in apps.get_models() if m._meta.app_label in OURS}


def django_tables():
    return {name: table.grants for name, table in read().tables.items() if not table.policies}


def test_every_table_is_ours_or_listed():
    assert tables() - our_tables() == set(django_tables())


def test_every_table_of_ours_has_row_level_security_and_policies():
    enabled = {name for (name,) in query("SELECT relname FROM pg_class WHERE relrowsecurity")}
    with_policies = {name for (name,) in query("SELECT DISTINCT tablename FROM pg_policies")}
    assert our_tables() - enabled == set()
    assert our_tables() - with_policies == set()


def test_djangos_tables_have_exactly_the_listed_grants():
    found: dict = {}
    for table, grantee, privilege in query(
        "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
        " WHERE grantee LIKE 'exo\\_%' AND grantee <> 'exo_owner' AND table_schema = current_schema()"
    ):
        if table in django_tables():
            found.setdefault(table, {}).setdefault(grantee, set()).add(privilege)
    listed = {
        table: {role: set(what.split(", ")) for role, what in roles.items()}
        for table, roles in django_tables().items()
    }
    assert found == listed


def test_nothing_is_granted_to_everybody():
    rows = query(
        "SELECT table_name FROM information_schema.role_table_grants"
        " WHERE grantee = 'PUBLIC' AND table_schema = current_schema()"
    )
    assert rows == []


def test_the_login_reaches_only_what_signing_in_needs():
    rows = query(
        "SELECT DISTINCT table_name FROM information_schema.role_column_grants"
        " WHERE grantee = 'exo_app' AND table_schema = current_schema()"
    )
    assert {name for (name,) in rows} == {
        "users",
        "api_tokens",
        "security_events",
        *(t for t, roles in django_tables().items() if "exo_app" in roles),
    }


@pytest.mark.parametrize("role", ROLES)
def test_no_role_bypasses_row_level_security(role):
    ((superuser, bypass, owned),) = query(
        "SELECT rolsuper, rolbypassrls, (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
        f" FROM pg_roles r WHERE rolname = '{role}'"
    )
    assert (superuser, bypass, owned) == (False, False, 0)


@pytest.mark.parametrize("table", ["bookings", "cars", "users", "inbox_items"])
def test_updated_at_is_kept_for_raw_sql_too(table):
    ((count,),) = query(
        f"SELECT count(*) FROM pg_trigger WHERE tgrelid = '{table}'::regclass AND tgname = 'keep_updated_at'"
    )
    assert count == 1


def test_every_table_of_ours_says_when_rows_were_made_and_changed():
    rows = query(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema()"
        " AND column_name IN ('created_at', 'updated_at') GROUP BY 1 HAVING count(*) = 2"
    )
    assert our_tables() - {name for (name,) in rows} == set()
