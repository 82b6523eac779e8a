"""How long somebody stays signed in: until nothing happened for a while, and a working day at most.

Looking at the inbox's badge every 20 seconds is the page's doing and keeps no session alive.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from exodrive.http.client_ip import client_network
from exodrive.models import User
from exodrive.rls import LOGIN, acting_as
from exodrive.routes import Tag, tags_of
from exodrive.staff.journal import Kind, note

SINCE, SEEN = "signed_in_at", "seen_at"  # seconds since 1970
NETWORK, BROWSER = "signed_in_from", "signed_in_with"
# The first mark that a user agent has says what it is: nearly all of them also say that they are Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
WRITE_EVERY = 60  # seconds: a session row is not written for every request
KEY = re.compile(r"[a-z0-9]{32}")  # as Django makes them


class SessionStore(db.SessionStore):
    """Django's sessions in the database. A key that cannot be ours is not looked up: PostgreSQL refuses some texts."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and KEY.fullmatch(key) is not None


def begin(sender: Any, request: HttpRequest, **more: Any) -> None:
    """Somebody signed in."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())
    request.session[NETWORK] = client_network(request)
    request.session[BROWSER] = browser_of(request.headers.get("User-Agent", ""))


user_logged_in.connect(begin, dispatch_uid="exodrive.sessions.begin")


def is_over(request: HttpRequest) -> bool:
    """Whether the session of a signed-in user has ended by now; if not, it goes on from here."""
    now, session = int(time.time()), request.session
    if _has_ended(session, now):
        return True
    if now - session[SEEN] >= WRITE_EVERY and Tag.BY_ITSELF not in tags_of(request.path):
        session[SEEN] = now
    return False


def _has_ended(session: Any, now: int) -> bool:
    since, seen = session.get(SINCE, 0), session.get(SEEN, 0)
    return bool(
        now - seen > settings.STAFF_IDLE_MINUTES * 60 or now - since > settings.STAFF_SESSION_HOURS * 3600
    )


@dataclass(frozen=True)
class Open:
    """A session that can go on. `name` stands for its key, which nobody reads anywhere."""

    name: str
    current: bool
    since: datetime
    seen: datetime
    network: str
    browser: str


def open_of(user: User, *, current: str | None) -> list[Open]:
    """The user's sessions, the current one first, then the last used."""
    found = [_open(key, kept, current) for key, kept in _live(user)]
    return sorted(found, key=lambda one: (one.current, one.seen), reverse=True)


def end(user: User, *, but: str | None, name: str = "") -> int:
    """End the user's session of this name, or all of them, `but` the one with that key; how many ended."""
    keys = [key for key, _kept in _live(user) if key != but and name in ("", name_of(key))]
    with acting_as(LOGIN):
        SessionStore.get_model_class().objects.filter(session_key__in=keys).delete()
    for _key in keys:
        note(Kind.SESSION_ENDED, user_id=user.pk)
    return len(keys)


def name_of(key: str) -> str:
    """What stands for a session's key on pages; nobody gets back to the key from it."""
    return salted_hmac("exodrive.staff.sessions", key).hexdigest()[:20]


def _live(user: User) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and contents of the user's sessions. All open ones are looked through: only staff have any."""
    now, hashed = int(time.time()), user.get_session_auth_hash()
    with acting_as(LOGIN):
        rows = list(SessionStore.get_model_class().objects.filter(expire_date__gt=timezone.now()))
    for row in rows:
        kept = row.get_decoded()
        own = kept.get(SESSION_KEY) == str(user.pk) and kept.get(HASH_SESSION_KEY) == hashed
        if own and not _has_ended(kept, now):
            yield row.session_key, kept


def _open(key: str, kept: dict[str, Any], current: str | None) -> Open:
    since, seen = (datetime.fromtimestamp(kept[name], UTC) for name in (SINCE, SEEN))
    return Open(name_of(key), key == current, since, seen, kept.get(NETWORK, ""), kept.get(BROWSER, ""))


def browser_of(user_agent: str) -> str:
    """ "Firefox, Windows": enough to know one's own again, and nothing that was sent."""
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return ", ".join(filter(None, found))


def forget_ended(at: datetime) -> int:
    """Delete sessions that nobody can go on with since `at`; how many. Safe to run twice and at once."""
    with acting_as(LOGIN):
        deleted, _by_model = SessionStore.get_model_class().objects.filter(expire_date__lt=at).delete()
    return int(deleted)
