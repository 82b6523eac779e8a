"""Where the servers are: what the variables say."""

from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

VARIABLES = ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_PUBLIC_URL", "REDIS_URL")


def refuse_empty_urls(said: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured for a variable that is there and says nothing: which server is meant nobody knows."""
    for name in VARIABLES:
        if name in said and not said[name].strip():
            raise ImproperlyConfigured(f"{name} is set to nothing. Give it a URL, or do not set it at all.")
