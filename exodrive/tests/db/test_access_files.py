"""Where SQL is written: in the files of `sql/`, one thing each, and in no new migration."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.state import ProjectState

from exodrive.db.access import EnableRowSecurity, Policy, Table, full_access
from exodrive.db.access.files import AccessError, apps_with_sql, read, sources_in
from exodrive.db.access.listing import WIDTH, listing
from exodrive.rls import PUBLIC, STAFF, as_owner

# --- Migrations ------------------------------------------------------------------------------------------------------

# The last ones that made functions, policies, triggers and grants themselves.
LANDED = {"exodrive": 9, "cars": 3, "bookings": 15, "inbox": 8}
ELSEWHERE = re.compile(
    r"\b(?:create|alter)\s+(?:or\s+replace\s+)?(?:constraint\s+)?(function|procedure|policy|trigger)\b"
    r"|\b(grant|revoke)\b[^;]*\b(?:on|to|from)\b",
    re.IGNORECASE,
)
OPERATIONS = {"Protect", "EnableRowSecurity"}


def texts(tree: ast.AST) -> Iterator[str]:
    """Every string of a module but its docstring, f-strings with a word in place of what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def sql_of_its_own(source: str) -> list[str]:
    """What of a migration belongs into `sql/`."""
    tree = ast.parse(source)
    if ast.get_docstring(tree):
        tree.body.pop(0)
    found = {match[0] for text in texts(tree) for match in ELSEWHERE.finditer(text)}
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return sorted(found | names & OPERATIONS)


def test_new_migrations_leave_functions_policies_triggers_and_grants_to_the_files() -> None:
    wrong = {
        f"{config.label}/{path.name}": found
        for config in apps_with_sql()
        for path in sorted((Path(config.path) / "migrations").glob("0*.py"))
        if int(path.name[:4]) > LANDED[config.label] and (found := sql_of_its_own(path.read_text()))
    }
    assert wrong == {}, (
        "these belong into <app>/sql/access.py, sql/functions/ or sql/triggers/ (docs/architecture.md)"
    )


@pytest.mark.parametrize(
    "operation",
    [
        'RunSQL("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1 $$ LANGUAGE sql")',
        'RunSQL("create or replace\\n function f() returns int")',
        'RunSQL("CREATE POLICY p ON cars USING (true)")',
        'RunSQL(f"ALTER POLICY {name} ON cars USING (true)")',
        'RunSQL("CREATE CONSTRAINT TRIGGER t AFTER INSERT ON cars")',
        'schema_editor.execute(f"GRANT {what} ON {table} TO {role}")',
        'RunSQL("REVOKE SELECT ON cars FROM exo_public")',
        'Protect("cars", grants={}, policies={})',
    ],
)
def test_sql_in_a_migration_is_seen(operation: str) -> None:
    assert len(sql_of_its_own(f'"""Words about a policy."""\n\noperations = [{operation}]')) == 1


@pytest.mark.parametrize(
    "landed",
    ["bookings/migrations/0007_links_follow_the_return.py", "exodrive/migrations/0009_second_step.py"],
)
def test_landed_ones_would_be_refused_today(landed: str) -> None:
    assert sql_of_its_own((settings.BASE_DIR / landed).read_text())


@pytest.mark.parametrize(
    "operation",
    [
        'RunSQL("DROP POLICY p ON cars; ALTER TABLE cars ALTER plate TYPE text")',
        'RunSQL("CREATE INDEX cars_by_words ON cars USING gin (fold(plate))")',
        'RunSQL("UPDATE cars SET plate = upper(plate)")',
        'AddField("cars", "granted", help_text="Who may grant a discount.")',
    ],
)
def test_what_a_migration_is_for_is_left_alone(operation: str) -> None:
    assert sql_of_its_own(f'"""CREATE POLICY is said in words only."""\n\noperations = [{operation}]') == []


@pytest.mark.django_db
def test_a_landed_migration_goes_back_whatever_became_of_its_table() -> None:
    protect = EnableRowSecurity("agencies", grants={STAFF: "SELECT"}, policies=full_access(STAFF))
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP POLICY staff_all ON agencies; DROP TRIGGER keep_updated_at ON agencies")
        with connection.schema_editor(atomic=False) as editor:
            protect.database_backwards("cars", editor, ProjectState(), ProjectState())
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = 'agencies'")
        assert cursor.fetchall() == [(False,)]


# --- Files -----------------------------------------------------------------------------------------------------------

FUNCTION = "-- execute: exo_staff\n-- Why.\nCREATE OR REPLACE FUNCTION f() RETURNS int\nLANGUAGE sql AS $$ SELECT 1 $$;\n"
TRIGGER = (
    "-- guards: cars\nCREATE OR REPLACE TRIGGER t BEFORE UPDATE OF plate,\n  color ON cars\n"
    "  FOR EACH ROW EXECUTE FUNCTION f();\n"
)


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return folder


