"""How long somebody stays signed in: until nothing happened for a while, and a working day at most.

Looking at the inbox's badge every 20 seconds is the page's doing and keeps no session alive.
"""

import re
import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.http import HttpRequest

from exodrive.rls import LOGIN, acting_as
from exodrive.routes import Tag, tags_of

SINCE, SEEN = "signed_in_at", "seen_at"  # seconds since 1970
WRITE_EVERY = 60  # seconds: a session row is not written for every request
KEY = re.compile(r"[a-z0-9]{32}")  # as Django makes them


class SessionStore(db.SessionStore):
    """Django's sessions in the database. A key that cannot be ours is not looked up: PostgreSQL refuses some texts."""

    def _validate_session_key(self, key: str | None) -> bool:
        return key is not None and KEY.fullmatch(key) is not None


def begin(sender: Any, request: HttpRequest, **more: Any) -> None:
    """Somebody signed in."""
    request.session[SINCE] = request.session[SEEN] = int(time.time())


user_logged_in.connect(begin, dispatch_uid="exodrive.sessions.begin")


def is_over(request: HttpRequest) -> bool:
    """Whether the session of a signed-in user has ended by now; if not, it goes on from here."""
    now, session = int(time.time()), request.session
    since, seen = session.get(SINCE, 0), session.get(SEEN, 0)
    if now - seen > settings.STAFF_IDLE_MINUTES * 60 or now - since > settings.STAFF_SESSION_HOURS * 3600:
        return True
    if now - seen >= WRITE_EVERY and Tag.BY_ITSELF not in tags_of(request.path):
        session[SEEN] = now
    return False


def forget_ended(at: datetime) -> int:
    """Delete sessions that nobody can go on with since `at`; how many. Safe to run twice and at once."""
    with acting_as(LOGIN):
        deleted, _by_model = SessionStore.get_model_class().objects.filter(expire_date__lt=at).delete()
    return int(deleted)
