"""The bookings of one inbox tab, with everything a row shows, in a constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from bookings.called import TYPED, chosen_cars, label_of
from bookings.models import PLACES, Booking
from bookings.search import matching
from cars.models import BY_NAME, Car
from inbox.desk.badge import Pending
from inbox.desk.query import TABS, Query
from inbox.desk.today import by_local_day
from inbox.models import InboxItem

PER_PAGE = 25
WEEK = timedelta(days=6)  # today and the six days after it
Status = Booking.Status
STATUSES = {
    "upcoming": [Status.UPCOMING],
    "active": [Status.ACTIVE],
    "completed": [Status.COMPLETED],
    "cancelled": [Status.CANCELLED, Status.REFUNDED],
    "all": list(Status),
}
ORDER = {
    "pending": ["created_at", "pk"],
    "upcoming": ["start_date", "pickup_time", "pk"],
    "active": ["start_date", "pickup_time", "pk"],
}
LATEST_FIRST = ["-start_date", "-pickup_time", "pk"]


@dataclass(frozen=True)
class Tab:
    """A tab with its address and the number of bookings behind it, whatever the search."""

    code: str
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Choice:
    """A filter's select; or a text field that suggests its options, with what it shows (`typed`)."""

    name: str
    label: str
    value: str
    options: list[tuple[str, Any]]
    typed: str | None = None


def car_choice(value: str, cars: Iterable[Car]) -> Choice:
    """Some cars of hundreds: by their list, or by any text that `bookings.called` reads."""
    labels = {str(car.pk): car.label for car in cars}
    return Choice(f"car{TYPED}", _("Car"), value, [*labels.items()], label_of(value, labels))


@dataclass(frozen=True)
class Listing:
    """One page of one tab. `live`: its rows open beside the list and are replaced in place."""

    query: Query
    page: Page[Booking]
    tabs: list[Tab]
    live: bool = True

    @property
    def choices(self) -> list[Choice]:
        """The filters; asked for where they are drawn."""
        return _choices(self.query)

    @property
    def tab(self) -> str:
        """Its code."""
        return self.query.tab

    @property
    def q(self) -> str:
        """What was typed into the search."""
        return self.query.q

    @property
    def filtered(self) -> bool:
        """Whether search or filters narrow it."""
        return self.query.filtered

    @property
    def clear_url(self) -> str:
        """The tab without them."""
        return self.query.cleared()

    @property
    def status(self) -> str:
        """The status that needs no tag here, because the tab's name says it."""
        return "" if self.tab == "all" else self.tab

    @property
    def url(self) -> str:
        """Where this page of the list is."""
        return self.query.url

    @property
    def url_with(self) -> str:
        """The same, ready for one more parameter."""
        return f"{self.query.url}&"

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Numbered pages, with gaps."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [
            {"number": n, "url": self.query.on_page(n), "current": n == self.page.number}
            if isinstance(n, int)
            else {"url": ""}
            for n in numbers
        ]


def with_rows(bookings: QuerySet[Booking]) -> QuerySet[Any]:
    """What a row shows: the car, the places, `is_new` (an inbox item is not done), `mail_problem` (one about a mail),
    `wants_erasure` (one about personal data).
    """
    waiting = InboxItem.objects.filter(booking=OuterRef("pk"), status=InboxItem.Status.PENDING)
    about_mail = waiting.filter(kind=InboxItem.Kind.MAIL_BOUNCED)
    return (
        bookings.select_related("car__location", "proof")
        .prefetch_related(PLACES)
        .annotate(
            is_new=Exists(waiting),
            mail_problem=Exists(about_mail),
            wants_erasure=Exists(waiting.filter(kind=InboxItem.Kind.ERASURE)),
        )
    )


def bookings_of(query: Query, at: datetime) -> QuerySet[Booking]:
    """The bookings that a query asks for, in its tab's order."""
    found = with_rows(Booking.objects.all())
    found = (
        found.filter(is_new=True) if query.tab == "pending" else found.filter(status__in=STATUSES[query.tab])
    )
    if query.car:
        found = found.filter(car__in=chosen_cars(query.car))
    if query.payment:
        found = found.filter(payment_status=query.payment)
    if query.when:
        last = F("today_here") + (WEEK if query.when == "week" else timedelta())
        found = by_local_day(found, at).filter(start_date__gte=F("today_here"), start_date__lte=last)
    if query.q:
        found = matching(found, query.q)
    return found.order_by(*ORDER.get(query.tab, LATEST_FIRST))


def read(query: Query, at: datetime, pending: Pending) -> Listing:
    """The page that a query asks for; a page too far is the last one."""
    tabs = _tabs(query, pending)
    pages = Paginator(bookings_of(query, at), PER_PAGE)
    if not query.filtered:
        pages.count = next(tab.count for tab in tabs if tab.current)
    return Listing(query, pages.get_page(query.page), tabs)


def _tabs(query: Query, pending: Pending) -> list[Tab]:
    counts = Booking.objects.aggregate(
        **{tab: Count("pk", filter=Q(status__in=statuses)) for tab, statuses in STATUSES.items()}
    )
    counts["pending"] = pending.count
    labels = {tab: str(Status(tab).label) for tab in TABS if tab != "all"} | {"all": _("All")}
    return [Tab(tab, labels[tab], counts[tab], query.in_tab(tab), tab == query.tab) for tab in TABS]


def _choices(query: Query) -> list[Choice]:
    when = [("", _("Any pick-up date")), ("today", _("Today")), ("week", _("Next 7 days"))]
    return [
        car_choice(query.car, Car.objects.order_by(*BY_NAME)),
        Choice("when", _("Pick-up"), query.when, when),
        Choice(
            "payment",
            _("Payment"),
            query.payment,
            [("", _("Any payment")), *Booking.PaymentStatus.choices],
        ),
    ]
