"""`/.well-known/security.txt` (RFC 9116): whom to tell about a hole."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

EXPIRES_IN = timedelta(days=180)  # from now, whenever it is asked for: it is as current as the settings
KEPT = 24 * 3600  # seconds


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Everything in it is a setting or the time."""
    expires = (timezone.now() + EXPIRES_IN).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [
        f"Contact: {contact}" for contact in map(_uri, settings.SECURITY_CONTACT or [settings.BUSINESS_EMAIL])
    ]
    lines += [
        f"Expires: {expires}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security_txt')}",
    ]
    response = HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
    response["Cache-Control"] = f"public, max-age={KEPT}"
    return response


def _uri(contact: str) -> str:
    text = "".join(contact.split())
    return text if text.startswith(("https:", "mailto:", "tel:")) else f"mailto:{text}"
