"""The database holds what the files in `sql/` say and nothing else, and `apply()` keeps it so."""

from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from exodrive.db.access import NotApplied, apply, upkeep
from exodrive.db.access.changes import summary
from exodrive.db.access.files import AccessError, Key, Wanted, read
from exodrive.dev.embedded import prepare
from exodrive.rls import LOGIN, acting_as, as_owner

pytestmark = pytest.mark.django_db

RIGHTS = (
    "SELECT {name}, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type, is_grantable"
    " FROM {of} WHERE {namespace} = current_schema()::regnamespace AND grantee <> {owner}"
)
# All that may be done by anybody but the owner, as PostgreSQL says it, without a word of the files.
CATALOGUE = {
    "policies": "SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check FROM pg_policies"
    " WHERE schemaname = current_schema()",
    "protected": "SELECT relname, relrowsecurity FROM pg_class WHERE relkind = 'r'"
    " AND relnamespace = current_schema()::regnamespace",
    "functions": "SELECT oid::regprocedure::text, pg_get_functiondef(oid), pg_get_userbyid(proowner), prosecdef,"
    " proconfig::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace",
    "callers": RIGHTS.format(
        name="proname",
        of="pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner)))",
        namespace="pronamespace",
        owner="proowner",
    ),
    "views": "SELECT relname, reloptions::text, pg_get_viewdef(oid), pg_get_userbyid(relowner) FROM pg_class"
    " WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger"
    " WHERE NOT tgisinternal",
    "tables": RIGHTS.format(
        name="relname, ''", of="pg_class, aclexplode(relacl)", namespace="relnamespace", owner="relowner"
    ),
    "columns": RIGHTS.format(
        name="relname, attname",
        of="pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)",
        namespace="relnamespace",
        owner="relowner",
    ),
    "defaults": "SELECT table_name, column_name, column_default FROM information_schema.columns"
    " WHERE table_schema = current_schema()",
}
# What `strip` takes away: everything that a file could have put there, and the marks.
STRIP = """
DO $$
DECLARE
  this record;
BEGIN
  FOR this IN SELECT * FROM pg_policies WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP POLICY %I ON %I', this.policyname, this.tablename);
  END LOOP;
  FOR this IN SELECT tgname, tgrelid::regclass AS relation FROM pg_trigger WHERE NOT tgisinternal LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', this.tgname, this.relation);
  END LOOP;
  FOR this IN SELECT viewname FROM pg_views WHERE schemaname = current_schema() LOOP
    EXECUTE format('DROP VIEW %I', this.viewname);
  END LOOP;
  FOR this IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() LOOP
    EXECUTE format('REVOKE ALL ON %I FROM PUBLIC, exo_app, exo_public, exo_staff, exo_service', this.tablename);
    EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', this.tablename);
  END LOOP;
  FOR this IN SELECT oid::regprocedure AS signature FROM pg_proc WHERE pronamespace = current_schema()::regnamespace LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC, exo_app, exo_public, exo_staff, exo_service', this.signature);
    EXECUTE format('COMMENT ON FUNCTION %s IS NULL', this.signature);
  END LOOP;
END $$
"""


