"""What was backed up comes back whole: rows, policies, grants, triggers; and nothing is overwritten by mistake."""

import json
import os
import re
import secrets
import stat
import subprocess
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from bookings.tests.support.factories import make_booking, make_desk, make_hold
from exodrive.db.access import apply
from exodrive.models import JobRun
from exodrive.ops import backups
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db(transaction=True)

# All that makes the walls and the ledger's promise, as text that can be compared.
WALLS = {
    "policies": "SELECT tablename, policyname, roles::text, cmd, qual, with_check FROM pg_policies",
    "protected": "SELECT relname FROM pg_class WHERE relrowsecurity",
    "grants": "SELECT table_name, grantee, privilege_type FROM information_schema.role_table_grants"
    " WHERE table_schema = 'public'",
    "column grants": "SELECT table_name, column_name, grantee, privilege_type"
    " FROM information_schema.role_column_grants WHERE table_schema = 'public'",
    "functions": "SELECT proname, prosecdef, proconfig::text, proacl::text, md5(prosrc) FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    # From which file each comes, and a hash of that; the rest is a hash of PostgreSQL's spelling.
    "marks": "SELECT classoid::regclass::text, split_part(description, ' ', 1), split_part(description, ' ', 2)"
    " FROM pg_description WHERE description LIKE '%/sql/%'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE connamespace = 'public'::regnamespace",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "owners": "SELECT tablename, tableowner FROM pg_tables WHERE schemaname = 'public'",
    "schema": "SELECT nspname, pg_get_userbyid(nspowner), nspacl::text FROM pg_namespace WHERE nspname = 'public'",
}
ACCESS = "SELECT datacl::text, datlocprovider::text FROM pg_database WHERE datname = current_database()"
# PostgreSQL writes casts and brackets another way once it has read its own writing.
SPELLING = re.compile(r"::(text|character varying)(\[\])?|[()]")


def connect(database):
    return psycopg.connect(**{**backups._own_connection(), "dbname": database}, autocommit=True)


def state_of(database):
    with connect(database) as owner:
        found = {
            name: sorted(SPELLING.sub("", str(row)) for row in owner.execute(query))
            for name, query in WALLS.items()
        }
        return found | {"rows": backups._row_counts(owner)}


@pytest.fixture
def dump(tmp_path):
    """A backup of a database with a booking, a hold and somebody who works here."""
    make_desk()
    make_booking(status="upcoming")
    make_hold()
    file = tmp_path / "exodrive.dump"
    with as_owner():
        call_command("backup", str(file), stdout=StringIO())
    return file


