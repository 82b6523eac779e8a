"""What stands on a quote by its name, in the language of whoever reads it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cars.models.languages import in_reader_language
from exodrive.timestamps import Timestamped


class Named(Timestamped):
    """Something that stands on a quote by its name, in the reader's language."""

    name = models.CharField(_("name"), max_length=60)
    name_es = models.CharField(_("name (Spanish)"), max_length=60, blank=True)
    name_fr = models.CharField(_("name (French)"), max_length=60, blank=True)
    name_pt = models.CharField(_("name (Portuguese)"), max_length=60, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """The name in the reader's language."""
        return in_reader_language(self, "name")

    @property
    def names(self) -> dict[str, str]:
        """The name in every language, for freezing on a quote."""
        return {"en": self.name, "es": self.name_es, "fr": self.name_fr, "pt": self.name_pt}
