"""How every cookie of ours is set: out of scripts' reach, over HTTPS, and not sent along from other sites' forms."""

from datetime import timedelta
from typing import Any

from django.conf import settings


def cookie_attributes(life: timedelta, path: str = "/") -> dict[str, Any]:
    """What `set_cookie` takes beside name and value, for a cookie that lives so long below a path."""
    return {
        "max_age": life,
        "path": path,
        "httponly": True,
        "secure": settings.SESSION_COOKIE_SECURE,
        "samesite": "Lax",
    }
