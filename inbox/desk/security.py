"""Security events as managers read them: newest first, by kind and person."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.models import Booking
from exodrive.models import SecurityEvent, User
from exodrive.numbers import small_number
from inbox.desk.choices import Choice
from inbox.desk.pages import ByKey

PER_PAGE = 50


@dataclass(frozen=True)
class EventQuery:
    """What is looked for. What makes no sense is left out."""

    kind: str = ""
    person: str = ""
    page: int = 1

    @classmethod
    def read(cls, params: QueryDict) -> "EventQuery":
        """From the parameters of a URL."""
        kind, person = params.get("kind", ""), params.get("person", "")
        return cls(
            kind=kind if kind in SecurityEvent.Kind.values else "",
            person=person if small_number(person) else "",
            page=small_number(params.get("page", "")) or 1,
        )

    @property
    def url(self) -> str:
        """Its address, without what is empty."""
        asked: dict[str, Any] = {"kind": self.kind, "person": self.person}
        asked["page"] = self.page if self.page > 1 else ""
        return f"{reverse('staff_security')}?{urlencode({name: value for name, value in asked.items() if value})}"


@dataclass(frozen=True)
class Events:
    """One page of them."""

    query: EventQuery
    page: Page[SecurityEvent]
    references: dict[Any, str]  # of the bookings on it

    @property
    def rows(self) -> list[tuple[SecurityEvent, str]]:
        """Each event with the reference of its booking."""
        return [(event, self.references.get(event.booking_id, "")) for event in self.page]

    @property
    def pages(self) -> list[dict[str, Any]]:
        """Numbered pages, with gaps."""
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [
            {"number": n, "url": replace(self.query, page=n).url, "current": n == self.page.number}
            if isinstance(n, int)
            else {"url": ""}
            for n in numbers
        ]

    @property
    def choices(self) -> list[Choice]:
        """The filters."""
        people = [(str(user.pk), str(user)) for user in User.objects.order_by("full_name", "email")]
        kinds = [("", _("Everything")), *SecurityEvent.Kind.choices]
        return [
            Choice("kind", _("What"), self.query.kind, kinds),
            Choice("person", _("Whose"), self.query.person, [("", _("Everybody")), *people]),
        ]


def read(query: EventQuery) -> Events:
    """The page that a query asks for; a page too far is the last one."""
    page = ByKey(_found(query), PER_PAGE).get_page(query.page)
    bookings = Booking.objects.filter(pk__in={event.booking_id for event in page if event.booking_id})
    return Events(query, page, dict(bookings.values_list("pk", "reference")))


def _found(query: EventQuery) -> QuerySet[SecurityEvent]:
    found = SecurityEvent.objects.select_related("user", "actor")
    if query.kind:
        found = found.filter(kind=query.kind)
    if query.person:
        person = int(query.person)
        found = found.filter(user_id=person) | found.filter(actor_id=person)
    return found
