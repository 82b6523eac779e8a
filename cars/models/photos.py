"""Photos as we keep them: drawn anew from their pixels, so that nothing else that a file brought along is ever served."""

import re
from collections.abc import Mapping
from io import BytesIO
from itertools import product
from types import MappingProxyType
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
# Pixels: a card on a phone, the same where a pixel is two, and the page of a car. The photo itself is the largest.
WIDTHS = (414, 828, 1240)
LEAST_WIDTH = 828  # pixels: less is blurred on a telephone of today
# The name says how wide a photo is, and so, which smaller ones stand beside it.
NAME = re.compile(r"(?P<stem>[0-9a-f]{32})-(?P<width>[0-9]+)\.webp")


class Photo(ContentFile):
    """A photo that was drawn anew, with smaller ones by their width."""

    smaller: Mapping[int, bytes] = MappingProxyType({})


def drawn_anew(file: File, *, least: int = 0) -> Photo:
    """A WebP of the same picture: upright, bounded, without metadata. Raises ValidationError, also below `least` pixels."""
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
    if picture.width < least:
        raise ValidationError(
            _("The photo is too small: it is %(width)s pixels wide and should be %(least)s at least."),
            "too_small",
            {"width": picture.width, "least": least},
        )
    return _of_all_sizes(picture)


def _of_all_sizes(picture: Image.Image) -> Photo:
    content = _small(picture)
    with Image.open(BytesIO(content)) as kept:
        width = kept.width
    photo = Photo(content, name=name_of(uuid4().hex, width))
    photo.smaller = {
        n: _small(picture.resize((n, max(round(picture.height * n / picture.width), 1))), scales=(1.0,))
        for n in WIDTHS
        if n < width
    }
    return photo


def name_of(stem: str, width: int) -> str:
    """What the file of a photo, or of a smaller one of it, is called."""
    return f"{stem}-{width}.webp"


def sizes_of(name: str) -> dict[int, str]:
    """Names of a photo and its smaller ones by their width; nothing for a photo of before there were any."""
    found = NAME.search(name)
    if not found:
        return {}
    whole = int(found["width"])
    widths = [n for n in WIDTHS if n < whole] + [whole]
    return {n: name[: found.start()] + name_of(found["stem"], n) for n in widths}


def _upright(found: Image.Image) -> Image.Image:
    found.draft("RGB", (SIDE, SIDE))
    turned = ImageOps.exif_transpose(found)
    alpha = turned.has_transparency_data
    picture = turned.convert("RGBA" if alpha else "RGB")
    picture.thumbnail((SIDE, SIDE))
    bare = Image.new(picture.mode, picture.size)  # pixels, and nothing that hangs on them
    bare.paste(picture)
    return bare


def _small(picture: Image.Image, *, scales: tuple[float, ...] = SCALES) -> bytes:
    content = b""
    for scale, quality in product(scales, QUALITIES):
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
        return drawn_anew(given, least=LEAST_WIDTH)

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
        """Draw what no form has drawn, and write the smaller ones beside it."""
        held = getattr(model_instance, self.attname)
        if not held or held._committed:
            return super().pre_save(model_instance, add)
        photo = held.file if isinstance(held.file, Photo) else drawn_anew(held.file)
        setattr(model_instance, self.attname, photo)
        file = super().pre_save(model_instance, add)
        names = sizes_of(str(file))
        for width, content in photo.smaller.items():
            file.storage.save(names[width], ContentFile(content))
        return file
