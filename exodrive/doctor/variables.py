"""What the environment says: whether it is production at all, and what production cannot do without."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from exodrive.checks import problems
from exodrive.doctor.findings import Finding, missing, warning, well

WHERE = "docs/configuration.md describes every variable."
INVENTED = "hello@exodrive.test"  # the address of a business that is not there


def environment() -> Iterator[Finding]:
    """The variables, all at once: none of them needs another one first."""
    part, found = "variables", list(problems())
    if not settings.PRODUCTION:
        yield missing(part, "This is development.", "Set ENVIRONMENT=production.")
    for message in found:
        text = message.msg.removeprefix("Production: ").removeprefix("Payments: ")
        yield missing(part, f"{text} ({message.id})", WHERE)
    if not _is_allowed(settings.SITE_URL):
        host = urlsplit(settings.SITE_URL).hostname
        yield missing(part, f"ALLOWED_HOSTS does not have {host}, which is in SITE_URL.", "Add it.")
    if settings.PRODUCTION and not found:
        yield well(part, "Production has what it needs.")


def advice() -> Iterator[Finding]:
    """What production runs without, and should not."""
    part = "variables"
    if not settings.BEHIND_TLS_PROXY:
        yield warning(
            part,
            "Nothing says that a proxy speaks HTTPS for us: every request that comes over plain HTTP is sent to HTTPS.",
            "Behind nginx or a load balancer set BEHIND_TLS_PROXY=true and TRUSTED_PROXY_HOPS=1.",
        )
    if settings.BUSINESS_EMAIL == INVENTED:
        yield warning(
            part, "The business is still the invented one.", "Set BUSINESS_NAME, _PHONE, _EMAIL, _ADDRESS."
        )
    if not settings.STAFF_NOTIFY_EMAILS:
        yield warning(part, "No mail tells staff of a new booking.", "Set STAFF_NOTIFY_EMAILS.")
    if not settings.HEALTH_TOKEN:
        yield warning(part, "Monitoring cannot see why /readyz is degraded.", "Set HEALTH_TOKEN.")


def mails() -> Iterator[Finding]:
    """Whether mails leave the house, and whether we hear what becomes of them."""
    part, backend = "mails", settings.EMAIL_BACKEND
    if backend.endswith(("filebased.EmailBackend", "console.EmailBackend", "dummy.EmailBackend")):
        return  # `environment` has said so
    if "resend" in backend and not settings.ANYMAIL.get("RESEND_SIGNING_SECRET"):
        hook = settings.SITE_URL + reverse("api:resend")
        yield warning(
            part, "Nobody hears of mails that bounce.", f"Set RESEND_WEBHOOK_SECRET, the secret of {hook}."
        )
    else:
        yield well(part, "A provider sends them.")


def _is_allowed(url: str) -> bool:
    host = (urlsplit(url).hostname or "").lower()
    return any(
        host == allowed.lower() or (allowed.startswith(".") and f".{host}".endswith(allowed.lower()))
        for allowed in settings.ALLOWED_HOSTS
    )
