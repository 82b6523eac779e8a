"""The bookings of one inbox tab, with everything a row shows, in a constant number of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from bookings.called import chosen_cars
from bookings.models import PLACED, PLACES, Booking
from bookings.search import Search, matching
from exodrive.rls import current
from inbox.desk.badge import Pending
from inbox.desk.choices import Choice, choices_of
from inbox.desk.found import Wanted, find
from inbox.desk.pages import ByKey, Numbered, OfKeys
from inbox.desk.query import TABS, Query
from inbox.desk.schedule.today import by_local_day, near
from inbox.desk.triage.acts import acts_in
from inbox.models import InboxItem, InboxTriage

PER_PAGE = 25
UNREAD = (
    "quote",
    "terms",
    "special_requests",
    "return_note",
    "pickup_note",
)  # texts and documents that no row shows
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
SORTED = {"pick_up": ["start_date", "pickup_time", "pk"], "age": ["created_at", "pk"]}
LATEST_FIRST = ["-start_date", "-pickup_time", "-pk"]  # an index read backwards


@dataclass(frozen=True)
class Tab:
    """A tab with its address and the number of bookings behind it that the search and the filters leave."""

    code: str
    label: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True)
class Listing:
    """One page of one tab. `live`: its rows open beside the list and are replaced in place."""

    query: Query
    page: Page[Booking]
    tabs: list[Tab]
    snoozed: int = 0
    live: bool = True

    @property
    def choices(self) -> list[Choice]:
        """The filters; asked for where they are drawn."""
        return choices_of(self.query)

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
    def acts(self) -> list[tuple[str, Any]]:
        """What may be done to several of its rows at once."""
        return acts_in(self.tab)

    @property
    def elsewhere(self) -> list[Tab]:
        """The other tabs in which something is found."""
        return [tab for tab in self.tabs if tab.count and not tab.current]

    @property
    def status(self) -> str:
        """The status that needs no tag here, because the tab's name says it."""
        return "" if self.tab == "all" else self.tab

    @cached_property  # each row has it
    def url(self) -> str:
        """Where this page of the list is."""
        return self.query.url

    @cached_property
    def url_with(self) -> str:
        """The same, ready for one more parameter."""
        return f"{self.url}&"

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Numbered pages, with gaps."""
        return Numbered(self.page, self.query.on_page).pages


def with_rows(bookings: QuerySet[Booking], places: "Prefetch[Any]" = PLACES) -> QuerySet[Any]:
    """What a row shows: the car, the places, `is_new` (an inbox item is not done), `mail_problem` (one about a mail),
    `wants_erasure` (one about personal data), `too_few` (one about its departure).
    """
    waiting = _waiting()
    about_mail = waiting.filter(kind=InboxItem.Kind.MAIL_BOUNCED)
    return (
        bookings.select_related("car__location", "proof", "triage__assigned_to")
        .prefetch_related(places)
        .annotate(
            is_new=Exists(waiting),
            mail_problem=Exists(about_mail),
            wants_erasure=Exists(waiting.filter(kind=InboxItem.Kind.ERASURE)),
            too_few=Exists(waiting.filter(kind=InboxItem.Kind.TOO_FEW)),
        )
    )


def bookings_of(query: Query, at: datetime) -> QuerySet[Booking]:
    """The bookings that a query asks for, in its order or in its tab's."""
    found = _narrowed(query, at)
    return with_rows(_in_tab(matching(found, query.q) if query.q else found, query, at))


def _in_tab(found: QuerySet[Booking], query: Query, at: datetime) -> QuerySet[Booking]:
    if query.tab == "pending":
        aside = Exists(_aside(at))
        found = found.filter(Exists(_waiting()), aside if query.snoozed else ~aside)
    elif query.tab != "all":
        found = found.filter(status__in=STATUSES[query.tab])
    return found.order_by(*_order(query))


