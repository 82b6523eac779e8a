"""`manage.py doctor`: what a setup lacks, in the order to mend it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from bookings.tests.support.factories import CarFactory, make_user
from exodrive.doctor import database, examination, running, variables
from exodrive.doctor.findings import Finding, Look, State, missing, warning, well
from exodrive.models import Heartbeat, JobRun
from exodrive.ops import health
from exodrive.rls import as_owner

pytestmark = pytest.mark.django_db


def states(found: Iterator[Finding]) -> dict[str, State]:
    return {one.part: one.state for one in found}


@pytest.fixture
def production(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Settings with nothing to say about them."""
    monkeypatch.setenv("DATABASE_URL", "postgres://x")
    monkeypatch.setenv("REDIS_URL", "redis://x")
    settings.ENVIRONMENT, settings.PRODUCTION, settings.DEBUG = "production", True, False
    settings.SECRET_KEY, settings.LINK_KEY = "s" * 50, "l" * 50
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://rent.example", ["rent.example"]
    settings.EMAIL_BACKEND = "anymail.backends.resend.EmailBackend"
    settings.ANYMAIL = {"RESEND_SIGNING_SECRET": "whsec_x"}
    settings.RATE_LIMITING = True
    settings.PAYMENT_METHODS, settings.PAYMENTS_SANDBOX = ["pick_up"], False
    settings.BEHIND_TLS_PROXY, settings.TRUSTED_PROXY_HOPS = True, 1
    settings.BUSINESS_EMAIL, settings.STAFF_NOTIFY_EMAILS = "us@rent.example", ["us@rent.example"]
    settings.HEALTH_TOKEN = "t"
    return settings


# --- Variables -------------------------------------------------------------------------------------------------------


def test_a_complete_environment_is_well(production: Any) -> None:
    assert states(variables.environment()) == {"variables": State.OK}
    assert list(variables.advice()) == []
    assert states(variables.mails()) == {"mails": State.OK}


def test_development_is_the_first_thing_to_mend(production: Any) -> None:
    production.PRODUCTION = False
    first, *_others = variables.environment()
    assert first == missing("variables", "This is development.", "Set ENVIRONMENT=production.")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("SECRET_KEY", "short", "SECRET_KEY must be a random secret"),
        ("SITE_URL", "http://rent.example", "must be the site's public address"),
        ("SITE_URL", "https://other.example", "ALLOWED_HOSTS does not have other.example"),
        ("EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend", "mails would only be written"),
        ("PAYMENT_METHODS", ["stripe"], "STRIPE_WEBHOOK_SECRET must be set to offer stripe"),
    ],
)
def test_what_production_lacks_is_named(production: Any, name: str, value: Any, says: str) -> None:
    setattr(production, name, value)
    found = [one for one in variables.environment() if one.state is State.MISSING]
    assert any(says in one.says for one in found)
    assert all(one.mend for one in found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BEHIND_TLS_PROXY", False),
        ("BUSINESS_EMAIL", variables.INVENTED),
        ("STAFF_NOTIFY_EMAILS", []),
        ("HEALTH_TOKEN", ""),
    ],
)
def test_what_production_should_have_is_a_warning(production: Any, name: str, value: Any) -> None:
    setattr(production, name, value)
    assert [one.state for one in variables.advice()] == [State.WARNING]


def test_mails_that_bounce_unheard_are_a_warning(production: Any) -> None:
    production.ANYMAIL = {"RESEND_SIGNING_SECRET": None}
    (one,) = variables.mails()
    assert one.state is State.WARNING
    assert "https://rent.example/api/webhooks/resend" in one.mend


# --- The database ----------------------------------------------------------------------------------------------------


def test_this_database_is_well_but_for_its_login() -> None:
    """Tests connect as the owner, whom no policy binds: that is what must be found."""
    assert states(database.reachable()) == {"database": State.OK}
    assert states(database.migrations()) == {"migrations": State.OK, "access": State.OK}
    assert states(database.clock()) == {"clock": State.OK}
    assert states(database.login()) == {"login": State.MISSING}


def test_a_policy_that_somebody_dropped_is_named() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP POLICY staff_all ON cars")
    (one,) = [one for one in database.migrations() if one.part == "access"]
    assert one.state is State.MISSING
    assert "write policy cars.staff_all" in one.says


def test_a_migration_that_was_not_applied_is_missing_and_hides_the_rest() -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cars' AND name = '0001_initial'")
    (one,) = database.migrations()
    assert (one.state, one.says) == (State.MISSING, "1 migrations have not been applied.")


def test_clocks_that_differ_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "SKEW", -1.0)
    assert states(database.clock()) == {"clock": State.MISSING}


def test_the_owners_login_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    assert states(database.owner()) == {"owner": State.WARNING}
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgres://exo_owner:x@127.0.0.1:1/exodrive")
    (one,) = database.owner()
    assert (one.state, "No PostgreSQL answers at 127.0.0.1:1" in one.says) == (State.MISSING, True)


# --- What runs -------------------------------------------------------------------------------------------------------


def test_without_a_superuser_nobody_gets_in(settings: Any) -> None:
    settings.STAFF_TOTP_REQUIRED = False
    assert states(running.people()) == {"people": State.MISSING}
    boss = make_user(is_staff=True, is_superuser=True)
    assert [one.state for one in running.people()] == [State.WARNING, State.WARNING]
    with as_owner():
        boss.totpdevice_set.create(name="app", confirmed=True)
    assert states(running.people()) == {"people": State.OK}


