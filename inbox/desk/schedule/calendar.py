"""What a calendar's address asks for: days, filters, page; and the cars that it finds. What makes no sense is left out."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.days import Days
from bookings.models import Booking, CarAvailability
from cars.models import BY_NAME, Car, Location
from exodrive.db.folding import Beginnings, Folded, Words
from exodrive.db.operators import Matches
from exodrive.numbers import small_number
from inbox.desk.choices import Choice

VIEWS = ("timeline", "list")
LENGTHS = (14, 28)  # days
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 1, 1)
LONGEST_SEARCH = 60
FEWEST = 2  # options: all, and the only one there is
SHOWN = (
    Booking.Status.PENDING,
    Booking.Status.UPCOMING,
    Booking.Status.ACTIVE,
    Booking.Status.COMPLETED,
)


@dataclass(frozen=True)
class CalendarQuery:
    """One state of the calendar, and its address. `start` is None for the week that is running."""

    start: date | None = None
    days: int = 14
    place: str = ""
    kind: str = ""  # seats and gearbox: "5-manual"
    q: str = ""
    car: str = ""
    status: str = ""
    view: str = ""
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> "CalendarQuery":
        """From the parameters of a URL."""
        place, car, status = (params.get(name, "") for name in ("place", "car", "status"))
        return cls(
            start=read_day(params.get("from", "")),
            days=28 if params.get("days") == "28" else 14,
            place=place if small_number(place) else "",
            kind=params.get("kind", "") if _kind(params.get("kind", "")) else "",
            q=params.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            car=car if small_number(car) else "",
            status=status if status in SHOWN else "",
            view=params.get("view", "") if params.get("view") in VIEWS else "",
            page=small_number(params.get("page", "")) or 1,
        )

    @property
    def filtered(self) -> bool:
        """Whether anything leaves cars out."""
        return bool(self.place or self.kind or self.q or self.car or self.status)

    @property
    def url(self) -> str:
        """Its address, without what is empty or usual."""
        asked: dict[str, Any] = {"from": self.start, "days": self.days if self.days != LENGTHS[0] else ""}
        asked |= {name: getattr(self, name) for name in ("place", "kind", "q", "car", "status", "view")}
        asked["page"] = self.page if self.page > 1 else ""
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('staff_calendar')}{'?' if said else ''}{said}"

    def with_(self, **changes: Any) -> str:
        """The address of another state, on its first page unless told."""
        return replace(self, **{"page": 1, **changes}).url

    def window(self, today: date) -> Days:
        """The days shown: from the Monday of the week of `today`, unless told."""
        return Days.starting(self.start or today - timedelta(days=today.weekday()), self.days)

    def links(self, window: Days) -> dict[str, str]:
        """Where the toolbar leads."""
        step = timedelta(days=self.days)
        return {
            "previous": self.with_(start=max(window.start - step, EARLIEST)),
            "today": self.with_(start=None),
            "next": self.with_(start=min(window.start + step, LATEST)),
            "timeline": self.with_(view="timeline"),
            "list": self.with_(view="list"),
            "two_weeks": self.with_(days=14),
            "four_weeks": self.with_(days=28),
            "every_car": CalendarQuery(start=self.start, days=self.days, view=self.view).url,
        }


def cars_of(query: CalendarQuery, window: Days) -> QuerySet[Car]:
    """The cars that a query asks for, by place and name. Retired ones only while they have days in `window`.

    With a status: cars with such a booking in `window`.
    """
    of_car = {"car": OuterRef("pk")}
    days = CarAvailability.objects.filter(**of_car, date__range=(window.start, window.end))
    found = Car.objects.filter(~Q(status=Car.Status.RETIRED) | Exists(days))
    if query.place:
        found = found.filter(location_id=int(query.place))
    if query.kind:
        seats, gearbox = query.kind.split("-")
        found = found.filter(seats=seats, gearbox=gearbox)
    if query.car:
        found = found.filter(pk=int(query.car))
    if query.q:
        typed: Any = Beginnings(Value(query.q))
        found = found.filter(Matches(Words(F("make"), F("model"), F("plate")), typed))
    if query.status:
        named = Booking.objects.filter(**of_car, status=query.status, start_date__lte=window.end)
        found = found.filter(Exists(named.filter(end_date__gte=window.start)))
    return found.order_by(Folded("location__name"), "location_id", *BY_NAME)


def choices(query: CalendarQuery, places: list[Location]) -> list[Choice]:
    """The filters as selects, those that tell anything apart. One query."""
    kinds = Car.objects.exclude(status=Car.Status.RETIRED).order_by("seats", "gearbox")
    words = [
        (f"{seats}-{gearbox}", _kind_words(seats, gearbox))
        for seats, gearbox in kinds.values_list("seats", "gearbox").distinct()
    ]
    statuses = [(status.value, status.label) for status in SHOWN]
    where = [(str(place.pk), place.name) for place in places]
    selects = [
        Choice("place", _("Location"), query.place, [("", _("All locations")), *where]),
        Choice("kind", _("Kind of car"), query.kind, [("", _("All kinds")), *words]),
        Choice("status", _("Status"), query.status, [("", _("Any status")), *statuses]),
    ]
    return [select for select in selects if select.value or len(select.options) > FEWEST]


def today_of(query: CalendarQuery, places: list[Location], at: datetime) -> date:
    """The date where the reader looks: at the place that is asked for, else at the first."""
    here = [place for place in places if str(place.pk) == query.place] or places
    return here[0].today(at) if here else localdate(at)


def read_day(text: str) -> date | None:
    """A date of an address; None where it is none."""
    try:
        return min(max(date.fromisoformat(text), EARLIEST), LATEST)
    except ValueError:
        return None


def _kind(text: str) -> bool:
    seats, _dash, gearbox = text.partition("-")
    return small_number(seats) is not None and gearbox in Car.Gearbox.values


def _kind_words(seats: int, gearbox: str) -> str:
    places = ngettext("%(n)s seat", "%(n)s seats", seats) % {"n": seats}
    return f"{places}, {Car.Gearbox(gearbox).label}"
