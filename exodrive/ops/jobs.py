"""What every background job needs: its run written down, and a start that never holds up a request."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from celery import Task
from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from exodrive.cache.client import breaker, tell
from exodrive.models import EventCount, JobRun
from exodrive.ops.logging import job
from exodrive.ops.messages import message
from exodrive.rls import SERVICE, acting_as

log = logging.getLogger(__name__)

KEEP_RUNS = timedelta(days=90)
KEEP_COUNTS = timedelta(days=400)  # a year, and the same month of the year before
BROKER_PAUSE = 5.0  # seconds in which a broker that did not answer is left alone
_asked_again_at = 0.0  # monotonic clock


@contextmanager
def record(name: str) -> Iterator[JobRun]:
    """Run a job as exo_service and write the run down under `name`; the job sets `.count` on what it gets.

    A failing job is written down too and its error goes on. Only the error's class is kept: messages may hold
    personal data. Must be entered outside a transaction, or a failing job would take its own record with it.
    """
    with acting_as(SERVICE, actor="job"):
        run = JobRun.objects.create(name=name, started_at=timezone.now())
        try:
            with job(f"run-{run.pk}"):
                yield run
        except BaseException as error:
            run.error = type(error).__name__
            _finish(run, ok=False)
            raise
        _finish(run, ok=True)


def _finish(run: JobRun, *, ok: bool) -> None:
    run.ok, run.finished_at = ok, timezone.now()
    try:
        run.save(update_fields=["ok", "finished_at", "count", "error"])
    except DatabaseError:
        # The job's own error says more than this one.
        log.warning("The run of job %s could not be written down", run.name, exc_info=True)


def prune_runs(at: datetime) -> int:
    """Delete runs that are older than KEEP_RUNS, and counts that are older than KEEP_COUNTS; how many."""
    runs = JobRun.objects.filter(started_at__lt=at - KEEP_RUNS).delete()[0]
    return runs + EventCount.objects.filter(created_at__lt=at - KEEP_COUNTS).delete()[0]


def publish(task: Task, *args: Any, wait: int = 0) -> bool:
    """Hand `task` to the worker, to be done `wait` seconds from now; False when the broker is away.

    That takes a request 0.1 s at most and is never an error.

    Nothing is lost by it: what a task works on is in the database, and a sweeper finds it there. After a failure
    the broker is not asked for BROKER_PAUSE seconds.
    """
    global _asked_again_at
    if _is_quick(task) and not wait:
        tell(lambda redis: redis.lpush(settings.CELERY_TASK_DEFAULT_QUEUE, message(task, args)))
        return breaker.is_open()
    if time.monotonic() < _asked_again_at:
        return False
    try:
        task.apply_async(args, retry=False, countdown=wait or None)
    except Exception as error:  # whatever the broker does, the request's work is committed already
        _asked_again_at = time.monotonic() + BROKER_PAUSE
        log.warning("The broker did not take task %s: %s", task.name, type(error).__name__)
        return False
    return True


def _is_quick(task: Task) -> bool:
    """Whether the broker is the Redis that everything else asks, too: then the task goes out with what it is told."""
    return (
        settings.CELERY_BROKER_URL == settings.REDIS_URL
        and task.app.main == settings.CELERY_TASK_DEFAULT_QUEUE
    )