def test_a_function_knows_who_may_execute_it(tmp_path: Path) -> None:
    (found,) = sources_in(written(tmp_path, "functions/f.sql", FUNCTION), {})
    assert (found.key, found.users) == (("function", "", "f"), {"exo_staff"})
    (found,) = sources_in(written(tmp_path, "functions/f.sql", FUNCTION.replace("exo_staff", "nobody")), {})
    assert found.users == set()
    (found,) = sources_in(
        written(tmp_path, "functions/f.sql", FUNCTION.replace("exo_staff", "exo_app, PUBLIC")), {}
    )
    assert found.users == {"exo_app", "PUBLIC"}


def test_another_comment_is_no_change(tmp_path: Path) -> None:
    (before,) = sources_in(written(tmp_path, "functions/f.sql", FUNCTION), {})
    (after,) = sources_in(written(tmp_path, "functions/f.sql", FUNCTION.replace("Why.", "Better said.")), {})
    (other,) = sources_in(written(tmp_path, "functions/f.sql", FUNCTION.replace("SELECT 1", "SELECT 2")), {})
    assert before.mark("") == after.mark("") != other.mark("")


VIEW = "-- read: exo_staff, exo_service\n-- Why.\nCREATE VIEW v WITH (security_invoker = true) AS\nSELECT 1 AS one;\n"


def test_a_view_knows_who_may_read_it(tmp_path: Path) -> None:
    (found,) = sources_in(written(tmp_path, "views/v.sql", VIEW), {})
    assert (found.key, found.users) == (("view", "", "v"), {"exo_staff", "exo_service"})


def test_a_trigger_knows_its_table(tmp_path: Path) -> None:
    (found,) = sources_in(written(tmp_path, "triggers/t.sql", TRIGGER), {})
    assert found.key == ("trigger", "cars", "t")


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("functions/g.sql", FUNCTION, "must hold one CREATE, of g"),
        ("functions/f.sql", FUNCTION * 2, "must hold one CREATE, of f"),
        ("functions/f.sql", FUNCTION.replace("OR REPLACE ", ""), "must hold one CREATE, of f"),
        ("functions/f.sql", FUNCTION.partition("\n")[2], "must begin with `-- execute: `"),
        ("views/v.sql", VIEW.replace(" WITH (security_invoker = true)", ""), "must hold one CREATE, of v"),
        ("views/v.sql", VIEW.partition("\n")[2], "must begin with `-- read: `"),
        ("triggers/t.sql", TRIGGER.partition("\n")[2], "must begin with `-- guards: `"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(
    tmp_path: Path, name: str, text: str, why: str
) -> None:
    with pytest.raises(AccessError, match=why):
        list(sources_in(written(tmp_path, name, text), {}))


def test_a_table_of_two_apps_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cars.sql.access.TABLES", {"bookings": Table(grants={})})
    with pytest.raises(AccessError, match="Two apps say who may use bookings"):
        read()


def test_rights_are_read_column_by_column() -> None:
    table = Table(grants={STAFF: "SELECT, UPDATE (plate, color), DELETE"})
    assert {tuple(right) for right in table.rights()} == {
        (STAFF, "SELECT", ""),
        (STAFF, "UPDATE", "plate"),
        (STAFF, "UPDATE", "color"),
        (STAFF, "DELETE", ""),
    }


# --- show_access ----------------------------------------------------------------------------------------------------


def shown(table: str) -> str:
    out = StringIO()
    call_command("show_access", table, stdout=out)
    return out.getvalue()


def test_show_access_says_who_may_do_what_with_which_rows() -> None:
    assert shown("holds") == dedent(
        """\
        holds
          row-level security: on
          triggers: hold_is_priced, keep_updated_at
          out of reach for: exo_app

        exo_public
          SELECT
            public_own
              using id = (SELECT app_hold_id())
          INSERT
            public_new
              check booking_id IS NULL AND expires_at <= now() + interval '1 day'
          UPDATE (expires_at, extended_at, booking_id)
            public_change_own
              using id = (SELECT app_hold_id())
              check id = (SELECT app_hold_id())
                    AND expires_at <= now() + interval '1 day'
                    AND (booking_id IS NULL OR may_add_to_booking(booking_id))
          DELETE
            public_drop_own
              using id = (SELECT app_hold_id()) AND booking_id IS NULL

        exo_service
          SELECT, UPDATE, DELETE
            service_all: every row

        exo_staff
          SELECT, INSERT, UPDATE, DELETE
            staff_all: every row
        """
    )


def test_show_access_of_a_table_without_policies_and_of_a_grant_without_a_row() -> None:
    assert "exo_app\n  SELECT, INSERT, UPDATE, DELETE\n    every row" in shown("django_session")
    wanted = read()
    wanted.tables["odd"] = Table(
        grants={PUBLIC: "SELECT, INSERT"}, policies={"new": Policy(PUBLIC, "INSERT", check="true")}
    )
    assert "exo_public\n  SELECT\n    no row\n  INSERT\n    new: every row" in listing(wanted, "odd")


def test_show_access_fits_the_screen() -> None:
    assert [line for table in read().tables for line in shown(table).splitlines() if len(line) > WIDTH] == []


def test_show_access_of_an_unknown_table_names_near_ones() -> None:
    with pytest.raises(CommandError, match=r"No sql/access.py names a table boking\. Near it: bookings"):
        shown("boking")
    with pytest.raises(CommandError, match="There are agencies, api_tokens,"):
        shown("zzz")
