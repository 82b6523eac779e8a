"""/api/blocks: days on which staff keep cars off the road."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Status

from bookings.api.auth import Scope, staff_only
from bookings.api.inputs.bookings import BlockIn, BlockPatch, both_times
from bookings.api.inputs.queries import BlockQuery
from bookings.api.inputs.types import IdParam
from bookings.api.render import block_out
from bookings.api.responses import answers
from bookings.api.schemas import BlockOut, BlockPageOut, BlocksOut
from bookings.availability.blocks import change_block, place_blocks, remove_block
from bookings.availability.hours.blocks import Clock, clock_of
from bookings.days import Days
from bookings.errors import Invalid, NotFound
from bookings.models import Block
from cars.models import Car
from exodrive.http.request import ours

router = Router(by_alias=True, tags=["Blocks"])


@router.get(
    "/blocks",
    **staff_only(Scope.READ),
    response=answers({200: BlockPageOut}, 401, 403),
    operation_id="listBlocks",
)
def list_blocks(request: HttpRequest, query: Query[BlockQuery]) -> Any:
    """Blocks by their first day. `from` and `to` find those that touch these days."""
    return query.of(_filtered(query).order_by("start_date", "pk"), block_out)


@router.post(
    "/blocks",
    **staff_only(Scope.STAFF),
    response=answers({201: BlocksOut}, 401, 403, 404, 409),
    operation_id="placeBlocks",
    summary="Block days",
)
def place(request: HttpRequest, body: BlockIn) -> Any:
    """Block days of one car, of several, or of the whole fleet: one block for each, or none at all.

    Where a car is booked on one of the days the answer is 409 `dates_taken`, and `details.bookings` lists them.
    """
    what: dict[str, Any] = {"days": body.days(), "clock": body.clock(), "kind": body.kind, "note": body.note}
    blocks = place_blocks(cars=_cars(body), **what, by=ours(request).staff)
    return Status(201, {"items": [block_out(block) for block in blocks]})


@router.get(
    "/blocks/{block_id}",
    **staff_only(Scope.READ),
    response=answers({200: BlockOut}, 401, 403, 404),
    operation_id="getBlock",
)
def get_block(request: HttpRequest, block_id: IdParam) -> Any:
    """One block."""
    return block_out(_found(block_id))


@router.patch(
    "/blocks/{block_id}",
    **staff_only(Scope.STAFF),
    response=answers({200: BlockOut}, 401, 403, 404, 409),
    operation_id="changeBlock",
    summary="Change a block",
)
def change(request: HttpRequest, block_id: IdParam, body: BlockPatch) -> Any:
    """Move a block, end it earlier or later, or say why. Send only what changes."""
    block, sent = _found(block_id), {name: getattr(body, name) for name in body.model_fields_set}
    what: dict[str, Any] = {"days": _moved(block, sent), "clock": _timed(block, sent)}
    what |= {name: sent.get(name) for name in ("kind", "note")}
    return block_out(change_block(block=block, **what))


@router.delete(
    "/blocks/{block_id}",
    **staff_only(Scope.STAFF),
    response=answers({204: None}, 401, 403, 404),
    operation_id="removeBlock",
    summary="Remove a block",
)
def remove(request: HttpRequest, block_id: IdParam) -> Any:
    """Free the days."""
    remove_block(block=_found(block_id))
    return Status(204, None)


def _filtered(query: BlockQuery) -> QuerySet[Block]:
    wanted = {"car_id": query.car_id, "end_date__gte": query.from_, "start_date__lte": query.to}
    blocks = Block.objects.select_related("car__location")
    return blocks.filter(**{field: value for field, value in wanted.items() if value is not None})


def _cars(body: BlockIn) -> list[Car]:
    if body.whole_fleet:
        return list(Car.objects.exclude(status=Car.Status.RETIRED).select_related("location"))
    cars = list(Car.objects.filter(pk__in=body.car_ids).select_related("location"))
    if len(cars) < len(set(body.car_ids)):
        raise NotFound
    if not cars:
        raise Invalid.field("carIds", _("Name the cars, or the whole fleet."))
    return cars


def _moved(block: Block, sent: dict[str, Any]) -> Days | None:
    if not {"start_date", "end_date"} & sent.keys():
        return None
    return Days.parse(sent.get("start_date", block.start_date), sent.get("end_date", block.end_date))


def _timed(block: Block, sent: dict[str, Any]) -> Clock | None:
    if not {"start_time", "end_time"} & sent.keys():
        return None
    since, until = clock_of(block) or (None, None)
    return both_times(sent.get("start_time", since), sent.get("end_time", until))


def _found(block_id: int) -> Block:
    block = Block.objects.select_related("car__location").filter(pk=block_id).first()
    if block is None:
        raise NotFound
    return block
