"""A mail server that takes connections and never says a word: each mail gives up by itself, and so does the sweep."""

import socket

import pytest

from bookings.tests.support.factories import make_booking, make_desk
from exodrive.rls import as_owner
from inbox.mail import queue as mail_queue
from inbox.models import InboxEmail
from inbox.tests.support.mails import deliver, row, sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("silent_broker")]
SMTP = "django.core.mail.backends.smtp.EmailBackend"
RESEND = "inbox.mail.backend.EmailBackend"


@pytest.fixture
def deaf(settings):
    """Both kinds of mail server, with little patience for them."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 0.2
        settings.ANYMAIL = {
            "RESEND_API_KEY": "none",
            "RESEND_API_URL": f"http://127.0.0.1:{settings.EMAIL_PORT}/",
            "REQUESTS_TIMEOUT": settings.EMAIL_TIMEOUT,
        }
        yield settings


@pytest.mark.parametrize(
    ("backend", "error"), [(SMTP, "SMTPServerDisconnected"), (RESEND, "AnymailRequestsAPIError")]
)
def test_a_mail_gives_up_and_is_tried_again_later(email, deaf, backend, error):
    deaf.EMAIL_BACKEND = backend
    assert deliver(email) is False
    tried = row(email)
    assert (tried.status, tried.attempts, tried.error) == ("queued", 1, error)
    assert tried.due_at is not None


def test_a_sweep_ends_before_the_next_one(deaf, monkeypatch):
    deaf.EMAIL_BACKEND = SMTP
    make_desk()
    for _ in range(3):
        make_booking()
    monkeypatch.setattr(mail_queue, "SWEEP_SECONDS", 0.3)
    assert sweep() == 0
    with as_owner():
        tried = InboxEmail.objects.filter(attempts=1).count()
        assert InboxEmail.objects.count() == 6
    assert 1 <= tried <= 2
