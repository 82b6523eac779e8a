"""What every body that the JSON API takes is made of."""

from typing import Any

from pydantic import AliasGenerator, BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from bookings.api.schemas import title_of

NOT_SENT: Any = None  # null is not accepted; `model_fields_set` says what was sent


class In(BaseModel):
    """Base of every request body: camelCase keys."""

    model_config = ConfigDict(
        alias_generator=AliasGenerator(validation_alias=to_camel),
        extra="forbid",
        field_title_generator=title_of,
    )
