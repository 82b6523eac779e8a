"""Where a reader of a list was: the last row it saw, by what never changes of a row, signed.

Pages are counted from the front, so rows move over their edges while somebody reads, confirms and so takes them out of the
list. A cursor does not: what lies behind it has been seen, what lies ahead will be.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bookings.errors import Invalid

SALT = "bookings.api.cursors"


def after(rows: QuerySet[Any], by: Sequence[str], cursor: str, filters: dict[str, Any]) -> QuerySet[Any]:
    """`rows` in the order of `by` (fields, with `-` for descending ones; the last is unique) from the cursor on.

    Raises Invalid for a cursor that is not ours, and for one of another list or of other filters.
    """
    return rows.order_by(*by).filter(_beyond(by, seen_at(cursor, filters)) if cursor else Q())


def cursor_at(row: Model, by: Sequence[str], filters: dict[str, Any]) -> str:
    """What to send to go on after that row."""
    return cursor_of([_plain(getattr(row, name.removeprefix("-"))) for name in by], filters)


def cursor_of(seen: list[Any], filters: dict[str, Any]) -> str:
    """The same, of the values by which the row stands where it stands."""
    return signing.dumps([_list_of(filters), *seen], salt=SALT)


def seen_at(cursor: str, filters: dict[str, Any]) -> list[Any]:
    """What `cursor_of` was given. Raises Invalid for a cursor that is not ours, and for one of another list."""
    try:
        of, *seen = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        of, seen = None, []
    if of != _list_of(filters):
        raise Invalid.field("cursor", _("This is not a cursor of this list with these filters."))
    return seen


def _beyond(by: Sequence[str], seen: Sequence[Any]) -> Q:
    beyond, same = Q(), Q()
    for name, value in zip(by, seen, strict=True):
        field = name.removeprefix("-")
        beyond |= same & Q(**{f"{field}__{'lt' if name.startswith('-') else 'gt'}": value})
        same &= Q(**{field: value})
    return beyond


def _list_of(filters: dict[str, Any]) -> str:
    return salted_hmac(SALT, json.dumps(filters, sort_keys=True, default=str)).hexdigest()[:16]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
