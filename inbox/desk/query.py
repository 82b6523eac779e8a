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
WHO = ("", "me", "nobody")
SORT = ("", "pick_up", "age")
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Query:
    """One state of the inbox, and its address."""

    tab: str = "pending"
    q: str = ""
    car: str = ""
    when: str = ""
    payment: str = ""
    who: str = ""  # whose it is: mine, nobody's
    sort: str = ""  # the tab's own order
    snoozed: bool = False  # what waits for another day, instead of the Pending tab
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> "Query":
        """From the parameters of a URL."""
        params = with_cars(params, "car")
        tab, car, when = params.get("tab", ""), params.get("car", ""), params.get("when", "")
        payment, page = params.get("payment", ""), params.get("page", "")
        who, sort = params.get("who", ""), params.get("sort", "")
        return cls(
            tab=tab if tab in TABS else cls.tab,
            q=params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            car=car[:LONGEST_SEARCH] if small_number(car) or car.startswith(UNKNOWN) else "",
            when=when if when in WHEN else "",
            payment=payment if payment in Booking.PaymentStatus.values else "",
            who=who if who in WHO else "",
            sort=sort if sort in SORT else "",
            snoozed=params.get("snoozed") == "1" and tab in ("", "pending"),
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
        return bool(self.q or self.car or self.when or self.payment or self.who)

    @property
    def asked(self) -> dict[str, str]:
        """Its parameters without the page and without what is empty."""
        asked = {name: getattr(self, name) for name in ("tab", "q", "car", "when", "payment", "who", "sort")}
        asked["snoozed"] = "1" if self.snoozed else ""
        return {name: value for name, value in asked.items() if value}

    @property
    def url(self) -> str:
        """Its address, without what is empty."""
        asked: dict[str, Any] = self.asked | ({"page": self.page} if self.page > 1 else {})
        return f"{reverse('inbox')}?{urlencode(asked)}"

    @property
    def csv_url(self) -> str:
        """The address of all its rows as a file."""
        return f"{reverse('staff_inbox_csv')}?{urlencode(self.asked)}"

    def on_page(self, page: int) -> str:
        """The address of another page."""
        return replace(self, page=page).url

    def in_tab(self, tab: str) -> str:
        """The address of another tab, with the same search and filters."""
        return replace(self, tab=tab, page=1, snoozed=False).url

    def of_snoozed(self) -> str:
        """The address of what waits for another day."""
        return Query(snoozed=True).url

    def cleared(self) -> str:
        """The address of the tab without search and filters."""
        return Query(tab=self.tab, sort=self.sort, snoozed=self.snoozed).url
