"""Log lines: one format for the web, the worker and the commands, with the request's id and without personal data.

The web server's own access log stays silent: it would write secret links as they are. `exodrive.http.middleware` logs each
request instead (`log_request`).
"""

import json
import logging
import logging.config
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from exodrive.ops.scrub import scrub, scrub_all

if TYPE_CHECKING:
    from sentry_sdk.types import Breadcrumb, BreadcrumbHint, Event, Hint

request_id: ContextVar[str] = ContextVar("request_id", default="-")
job_id: ContextVar[str] = ContextVar("job_id", default="")
requests = logging.getLogger("exodrive.requests")


@contextmanager
def job(identifier: str | None) -> Iterator[None]:
    """Log lines of the block carry the id of a job; inside another job they keep that one's."""
    reset = job_id.set(job_id.get() or identifier or "")
    try:
        yield
    finally:
        job_id.reset(reset)


class RequestId(logging.Filter):
    """Adds the id of the current request or job to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        mine = {"request_id": request_id.get(), "job_id": job_id.get()}
        record.__dict__.update(mine, whose=mine["job_id"] or mine["request_id"])
        return True


class PlainLines(logging.Formatter):
    """Lines for people, in UTC, with an event's own fields at the end."""

    def converter(self, timestamp: float | None) -> time.struct_time:
        """UTC, as in the JSON lines."""
        return time.gmtime(timestamp)

    def format(self, record: logging.LogRecord) -> str:
        """The scrubbed line, its traceback included."""
        line = super().format(record)
        fields = {key: value for key, value in _event(record).items() if key != "event"}
        return scrub(f"{line} {json.dumps(fields, default=str)}" if fields else line)


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time (UTC), level, logger, request id, job id, message and the event's own fields, all scrubbed."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            **_job(record),
            "message": scrub(record.getMessage()),
            **scrub_all(_event(record)),
        }
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, default=str, ensure_ascii=False)


def _job(record: logging.LogRecord) -> dict[str, str]:
    identifier = getattr(record, "job_id", "")
    return {"job_id": identifier} if identifier else {}


def _event(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "event", {})


def log_request(method: str, path: str, status: int, seconds: float) -> None:
    """One line for one request: no query (staff search for names in it), no address, no secret link."""
    milliseconds = round(seconds * 1000, 1)
    path = scrub(path)
    requests.info(
        "%s %s %d",
        method,
        path,
        status,
        extra={"event": {"method": method, "path": path, "status": status, "ms": milliseconds}},
    )


def configure(*, level: str, json_lines: bool) -> None:
    """Log to standard error; JSON in production."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request_id": {"()": RequestId}},
            "formatters": {
                "json": {"()": JsonLines},
                "plain": {
                    "()": PlainLines,
                    "format": "%(asctime)s %(levelname)s %(name)s [%(whose)s] %(message)s",
                },
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "json" if json_lines else "plain",
                    "filters": ["request_id"],
                }
            },
            "root": {"handlers": ["stderr"], "level": level},
            "loggers": {
                # gunicorn brings its own handlers; naming its loggers here takes them away.
                "gunicorn.error": {"handlers": [], "propagate": True},
                "gunicorn.access": {"handlers": [], "propagate": False},
                # One line for a request or a task is enough: ours, and Celery's when it is done.
                "django.request": {"level": "ERROR"},
                "celery.worker.strategy": {"level": "WARNING"},
                "httpx": {"level": "WARNING"},  # a line for every call, with ids in its address
            },
        }
    )


def start_sentry(*, dsn: str, environment: str, release: str) -> None:
    """Report errors to Sentry without personal data: no bodies, no local variables, every text scrubbed.

    Collecting who asked (`send_default_pii`) is off unless it is named, and naming it is deprecated.
    """
    import sentry_sdk

    sentry_sdk.init(
        dsn=dsn,
        environment=environment,
        release=release or None,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=before_send,
        before_send_transaction=before_send,
        before_breadcrumb=before_breadcrumb,
    )


def before_send(event: "Event", hint: "Hint") -> "Event":
    """What leaves for Sentry: who asked and what they typed is dropped, the rest scrubbed."""
    event.pop("user", None)
    request = event.get("request", {})
    for part in ("cookies", "data", "env", "query_string"):
        request.pop(part, None)
    event.setdefault("tags", {}).update(request_id=request_id.get(), job_id=job_id.get() or "-")
    return scrub_all(event)


def before_breadcrumb(crumb: "Breadcrumb", hint: "BreadcrumbHint") -> "Breadcrumb":
    """The trail before an error, scrubbed as well."""
    return scrub_all(crumb)
