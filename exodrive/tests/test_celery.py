"""Tasks have an identity; the web never waits for Redis, the worker does."""

import socket
from pathlib import Path
from types import SimpleNamespace

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from exodrive import celery as project
from exodrive.ops import heartbeat
from exodrive.rls import SERVICE, current

ROOT = Path(__file__).resolve().parent.parent.parent


def who() -> tuple[str, str]:
    return current().role, current().actor


def test_a_task_runs_as_the_service_and_leaves_no_identity_behind() -> None:
    app = Celery("identity", task_cls=project.ServiceTask, set_as_current=False)
    before = current()
    assert app.task(who, shared=False)() == (SERVICE, "job")
    assert current() == before


def test_everything_that_beat_sends_exists() -> None:
    project.app.loader.import_default_modules()
    sent = {entry["task"] for entry in project.BEAT_SCHEDULE.values()}
    assert sent - set(project.app.tasks) == set()


def test_a_message_that_nobody_took_expires_before_the_next() -> None:
    seconds = {name: entry["options"]["expires"] for name, entry in project.BEAT_SCHEDULE.items()}
    assert seconds == {
        "advance-bookings": 900,
        "drop-lapsed-holds": 300,
        "expire-unpaid": 300,
        "reconcile-payments": 60,
        "cancel-unproven": 300,
        "prune": 3600,
        "prune-mail-events": 3600,
        "retain": 3600,
        "clear-sessions": 3600,
        "check-ledger": 3600,
        "send-queued-mails": 60,
    }


def test_publishing_without_redis_fails_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    app.add_defaults(project._defaults)
    task = app.task(who, shared=False)
    tries: list[object] = []
    connect = socket.socket.connect

    def counted(self: socket.socket, address: tuple[str, int]) -> None:
        tries.append(address)
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", counted)
    with pytest.raises(OperationalError):
        task.apply_async()
    assert tries == [("127.0.0.1", 1)]
    with pytest.raises(OperationalError):  # the control
        task.apply_async(retry=True, retry_policy={"max_retries": 2, "interval_start": 0, "interval_step": 0})
    assert len(tries) > 2


def test_worker_and_beat_wait_for_redis_and_show_that_they_live(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr(heartbeat, "start", started.append)
    app = Celery("patient", set_as_current=False)
    project._worker_waits_for_redis(conf=app.conf)
    assert app.conf.broker_transport_options == project.WAITS_FOR_REDIS
    other = Celery("patient", set_as_current=False)
    project._beat_waits_for_redis(sender=SimpleNamespace(app=other))
    assert other.conf.broker_transport_options == project.WAITS_FOR_REDIS
    project._worker_is_alive()
    assert started == ["beat", "worker"]
