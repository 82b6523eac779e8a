"""Pages of long lists: found by key alone, and numbered with gaps as `templates/inbox/_pages.html` draws them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class ByKey(Paginator):
    """Finds the keys of a page first: PostgreSQL joins and annotates all rows that come before those it is asked for.

    `rows` are what the keys are looked up in, in the same order, when that is less work than what they were found by.
    """

    def __init__(self, found: QuerySet[Any], per_page: int, rows: QuerySet[Any] | None = None) -> None:
        super().__init__(found, per_page)
        self.rows = found if rows is None else rows

    def page(self, number: Any) -> Page[Any]:
        """The page of that number; behind the middle counted from the end: PostgreSQL walks over all that comes before."""
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if first <= self.count // 2:
            return super().page(number)
        backwards = self.object_list.reverse()[self.count - last : self.count - first]  # type: ignore[attr-defined]
        return self._get_page(backwards, number, self)

    def _get_page(self, rows: Any, *args: Any, **kwargs: Any) -> Page[Any]:
        keys = list(rows.values_list("pk", flat=True))
        return super()._get_page(list(self.rows.filter(pk__in=keys)), *args, **kwargs)  # type: ignore[misc]


class OfKeys(Paginator):
    """One page of `count` rows, whose keys are known."""

    def __init__(self, rows: QuerySet[Any], per_page: int, *, count: int, keys: Sequence[Any]) -> None:
        super().__init__(rows, per_page)
        self.rows, self.count, self.keys = rows, count, keys

    def _get_page(self, rows: Any, *args: Any, **kwargs: Any) -> Page[Any]:
        shown = list(self.rows.filter(pk__in=self.keys)) if self.keys else []
        return super()._get_page(shown, *args, **kwargs)  # type: ignore[misc]


@dataclass(frozen=True)
class Numbered:
    """One page among its like; `address` says where another one is, by its number."""

    page: Page[Any]
    address: Callable[[int], str]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """All numbers that are shown, gaps without an address."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [
            {"number": n, "url": self.address(n), "current": n == self.page.number}
            if isinstance(n, int)
            else {"url": ""}
            for n in numbers
        ]
