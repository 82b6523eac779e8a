"""When rows were made and changed."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Timestamped(models.Model):
    """`created_at` and `updated_at` in UTC. A trigger keeps `updated_at` true for raw SQL too (`Protect`)."""

    # Not db_default: Django would add RETURNING to every INSERT, and the public role may insert what it cannot read.
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    class Meta:
        abstract = True
