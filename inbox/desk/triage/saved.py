"""Lists of the inbox with a name: one's own, and those that colleagues share."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.errors import Invalid
from exodrive.models import User
from inbox.desk.query import Query
from inbox.models import SavedFilter
from inbox.triage import MAX_FILTERS


@dataclass(frozen=True)
class Saved:
    """A link to a list."""

    pk: int
    name: str
    url: str
    of: str  # whose it is, when it is a colleague's
    current: bool


def saved_filters(user: User, query: Query) -> list[Saved]:
    """Those that the user sees, by name. One query."""
    found = SavedFilter.objects.filter(Q(user=user) | Q(shared=True)).select_related("user")
    return [_saved(row, user, query) for row in found]


def save_filter(*, user: User, name: str, query: Query, shared: bool) -> SavedFilter:
    """Keep a list under a name, in place of the user's own of that name. Raises Invalid when there are too many."""
    own = SavedFilter.objects.filter(user=user)
    if own.exclude(name=name).count() >= MAX_FILTERS:
        raise Invalid.field("name", _("You have as many saved filters as there can be. Delete one first."))
    row, _made = own.update_or_create(user=user, name=name, defaults={"asked": query.asked, "shared": shared})
    return row


def delete_filter(*, user: User, pk: int) -> bool:
    """Whether there was one of the user's own."""
    return bool(SavedFilter.objects.filter(user=user, pk=pk).delete()[0])


def _saved(row: SavedFilter, user: User, query: Query) -> Saved:
    there = Query.read(QueryDict(urlencode(row.asked)))
    whose = "" if row.user_id == user.pk else str(row.user)
    return Saved(row.pk, row.name, there.url, whose, there.asked == query.asked)