@pytest.fixture
def fresh(monkeypatch):
    """The name of a database that is not there yet; gone again at the end, and the connection back where it was."""
    name, own = f"restored_{secrets.token_hex(4)}", connection.settings_dict["NAME"]
    yield name
    connection.close()
    connection.settings_dict["NAME"] = own
    with connect(own) as owner:
        owner.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def restore(*arguments):
    out = StringIO()
    with as_owner():
        call_command("restore", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_backup_comes_back_with_all_its_walls(dump, fresh):
    own = connection.settings_dict["NAME"]
    said = restore(dump, "--into", fresh)
    assert "as backed up" in said
    assert "Differences in the ledger: 0" in said

    before, after = state_of(own), state_of(fresh)
    before["rows"]["job_runs"] -= 1  # the backup's own run was written down after it
    assert after == before
    assert before["rows"]["bookings"] == 1
    assert len(before["policies"]) > 50
    assert len(before["marks"]) > 100

    with as_owner():  # what PostgreSQL spells another way now is written once more
        changes = apply()
        views = {change.name for change in changes if change.what == "write view"}
        assert {change.what for change in changes} <= {"write policy", "write view", "grant"}
        assert {change.name for change in changes if change.what == "grant"} <= views
        assert apply() == []

    with connect(fresh) as login:
        (access,) = login.execute(ACCESS).fetchall()
        assert access == ("{exo_owner=CTc/exo_owner,exo_app=c/exo_owner,exo_public_login=c/exo_owner}", "b")
        login.execute("SET ROLE exo_public")
        for table in ("bookings", "customers"):
            assert login.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
        for table in ("inbox_items", "inbox_emails", "users"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute(f"SELECT * FROM {table}")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("CREATE TABLE mine (id int)")
        # The rows came back with their promise: nobody can take a day twice.
        login.execute("RESET ROLE")
        with pytest.raises(psycopg.errors.UniqueViolation):
            login.execute("INSERT INTO car_availability SELECT * FROM car_availability")


def test_files_are_private_and_the_manifest_proves_the_dump(dump):
    manifest = json.loads(backups.manifest_of(dump).read_text())
    for file in (dump, backups.manifest_of(dump)):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(file.name for file in dump.parent.iterdir()) == ["exodrive.dump", "exodrive.dump.json"]
    assert manifest["sha256"] == backups.digest(dump)
    assert manifest["rows"]["bookings"] == 1
    assert "bookings.0001_initial" in manifest["migrations"]
    assert "marta" not in backups.manifest_of(dump).read_text().lower()
    with as_owner():
        run = JobRun.objects.get(name="backup")
    assert (run.ok, run.error) == (True, "")


def test_a_database_that_is_not_empty_is_refused_and_untouched(dump):
    with pytest.raises(CommandError, match=r"has \d+ tables"):
        restore(dump)
    assert state_of(connection.settings_dict["NAME"])["rows"]["bookings"] == 1


def test_with_yes_what_was_there_goes(dump, fresh):
    with as_owner():
        backups.create_database(fresh)
    with connect(fresh) as owner:
        owner.execute("CREATE TABLE leftover (id int)")
    with pytest.raises(CommandError, match="has 1 tables"):
        restore(dump, "--into", fresh)
    assert "Differences in the ledger: 0" in restore(dump, "--into", fresh, "--yes")
    assert "leftover" not in state_of(fresh)["rows"]


def test_a_dump_that_was_changed_or_has_no_manifest_is_refused_before_anything_happens(dump, fresh):
    with dump.open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0\0\0")
    with pytest.raises(CommandError, match="SHA-256 differs"):
        restore(dump, "--into", fresh, "--yes")
    backups.manifest_of(dump).unlink()
    with pytest.raises(CommandError, match="cannot be read"):
        restore(dump, "--into", fresh)
    with as_owner():
        assert backups.database_exists(fresh) is False


def test_a_backup_that_fails_leaves_no_file_and_is_written_down(tmp_path, monkeypatch):
    broken = tmp_path / "bin"
    broken.mkdir()
    (broken / "pg_dump").write_text(
        "#!/bin/sh\n[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.1' && exit\nexit 3\n"
    )
    (broken / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PG_BIN", str(broken))
    with as_owner(), pytest.raises(CommandError, match="pg_dump failed"):
        call_command("backup", str(tmp_path / "out" / "x.dump"))
    assert list((tmp_path / "out").iterdir()) == []
    with as_owner():
        assert list(JobRun.objects.values_list("name", "ok", "error")) == [("backup", False, "BackupError")]


def test_a_tool_that_is_older_than_the_server_is_not_taken(monkeypatch, tmp_path):
    monkeypatch.setattr(backups, "_folders", lambda: [tmp_path])
    (tmp_path / "pg_dump").write_text(
        "#!/bin/sh\necho 'pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)'\n"
    )
    (tmp_path / "pg_dump").chmod(0o755)
    assert backups.find_tool("pg_dump", server=150004) == tmp_path / "pg_dump"
    with pytest.raises(backups.BackupError, match=r"PostgreSQL 18 or newer.*15\.18"):
        backups.find_tool("pg_dump", server=180004)


def test_backups_run_as_the_owner():
    assert {"backup", "restore"} <= settings.OWNER_COMMANDS
    assert os.environ.get("PGPASSWORD") is None


def test_client_programs_check_the_server_as_django_does(monkeypatch):
    """What the database's URL says of TLS: without the root certificate `verify-full` finds no server to trust."""
    tls = {
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
        "sslcert": "/etc/me.pem",
        "sslkey": "/etc/me.key",
    }
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {**connection.settings_dict["OPTIONS"], **tls})
    given = {}

    def run(arguments, *, env, **options):
        given.update(env)
        return subprocess.CompletedProcess(arguments, 0)

    monkeypatch.setattr(subprocess, "run", run)
    backups._run(Path("pg_dump"))
    assert {name: given.get(f"PG{name.upper()}") for name in tls} == tls
    assert tls.items() <= backups._own_connection().items()
