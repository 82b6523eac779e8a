"""`/healthz` says that the process lives, `/readyz` whether it can work, and to whom it says how."""

import json
import socket
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from exodrive.cache import client
from exodrive.db import bounded
from exodrive.models import Heartbeat, JobRun
from exodrive.ops import counters, health, heartbeat
from exodrive.ops.jobs import record
from exodrive.rls import as_owner
from exodrive.tests.support.logins import APP, PUBLIC_LOGIN, logged_in

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HEALTHY = {name: {"started": "", "finished": "", "ok": True, "count": 0} for name in health.schedules()}


def ago(**period):
    return (NOW - timedelta(**period)).isoformat()


def signs(**changes):
    """What the database says of a site that is well, with changes: `advance_bookings=None` never ran."""
    runs = {
        name: {"started": ago(seconds=30), "finished": ago(seconds=29), "ok": True, "count": 0}
        for name in HEALTHY
    }
    beats = {name: {"started": ago(days=3), "seen": ago(seconds=20)} for name in ("worker", "beat")}
    for name, change in changes.items():
        (beats if name in beats else runs)[name] = change
    return {
        "now": NOW.isoformat(),
        "unproven": 0,
        "beats": {name: beat for name, beat in beats.items() if beat},
        "runs": {name: run for name, run in runs.items() if run},
    }


def judged(**changes):
    report = health.Report()
    health.judge(signs(**changes), report)
    return report


def run(*, started, finished=None, ok=True, count=0):
    return {"started": started, "finished": finished, "ok": ok, "count": count}


# --- Worker, beat, jobs --------------------------------------------------------------------------------------------


def test_a_site_that_is_well_is_ok():
    report = judged()
    assert report.status == "ok"
    assert report.parts["worker"] == {"status": "ok", "age": 20}
    assert report.parts["jobs"] == {"status": "ok", "late": [], "failing": []}


@pytest.mark.parametrize("name", ["worker", "beat"])
def test_a_process_that_was_not_seen_for_three_beats_is_degraded(name):
    assert judged(**{name: {"started": ago(days=1), "seen": ago(seconds=100)}}).status == "ok"
    report = judged(**{name: {"started": ago(days=1), "seen": ago(seconds=101)}})
    assert (report.status, report.parts[name]["status"]) == ("degraded", "degraded")
    assert judged(**{name: None}).status == "degraded"


@pytest.mark.parametrize(
    ("name", "in_time", "late"),
    [
        # every minute: due after one, its message lives another, and two of grace
        ("send_mails", {"minutes": 4}, {"minutes": 4, "seconds": 1}),
        ("drop_lapsed_holds", {"minutes": 10}, {"minutes": 10, "seconds": 1}),
        ("advance_bookings", {"minutes": 30}, {"minutes": 30, "seconds": 1}),
        # at 3:40: yesterday's is late since today 4:42
        ("check_ledger", {"hours": 8, "minutes": 20}, {"hours": 8, "minutes": 21}),
    ],
)
def test_a_job_is_late_when_its_next_start_passed_and_its_message_expired(name, in_time, late):
    good = run(started=ago(**in_time), finished=ago(**in_time))
    assert judged(**{name: good}).parts["jobs"]["late"] == []
    report = judged(**{name: run(started=ago(**late), finished=ago(**late))})
    assert (report.status, report.parts["jobs"]["late"]) == ("degraded", [name])


def test_a_job_that_never_ran_is_counted_from_when_beat_was_started():
    fresh = {"started": ago(minutes=3), "seen": ago(seconds=5)}
    assert judged(beat=fresh, check_ledger=None, send_mails=None).status == "ok"
    old = {"started": ago(days=2), "seen": ago(seconds=5)}
    assert judged(beat=old, check_ledger=None, send_mails=None).parts["jobs"]["late"] == [
        "check_ledger",
        "send_mails",
    ]


def test_a_job_that_failed_or_was_killed_is_named():
    failed = run(started=ago(minutes=1), finished=ago(minutes=1), ok=False)
    assert judged(send_mails=failed).parts["jobs"]["failing"] == ["send_mails"]
    killed = run(started=ago(minutes=16), ok=None)
    assert judged(advance_bookings=killed).parts["jobs"]["failing"] == ["advance_bookings"]
    assert judged(advance_bookings=run(started=ago(minutes=2), ok=None)).parts["jobs"]["failing"] == []


