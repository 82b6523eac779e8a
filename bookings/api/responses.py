"""What an operation of the JSON API may answer: its success, and the one shape of every error."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import SkipJsonSchema

from bookings.api.schemas import (
    AlternativeOut,
    OtherTimeOut,
    Out,
    QuoteOut,
    ReasonOut,
    StatusText,
    one_of,
    title_of,
)


class ErrorDetailsOut(BaseModel):
    """What more there is to say, by code. Other keys may be added."""

    model_config = ConfigDict(extra="allow", title="ErrorDetails", field_title_generator=title_of)

    fields: dict[str, list[str]] = Field(default={}, description="`invalid`: messages by field")
    reasons: list[ReasonOut] = Field(default=[], description="`dates_taken`, `rules_refused`: all of them")
    alternatives: list[AlternativeOut | OtherTimeOut] = Field(
        default=[], description="`dates_taken`, `rules_refused`: what can be had instead"
    )
    by: str | SkipJsonSchema[None] = Field(
        default=None, description="`status_changed`: who moved the booking"
    )
    bookings: list[dict[str, Any]] = Field(
        default=[], description="`dates_taken` for blocks: the bookings in the way"
    )
    booking_id: str | SkipJsonSchema[None] = Field(
        default=None, alias="bookingId", description="`car_is_out`: the booking whose customer has the car"
    )
    reference: str | SkipJsonSchema[None] = Field(default=None, description="`car_is_out`: its reference")
    start_date: date | SkipJsonSchema[None] = Field(
        default=None, alias="startDate", description="`too_early`: the pick-up day"
    )
    at: datetime | SkipJsonSchema[None] = Field(default=None, description="`status_changed`: when")
    was: dict[str, Any] | SkipJsonSchema[None] = Field(
        default=None, description="`price_changed`: the quote agreed to; of one that you sent what you sent"
    )
    now: QuoteOut | SkipJsonSchema[None] = Field(default=None, description="`price_changed`: the quote now")
    status: StatusText | SkipJsonSchema[None] = Field(default=None, description="`status_changed`: where to")


CODES: dict[int, tuple[str, list[str]]] = {
    400: ("BadRequest", ["invalid_transition"]),
    401: ("NotAuthenticated", ["not_authenticated", "pin_required"]),
    403: ("Forbidden", ["forbidden"]),
    404: ("NotFound", ["not_found"]),
    409: (
        "Conflict",
        [
            *("dates_taken", "in_progress", "status_changed", "changed_meanwhile"),
            *("hold_expired", "price_changed", "proof_required", "payment_declined"),
            *("car_is_out", "too_early", "do_not_rent"),
        ],
    ),
    422: ("Unprocessable", ["invalid", "rules_refused", "idempotency_key_reused"]),
    429: ("TooManyRequests", ["too_many_requests"]),
    503: ("Unavailable", ["unavailable", "provider_unavailable"]),
}


def _error(status: int) -> type[Out]:
    """The schema of an error answer: `{"error": {"code", "message", "details"}}` with the codes of that status."""
    name, codes = CODES[status]
    body = create_model(
        f"{name}Body",
        __base__=Out,
        code=(Annotated[str, one_of(*codes)], ...),
        message=(str, Field(description="In the language of Accept-Language (en, es, fr, pt)")),
        details=(ErrorDetailsOut, ...),
    )
    return create_model(f"{name}Error", __base__=Out, error=(body, ...))


ERRORS = {status: _error(status) for status in CODES}


def answers(success: dict[int, Any], *errors: int) -> dict[int, Any]:
    """What an operation may answer, for its `response=`: its success, the errors named, and 422, 429 and 503 always."""
    return success | {status: ERRORS[status] for status in sorted({*errors, 422, 429, 503})}
