"""Job runs are written down, however they end; publishing never costs a request more than a moment."""

import socket
import time

import pytest
from celery import Celery
from django.db import DatabaseError, connection
from django.utils import timezone

from exodrive.models import JobRun
from exodrive.ops import jobs
from exodrive.ops.jobs import publish, record
from exodrive.rls import LOGIN, PUBLIC, SERVICE, acting_as, as_owner, current


def runs():
    with as_owner():
        return list(JobRun.objects.order_by("pk"))


@pytest.mark.django_db
def test_a_run_is_written_down_with_its_count_and_its_time():
    before = timezone.now()
    with record("count_cars") as run:
        run.count = 3
    (kept,) = runs()
    assert (kept.name, kept.ok, kept.count, kept.error) == ("count_cars", True, 3, "")
    assert before <= kept.started_at <= kept.finished_at
    assert kept.seconds == (kept.finished_at - kept.started_at).total_seconds()


@pytest.mark.django_db
def test_a_run_that_fails_is_written_down_too_without_its_words_and_goes_on_failing():
    def count_cars():
        with record("count_cars") as run:
            run.count = 2
            raise ValueError("marta@example.com is not a number")

    with pytest.raises(ValueError, match="marta"):
        count_cars()
    (kept,) = runs()
    assert (kept.ok, kept.count, kept.error) == (False, 2, "ValueError")
    assert kept.finished_at is not None


@pytest.mark.django_db
def test_a_run_in_progress_can_be_told_from_a_finished_one():
    with record("count_cars"):
        (kept,) = runs()
        assert (kept.ok, kept.finished_at) == (None, None)


@pytest.mark.django_db
def test_a_job_runs_as_the_service_whoever_starts_it():
    with acting_as(PUBLIC), record("count_cars"):
        assert (current().role, current().actor) == (SERVICE, "job")
    assert current().role == LOGIN


@pytest.mark.django_db(transaction=True)
def test_a_failing_query_inside_a_job_leaves_its_record():

    with pytest.raises(DatabaseError), record("count_cars"), connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")
    assert [(run.ok, run.error) for run in runs()] == [(False, "DataError")]


@pytest.fixture
def away(monkeypatch, settings):
    """A task on a broker whose port refuses, with no memory of earlier failures."""
    monkeypatch.setattr(jobs, "_asked_again_at", 0.0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = Celery("away", broker=f"redis://127.0.0.1:{port}/0", set_as_current=False)
    app.conf.broker_transport_options = settings.PUBLISH_TIMEOUTS

    @app.task(name="ring")
    def ring(who):
        """Never runs."""

    yield ring
    app.close()


def test_a_broker_that_is_away_is_a_warning_and_is_left_alone_for_a_while(away, monkeypatch, caplog):
    assert publish(away, "Marta") is False
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "The broker did not take task ring: OperationalError")
    ]
    assert publish(away, "Marta") is False
    assert len(caplog.records) == 1

    later = time.monotonic() + jobs.BROKER_PAUSE
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert publish(away, "Marta") is False
    assert len(caplog.records) == 2


def test_a_broker_that_is_there_takes_the_task(monkeypatch):
    monkeypatch.setattr(jobs, "_asked_again_at", 0.0)
    app = Celery("here", broker="memory://here", set_as_current=False)

    @app.task(name="ring")
    def ring(who):
        """Never runs."""

    assert publish(ring, "Marta") is True
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=1)
    assert message.payload[0] == ["Marta"]
    app.close()
