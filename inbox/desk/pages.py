"""Numbered pages with gaps, as `inbox/_pages.html` draws them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page


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