def test_an_offer_takes_a_car() -> None:
    assert states(running.offer()) == {"offer": State.WARNING}
    CarFactory()
    assert states(running.offer()) == {"offer": State.OK}


def report(**parts: dict[str, Any]) -> health.Report:
    return health.Report(parts=parts)


LIVES = {"worker": {"status": "ok"}, "beat": {"status": "ok"}, "jobs": {"status": "ok", "failing": []}}


@pytest.mark.parametrize(
    ("parts", "bad"),
    [
        (LIVES | {"backup": {"status": "ok"}}, {}),
        (LIVES, {"backup": State.MISSING}),
        (LIVES | {"backup": {"status": "degraded"}}, {"backup": State.MISSING}),
        (
            LIVES | {"backup": {"status": "ok"}, "jobs": {"status": "degraded", "failing": ["backup"]}},
            {"backup": State.MISSING},
        ),
        (
            LIVES | {"backup": {"status": "ok"}, "jobs": {"status": "degraded", "failing": ["send_mails"]}},
            {"jobs": State.WARNING},
        ),
        (LIVES | {"backup": {"status": "ok"}, "worker": {"status": "degraded"}}, {"worker": State.MISSING}),
        (LIVES | {"backup": {"status": "ok"}, "ledger": {"status": "degraded"}}, {"ledger": State.WARNING}),
    ],
)
def test_processes_and_backups_are_what_readyz_sees(
    monkeypatch: pytest.MonkeyPatch, parts: dict[str, Any], bad: dict[str, State]
) -> None:
    monkeypatch.setattr(health, "report", lambda: report(**parts))
    assert {
        part: state for part, state in states(running.processes()).items() if state is not State.OK
    } == bad


def test_redis_files_and_disk(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any) -> None:
    assert states(running.redis()) == {"redis": State.OK}
    settings.STATIC_ROOT = tmp_path
    assert states(running.files())["static files"] is State.MISSING
    (tmp_path / "staticfiles.json").write_text("{}")
    assert states(running.files())["static files"] is State.OK
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert states(running.disk()) == {"disk": State.OK}
    monkeypatch.setattr(running, "LEAST", float("inf"))
    assert states(running.disk()) == {"disk": State.WARNING}


# --- The whole -------------------------------------------------------------------------------------------------------


def plan(monkeypatch: pytest.MonkeyPatch, **looks: list[Look]) -> None:
    for name in ("FIRST", "OF_THE_DATABASE", "OF_THE_TABLES", "BESIDES", "LAST"):
        monkeypatch.setattr(examination, name, tuple(looks.get(name, [])))


def test_what_is_missing_comes_first_and_in_the_order_to_mend_it(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(
        monkeypatch,
        FIRST=[lambda: iter([missing("variables", "a", "b")]), lambda: iter([well("database", "c")])],
        OF_THE_DATABASE=[lambda: iter([warning("owner", "d", "e"), well("migrations", "f")])],
        OF_THE_TABLES=[lambda: iter([missing("people", "g", "h")])],
    )
    assert [one.part for one in examination.examine()] == [
        "variables",
        "people",
        "owner",
        "database",
        "migrations",
    ]


def test_nothing_is_asked_of_a_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> Iterator[Finding]:
        raise AssertionError

    plan(
        monkeypatch,
        FIRST=[lambda: iter([missing("database", "away", "start it")])],
        OF_THE_DATABASE=[asked],
        OF_THE_TABLES=[asked],
    )
    assert [one.state for one in examination.examine()] == [State.MISSING, State.UNKNOWN, State.UNKNOWN]


def doctor(**options: Any) -> str:
    out = StringIO()
    call_command("doctor", stdout=out, **options)
    return out.getvalue()


def test_it_ends_well_or_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(monkeypatch, FIRST=[lambda: iter([well("database", "It answers.")])])
    assert doctor().endswith("Nothing is missing.\n")
    plan(monkeypatch, FIRST=[lambda: iter([missing("redis", "It does not answer.", "Start it.")])])
    out = StringIO()
    with pytest.raises(CommandError, match="1 to mend before this is production"):
        call_command("doctor", stdout=out)
    assert " 1. MISSING  redis  It does not answer. Start it." in out.getvalue()


def test_it_speaks_json(monkeypatch: pytest.MonkeyPatch) -> None:
    plan(monkeypatch, FIRST=[lambda: iter([well("database", "It answers.")])])
    found = json.loads(doctor(json=True))
    assert found["ok"] is True
    assert {"part": "database", "state": "ok", "says": "It answers.", "mend": ""} in found["findings"]


def test_a_real_look_finds_every_part_and_no_secret(settings: Any) -> None:
    now = timezone.now()
    with as_owner():
        Heartbeat.objects.create(name="worker", started_at=now, beat_at=now)
        JobRun.objects.create(name="backup", started_at=now - timedelta(hours=1), finished_at=now, ok=True)
    found = examination.examine()
    parts = {one.part for one in found}
    assert parts >= {
        "variables",
        "database",
        "login",
        "access",
        "redis",
        "people",
        "worker",
        "beat",
        "backup",
        "disk",
    }
    said = " ".join(f"{one.says} {one.mend}" for one in found)
    assert connection.settings_dict["PASSWORD"] not in said
    assert settings.SECRET_KEY not in said
