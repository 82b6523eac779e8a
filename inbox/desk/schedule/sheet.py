"""The day sheet: who comes and who brings a car back on a day, with all that the counter needs to know of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from urllib.parse import urlencode

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.models import Booking, BookingLocation
from cars.models import Location
from exodrive.numbers import small_number
from inbox.desk.choices import Choice
from inbox.desk.schedule import today
from inbox.desk.schedule.calendar import SHOWN, read_day
from inbox.desk.schedule.sheet_lines import Line, lines_of
from inbox.desk.schedule.today import A_DAY, PARTS, RENTAL, Part

PICK_UP, DROP_OFF = BookingLocation.Kind.PICK_UP, BookingLocation.Kind.DROP_OFF


@dataclass(frozen=True)
class SheetQuery:
    """One state of the page, and its address. `day` is None for today, which each location has by its own clock."""

    day: date | None = None
    place: str = ""
    show: str = ""

    @classmethod
    def read(cls, params: QueryDict) -> "SheetQuery":
        """From the parameters of a URL. What makes no sense is left out."""
        place, show = params.get("place", ""), params.get("show", "")
        return cls(
            day=read_day(params.get("day", "")),
            place=place if small_number(place) else "",
            show=show if show in {part.code for part in PARTS} else "",
        )

    @property
    def url(self) -> str:
        """Its address, without what is empty."""
        asked = {"day": self.day, "place": self.place, "show": self.show}
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"{reverse('staff_today')}{'?' if said else ''}{said}"


@dataclass(frozen=True)
class Section:
    """One part of the sheet with its lines by location; one group without a location where there is only one."""

    part: Part
    groups: list[tuple[Location | None, list[Line]]]

    @property
    def count(self) -> int:
        """How many lines."""
        return sum(len(lines) for _place, lines in self.groups)


@dataclass(frozen=True)
class Sheet:
    """The whole page. `live`: it is today, wherever one looks, so that something can be done with its rows."""

    query: SheetQuery
    day: date
    tomorrow: date
    live: bool
    places: list[Location]
    elsewhere: list[tuple[Location, date]]
    sections: list[Section]

    @property
    def place(self) -> Location | None:
        """The only location that is shown."""
        return next((place for place in self.places if str(place.pk) == self.query.place), None)

    @property
    def links(self) -> dict[str, str]:
        """Where the toolbar leads."""
        at = partial(SheetQuery, place=self.query.place, show="")
        return {
            "previous": at(self.day - A_DAY).url,
            "today": at().url,
            "tomorrow": at(self.tomorrow).url,
            "next": at(self.day + A_DAY).url,
            "all": at(self.query.day).url,
        }

    @property
    def choices(self) -> list[Choice]:
        """The filter; none where there is one location."""
        if len(self.places) < 2:
            return []
        places = [(str(place.pk), place.name) for place in self.places]
        return [Choice("place", _("Location"), self.query.place, [("", _("All locations")), *places])]


def read(query: SheetQuery, at: datetime) -> Sheet:
    """The sheet that a query asks for at the instant `at`."""
    places = list(Location.objects.all())
    here = [place for place in places if str(place.pk) == query.place] or places
    today_here = here[0].today(at) if here else localdate(at)
    day = query.day or today_here
    live = query.day is None or {today_here, *(place.today(at) for place in here)} == {day}
    parts = [part for part in (PARTS if live else planned(day)) if query.show in ("", part.code)]
    found = partial(_found, query=query, at=at, live=live)
    sections = [_section(part, found, places, at if live else None) for part in parts]
    return Sheet(
        query,
        day,
        today_here + A_DAY,
        live,
        places,
        [(place, place.today(at)) for place in here if live and place.today(at) != day],
        # Who has no rides reads nothing of them.
        [one for one in sections if one.count or one.part.code != "rides" or query.show],
    )


def planned(day: date) -> list[Part]:
    """What is booked for a day that is not today: all of it, done or not."""
    return [
        Part(
            "pickups",
            gettext_lazy("Pick-ups"),
            gettext_lazy("No pick-ups on this day."),
            RENTAL & Q(status__in=SHOWN, start_date=day),
            PICK_UP,
        ),
        Part(
            "returns",
            gettext_lazy("Returns"),
            gettext_lazy("No returns on this day."),
            RENTAL & Q(status__in=SHOWN, end_date=day),
        ),
        Part(
            "rides",
            gettext_lazy("Rides"),
            gettext_lazy("No rides on this day."),
            ~RENTAL & Q(status__in=SHOWN, start_date=day),
            PICK_UP,
        ),
    ]


def _found(part: Part, *, query: SheetQuery, at: datetime, live: bool) -> QuerySet[Booking]:
    asked = today.due_bookings(part, at) if live else today.in_order(Booking.objects.filter(part.where), part)
    place = BookingLocation.objects.filter(booking=OuterRef("pk"), kind=part.at).values("location_id")
    asked = asked.annotate(
        place_id=Coalesce(Subquery(place[:1]), F("car__location_id"), output_field=IntegerField())
    )
    return asked.filter(place_id=int(query.place)) if query.place else asked


def _section(
    part: Part, found: Callable[[Part], QuerySet[Booking]], places: list[Location], at: datetime | None
) -> Section:
    lines = lines_of(part, found(part), at)
    return Section(part, list(_by_place(lines, places)) if len(places) > 1 else [(None, lines)])


def _by_place(lines: list[Line], places: Iterable[Location]) -> Iterable[tuple[Location | None, list[Line]]]:
    for place in places:
        if here := [line for line in lines if line.place == place]:
            yield place, here
