"""What is logged and sent to Sentry names nobody and opens nothing."""

import json
import logging
import sys

import pytest
import sentry_sdk
from django.http import HttpResponse
from sentry_sdk.transport import Transport

from exodrive.http.middleware import RequestIdMiddleware
from exodrive.ops import logging as exodrive_logging
from exodrive.ops.logging import JsonLines, PlainLines, RequestId, before_send, job, log_request, request_id
from exodrive.ops.scrub import GONE, scrub, scrub_all

TOKEN = "9t4Kx2Qm7VbR1sZc0LwYpA"


def line(formatter, message="", *args, exc_info=None, **extra):
    record = logging.LogRecord("exodrive.test", logging.INFO, __file__, 1, message, args, exc_info)
    record.__dict__.update(extra)
    RequestId().filter(record)
    return formatter.format(record)


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"GET /en/booking/{TOKEN}/cancellation/", f"GET /en/booking/{GONE}/cancellation/"),
        (f"/pt/book/{TOKEN}/extension/", f"/pt/book/{GONE}/extension/"),
        (f"https://exodrive.test/booking/{TOKEN}/", f"https://exodrive.test/booking/{GONE}/"),
        ("to marta.oliveira+rent@example.co.uk failed", f"to {GONE} failed"),
        ("Key (email)=(marta@example.com) already exists", f"Key (email)=({GONE}) already exists"),
        ("?email=marta%40example.com&x=1", f"?email={GONE}&x=1"),
        ("call +351 912 345 678 now", f"call {GONE} now"),
        ("call 06 12 34 56 78 now", f"call {GONE} now"),
        (f"Bearer {TOKEN}", f"Bearer {GONE}"),
        ("exo_staff_abc-DEF_123456", GONE),
        ("redis://:hunter2@127.0.0.1:6379/0", f"redis://:{GONE}@127.0.0.1:6379/0"),
        ("Cookie: sessionid=abcdef", f"Cookie: {GONE}"),
        (f"GET /en/data/{TOKEN}/", f"GET /en/data/{GONE}/"),
        (f"GET /api/bookings/{TOKEN} 404", f"GET /api/bookings/{GONE} 404"),
        ("DETAIL:  Failing row contains (7, Marta Oliveira, x).", f"DETAIL:  Failing row contains {GONE}"),
    ],
)
def test_personal_data_and_secrets_go(text, clean):
    assert scrub(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "/staff/bookings/00000000-0000-4000-8000-000000000001/",
        "/api/bookings/6f1e6f3e-1111-4222-8333-123456789012/status",
        "2027-03-11 10:00:00.123456+00:00",
        "EXO-7F3K9M pending upcoming",
        "took 0.0123456789 s on port 54329",
        "/en/cars/calder-gt/?start=2027-03-11&end=2027-03-14",
    ],
)
def test_what_helps_to_find_a_fault_stays(text):
    assert scrub(text) == text


def test_values_under_telling_keys_go_whole():
    data = {
        "Full_Name": "Marta Oliveira",
        "headers": [{"Authorization": "x"}],
        "count": 3,
        "token": "",
        "ok": "yes",
    }
    assert scrub_all(data) == {
        "Full_Name": GONE,
        "headers": [{"Authorization": GONE}],
        "count": 3,
        "token": "",
        "ok": "yes",
    }


def test_lines_of_a_job_carry_its_id():
    assert "job_id" not in json.loads(line(JsonLines(), "x"))
    with job("task-7"), job("run-1"):
        assert json.loads(line(JsonLines(), "x"))["job_id"] == "task-7"
        assert line(PlainLines("[%(whose)s] %(message)s"), "x") == "[task-7] x"
    assert line(PlainLines("[%(whose)s] %(message)s"), "x") == "[-] x"


def test_a_json_line_carries_the_request_and_the_event_and_no_person():
    reset = request_id.set("abc123")
    written = line(
        JsonLines(),
        "mail to %s",
        "marta@example.com",
        event={"event": "booking_refused", "code": "dates_taken", "note": "+33 6 12 34 56 78"},
    )
    request_id.reset(reset)
    fields = json.loads(written)
    assert fields.pop("time").endswith("+00:00")
    assert fields == {
        "level": "INFO",
        "logger": "exodrive.test",
        "request_id": "abc123",
        "message": f"mail to {GONE}",
        "event": "booking_refused",
        "code": "dates_taken",
        "note": GONE,
    }


