"""What an address is for, said once, where it is declared. Whoever stands around the views asks here and knows no path.

    path("book/<str:token>/", details, name="details", tags={Tag.SECRET}, rule="booking")

What is included has the tags of what includes it. They are known before an address is resolved, by what stands before
its first parameter: also what leads nowhere below /staff/ is the staff's. Without a tag an address is the public's, and
counted.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.urls import LocalePrefixPattern, ResolverMatch, URLPattern, URLResolver, get_resolver, get_urlconf
from django.urls import path as django_path


class Tag(StrEnum):
    """What is true of an address."""

    SECRET = "secret"  # noqa: S105 - a token in it opens something: out of logs and search engines
    STAFF = "staff"  # for who works here
    API = "api"  # answers in JSON
    SIGNING_IN = (
        "signing_in"  # reached by who is not known yet: as the login role, which sees users and sessions
    )
    WEBHOOK = "webhook"  # called by providers, who sign what they say
    UNCOUNTED = "uncounted"  # limits itself, or is called by who is known
    SHOWN = "shown"  # the catalogue and its calendars: may come from a replica, some seconds old
    BY_ITSELF = "by_itself"  # asked by a page that lies open: keeps no session alive


OWN = {Tag.SHOWN}  # allows something: of that address alone, not of what begins like it
UNSEARCHED = (Tag.SECRET, Tag.STAFF, Tag.API)
Pattern = URLPattern | URLResolver


def path(
    route: str,
    view: Any,
    kwargs: dict[str, Any] | None = None,
    name: str | None = None,
    *,
    tags: Collection[Tag] = (),
    rule: str = "",
) -> Any:
    """Django's `path` with tags; `rule` is the one of RATE_LIMITS that counts what is written to it."""
    made = django_path(route, view, kwargs, name)
    made.tags, made.rule = frozenset(tags), rule
    return made


@dataclass(frozen=True, slots=True)
class Route:
    """An address as declared, in every language, its tags with those inherited, and its rule."""

    addresses: tuple[str, ...]
    tags: frozenset[Tag]
    rule: str
    name: str


UNKNOWN = Route((), frozenset(), "", "")


def routes() -> tuple[Route, ...]:
    """Every address of the URLconf in force, what includes before what is included."""
    return _routes(get_urlconf() or settings.ROOT_URLCONF)


@cache
def _routes(urlconf: str) -> tuple[Route, ...]:
    return tuple(_walk(get_resolver(urlconf).url_patterns, ("/",), frozenset(), ""))


def _walk(
    patterns: Collection[Pattern], before: tuple[str, ...], tags: frozenset[Tag], space: str
) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one.pattern, LocalePrefixPattern):
            here = tuple(f"{start}{code}/" for start in before for code, _name in settings.LANGUAGES)
        else:
            here = tuple(start + str(one.pattern) for start in before)
        inherited = tags | getattr(one, "tags", frozenset())
        name = f"{space}{getattr(one, 'name', None) or ''}"
        yield Route(here, inherited, getattr(one, "rule", ""), name)
        if isinstance(one, URLResolver):
            deeper = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, here, inherited, deeper)


Section = tuple[tuple[str, ...], frozenset[Tag]]


@cache
def _sections(urlconf: str) -> tuple[Section, ...]:
    """How addresses begin that have tags, without those that begin like one with the same tags."""
    found: list[Section] = []
    for route in _routes(urlconf):
        starts = tuple(address.partition("<")[0] for address in route.addresses)
        tags = route.tags - OWN
        if tags - _tags(found, starts[0]):
            found.append((starts, tags))
    return tuple(found)


def _tags(sections: Collection[Section], address: str) -> frozenset[Tag]:
    return frozenset().union(*(tags for starts, tags in sections if address.startswith(starts)))


def tags_of(address: str) -> frozenset[Tag]:
    """The tags of a path, whether or not it leads anywhere; of all that begin like it, so never too few."""
    first = address[: address.find("/", 1) + 1]  # without what may be a secret: it is kept
    return _tags(_sections_below(get_urlconf() or settings.ROOT_URLCONF, first), address)


@lru_cache(maxsize=128)
def _sections_below(urlconf: str, first: str) -> tuple[Section, ...]:
    """Those in which an address can be that begins like this; all of them where it has no second part."""
    sections = _sections(urlconf)
    if not first:
        return sections
    return tuple(
        (starts, tags)
        for starts, tags in sections
        if any(start.startswith(first) or first.startswith(start) for start in starts)
    )


@cache
def _named(urlconf: str) -> dict[str, Route]:
    return {route.name: route for route in _routes(urlconf) if route.name and not route.name.endswith(":")}


def route_of(match: ResolverMatch | None) -> Route:
    """The route of an address that was resolved; one without tags and rule for an address that has no name."""
    found = _named(get_urlconf() or settings.ROOT_URLCONF).get(match.view_name) if match else None
    return found or UNKNOWN


def unsearched() -> list[str]:
    """How addresses begin that search engines stay out of, each once."""
    sections = _sections(settings.ROOT_URLCONF)
    starts = {start for starts, tags in sections if tags.intersection(UNSEARCHED) for start in starts}
    return sorted(
        one for one in starts if not any(one != other and one.startswith(other) for other in starts)
    )
