"""Anymail's backend for Resend, with an idempotency key: what is handed over twice is sent once.

A worker that dies between handing a mail over and writing that down leaves it to the next one. For a day Resend answers
the same request under the same key with the first answer (https://resend.com/docs/dashboard/emails/idempotency-keys).
The key is made from all that is sent, Message-ID included: another mail, or one whose booking changed, has another key.
"""

import hashlib
from typing import Any

from anymail.backends import resend
from django.core.mail import EmailMessage


class OncePayload(resend.ResendPayload):
    """The request for one mail."""

    def get_request_params(self, api_url: str) -> dict[str, Any]:
        """With the key among its headers."""
        request: dict[str, Any] = super().get_request_params(api_url)
        key = hashlib.sha256(request["data"].encode()).hexdigest()
        return {**request, "headers": {**request["headers"], "Idempotency-Key": key}}


class EmailBackend(resend.EmailBackend):
    """`EMAIL_BACKEND` where `RESEND_API_KEY` is set."""

    def build_message_payload(self, message: EmailMessage, defaults: dict[str, Any]) -> OncePayload:
        """What anymail sends."""
        return OncePayload(message, defaults, self)
