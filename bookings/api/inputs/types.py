"""What one value in a request may look like: the types that the API's input schemas are made of.

JSON Schema and code say the same thing: what the OpenAPI document calls valid passes, everything else is refused.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from bookings.days import FIRST_DAY, LAST_DAY
from bookings.lifecycle.pricing.adjusting import MAX_WHY
from bookings.lifecycle.validation import MAX_QUANTITY, MAX_REASON
from bookings.models.booking import MAX_ADDRESS_LINE, MAX_REQUESTS, OLDEST, YOUNGEST
from bookings.models.customer import MAX_NAME, MAX_PHONE
from bookings.models.hours.rides import MAX_ADDRESS_TEXT, MOST_BAGS, MOST_PEOPLE
from cars.models.rides.services import LONGEST
from exodrive.mailboxes import MAX_ADDRESS, validate_mailbox, visible
from exodrive.text import tidy

BIGGEST_ID = 2**63 - 1

ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DIGITS = re.compile(r"\d{1,19}", re.ASCII)
UUID = r"^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$"

TOKEN = r"^[A-Za-z0-9_-]{22}$"  # noqa: S105 - its form: 16 bytes in base64url

# PostgreSQL stores no NUL, and a name with line breaks does not belong into a mail header.
LINE = r"^[^\x00-\x1f\x7f]*$"
# What is said has something to see: not only marks of direction, zero widths and fillers (exodrive/text.py).
UNSEEN = (
    r"\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
)
SAID = rf"^[^\x00-\x1f\x7f]*[^\s{UNSEEN}][^\x00-\x1f\x7f]*$"
PARAGRAPHS = r"^[^\x00]*$"
PRINTABLE = r"^[!-~]([ -~]*[!-~])?$"
WALL = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9](:00)?$"
A_RIDE = timedelta(days=14)  # with all that is kept free around it: the ledger ends where days end
CLOCK = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def _day(value: Any) -> date:
    try:
        if not (isinstance(value, str) and ISO_DAY.fullmatch(value)):
            raise ValueError
        day = date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("date_parsing", "not a date") from None
    if not FIRST_DAY <= day <= LAST_DAY:
        raise PydanticCustomError("date_parsing", "out of range")
    return day


def _wall_time(value: Any) -> datetime:
    try:
        if not (isinstance(value, str) and re.fullmatch(WALL, value)):
            raise ValueError
        shown = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("wall_time_parsing", "not a local date and time") from None
    if not FIRST_DAY + A_RIDE <= shown.date() <= LAST_DAY - A_RIDE:
        raise PydanticCustomError("wall_time_parsing", "out of range")
    return shown


def _instant(value: Any) -> datetime:
    """RFC 3339: with its offset."""
    try:
        if not isinstance(value, str):
            raise ValueError
        instant = datetime.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("datetime_parsing", "not an instant") from None
    if instant.tzinfo is None or not FIRST_DAY <= instant.date() <= LAST_DAY:
        raise PydanticCustomError("datetime_parsing", "out of range, or without an offset")
    return instant.astimezone(UTC)


def _whole(value: Any) -> Any:
    """JSON's `1.0` is an integer, its `true` and `"1"` are not."""
    if isinstance(value, bool | str):
        raise PydanticCustomError("int_parsing", "not a whole number")
    return value


def _digits(value: Any) -> Any:
    """In a query everything is text: only plain digits are a number."""
    if isinstance(value, str) and not DIGITS.fullmatch(value):
        raise PydanticCustomError("int_parsing", "not a whole number")
    return value


def _email(value: str) -> str:
    try:
        validate_mailbox(value)
    except ValidationError:
        raise PydanticCustomError("email", "not an email address") from None
    return visible(value).strip()


def _plain(text: str) -> str:
    return tidy(text).strip()


def _flag(value: Any) -> Any:
    if not isinstance(value, bool):
        raise PydanticCustomError("bool_parsing", "not a boolean")
    return value


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
Instant = Annotated[
    datetime, BeforeValidator(_instant), WithJsonSchema({"type": "string", "format": "date-time"})
]
WallTime = Annotated[
    datetime,
    BeforeValidator(_wall_time),
    WithJsonSchema({"type": "string", "pattern": WALL}),
]
Flag = Annotated[bool, BeforeValidator(_flag)]