def run(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


def catalogue() -> dict[str, set[tuple[Any, ...]]]:
    return {name: set(run(query)) for name, query in CATALOGUE.items()}


@pytest.fixture(autouse=True)
def owner() -> Any:
    with as_owner():
        yield


# --- The comparison --------------------------------------------------------------------------------------------------


def test_policies_are_the_files() -> None:
    found = {
        (table, name, roles, command) for table, name, _kind, roles, command, *_ in catalogue()["policies"]
    }
    assert found == {
        (table, name, f"{{{policy.role}}}", policy.command)
        for table, declared in read().tables.items()
        for name, policy in declared.policies.items()
    }
    assert {kind for _table, _name, kind, *_ in catalogue()["policies"]} == {"PERMISSIVE"}


def test_grants_on_tables_and_columns_are_the_files_and_sequences_have_none() -> None:
    found = catalogue()["tables"] | catalogue()["columns"]
    assert found == {
        (table, right.column, right.role, right.privilege, False)
        for table, declared in read().tables.items()
        for right in declared.rights()
    } | {
        (source.name, "", role, "SELECT", False)
        for source in read().sources.values()
        if source.kind == "view"
        for role in source.users
    }


def test_views_are_the_files_the_owners_and_read_as_whoever_asks() -> None:
    files = {source.name for source in read().sources.values() if source.kind == "view"}
    assert {(name, options, owner) for name, options, _text, owner in catalogue()["views"]} == {
        (name, "{security_invoker=true}", "exo_owner") for name in files
    }


def test_functions_are_the_files_and_the_owners() -> None:
    files = {source.name: source for source in read().sources.values() if source.kind == "function"}
    bodies = dict(
        run("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
    )
    assert bodies.keys() == files.keys()
    assert {name for name, body in bodies.items() if f"AS $${body}$$;" not in files[name].statement} == set()
    callers = {(name, role) for name, role, _execute, _grantable in catalogue()["callers"]}
    assert callers == {(source.name, role) for source in files.values() for role in source.users}
    assert {owner for _signature, _text, owner, *_ in catalogue()["functions"]} == {"exo_owner"}


def test_triggers_are_the_files() -> None:
    files = {source.key[1:] for source in read().sources.values() if source.kind == "trigger"}
    assert {(table, name) for table, name, *_ in catalogue()["triggers"]} == files


def test_what_the_files_make_of_a_database_without_any_is_this_database() -> None:
    """Conditions, options and events too: PostgreSQL reads every file anew, and understands what stands there now."""
    before = catalogue()
    run(STRIP)
    bare = catalogue()
    assert (bare["policies"], bare["triggers"], bare["tables"], bare["callers"]) == (
        set(),
        set(),
        set(),
        set(),
    )
    apply()
    assert catalogue() == before


def test_a_database_that_is_so_is_asked_twice_and_left_alone() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert apply() == []
    assert len(asked) == 2


# --- Changes by hand: each is found by the comparison, and mended ---------------------------------------------------

BY_HAND = {
    "ALTER POLICY public_own ON bookings USING (true)": "write policy bookings.public_own",
    "ALTER POLICY public_own ON bookings TO PUBLIC": "write policy bookings.public_own",
    "DROP POLICY staff_all ON cars": "write policy cars.staff_all",
    "CREATE POLICY door ON bookings TO exo_public USING (true)": "drop policy bookings.door",
    "CREATE POLICY door ON django_session TO exo_public USING (true)": "drop policy django_session.door",
    "ALTER TABLE bookings DISABLE ROW LEVEL SECURITY": "protect bookings",
    "ALTER TABLE django_session ENABLE ROW LEVEL SECURITY": "open django_session",
    "GRANT SELECT ON customers TO exo_public": "grant customers",
    "GRANT SELECT (phone) ON customers TO exo_public": "grant customers",
    "GRANT UPDATE ON bookings TO PUBLIC": "grant bookings",
    "GRANT SELECT ON bookings TO exo_public_login": "grant bookings",
    "GRANT SELECT ON cars TO exo_public WITH GRANT OPTION": "grant cars",
    "REVOKE INSERT ON holds FROM exo_public": "grant holds",
    "REVOKE UPDATE (status) ON bookings FROM exo_public": "grant bookings",
    "GRANT USAGE ON SEQUENCE cars_id_seq TO exo_staff": "grant cars_id_seq",
    "GRANT EXECUTE ON FUNCTION note_event TO exo_public": "grant note_event",
    "GRANT EXECUTE ON FUNCTION rotate_link TO PUBLIC": "grant rotate_link",
    "REVOKE EXECUTE ON FUNCTION try_pin FROM exo_public": "grant try_pin",
    "ALTER FUNCTION try_pin SECURITY INVOKER": "write function try_pin",
    "ALTER FUNCTION try_pin RESET search_path": "write function try_pin",
    "ALTER FUNCTION app_booking_id VOLATILE": "write function app_booking_id",
    "CREATE OR REPLACE FUNCTION acting_role() RETURNS text LANGUAGE sql STABLE SECURITY DEFINER"
    " SET search_path = public, pg_temp AS 'SELECT current_user'": "write function acting_role",
    "CREATE FUNCTION back_door() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'": "drop function back_door()",
    "CREATE FUNCTION try_pin(p_hash int) RETURNS int LANGUAGE sql AS 'SELECT 1'": "drop function try_pin(integer)",
    "CREATE VIEW pane AS SELECT * FROM customers": "drop view pane",
    "ALTER VIEW figure_length RESET (security_invoker)": "write view figure_length; grant figure_length",
    "GRANT SELECT ON figure_length TO exo_public": "grant figure_length",
    "REVOKE SELECT ON figure_length FROM exo_staff": "grant figure_length",
    "CREATE OR REPLACE VIEW figure_length WITH (security_invoker = true) AS SELECT month, rentals, days, average"
    " FROM (SELECT NULL::date AS month, 1::bigint AS rentals, 1::bigint AS days, 1::numeric AS average) AS x": "write view"
    " figure_length; grant figure_length",
    "ALTER TABLE bookings DISABLE TRIGGER booking_status_audit": "write trigger bookings.booking_status_audit",
    "DROP TRIGGER keep_updated_at ON cars": "write trigger cars.keep_updated_at",
    "CREATE TRIGGER spy BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION keep_updated_at()": "drop trigger users.spy",
    "ALTER TABLE cars ALTER updated_at DROP DEFAULT": "protect cars",
}


@pytest.mark.parametrize(("by_hand", "said"), BY_HAND.items())
def test_a_change_by_hand_is_found_and_mended(by_hand: str, said: str) -> None:
    before = catalogue()
    run(by_hand)
    assert catalogue() != before
    assert summary(apply()) == said
    assert catalogue() == before
    assert apply() == []


def test_what_belongs_to_other_peoples_roles_stays_theirs() -> None:
    run("GRANT SELECT ON cars TO pg_monitor")
    assert apply() == []
    assert ("cars", "", "pg_monitor", "SELECT", False) in catalogue()["tables"]


def test_a_changed_file_changes_its_object_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replaced(("policy", "cars", "public_offered"), "'offered'", "'hidden'")
    monkeypatch.setattr(upkeep, "read", lambda: changed)
    before = catalogue()
    assert summary(apply()) == "write policy cars.public_offered"
    after = catalogue()
    ((*_, condition, _check),) = after["policies"] - before["policies"]
    assert condition == "((status)::text = 'hidden'::text)"
    assert {name for name in before if before[name] != after[name]} == {"policies"}
    assert apply() == []


def replaced(key: Key, old: str, new: str) -> Wanted:
    """The files, one of them changed."""
    wanted = read()
    source = wanted.sources[key]
    assert old in source.statement
    wanted.sources[key] = source._replace(statement=source.statement.replace(old, new))
    return wanted


# --- When it is refused nothing is changed --------------------------------------------------------------------------


def test_a_changed_signature_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replaced(("function", "", "set_link_pin"), "p_hash text)", "p_hash text, p_why text)")
    monkeypatch.setattr(upkeep, "read", lambda: changed)
    before = catalogue()
    with pytest.raises(AccessError, match="A changed signature is a new name: set_link_pin"):
        apply()
    assert catalogue() == before


def test_a_file_that_postgresql_refuses_is_shown_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    changed = replaced(("function", "", "link_nonce"), "SELECT nonce FROM", "SELECT nonsense FROM")
    monkeypatch.setattr(upkeep, "read", lambda: changed)
    run("DROP POLICY staff_all ON cars")
    before = catalogue()
    with pytest.raises(DatabaseError, match="nonsense") as raised:
        apply()
    assert "CREATE OR REPLACE FUNCTION link_nonce" in raised.value.__notes__[0]
    assert catalogue() == before


@pytest.mark.parametrize(
    ("difference", "why"),
    [
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('cars', '0999_next', now())", "newer"),
        ("DELETE FROM django_migrations WHERE app = 'cars' AND name = '0001_initial'", "lacks 1 migrations"),
        ("ALTER TABLE agencies RENAME TO offices", "lacks the tables agencies"),
    ],
)
def test_another_releases_database_is_left_as_it_is(difference: str, why: str) -> None:
    run("DROP POLICY staff_all ON cars")
    run(difference)
    before = catalogue()
    with pytest.raises(NotApplied, match=why):
        apply()
    assert catalogue() == before


def test_other_logins_change_nothing() -> None:
    with acting_as(LOGIN), pytest.raises(NotApplied, match="does not own"):
        apply()


def test_a_role_that_the_server_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "read", lambda: read()._replace(roles=frozenset({"exo_partner"})))
    with pytest.raises(AccessError, match=r"bootstrap_roles first.*exo_partner"):
        apply()


@pytest.mark.real_time  # under libfaketime no time-out of the server's comes
def test_two_migrates_do_not_meet() -> None:
    parameters = connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}
    parameters.pop("context", None)
    run("DROP POLICY staff_all ON cars")
    run("SET LOCAL lock_timeout = '50ms'")
    with psycopg.connect(**parameters) as other:
        other.execute(upkeep.LOCK)
        with pytest.raises(AccessError, match="Nothing was changed: run migrate again"):
            apply()
    assert summary(apply()) == "write policy cars.staff_all"


# --- `migrate` and `start` ------------------------------------------------------------------------------------------


def migrate(**options: Any) -> str:
    out = StringIO()
    call_command("migrate", interactive=False, stdout=out, **options)
    return out.getvalue().splitlines()[-1]


def test_migrate_says_in_one_line_what_it_changed() -> None:
    assert migrate() == "Access: nothing to change"
    run(
        "GRANT SELECT ON customers TO exo_public; DROP POLICY staff_all ON cars; DROP POLICY staff_all ON users"
    )
    assert migrate() == "Access: write policy users.staff_all, cars.staff_all; grant customers"
    run("INSERT INTO django_migrations (app, name, applied) VALUES ('cars', '0999_next', now())")
    assert (
        migrate() == "Access: left as it is, because the database is newer than this release by 1 migrations"
    )


def test_migrate_ends_with_an_error_when_the_files_cannot_be_applied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "read", lambda: read()._replace(roles=frozenset({"exo_partner"})))
    with pytest.raises(CommandError, match="exo_partner"):
        migrate()


def test_start_applies_what_changed_without_a_migration() -> None:
    assert prepare.migrate() is False
    run("DROP POLICY staff_all ON cars")
    assert prepare.migrate() is True
    assert apply() == []
