"""What an inbox address asks for: tab, search, filters, page. Reading is lenient: what makes no sense is left out."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import QueryDict
from django.urls import reverse

from bookings.called import UNKNOWN, with_cars
from bookings.models import Booking
from exodrive.numbers import small_number

TABS = ("pending", "upcoming", "active", "completed", "cancelled", "all")
WHEN = ("", "today", "week")
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Query:
    """One state of the inbox, and its address."""

    tab: str = "pending"
    q: str = ""
    car: str = ""
    when: str = ""
    payment: str = ""
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> "Query":
        """From the parameters of a URL."""
        params = with_cars(params, "car")
        tab, car, when = params.get("tab", ""), params.get("car", ""), params.get("when", "")
        payment, page = params.get("payment", ""), params.get("page", "")
        return cls(
            tab=tab if tab in TABS else "pending",
            q=params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            car=car[:LONGEST_SEARCH] if small_number(car) or car.startswith(UNKNOWN) else "",
            when=when if when in WHEN else "",
            payment=payment if payment in Booking.PaymentStatus.values else "",
            page=small_number(page) or 1,
        )

    @classmethod
    def of_address(cls, address: str) -> "Query":
        """From the address of an inbox page that a form carried along; any other address reads as the plain inbox."""
        parts = urlsplit(address)
        return cls.read(QueryDict(parts.query if parts.path == reverse("inbox") else ""))

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the tab."""
        return bool(self.q or self.car or self.when or self.payment)

    @property
    def url(self) -> str:
        """Its address, without what is empty."""
        asked: dict[str, Any] = {"tab": self.tab, "q": self.q, "car": self.car, "when": self.when}
        asked |= {"payment": self.payment, "page": self.page if self.page > 1 else ""}
        return f"{reverse('inbox')}?{urlencode({name: value for name, value in asked.items() if value})}"

    def on_page(self, page: int) -> str:
        """The address of another page."""
        return replace(self, page=page).url

    def in_tab(self, tab: str) -> str:
        """The address of another tab, with the same search and filters."""
        return replace(self, tab=tab, page=1).url

    def cleared(self) -> str:
        """The address of the tab without search and filters."""
        return Query(tab=self.tab).url
