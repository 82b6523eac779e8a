"""Secrets of the links: computed from a stored nonce, so that they can be mailed again without being stored.

token = base64url(HMAC-SHA256(LINK_KEY, nonce)[:16]), 128 bits; the database keeps the nonce and the token's SHA-256.
"""

import base64
import hmac
import secrets

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from exodrive.rls import token_hash as hash_of

__all__ = ["booking_url", "hash_of", "new_nonce", "token_of"]

NONCE_BYTES = 16


def new_nonce() -> bytes:
    """128 random bits."""
    return secrets.token_bytes(NONCE_BYTES)


def token_of(nonce: bytes) -> str:
    """The link's secret for a nonce."""
    digest = hmac.digest(settings.LINK_KEY.encode(), nonce, "sha256")
    return base64.urlsafe_b64encode(digest[:16]).rstrip(b"=").decode()


def booking_url(token: str, language: str) -> str:
    """The booking page's absolute address, in a language."""
    with override(language):
        return settings.SITE_URL + reverse("booking", args=[token])
