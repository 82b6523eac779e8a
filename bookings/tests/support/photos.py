"""Photos as they are uploaded."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(name: str = "yard.jpg", size: tuple[int, int] = (840, 525)) -> SimpleUploadedFile:
    """A plain JPEG of a size in pixels."""
    content = BytesIO()
    Image.new("RGB", size, "darkgreen").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue())
