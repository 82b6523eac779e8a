"""Which state of the catalogue the database has: what `cars.catalogue` asks before it trusts what it read earlier."""

from typing import Any, ClassVar

from django.contrib.postgres.functions import RandomUUID
from django.db import models

from exodrive.timestamps import Timestamped


class CatalogueVersion(Timestamped):
    """A random name for each write to what rules and prices are made of, written by triggers alone.

    The rows that one sees stand together for the state that one sees: every write adds a name that was never there,
    and takes away what it finds and nobody else is about to take away. A write that is rolled back takes its name with
    it, so the same names always mean the same state.
    """

    version = models.UUIDField(primary_key=True, db_default=RandomUUID(), editable=False)

    class Meta:
        db_table = "catalogue_versions"
        default_permissions: ClassVar[Any] = ()

    def __str__(self) -> str:
        return str(self.version)
