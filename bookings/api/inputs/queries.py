"""What the JSON API takes in addresses: pages, filters and days."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from bookings.api.cursors import after, cursor_at, cursor_of, seen_at
from bookings.api.inputs.types import (
    Cursor,
    Day,
    IdParam,
    PageNumber,
    PageSize,
    PriceParam,
    Search,
    Seats,
    TotalParam,
)
from bookings.api.schemas import Gearbox, Kind, PaymentStatus, Status, title_of
from bookings.availability.fleet.offered import Offered
from bookings.availability.fleet.order import Order
from bookings.days import Days
from bookings.errors import Invalid

MAX_DAYS_SHOWN = 400  # of one availability answer


def _never_null(schema: dict[str, Any]) -> None:
    """A query parameter is there or not; without this the document would say that it may be null."""
    for name, value in schema["properties"].items():
        if len(value.get("anyOf", [])) == 2:
            schema["properties"][name] = {k: v for k, v in value.items() if k != "anyOf"} | value["anyOf"][0]


class Params(BaseModel):
    """Base of every set of query parameters: snake_case names."""

    model_config = ConfigDict(field_title_generator=title_of, json_schema_extra=_never_null)


class Paged(Params):
    """`page` counts from 1. With `cursor` (empty at first, then the last answer's `next`) every row comes exactly once,
    in the order in which rows were made, however they change meanwhile."""

    page: PageNumber = 1
    page_size: PageSize = 20
    cursor: Cursor | None = Field(
        None, description="Empty to begin, then `next` of the last answer; instead of `page`"
    )

    def of(
        self, rows: QuerySet[Any], render: Callable[[Any], Any], *, by: Sequence[str] = ("pk",)
    ) -> dict[str, Any]:
        """The page of `rows` as an answer; beyond the last one it is empty. Two queries and their prefetches.

        `by` is the order of a cursor: fields that never change, the last one unique.
        """
        if self.cursor is not None:
            return self._after(rows, render, by)
        first = (self.page - 1) * self.page_size
        items = [render(row) for row in rows[first : first + self.page_size]]
        return {"items": items, "total": rows.count(), "page": self.page, "page_size": self.page_size}

    def of_set(
        self, known: Offered, order: Order, cars: int, rows: Callable[[list[int]], list[Any]]
    ) -> dict[str, Any]:
        """The same of a set of cars (`bookings.availability.fleet`); with a cursor in the order of their ids."""
        answer = {"total": cars.bit_count(), "page": self.page, "page_size": self.page_size}
        if self.cursor is None:
            ids = order.page(known, cars, (self.page - 1) * self.page_size, self.page_size)
            return answer | {"items": rows(ids)}
        filters = self._filters()
        (seen,) = seen_at(self.cursor, filters) if self.cursor else (known.base - 1,)
        ids = known.after(cars, int(seen), self.page_size + 1)
        shown = ids[: self.page_size]
        following = cursor_of([shown[-1]], filters) if len(ids) > len(shown) else None
        return answer | {"items": rows(shown), "next": following}

    def _filters(self) -> dict[str, Any]:
        """What a cursor belongs to. Raises Invalid for a page beside it."""
        if self.page != 1:
            raise Invalid.field("page", _("Send a page or a cursor."))
        return self.model_dump(exclude={"page", "page_size", "cursor"}) | {"list": type(self).__name__}

    def _after(self, rows: QuerySet[Any], render: Callable[[Any], Any], by: Sequence[str]) -> dict[str, Any]:
        filters = self._filters()
        found = list(after(rows, by, self.cursor or "", filters)[: self.page_size + 1])
        shown = found[: self.page_size]
        following = cursor_at(shown[-1], by, filters) if len(found) > len(shown) else None
        items = [render(row) for row in shown]
        return {
            "items": items,
            "total": rows.count(),
            "page": 1,
            "page_size": self.page_size,
            "next": following,
        }


class CarQuery(Paged):
    """With `start` and `end` only the cars that are free on all of these days."""

    start: Day | None = None
    end: Day | None = None
    seats: Seats | None = Field(None, description="At least so many")
    gearbox: Gearbox | None = None
    max_price: PriceParam | None = Field(None, description="Highest weekday rate per day")
    max_total: TotalParam | None = Field(None, description="Highest `totalPrice`; needs `start` and `end`")
    location_id: IdParam | None = None
    sort: Literal["cheapest", "dearest"] | None = Field(
        None,
        description="By `totalPrice`, without days by `dailyRate`; cheapest first unless asked. Not with `cursor`",
    )

    def days(self) -> Days | None:
        """The days asked for. Raises Invalid when only one of the two is given, or none where they are needed."""
        if self.sort and self.cursor is not None:
            raise Invalid.field("sort", _("Send a sort order or a cursor."))
        if self.start is None and self.end is None:
            if self.max_total is not None:
                raise Invalid.field("max_total", _("Send start and end, too."))
            return None
        return Days.parse(self.start, self.end)


class AvailabilityQuery(Params):
    """A car and days, both ends included; at most 400 days."""

    car_id: IdParam
    start: Day
    end: Day

    def days(self) -> Days:
        """The days asked for. Raises Invalid for too many."""
        return _shown(self.start, self.end)


class ExtrasQuery(Params):
    """Days, both ends included (at most 400), and the pick-up place."""

    start: Day
    end: Day
    location_id: IdParam

    def days(self) -> Days:
        """The days asked for. Raises Invalid for too many."""
        return _shown(self.start, self.end)


class BookingQuery(Paged):
    """Filters for staff. `from` and `to`: bookings that touch these days. `q`: see `bookings.search`."""

    status: Status | None = None
    kind: Kind | None = None
    car_id: IdParam | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
    payment: PaymentStatus | None = None
    q: Search = ""


class ChangeQuery(Params):
    """Whether a change is only shown."""

    preview: Literal["true", "false"] = "false"


def _shown(start: date, end: date) -> Days:
    days = Days.parse(start, end)
    if len(days) > MAX_DAYS_SHOWN:
        raise Invalid.field("end", _("At most %d days at once.") % MAX_DAYS_SHOWN)
    return days


class BlockQuery(Paged):
    """Filters for blocks. `from` and `to`: blocks that touch these days."""

    car_id: IdParam | None = None
    from_: Day | None = Field(None, alias="from")
    to: Day | None = None
