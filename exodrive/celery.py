"""The Celery application: worker, beat, and what the web process publishes.

Every task runs as exo_service. A web process that publishes while Redis is away gives up at once (the sweeper sends
what was not published); worker and beat, who live from Redis, wait for it and reconnect.
"""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import beat_init, celeryd_init, worker_init

from exodrive.schedule import BEAT_SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "exodrive.settings")

# Redis answers a waiting worker every second, so a silence of 15 s means that it is gone.
WAITS_FOR_REDIS = {
    "socket_connect_timeout": 5,
    "socket_timeout": 15,
    "socket_keepalive": True,
    "health_check_interval": 10,
    # Seconds until what a killed worker had taken goes to another one. Longer than any task may run.
    "visibility_timeout": 300,
}


class ServiceTask(Task):
    """A task whose queries run as exo_service and whose log lines carry its id."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task under its identity."""
        from exodrive.ops.logging import job
        from exodrive.rls import SERVICE, acting_as

        with job(self.request.id), acting_as(SERVICE, actor="job"):
            return super().__call__(*args, **kwargs)


def _defaults() -> dict[str, Any]:
    from django.conf import settings

    return {
        "broker_transport_options": settings.PUBLISH_TIMEOUTS,
        "task_publish_retry": False,
        "beat_schedule": BEAT_SCHEDULE,
    }


app = Celery("exodrive", task_cls=ServiceTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.add_defaults(_defaults)
app.autodiscover_tasks()


@celeryd_init.connect
def _worker_waits_for_redis(conf: Any, **kwargs: Any) -> None:
    _refuse_unsafe_production()
    conf.broker_transport_options = WAITS_FOR_REDIS


@beat_init.connect
def _beat_waits_for_redis(sender: Any, **kwargs: Any) -> None:
    _refuse_unsafe_production()
    sender.app.conf.broker_transport_options = WAITS_FOR_REDIS
    _beat_of_the_heart("beat")


@worker_init.connect
def _worker_is_alive(**kwargs: Any) -> None:
    _beat_of_the_heart("worker")


def _beat_of_the_heart(name: str) -> None:
    from exodrive.ops import heartbeat

    heartbeat.start(name)


def _refuse_unsafe_production() -> None:
    """A signal of Celery's logs errors and goes on; only leaving the process stops it."""
    from django.core.exceptions import ImproperlyConfigured

    from exodrive.checks import refuse_unsafe_production

    try:
        refuse_unsafe_production(public_may=False)
    except ImproperlyConfigured as refusal:
        raise SystemExit(str(refusal)) from None
