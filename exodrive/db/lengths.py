"""How long a text may be, said by the database: forms and verbs do not stand before injected SQL."""

from django.db.models import BaseConstraint, CheckConstraint, F, TextField
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual


def at_most(table: str, **limits: int) -> list[BaseConstraint]:
    """One check for each column: characters of a text, or of JSON as text."""
    return [_check(table, column, Cast(column, TextField()), limit) for column, limit in limits.items()]


def bytes_at_most(table: str, **limits: int) -> list[BaseConstraint]:
    """The same for binary columns."""
    return [_check(table, column, F(column), limit) for column, limit in limits.items()]


def _check(table: str, column: str, value: Combinable, limit: int) -> CheckConstraint:
    return CheckConstraint(condition=LessThanOrEqual(Length(value), limit), name=f"{table}_{column}_length")
