"""The years of a long list of the admin, for its date hierarchy: each looked for by an index, none counted."""

from datetime import date
from typing import Any

from django.db.models import Max, Min, QuerySet


class ByYears(QuerySet[Any]):
    """Rows whose years Django would find by reading all of them."""

    @classmethod
    def of(cls, rows: "QuerySet[Any]") -> "ByYears":
        """The same rows."""
        return cls(rows.model, rows.query.chain(), rows.db)

    def dates(self, field_name: str, kind: str, order: str = "ASC") -> Any:
        """The first day of each year that has a row; months and days as Django finds them: they are of one year."""
        if kind != "year" or order != "ASC":
            return super().dates(field_name, kind, order)  # type: ignore[arg-type]
        rows = self.order_by()
        ends = rows.aggregate(first=Min(field_name), last=Max(field_name))
        if ends["first"] is None:
            return []
        years = range(ends["first"].year, ends["last"].year + 1)
        return [date(year, 1, 1) for year in years if rows.filter(**{f"{field_name}__year": year}).exists()]