def test_a_ledger_that_differs_and_a_backup_that_is_late_are_degraded():
    differs = run(started=ago(hours=1), finished=ago(hours=1), count=2)
    assert judged(check_ledger=differs).parts["ledger"] == {"status": "degraded"}
    assert "backup" not in judged().parts
    assert judged(backup=run(started=ago(hours=25), finished=ago(hours=25))).status == "ok"
    assert judged(backup=run(started=ago(hours=27), finished=ago(hours=27))).status == "degraded"


@pytest.mark.django_db
def test_every_job_is_recorded_under_the_name_that_is_watched():
    from exodrive.celery import app
    from exodrive.schedule import BEAT_SCHEDULE

    app.loader.import_default_modules()
    for entry in BEAT_SCHEDULE.values():
        app.tasks[entry["task"]]()
    with as_owner():
        assert set(JobRun.objects.values_list("name", flat=True)) == set(health.schedules())


# --- The whole, over HTTP ------------------------------------------------------------------------------------------


@pytest.fixture
def token(settings):
    """Opens the details."""
    settings.HEALTH_TOKEN = "a-token-for-monitoring"
    return {"Authorization": f"Bearer {settings.HEALTH_TOKEN}"}


def readyz(**headers):
    answer = Client().get("/readyz", headers=headers, SERVER_NAME="10.0.0.7")
    return answer.status_code, answer.json()


def well():
    """Worker, beat and every job were there just now."""
    for name in ("worker", "beat"):
        heartbeat.beat(name, first=True)
    for name in health.schedules():
        with record(name):
            pass


@pytest.mark.django_db(transaction=True)
def test_ready_when_all_is_there(token):
    well()
    assert readyz() == (200, {"status": "ok"})
    status, body = readyz(**token)
    assert (status, body["status"], body["environment"]) == (200, "ok", "development")
    assert set(body["parts"]) == {
        *("database", "migrations", "redis", "worker", "beat", "jobs", "ledger", "unproven", "clocks")
    }


@pytest.mark.django_db(transaction=True)
def test_a_site_without_worker_and_beat_takes_requests_and_says_so(token):
    status, body = readyz(**token)
    assert (status, body["status"]) == (200, "degraded")
    assert body["parts"]["worker"] == {"status": "degraded", "why": "never seen"}


@pytest.mark.django_db(transaction=True)
def test_redis_away_is_degraded(token, monkeypatch):
    well()
    monkeypatch.setattr(client.breaker, "closed_until", time.monotonic() + 60)
    status, body = readyz(**token)
    assert (status, body["status"], body["parts"]["redis"]) == (
        200,
        "degraded",
        {"status": "degraded", "why": "away"},
    )


@pytest.mark.django_db(transaction=True)
def test_a_database_that_lacks_a_migration_of_this_release_is_503(token, monkeypatch):
    monkeypatch.setattr(
        health, "our_migrations", lambda: {"exodrive.0001_initial", "bookings.0999_next_week"}
    )
    status, body = readyz(**token)
    assert (status, body["status"]) == (503, "unavailable")
    assert body["parts"]["migrations"] == {"status": "unavailable", "missing": 1}


@pytest.mark.parametrize("how", ["deaf", "nobody"])
def test_a_database_that_hangs_or_is_away_is_503_soon(how, monkeypatch, token, caplog):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        if how == "nobody":
            server.close()
        monkeypatch.setattr(
            bounded, "own_conninfo", lambda: f"host=127.0.0.1 port={port} user=exo_app password=hunter2"
        )
        status, body = readyz(**token)
    assert (status, body["status"]) == (503, "unavailable")
    assert body["parts"]["database"]["why"] == {"deaf": "timeout", "nobody": "refused"}[how]
    assert health.SECONDS < 2
    assert "hunter2" not in json.dumps(body) + caplog.text