# Limits stand before the validator, or they would not reach the OpenAPI document.
Id = Annotated[int, Field(ge=1, le=BIGGEST_ID), BeforeValidator(_whole)]
Kilometres = Annotated[int, Field(ge=0, le=9_999_999), BeforeValidator(_whole)]
Age = Annotated[int, Field(ge=YOUNGEST, le=OLDEST), BeforeValidator(_whole)]
Pieces = Annotated[int, Field(ge=1, le=MAX_QUANTITY), BeforeValidator(_whole)]
Eighths = Annotated[int, Field(ge=0, le=8), BeforeValidator(_whole)]
SlugText = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]
UuidText = Annotated[str, Field(pattern=UUID, json_schema_extra={"format": "uuid"})]

Minutes = Annotated[int, Field(ge=1, le=LONGEST), BeforeValidator(_whole)]
People = Annotated[int, Field(ge=1, le=MOST_PEOPLE), BeforeValidator(_whole)]
Children = Annotated[int, Field(ge=0, lt=MOST_PEOPLE), BeforeValidator(_whole)]
Bags = Annotated[int, Field(ge=0, le=MOST_BAGS), BeforeValidator(_whole)]

MinutesParam = Annotated[int, Field(ge=1, le=LONGEST), BeforeValidator(_digits)]
PeopleParam = Annotated[int, Field(ge=1, le=MOST_PEOPLE), BeforeValidator(_digits)]
BagsParam = Annotated[int, Field(ge=0, le=MOST_BAGS), BeforeValidator(_digits)]
PageNumber = Annotated[int, Field(ge=1, le=10_000), BeforeValidator(_digits)]
Cursor = Annotated[str, Field(pattern=r"^[A-Za-z0-9_:.-]*$", max_length=300)]
PageSize = Annotated[int, Field(ge=1, le=100), BeforeValidator(_digits)]
Seats = Annotated[int, Field(ge=1, le=99), BeforeValidator(_digits)]
IdParam = Annotated[int, Field(ge=1, le=BIGGEST_ID), BeforeValidator(_digits)]
PRICE = r"^[0-9]{1,7}(\.[0-9]{1,4})?$"
PriceParam = Annotated[str, Field(pattern=PRICE, json_schema_extra={"example": "120"})]
TotalParam = Annotated[
    str, Field(pattern=PRICE)
]  # of no use alone: an example would be filled in where it is tried out

Amount = Annotated[str, Field(pattern=r"^-?[0-9]{1,16}(\.[0-9]{1,4})?$", examples=["960.00"])]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]

Name = Annotated[str, Field(pattern=SAID, max_length=MAX_NAME), AfterValidator(_plain)]
Email = Annotated[
    str,
    Field(pattern=LINE, max_length=MAX_ADDRESS, json_schema_extra={"format": "email"}),
    AfterValidator(_email),
]
Phone = Annotated[str, Field(pattern=LINE, max_length=MAX_PHONE), AfterValidator(_plain)]
Address = Annotated[str, Field(pattern=LINE, max_length=MAX_ADDRESS_LINE), AfterValidator(_plain)]
Door = Annotated[str, Field(pattern=LINE, max_length=MAX_ADDRESS_TEXT), AfterValidator(_plain)]
Flight = Annotated[str, Field(pattern=LINE, max_length=8, examples=["AF1234"]), AfterValidator(_plain)]
OnASign = Annotated[str, Field(pattern=LINE, max_length=MAX_NAME), AfterValidator(_plain)]
Paragraphs = Annotated[str, Field(pattern=PARAGRAPHS, max_length=MAX_REQUESTS), AfterValidator(_plain)]
Sentence = Annotated[str, Field(pattern=SAID, max_length=MAX_REASON), AfterValidator(_plain)]
Why = Annotated[str, Field(pattern=SAID, max_length=MAX_WHY), AfterValidator(_plain)]
Note = Annotated[str, Field(pattern=LINE, max_length=200), AfterValidator(_plain)]
Search = Annotated[str, Field(pattern=LINE, max_length=200), AfterValidator(tidy)]
Token = Annotated[str, Field(pattern=TOKEN)]
Clock = Annotated[str, Field(pattern=CLOCK, examples=["10:00"]), AfterValidator(time.fromisoformat)]
IdempotencyKeyText = Annotated[str, Field(pattern=PRINTABLE, max_length=255)]
