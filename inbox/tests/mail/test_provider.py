"""The real provider's backend, against a server on this machine that answers as Resend does."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from bookings.tests.support.factories import make_booking
from exodrive.rls import STAFF, acting_as, as_owner
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail
from inbox.tests.support.mails import NOW, deliver, row, set_row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_broker")]


@pytest.fixture
def resend(settings):
    """Answers with `.status` and `.answer`, and keeps what was asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            server.asked.append((self.path, self.headers["Authorization"], json.loads(body)))
            server.keys.append(self.headers["Idempotency-Key"])
            answer = json.dumps(server.answer).encode()
            self.send_response(server.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.keys, server.status, server.answer = [], [], 200, {"id": "re_123"}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.EMAIL_BACKEND = "inbox.mail.backend.EmailBackend"
    settings.ANYMAIL = {
        "RESEND_API_KEY": "re_key",
        "RESEND_API_URL": f"http://127.0.0.1:{server.server_port}/",
        "REQUESTS_TIMEOUT": 1,
    }
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_mail_is_handed_over_and_known_by_the_providers_id(email, resend):
    assert deliver(email) is True
    assert (row(email).status, row(email).message_id) == ("sent", "re_123")
    ((path, key, sent),) = resend.asked
    assert (path, key, sent["to"]) == ("/emails", "Bearer re_key", ["marta.oliveira@example.com"])
    assert sent["headers"]["Message-ID"].startswith(f"<{email.pk}@")
    assert sent["html"].startswith("<!DOCTYPE html>")


@pytest.mark.parametrize("status", [401, 422, 429, 500])
def test_a_refusal_is_written_down_by_its_number_alone(email, resend, status, caplog):
    resend.status, resend.answer = status, {"message": "marta.oliveira@example.com is not welcome"}
    assert deliver(email) is False
    assert (row(email).status, row(email).error) == ("queued", f"AnymailRequestsAPIError {status}")
    assert "marta" not in caplog.text


def test_a_provider_that_is_away_is_tried_again(email, resend, settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "RESEND_API_URL": "http://127.0.0.1:1/"}
    assert deliver(email) is False
    assert (row(email).status, row(email).error) == ("queued", "AnymailRequestsAPIError")


def test_a_mail_that_a_dying_worker_handed_over_is_handed_over_under_the_same_key(
    silent_broker, resend, settings
):
    booking = make_booking(status="upcoming")
    with as_owner():
        email = InboxEmail.objects.get(booking=booking, template="booking_confirmed")
    deliver(email)
    set_row(email, status="queued", message_id="")  # it died before it could write that down
    deliver(email, at=NOW + settings.MAIL_CLAIM)
    assert (row(email).status, row(email).message_id) == ("sent", "re_123")
    first, second = resend.keys
    assert first == second
    (attachment,) = resend.asked[0][2]["attachments"]
    assert attachment["content_type"].startswith('text/calendar; method="PUBLISH"')


def test_a_mail_that_staff_send_again_has_a_key_of_its_own(email, resend):
    deliver(email)
    with acting_as(STAFF):
        again = mail_queue.resend(email)
    deliver(again)
    assert len(set(resend.keys)) == 2
