"""What payment providers report: `POST /api/webhooks/{provider}`, signed. Kept and answered; looked into afterwards."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bookings.errors import NotFound
from bookings.events import log_event
from bookings.models.provider_events import MAX_BODY
from bookings.payments import provider as providers
from bookings.payments import webhooks
from bookings.payments.refusals import refused
from bookings.payments.registry import NoSuchProvider
from exodrive.db.logins import serves_public_only
from exodrive.errors import BadSignature, Refusal, Unreadable
from exodrive.http.refusals import refuse
from exodrive.rls import SERVICE, acting_as


@csrf_exempt
@require_POST
def receive(request: HttpRequest, provider: str) -> HttpResponse:
    """200, also for what is known already and for what is of no interest; 400 without a good signature or with more than
    a megabyte; 404 for a provider that is switched off or has no secret, and in a process that serves the public only;
    503 while the database or the provider, who may have to be asked for a certificate, is away: it is sent again."""
    if serves_public_only():
        return refuse(request, NotFound())
    try:
        _take_in(request, provider)
    except NoSuchProvider:
        return refuse(request, NotFound())
    except (providers.ProviderError, Unreadable) as error:
        refusal = error if isinstance(error, Refusal) else _refusal(error)
        log_event("webhook_failed", provider=provider, code=refusal.code)
        return refuse(request, refusal)
    return HttpResponse()


def _take_in(request: HttpRequest, provider: str) -> None:
    body = request.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise Unreadable
    headers = {name.lower(): value for name, value in request.headers.items()}
    with acting_as(SERVICE, actor="provider"):
        webhooks.receive(provider, body, headers, at=timezone.now())


def _refusal(error: providers.ProviderError) -> Refusal:
    if isinstance(error, providers.BadSignature):
        return BadSignature()
    return NotFound() if isinstance(error, providers.Misconfigured) else refused(error)
