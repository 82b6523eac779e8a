"""What every row of ours has: when it was made and changed, and texts without invisible characters."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from exodrive.text import tidy


class Timestamped(models.Model):
    """`created_at` and `updated_at` in UTC. A trigger keeps `updated_at` true for raw SQL too (`Protect`).

    Whoever checks or saves a row, its texts are tidy: what remains is blank or too long, or not.
    """

    # Not db_default: Django would add RETURNING to every INSERT, and the public role may insert what it cannot read.
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        """Of a model form, too."""
        self.tidy_texts()
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As checked."""
        self.tidy_texts()
        super().save(*args, **kwargs)

    def tidy_texts(self) -> None:
        """Take invisible characters out of every text."""
        for field in self._meta.concrete_fields:
            value = self.__dict__.get(field.attname)
            if isinstance(value, str) and isinstance(field, models.CharField | models.TextField):
                setattr(self, field.attname, tidy(value))
