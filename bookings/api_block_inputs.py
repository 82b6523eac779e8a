"""What the JSON API takes about blocks."""

from typing import Literal

from django.utils.translation import gettext as _
from pydantic import Field

from bookings.api_fields import Day, Flag, Id, IdParam, Note
from bookings.api_inputs import NOT_SENT, In, days_of
from bookings.api_queries import Paged
from bookings.days import Days
from bookings.errors import Invalid

MOST_DAYS_BLOCKED = 366
BlockKind = Literal["maintenance", "owner_use", "other"]


class BlockQuery(Paged):
    """Filters for blocks. `from` and `to`: blocks that touch these days."""

    car_id: IdParam | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None


class BlockIn(In):
    """Days to block, on the cars named or, with `wholeFleet`, on every car that is not retired."""

    car_ids: list[Id] = Field([], max_length=1000)
    whole_fleet: Flag = False
    start_date: Day
    end_date: Day
    kind: BlockKind
    note: Note = ""

    def days(self) -> Days:
        """Both ends included, a year at most."""
        days = days_of(self.start_date, self.end_date)
        if len(days) > MOST_DAYS_BLOCKED:
            raise Invalid.field("endDate", _("Block a year at most."))
        return days


class BlockPatch(In):
    """What can be changed on a block. Send only what changes."""

    start_date: Day = NOT_SENT
    end_date: Day = NOT_SENT
    kind: BlockKind = NOT_SENT
    note: Note = NOT_SENT
