"""What the mail provider tells us about mails it took: `POST /api/webhooks/resend`, signed.

Anymail checks the signature and reads the event; its `tracking` signal, which its views for other providers send too,
is received here. An error on our side is a 500: the provider sends the event again later.
"""

import hashlib
import logging
from typing import Any

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import AnymailTrackingEvent, EventType, tracking
from anymail.webhooks.resend import ResendTrackingWebhookView
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from bookings.errors import NotFound
from bookings.events import log_event
from exodrive.db.logins import serves_public_only
from exodrive.errors import BadSignature, Unreadable
from exodrive.http.refusals import refuse
from exodrive.rls import SERVICE, acting_as
from inbox.mail.delivery import Delivery, note

log = logging.getLogger(__name__)

# https://resend.com/docs/webhooks/event-types: these two are younger than anymail's list.
YOUNGER = {"email.failed": EventType.FAILED, "email.suppressed": EventType.REJECTED}
KINDS = {
    EventType.SENT: Delivery.SENT,
    EventType.DEFERRED: Delivery.DELAYED,
    EventType.DELIVERED: Delivery.DELIVERED,
    EventType.FAILED: Delivery.FAILED,
    EventType.REJECTED: Delivery.FAILED,
    EventType.BOUNCED: Delivery.BOUNCED,
    EventType.COMPLAINED: Delivery.COMPLAINED,
}
LONGEST_ID = 200


class ResendEvents(ResendTrackingWebhookView):
    """Anymail's view, with our refusals."""

    event_types = {**ResendTrackingWebhookView.event_types, **YOUNGER}

    def run_validators(self, request: HttpRequest) -> None:
        """Raises BadSignature; a header that is not even base64 is one too."""
        try:
            super().run_validators(request)
        except (AnymailWebhookValidationFailure, SuspiciousOperation, ValueError) as error:
            raise BadSignature from error

    def parse_events(self, request: HttpRequest) -> list[AnymailTrackingEvent]:
        """Raises Unreadable for what is not an event."""
        try:
            return super().parse_events(request)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unreadable from error


@csrf_exempt
def resend(request: HttpRequest) -> HttpResponse:
    """200, also for mails that we do not know; 400 without a good signature; 404 while no secret is configured, and in
    a process that serves the public site only."""
    if serves_public_only() or not settings.ANYMAIL.get("RESEND_SIGNING_SECRET"):
        return refuse(request, NotFound())
    try:
        with acting_as(SERVICE, actor="provider"):
            return ResendEvents.as_view()(request)
    except (BadSignature, Unreadable) as refusal:
        log_event("webhook_failed", provider="resend", code=refusal.code)
        return refuse(request, refusal)


@receiver(tracking, dispatch_uid="inbox.note_delivery")
def note_delivery(sender: Any, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    """Keep what says how far a mail got; opens and clicks are nobody's business."""
    kind, message_id = KINDS.get(event.event_type), event.message_id
    if kind is None or not isinstance(message_id, str) or not message_id:
        return
    now = timezone.now()
    # Without an id of its own an event is known by what it says.
    event_id = event.event_id or hashlib.sha256(f"{message_id} {kind} {event.timestamp}".encode()).hexdigest()
    note(
        event_id=f"{esp_name}:{event_id}"[:LONGEST_ID],
        message_id=message_id[:LONGEST_ID],
        kind=kind,
        at=event.timestamp or now,
        now=now,
    )