@pytest.mark.parametrize("formatter", [JsonLines(), PlainLines("%(message)s")])
def test_tracebacks_are_scrubbed_too(formatter):
    try:
        raise ValueError("no such customer: marta@example.com")
    except ValueError:
        written = line(formatter, "failed", exc_info=sys.exc_info())
    assert "marta@example.com" not in written
    assert "ValueError: no such customer" in written


def test_plain_lines_show_the_events_fields():
    written = line(
        PlainLines("%(message)s"), "booking_refused", event={"event": "booking_refused", "code": "x"}
    )
    assert written == 'booking_refused {"code": "x"}'


def test_a_request_is_logged_without_its_secret_or_its_query(caplog):
    with caplog.at_level(logging.INFO, "exodrive.requests"):
        log_request("GET", f"/en/booking/{TOKEN}/", 200, 0.01234)
    assert [record.getMessage() for record in caplog.records] == [f"GET /en/booking/{GONE}/ 200"]
    assert caplog.records[0].event == {
        "method": "GET",
        "path": f"/en/booking/{GONE}/",
        "status": 200,
        "ms": 12.3,
    }


def test_every_request_writes_one_such_line_and_static_files_none(rf, caplog):
    answer = RequestIdMiddleware(lambda request: HttpResponse(status=404))
    with caplog.at_level(logging.INFO, "exodrive.requests"):
        response = answer(rf.get("/nothing/here/?q=Marta+Oliveira"))
        answer(rf.get("/static/css/app.css"))
    assert [record.getMessage() for record in caplog.records] == ["GET /nothing/here/ 404"]
    assert len(response["X-Request-Id"]) == 16


def test_gunicorn_writes_no_access_log_of_its_own_and_its_errors_go_through_ours():
    access, error = logging.getLogger("gunicorn.access"), logging.getLogger("gunicorn.error")
    kept = [(logger, logger.handlers[:], logger.propagate) for logger in (access, error)]
    root = logging.getLogger()
    root_handlers, root_level = root.handlers[:], root.level
    access.addHandler(logging.StreamHandler())
    error.addHandler(logging.StreamHandler())
    error.propagate = False
    try:
        exodrive_logging.configure(level="INFO", json_lines=True)
        assert (access.handlers, access.propagate) == ([], False)
        assert (error.handlers, error.propagate) == ([], True)
    finally:
        root.handlers, root.level = root_handlers, root_level
        for logger, handlers, propagate in kept:
            logger.handlers, logger.propagate = handlers, propagate


def test_sentry_gets_neither_bodies_nor_people():
    event = {
        "user": {"email": "marta@example.com"},
        "request": {
            "url": f"https://exodrive.test/en/booking/{TOKEN}/",
            "method": "POST",
            "query_string": "q=Marta",
            "cookies": {"sessionid": "x"},
            "data": {"full_name": "Marta"},
            "env": {"REMOTE_ADDR": "1.2.3.4"},
            "headers": {"Authorization": "Bearer abcdefghij", "Accept-Language": "pt"},
        },
        "exception": {"values": [{"type": "ValueError", "value": "bad marta@example.com"}]},
    }
    assert before_send(event, {}) == {
        "request": {
            "url": f"https://exodrive.test/en/booking/{GONE}/",
            "method": "POST",
            "headers": {"Authorization": GONE, "Accept-Language": "pt"},
        },
        "exception": {"values": [{"type": "ValueError", "value": f"bad {GONE}"}]},
        "tags": {"request_id": "-", "job_id": "-"},
    }


class Kept(Transport):
    """Keeps what would have left for Sentry."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent.append(envelope)


def test_what_really_leaves_for_sentry_is_scrubbed(monkeypatch):
    kept = Kept()
    original = sentry_sdk.init
    monkeypatch.setattr(sentry_sdk, "init", lambda **options: original(transport=kept, **options))
    try:
        exodrive_logging.start_sentry(
            dsn="https://key@sentry.invalid/1", environment="test", release="2026.11"
        )
        secret = "marta@example.com"
        sentry_sdk.add_breadcrumb(message=f"opened /en/booking/{TOKEN}/")
        try:
            raise ValueError(f"cannot mail {secret}")
        except ValueError:
            sentry_sdk.capture_exception()
        sentry_sdk.flush(timeout=2)
    finally:
        sentry_sdk.get_client().close(timeout=0)
        sentry_sdk.get_global_scope().set_client(None)
    (event,) = [envelope.get_event() for envelope in kept.sent if envelope.get_event()]
    assert (event["release"], event["environment"]) == ("2026.11", "test")
    text = json.dumps(event, default=str)
    assert TOKEN not in text
    assert secret not in text
    assert event["exception"]["values"][0]["value"] == f"cannot mail {GONE}"
