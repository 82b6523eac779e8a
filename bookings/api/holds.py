"""/api/holds: keep days for some minutes while somebody fills in the details."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status

from bookings.api.auth import ANYONE, HOLDER
from bookings.api.inputs import HoldIn
from bookings.api.lookup import car_for
from bookings.api.render import hold_out
from bookings.api.responses import answers
from bookings.api.schemas import HoldOut
from bookings.api.types import UuidText
from bookings.availability.alternatives import with_alternatives
from bookings.availability.as_of import AsOf
from bookings.availability.holds import Visitor, extend_hold, place_hold, release_hold
from bookings.errors import NotFound
from bookings.models import Hold
from bookings.visitors import address_of
from cars.pricing.tariff import quote

router = Router(by_alias=True, tags=["Holds"])


@router.post(
    "/holds",
    url_name="holds",
    **ANYONE,
    response=answers({201: HoldOut}, 401, 403, 404, 409),
    operation_id="placeHold",
    summary="Place a hold",
)
def place(request: HttpRequest, body: HoldIn) -> Any:
    """Keep days of a car for 15 minutes. The token in the answer extends, releases or books them."""
    at, days, car = timezone.now(), body.days(), car_for(body.car_id)
    with with_alternatives(as_of=AsOf(at)):
        hold = place_hold(car=car, days=days, at=at, by=Visitor(source="api", visitor=address_of(request)))
    return Status(201, hold_out(hold, quote(car, days)))


@router.patch(
    "/holds/{hold_id}",
    **HOLDER,
    response=answers({200: HoldOut}, 404, 409),
    operation_id="extendHold",
    summary="Extend a hold",
)
def extend(request: HttpRequest, hold_id: UuidText) -> Any:
    """Keep the days for as long again, once. No body."""
    hold = extend_hold(hold=_own(hold_id), at=timezone.now())
    return hold_out(hold, quote(hold.car, hold.days))


@router.delete(
    "/holds/{hold_id}",
    **HOLDER,
    response=answers({204: None}, 404, 409),
    operation_id="releaseHold",
    summary="Release a hold",
)
def release(request: HttpRequest, hold_id: UuidText) -> Any:
    """Give the days back."""
    release_hold(hold=_own(hold_id))
    return Status(204, None)


def _own(hold_id: str) -> Hold:
    """The hold whose token the caller sent: row-level security shows no other one. Raises NotFound."""
    hold = Hold.objects.select_related("car__location").filter(pk=UUID(hold_id)).first()
    if hold is None:
        raise NotFound
    return hold
