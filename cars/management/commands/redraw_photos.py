"""`manage.py redraw_photos`: photos from before they were drawn anew at upload."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand

from cars.models import CarImage
from cars.models.photos import drawn_anew, sizes_of
from exodrive.rls import STAFF, acting_as


class Command(BaseCommand):
    """May run again: leaves alone what it has done. The old file is removed once the new one is known."""

    help = (
        "Draw the photos of cars anew that still are as they were uploaded: without metadata, in all sizes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Says how many, and names those that are no photos."""
        done = 0
        with acting_as(STAFF, actor="redraw_photos"):
            for image in CarImage.objects.exclude(file=""):
                if not sizes_of(str(image.file)):
                    done += self._redraw(image)
        self.stdout.write(f"{done} photos drawn anew.")

    def _redraw(self, image: CarImage) -> int:
        before, storage = str(image.file), image.file.storage
        try:
            with storage.open(before) as old:
                image.file = drawn_anew(old)
        except (OSError, ValidationError) as error:
            self.stderr.write(f"{before}: {error}")
            return 0
        image.save(update_fields=["file"])
        storage.delete(before)
        return 1
