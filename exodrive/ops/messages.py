"""A task as the message that a worker takes from Redis: Celery's protocol 2 in the envelope of kombu's Redis transport.

Celery makes the same through a connection of its own, a client and a copy of its settings for each, which cost a booking a
twelfth of its time in Python. A test holds this against what Celery makes, key by key.
"""

import base64
import json
import os
import socket
from typing import Any
from uuid import uuid4

from celery import Task
from django.conf import settings

NOTHING_AFTER = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
SAME: dict[str, Any] = {
    "lang": "py",
    "shadow": None,
    "eta": None,
    "expires": None,
    "group": None,
    "group_index": None,
    "retries": 0,
    "parent_id": None,
    "kwargsrepr": "{}",
    "ignore_result": True,
    "replaced_task_nesting": 0,
    "stamped_headers": None,
    "stamps": {},
}


def message(task: Task, args: tuple[str, ...]) -> bytes:
    """One for the queue of everybody, to be done at once."""
    own = str(uuid4())
    body = json.dumps([args, {}, NOTHING_AFTER]).encode()
    headers = {
        **SAME,
        "task": task.name,
        "id": own,
        "root_id": own,
        "timelimit": [task.time_limit, task.soft_time_limit],
        "argsrepr": repr(args),
        "origin": f"gen{os.getpid()}@{socket.gethostname()}",
    }
    properties = {
        "correlation_id": own,
        "reply_to": "",  # nobody waits for a result
        "delivery_mode": 2,
        "delivery_info": {"exchange": "", "routing_key": settings.CELERY_TASK_DEFAULT_QUEUE},
        "priority": 0,
        "body_encoding": "base64",
        "delivery_tag": str(uuid4()),
    }
    envelope = {
        "body": base64.b64encode(body).decode(),
        "content-encoding": "utf-8",
        "content-type": "application/json",
        "headers": headers,
        "properties": properties,
    }
    return json.dumps(envelope).encode()