def _order(query: Query) -> list[str]:
    return SORTED.get(query.sort) or ORDER.get(query.tab, LATEST_FIRST)


def _shown(query: Query) -> str:
    """What the tab has of the bookings that a search found, as `inbox.desk.found` asks for it."""
    if query.tab == "pending":
        return "aside" if query.snoozed else "waiting AND NOT aside"
    return "status IN ({})".format(", ".join(f"'{status.value}'" for status in STATUSES[query.tab]))


def _waiting() -> QuerySet[InboxItem]:
    return InboxItem.objects.filter(booking=OuterRef("pk"), status=InboxItem.Status.PENDING)


def _aside(at: datetime) -> QuerySet[InboxTriage]:
    return InboxTriage.objects.filter(booking=OuterRef("pk"), snoozed_until__gt=localdate(at))


def _narrowed(query: Query, at: datetime) -> QuerySet[Booking]:
    """What the filters leave of all bookings."""
    found = Booking.objects.all()
    if query.car:
        found = found.filter(car__in=chosen_cars(query.car))
    if query.payment:
        found = found.filter(payment_status=query.payment)
    if query.when:
        length = WEEK if query.when == "week" else timedelta()
        last = F("today_here") + length
        earliest, latest = near(at)
        found = found.filter(start_date__range=(earliest, latest + length))
        found = by_local_day(found, at).filter(start_date__gte=F("today_here"), start_date__lte=last)
    if query.who == "me":
        found = found.filter(triage__assigned_to=int(current().user_id or 0))
    if query.who == "nobody":
        found = found.filter(triage__assigned_to=None)
    return found


def read(query: Query, at: datetime, pending: Pending) -> Listing:
    """The page that a query asks for; a page too far is the last one."""
    search = Search.of(query.q) if query.q else None
    left, of_tab = _narrowed(query, at), "snoozed" if query.snoozed else query.tab
    rows = with_rows(Booking.objects.order_by(*_order(query)), PLACED).defer(*UNREAD)
    pages: ByKey | OfKeys
    wanted = Wanted(_shown(query), _order(query), query.page, PER_PAGE)
    if search and (found := find(search, left, wanted, localdate(at))):
        counts = _of_tabs(found.rows)
        pages = OfKeys(rows, PER_PAGE, count=counts[of_tab], keys=found.keys)
    else:
        left = search.all(left) if search else left
        counts = _counts(left, query, at, pending)
        pages = ByKey(_in_tab(left, query, at), PER_PAGE, rows)
        pages.count = counts[of_tab]
    return Listing(query, pages.get_page(query.page), _tabs(query, counts), counts["snoozed"])


def _counts(found: QuerySet[Booking], query: Query, at: datetime, pending: Pending) -> dict[str, int]:
    """By tab, in one query: of everything, by an index alone."""
    by_status = found.order_by().values("status").annotate(n=Count("*"))
    if query.filtered:
        waits = Q(Exists(_waiting()))
        aside = waits & Q(Exists(_aside(at)))
        by_status = by_status.annotate(waiting=Count("pk", filter=waits), aside=Count("pk", filter=aside))
    counts = _of_tabs({row["status"]: row for row in by_status})
    return counts if query.filtered else counts | {"pending": pending.count, "snoozed": pending.snoozed}


def _of_tabs(rows: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    counts = {
        tab: sum(rows[status]["n"] for status in statuses if status in rows)
        for tab, statuses in STATUSES.items()
    }
    waiting, snoozed = (sum(row.get(name, 0) for row in rows.values()) for name in ("waiting", "aside"))
    return counts | {"pending": waiting - snoozed, "snoozed": snoozed}


def _tabs(query: Query, counts: dict[str, int]) -> list[Tab]:
    labels = {tab: str(Status(tab).label) for tab in TABS if tab != "all"} | {"all": _("All")}
    return [
        Tab(tab, labels[tab], counts[tab], query.in_tab(tab), tab == query.tab and not query.snoozed)
        for tab in TABS
    ]
