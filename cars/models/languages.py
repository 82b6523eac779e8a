"""Texts that are kept in every language of the site."""

from django.db import models
from django.utils.translation import get_language


def in_reader_language(obj: models.Model, field: str) -> str:
    """The text of `field` in the active language, else its English original."""
    language = (get_language() or "en")[:2]
    return getattr(obj, f"{field}_{language}", "") or getattr(obj, field)
