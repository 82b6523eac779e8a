"""What a constraint asks of every element of a column with several numbers."""

from typing import Any

from django.db.models import BooleanField, Func


class AllWithin(Func):
    """Whether no element is below the first number or above the second: `AllWithin("quick_minutes", 1, 10080)`."""

    output_field = BooleanField()
    arity = 3

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:
        """Two comparisons with ALL, which an empty array passes."""
        column, low, high = self.get_source_expressions()
        sql, params = compiler.compile(column)
        least, least_params = compiler.compile(low)
        most, most_params = compiler.compile(high)
        text = f"({least} <= ALL ({sql}) AND {most} >= ALL ({sql}))"
        return text, [*least_params, *params, *most_params, *params]
