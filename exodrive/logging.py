"""Log lines: one format for the web, the worker and the commands, with the request's id."""

import json
import logging
import logging.config
from contextvars import ContextVar
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")


class RequestId(logging.Filter):
    """Adds the current request's id to every record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Never drops a record."""
        record.request_id = request_id.get()
        return True


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, request id, message and the event's own fields."""
        line: dict[str, Any] = {
            "time": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line.update(getattr(record, "event", {}))
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(*, level: str, json_lines: bool) -> None:
    """Log to standard error; JSON in production."""
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "filters": {"request_id": {"()": RequestId}},
            "formatters": {
                "json": {"()": JsonLines},
                "plain": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s"},
            },
            "handlers": {
                "stderr": {
                    "class": "logging.StreamHandler",
                    "formatter": "json" if json_lines else "plain",
                    "filters": ["request_id"],
                }
            },
            "root": {"handlers": ["stderr"], "level": level},
        }
    )


def start_sentry(*, dsn: str, environment: str, release: str) -> None:
    """Report errors to Sentry without personal data."""
    import sentry_sdk

    sentry_sdk.init(dsn=dsn, environment=environment, release=release or None, send_default_pii=False)
