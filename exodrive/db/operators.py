"""Operators of PostgreSQL that Django has no lookup for, between any two expressions."""

from django.db.models import BooleanField, Func


class Matches(Func):
    """Whether words match a query."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


class AnyOf(Func):
    """Whether a column is one of an array. Unlike `IN (SELECT …)` it can share an index scan with OR."""

    template = "%(expressions)s)"
    arg_joiner = " = ANY ("
    output_field = BooleanField()


class BeginsWith(Func):
    """Whether one text begins with another, of digits alone."""

    template = "%(expressions)s || '%%%%'"
    arg_joiner = " LIKE "
    output_field = BooleanField()


class Has(Func):
    """Whether a text has a part somewhere; parts are letters, digits and spaces."""

    template = "%(expressions)s"
    arg_joiner = " LIKE "
    output_field = BooleanField()


class Holds(Func):
    """Whether an array has all of another."""

    template = "%(expressions)s::text[]"
    arg_joiner = " @> "
    output_field = BooleanField()
