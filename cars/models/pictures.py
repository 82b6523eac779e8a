"""Pictures of cars."""

from typing import ClassVar

from django.core.validators import FileExtensionValidator
from django.db import models
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from cars.models.cars import Car
from cars.models.languages import in_reader_language
from cars.models.photos import PhotoField, sizes_of
from exodrive.timestamps import Timestamped


class CarImage(Timestamped):
    """A picture of a car: our own drawing by name, or an uploaded JPEG, PNG or WebP."""

    car = models.ForeignKey(Car, on_delete=models.CASCADE, related_name="images", verbose_name=_("car"))
    art = models.SlugField(_("drawing"), blank=True, help_text=_("Name of a drawing in static/img/cars."))
    file = PhotoField(
        _("photo"),
        upload_to="cars",
        blank=True,
        validators=[FileExtensionValidator(["jpg", "jpeg", "png", "webp"])],
    )
    alt = models.CharField(_("what the picture shows"), max_length=200)
    alt_es = models.CharField(_("what the picture shows (Spanish)"), max_length=200, blank=True)
    alt_fr = models.CharField(_("what the picture shows (French)"), max_length=200, blank=True)
    alt_pt = models.CharField(_("what the picture shows (Portuguese)"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        db_table = "car_images"
        ordering: ClassVar[list[str]] = ["position", "id"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(art="", file__gt="") | models.Q(art__gt="", file=""),
                name="a_drawing_or_a_photo",
                violation_error_message=_("Choose a drawing or upload a photo, not both."),
                violation_error_code="file",
            ),
        ]

    def __str__(self) -> str:
        return self.alt

    @property
    def url(self) -> str:
        """Where the browser finds it."""
        return self.file.url if self.file else static(f"img/cars/{self.art}.svg")

    @property
    def srcset(self) -> str:
        """The photo in all of its sizes, for browsers to choose; "" for a drawing, which has none."""
        sizes = sizes_of(str(self.file)) if self.file else {}
        return ", ".join(f"{self.file.storage.url(name)} {width}w" for width, name in sizes.items())

    @property
    def text(self) -> str:
        """Alternative text in the reader's language."""
        return in_reader_language(self, "alt")