@pytest.mark.django_db(transaction=True)
def test_the_public_login_reports_what_it_can_see_and_counts():
    well()
    counters._counts.clear()  # what other tests counted
    with logged_in(PUBLIC_LOGIN):
        report = health.report()
        counters.count("http", "503")
        assert (counters.flush(), heartbeat.beat("worker")) == (1, False)
    assert (report.status, set(report.parts)) == ("ok", {"database", "migrations", "redis", "clocks"})


@pytest.mark.django_db(transaction=True)
def test_the_applications_login_reports_all_of_it():
    with logged_in(APP):
        assert heartbeat.beat("worker", first=True) is True
        report = health.report()
    assert report.parts["worker"]["status"] == "ok"


def test_details_are_for_who_has_the_token(settings, monkeypatch):
    monkeypatch.setattr(
        health, "report", lambda: health.Report("degraded", {"redis": {"status": "degraded"}})
    )
    settings.PRODUCTION, settings.HEALTH_TOKEN = True, ""
    assert readyz() == (200, {"status": "degraded"})
    assert readyz(Authorization="Bearer ") == (200, {"status": "degraded"})
    settings.HEALTH_TOKEN = "right"
    assert readyz(Authorization="Bearer wrong") == (200, {"status": "degraded"})
    assert "parts" in readyz(Authorization="Bearer right")[1]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_need_no_host_no_https_no_language_and_leave_nothing_behind(
    path, settings, monkeypatch, caplog
):
    monkeypatch.setattr(health, "report", lambda: health.Report())
    settings.ALLOWED_HOSTS, settings.SECURE_SSL_REDIRECT = ["rent.example"], True
    settings.PRODUCTION = True
    caplog.set_level("INFO")
    answer = Client().get(path, headers={"Host": "10.0.0.7", "Accept-Language": "fr"})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
    assert answer["Cache-Control"] == "no-store"
    assert (answer.cookies, caplog.records) == ({}, [])
    assert Client().head(path).status_code == 200
    refused = Client().post(path)
    assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")


def test_healthz_asks_nobody():
    # No database mark: a query would be an error here.
    assert Client().get("/healthz").json() == {"status": "ok"}


def test_healthz_names_the_release_to_who_has_the_token(settings):
    settings.HEALTH_TOKEN, settings.RELEASE = "right", "8c28e1a"
    told = [Client().get("/healthz", headers={"Authorization": f"Bearer {t}"}) for t in ("right", "wrong")]
    assert [answer.json() for answer in told] == [{"status": "ok", "release": "8c28e1a"}, {"status": "ok"}]


# --- Signs of life -------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_process_beats_as_soon_as_it_runs_and_remembers_since_when(monkeypatch):
    import threading

    stopped, beats = threading.Event(), []
    real = heartbeat.beat

    def beat(name, *, first):
        if not beats:
            beats.append(False)  # the first one fails: the database is not there yet
            return False
        beats.append(real(name, first=first))
        if len(beats) == 4:
            stopped.set()
        return beats[-1]

    monkeypatch.setattr(heartbeat, "beat", beat)
    monkeypatch.setattr(heartbeat, "EVERY", 0.01)
    before = timezone.now()
    heartbeat.start("worker", stopped=stopped).join(10)
    assert beats == [False, True, True, True]
    with as_owner():
        seen = Heartbeat.objects.get(name="worker")
    assert before <= seen.started_at < seen.beat_at


def test_a_beat_without_a_database_is_a_warning(monkeypatch, caplog):
    monkeypatch.setattr(bounded, "own_conninfo", lambda: "host=127.0.0.1 port=1 user=exo_app")
    assert heartbeat.beat("worker") is False
    assert [r.getMessage() for r in caplog.records] == [
        "The heartbeat of worker was not written down: refused"
    ]


@pytest.mark.django_db
def test_the_query_for_signs_goes_by_index():
    with as_owner(), connection.cursor() as cursor:
        JobRun.objects.bulk_create(
            JobRun(name=name, started_at=timezone.now() - timedelta(minutes=n), ok=True)
            for n in range(400)
            for name in ("send_mails", "drop_lapsed_holds", "prune")
        )
        cursor.execute("ANALYZE job_runs")
        statement = health.SIGNS.format(jobs="send_mails,prune").replace(
            "SET LOCAL ROLE exo_service;", "EXPLAIN"
        )
        cursor.execute(statement)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "latest_runs_of_a_job" in plan
