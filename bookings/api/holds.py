"""/api/holds: keep days for some minutes while somebody fills in the details."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import Body, Router, Status

from bookings.api.auth import ANYONE, HOLDER
from bookings.api.inputs.bookings import HoldIn, MailboxIn
from bookings.api.inputs.types import UuidText
from bookings.api.lookup import car_for
from bookings.api.render import hold_out
from bookings.api.responses import answers
from bookings.api.rides.asked import hold_asked
from bookings.api.rides.inputs import NewHold, RideHoldIn
from bookings.api.schemas import HoldOut
from bookings.availability.alternatives import with_alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.holds import Visitor, extend_hold, place_hold, release_hold
from bookings.errors import Invalid, NotFound
from bookings.links.proof import ask_for_code, confirm_code
from bookings.models import Hold
from bookings.visitors import address_of, network_of
from exodrive.http.client_ip import client_network
from exodrive.http.request import ours
from exodrive.limits.rates import hit
from exodrive.mailboxes import canonical

router = Router(by_alias=True, tags=["Holds"])


@router.post(
    "/holds",
    url_name="holds",
    auth=ANYONE,
    response=answers({201: HoldOut}, 401, 403, 404, 409),
    operation_id="placeHold",
    summary="Place a hold",
)
def place(request: HttpRequest, body: Body[NewHold]) -> Any:
    """Keep days of a car, or a ride, for 15 minutes. The token in the answer extends, releases or books them."""
    at = timezone.now()
    if isinstance(body, RideHoldIn):
        return Status(201, hold_out(hold_asked(body, at, lambda: _visitor(request, body))))
    days, car = body.days(), car_for(body.car_id)
    with with_alternatives(as_of=AsOf(at)):
        hold = place_hold(car=car, days=days, at=at, by=_visitor(request, body))
    return Status(201, hold_out(hold))


@router.patch(
    "/holds/{hold_id}",
    auth=HOLDER,
    response=answers({200: HoldOut}, 404, 409),
    operation_id="extendHold",
    summary="Extend a hold",
)
def extend(request: HttpRequest, hold_id: UuidText) -> Any:
    """Keep the days for as long again, once. No body."""
    hold = extend_hold(hold=_own(hold_id), at=timezone.now())
    return hold_out(hold)


@router.delete(
    "/holds/{hold_id}",
    auth=HOLDER,
    response=answers({204: None}, 404, 409),
    operation_id="releaseHold",
    summary="Release a hold",
)
def release(request: HttpRequest, hold_id: UuidText) -> Any:
    """Give the days back."""
    release_hold(hold=_own(hold_id))
    return Status(204, None)


def _visitor(request: HttpRequest, body: HoldIn | RideHoldIn) -> Visitor:
    """Staff are nobody's visitors: what they hold counts for nobody."""
    if ours(request).staff:
        return Visitor(source="api")
    who, code = address_of(request), None
    if body.proof:
        hit("code_email", "tries", who, canonical(body.proof.email))
        code = confirm_code(email=body.proof.email, visitor=who, code=body.proof.code)
        if code is None:
            raise Invalid.field(
                "proof.code", _("This code is wrong or too old. Type the newest one, or ask for another.")
            )
    return Visitor("api", who, network_of(request), code=code)


@router.post(
    "/mailbox-codes",
    url_name="mailbox_codes",
    auth=ANYONE,
    response=answers({202: None}, 401, 403),
    operation_id="sendMailboxCode",
    summary="Send a code to a mailbox",
)
def send_code(request: HttpRequest, body: MailboxIn) -> Any:
    """For a hold that was refused with `proof_required`: mails a code of 6 digits, to be sent with the next one.

    The answer is the same whether one was sent a moment ago.
    """
    hit("link", client_network(request))
    hit("code_email", canonical(body.email))
    ask_for_code(email=body.email, visitor=address_of(request), language=(get_language() or "en")[:2])
    return Status(202, None)


def _own(hold_id: str) -> Hold:
    """The hold whose token the caller sent: row-level security shows no other one. Raises NotFound."""
    hold = Hold.objects.select_related("car__location").filter(pk=UUID(hold_id)).first()
    if hold is None:
        raise NotFound
    return hold
