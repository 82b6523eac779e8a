"""Photos as we keep them: drawn anew from their pixels, so that nothing else that a file brought along is ever served."""

from io import BytesIO
from itertools import product
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.validators import FileExtensionValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

READ = ("JPEG", "PNG", "WEBP")  # whatever the file's name says
EXTENSIONS = ("jpg", "jpeg", "png", "webp")
UPLOAD_MEGABYTES = 15
MEGAPIXELS = 40  # more is not unpacked: a small file can hold a picture of many gigabytes
SIDE = 1920  # pixels
KEPT_BYTES = 300_000  # fits into what the kernel sends by itself, so that slow readers cost no thread
QUALITIES = (82, 70, 55)
SCALES = (1.0, 0.75, 0.5, 0.25)


class Photo(ContentFile):
    """A photo that was drawn anew."""


def drawn_anew(file: File) -> Photo:
    """A WebP of the same picture: upright, of bounded size, without metadata. Raises ValidationError."""
    if (file.size or 0) > UPLOAD_MEGABYTES * 1_000_000:
        raise ValidationError(
            _("The photo is too large: at most %(limit)s MB."), "too_large", {"limit": UPLOAD_MEGABYTES}
        )
    try:
        file.seek(0)
        with Image.open(file, formats=READ) as found:
            too_many = found.width * found.height > MEGAPIXELS * 1_000_000
            picture = None if too_many else _upright(found)
    except Exception as error:  # a file that was made to break its reader breaks it in many ways
        raise ValidationError(_("This is no photo in JPEG, PNG or WebP."), "no_photo") from error
    if picture is None:
        raise ValidationError(
            _("The photo has too many pixels: at most %(limit)s million."), "too_many", {"limit": MEGAPIXELS}
        )
    return Photo(_small(picture), name=f"{uuid4().hex}.webp")


def _upright(found: Image.Image) -> Image.Image:
    found.draft("RGB", (SIDE, SIDE))
    turned = ImageOps.exif_transpose(found)
    alpha = turned.has_transparency_data
    picture = turned.convert("RGBA" if alpha else "RGB")
    picture.thumbnail((SIDE, SIDE))
    bare = Image.new(picture.mode, picture.size)  # pixels, and nothing that hangs on them
    bare.paste(picture)
    return bare


def _small(picture: Image.Image) -> bytes:
    content = b""
    for scale, quality in product(SCALES, QUALITIES):
        size = max(round(picture.width * scale), 1), max(round(picture.height * scale), 1)
        out = BytesIO()
        (picture if scale == 1 else picture.resize(size)).save(out, "WEBP", quality=quality)
        content = out.getvalue()
        if len(content) <= KEPT_BYTES:
            break
    return content


class PhotoFormField(forms.FileField):
    """Draws what was uploaded anew before anything else sees it, and says what is wrong beside the field."""

    default_validators = [FileExtensionValidator(EXTENSIONS)]

    def to_python(self, data: Any) -> Any:
        """Raises ValidationError."""
        given = super().to_python(data)
        if given is None:
            return None
        self.run_validators(given)  # of the name that it came with
        return drawn_anew(given)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Browsers offer photos only."""
        attrs = super().widget_attrs(widget)
        if isinstance(widget, forms.FileInput):
            attrs["accept"] = "image/jpeg,image/png,image/webp"
        return attrs


class PhotoField(models.ImageField):
    """An image field that keeps nothing but photos drawn anew, whichever way a file comes in."""

    def deconstruct(self) -> Any:
        """To a migration it is an image field."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.ImageField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """The form field above."""
        return super().formfield(**{"form_class": PhotoFormField, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Draw what no form has drawn."""
        held = getattr(model_instance, self.attname)
        if held and not held._committed and not isinstance(held.file, Photo):
            setattr(model_instance, self.attname, drawn_anew(held.file))
        return super().pre_save(model_instance, add)
