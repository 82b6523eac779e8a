"""What we put in the queue ourselves is what Celery would have put there, and goes out with everything else."""

import json

import pytest
from celery import Celery
from django.conf import settings as project

from exodrive.cache import client
from exodrive.cache.locks import car_lock
from exodrive.ops import jobs
from exodrive.ops.jobs import publish
from exodrive.ops.messages import message
from inbox.tasks import send_mails

OWN = {"id", "root_id", "correlation_id", "delivery_tag", "reply_to", "origin"}
QUEUE = project.CELERY_TASK_DEFAULT_QUEUE


@pytest.fixture
def broker(settings, fresh_redis):
    """The application's broker is the Redis of everything else, as in production."""
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    redis = client.client()
    redis.delete(QUEUE)
    yield redis
    redis.delete(QUEUE)


@pytest.fixture
def celerys(broker, settings):
    """An application of Celery that sends by itself, with the settings of ours."""
    app = Celery("theirs", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.update(
        task_default_queue=QUEUE,
        task_time_limit=settings.CELERY_TASK_TIME_LIMIT,
        task_soft_time_limit=settings.CELERY_TASK_SOFT_TIME_LIMIT,
        task_ignore_result=True,
    )
    yield app
    app.close()


def known(part):
    return {name: value for name, value in part.items() if name not in OWN}


def test_the_message_is_celerys(broker, celerys):

    @celerys.task(name=send_mails.name)
    def theirs(*ids):
        """Never runs."""

    theirs.apply_async(("one", "two"), retry=False)
    expected = json.loads(broker.rpop(QUEUE))
    made = json.loads(message(send_mails, ("one", "two")))
    for part in ("headers", "properties"):
        assert made[part].keys() == expected[part].keys()
        assert known(made[part]) == known(expected[part])
    assert made["headers"]["id"] == made["headers"]["root_id"] == made["properties"]["correlation_id"]
    assert {name: made[name] for name in made if name not in ("headers", "properties")} == {
        name: expected[name] for name in expected if name not in ("headers", "properties")
    }


def test_who_reads_as_a_worker_does_gets_it(broker, celerys):
    assert publish(send_mails, "one") is True
    with celerys.connection_for_read() as connection:
        queue = connection.SimpleQueue(celerys.amqp.queues[QUEUE])
        found = queue.get(timeout=1)
        assert found.headers["task"] == "inbox.tasks.send_mails"
        assert found.payload[0] == ["one"]
        found.ack()
        queue.close()


def test_it_waits_for_the_end_of_the_lock_(broker):
    with car_lock(987_655, "days"):
        publish(send_mails, "one")
        assert broker.llen(QUEUE) == 0
    assert broker.llen(QUEUE) == 1


def test_a_redis_that_is_away_is_not_asked_twice_and_stops_nobody(settings, away):
    settings.CELERY_BROKER_URL = settings.REDIS_URL
    assert publish(send_mails, "one") is False
    assert not client.breaker.is_open()
    assert publish(send_mails, "one") is False


def test_what_waits_and_what_has_another_broker_goes_the_usual_way(broker, monkeypatch, settings):
    sent = []
    monkeypatch.setattr(jobs, "_asked_again_at", 0.0)
    monkeypatch.setattr(send_mails, "apply_async", lambda args, **more: sent.append(more["countdown"]))
    publish(send_mails, "one", wait=5)
    settings.CELERY_BROKER_URL = "memory://"
    publish(send_mails, "one")
    assert sent == [5, None]
    assert broker.llen(QUEUE) == 0
